-- The ground: a picture of SIDE by SIDE pixels that repeats. Each function gives the colour of a pixel.

local colors = require("colors")
local Random = require("random")

local SIDE = 64

local ground = { SIDE = SIDE }

local base = colors.ground

local function fall(y, dark) return colors.mix(colors.lighter(base, 0.08), colors.darker(base, dark), y / SIDE) end

function ground.bricks(x, y)
  local row = math.floor(y / (SIDE / 4))
  local seam = y % (SIDE / 4) < 2 or (x + SIDE / 4 * (row % 2)) % (SIDE / 2) < 2
  return seam and colors.mix(fall(y, 0.3), colors.darker(base, 0.5), 0.6) or fall(y, 0.3)
end

local stones = {}

function ground.soil(x, y)
  local earth = colors.darker(colors.mix(base, colors.hex("#6b4423"), 0.35), 0.15)
  if #stones == 0 then
    local chance = Random.new(7)
    for i = 1, 9 do
      stones[i] = { x = chance:range(7, SIDE - 7), y = chance:range(6, SIDE - 6), r = chance:range(2, 5), light = chance:chance(0.5) }
    end
  end
  for _, s in ipairs(stones) do
    local inside = 1.5 * (s.r - math.sqrt((x - s.x) ^ 2 + ((y - s.y) * 1.4) ^ 2))
    if inside > 0 then
      return colors.mix(earth, s.light and colors.lighter(earth, 0.25) or colors.darker(earth, 0.3), 0.7 * math.min(1, inside))
    end
  end
  return earth
end

function ground.glowing(x, y)
  local c = fall(y, 0.35)
  return (x % (SIDE / 2) == 0 or y % (SIDE / 2) == 0) and colors.mix(c, colors.accent, 0.5) or c
end

function ground.sweet(x, y)
  return colors.lighter(base, (x + y) % (SIDE / 2) < SIDE / 4 and 0.37 or 0.1)
end

-- Paints the picture of one of these.
function ground.image(block)
  local data = love.image.newImageData(SIDE, SIDE)
  data:mapPixel(function(x, y) return unpack(block(x, y)) end)
  local image = love.graphics.newImage(data, { mipmaps = true })
  image:setWrap("repeat", "repeat")
  image:setFilter("linear", "linear")
  image:setMipmapFilter("linear")
  return image
end

return ground
