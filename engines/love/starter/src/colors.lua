-- The design's colours, and what can be done with colours. A colour is { red, green, blue, alpha }, each from 0 to 1.

local design = require("design")

local colors = {}

function colors.hex(text)
  local list = {}
  for part in text:gmatch("%x%x") do table.insert(list, tonumber(part, 16) / 255) end
  list[4] = 1
  return list
end

function colors.mix(a, b, t)
  return { a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t, a[3] + (b[3] - a[3]) * t, a[4] + (b[4] - a[4]) * t }
end

function colors.alpha(c, a) return { c[1], c[2], c[3], a } end

colors.white = { 1, 1, 1, 1 }
colors.black = { 0, 0, 0, 1 }

function colors.lighter(c, t) return colors.alpha(colors.mix(c, colors.white, t), c[4]) end

function colors.darker(c, t) return colors.alpha(colors.mix(c, colors.black, t), c[4]) end

-- 0 for black and 1 for white.
function colors.brightness(c) return 0.3 * c[1] + 0.59 * c[2] + 0.11 * c[3] end

for name, text in pairs(design.palette) do colors[name] = colors.hex(text) end

local named = {
  white = colors.white, cream = colors.hex("#fff3dc"), ink = colors.hex("#1c1830"), pink = colors.hex("#ff8fa8"),
  steel = colors.hex("#8d99b5"), gold = colors.hex("#ffc93c"),
}

-- The colour that a figure's part names: a main colour with a darker and a lighter side, and a few fixed ones.
function colors.role(name, main, second)
  if name == "main" then return main end
  if name == "main-" then return colors.darker(main, 0.3) end
  if name == "main+" then return colors.lighter(main, 0.45) end
  if name == "accent" then return second end
  if name == "accent+" then return colors.lighter(second, 0.5) end
  return named[name] or colors.hex(name)
end

-- The upper edge of the ground.
function colors.edge()
  local theme = design.theme
  if theme == "neon" or theme == "space" or theme == "lava" then return colors.accent end
  if theme == "snow" or theme == "candy" then return colors.lighter(colors.ground, 0.75) end
  return colors.lighter(colors.ground, 0.25)
end

local function unlike(a, b)
  return math.sqrt((a[1] - b[1]) ^ 2 + (a[2] - b[2]) ^ 2 + (a[3] - b[3]) ^ 2) + 0.47 * math.abs(colors.brightness(a) - colors.brightness(b))
end

-- What the pieces of a puzzle look like: the first is the one to gather, the others are least like what is chosen already.
function colors.pieces()
  local list = { colors.collect }
  while #list < 5 do
    local best, choice = -1, nil
    for _, text in ipairs({ "#ff4f64", "#3fb8ff", "#5fd35f", "#b06bff", "#ff9c38", "#ffd93b", "#ff7ad1" }) do
      local c, worth = colors.hex(text), math.huge
      for _, chosen in ipairs(list) do worth = math.min(worth, unlike(c, chosen)) end
      if worth > best then best, choice = worth, c end
    end
    table.insert(list, choice)
  end
  return list
end

return colors
