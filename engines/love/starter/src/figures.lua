-- Turns a list of simple shapes into a picture: a dark outline around it, and a light that falls from the upper left.

local colors = require("colors")
local Pen = require("pen")

local FRAMES = 8
local SIDE = 256 -- pixels of a picture, and of one unit in it
local UNIT = 150

local figures = {}

local function copy(part)
  local other = {}
  for name, value in pairs(part) do other[name] = value end
  return other
end

local function insert(list, part, turn)
  local at = #list + 1
  while at > 1 and turn * (list[at - 1].z or 0) > turn * (part.z or 0) do at = at - 1 end
  table.insert(list, at, part)
end

-- Adds the mirrored parts, and puts the farthest first.
local function expand(parts, turn)
  local all = {}
  for _, part in ipairs(parts) do
    insert(all, part, turn)
    if part.mirror then
      local other = copy(part)
      other.at = { -part.at[1], part.at[2] }
      for _, name in ipairs({ "tilt", "wag", "swing" }) do other[name] = -(part[name] or 0) end
      other.flip = true
      insert(all, other, turn)
    end
  end
  return all
end

local function sign(x) return x > 0 and 1 or x < 0 and -1 or 0 end

-- Where a part is in a phase of the walk. Figures have y up.
local function pose(part, phase, turn)
  local swing = part.swing or 0
  local x = part.at[1] + swing * math.sin(phase)
  local y = part.at[2] + math.max(0, math.abs(swing) * 0.6 * math.cos(phase) * sign(swing))
  local tilt = (part.tilt or 0) + (part.wag or 0) * math.sin(phase)
  local c, s = math.cos(tilt), math.sin(tilt)
  return { x = x * turn, y = -y, a = turn * c, b = -s, c = -turn * s, d = -c }
end

local function shade(color, x, y, lx, ly, r)
  local d = math.sqrt((x - lx) ^ 2 + (y - ly) ^ 2) / (r * 0.78)
  if d < 0.45 then return colors.mix(colors.lighter(color, 0.35), color, d / 0.45) end
  return colors.mix(color, colors.darker(color, 0.28), math.min(1, (d - 0.45) / 0.55))
end

local function corners(place, list)
  local flat = {}
  for _, p in ipairs(list) do
    local x, y = Pen.at(place, p[1], p[2])
    flat[#flat + 1], flat[#flat + 2] = x, y
  end
  return flat
end

local function outlineOf(part, place, w, h)
  if part.shape == "ball" then return Pen.oval(place, w, h) end
  if part.shape == "cone" then return corners(place, { { -w / 2, -h / 2 }, { w / 2, -h / 2 }, { 0, h / 2 } }) end
  local list = {}
  if part.shape == "box" then
    local r = math.min(w, h) * math.min(part.round or 0.25, 0.5)
    for corner, c in ipairs({ { w / 2 - r, h / 2 - r }, { r - w / 2, h / 2 - r }, { r - w / 2, r - h / 2 }, { w / 2 - r, r - h / 2 } }) do
      for i = 0, 6 do
        local turn = (corner - 1 + i / 6) * math.pi / 2
        table.insert(list, { c[1] + r * math.cos(turn), c[2] + r * math.sin(turn) })
      end
    end
  else
    for _, p in ipairs(part.points) do table.insert(list, { (part.flip and -p[1] or p[1]) * w, p[2] * h }) end
  end
  return corners(place, list)
end

local function addPart(pen, part, place, grow, color, lit)
  local w, h = part.size[1] + 2 * grow, part.size[2] + 2 * grow
  if part.shape == "ring" then
    local tube = part.tube or 0
    pen:band(Pen.oval(place, w + tube, h + tube), Pen.oval(place, w - tube - 4 * grow, h - tube - 4 * grow), color)
    return
  end
  local outline = outlineOf(part, place, w, h)
  if not lit then return pen:polygon(outline, color) end
  local r = math.max(part.size[1], part.size[2])
  local lx, ly = place.x - 0.18 * r, place.y - 0.22 * r
  local function paint(x, y) return shade(color, x, y, lx, ly, r) end
  if part.shape == "poly" then return pen:polygon(outline, paint) end
  -- The light's middle may lie outside of what is slim.
  local pull = part.shape == "ball" and math.min(w, h) > 0.5 * r and 0.6 or 0
  local rings = {}
  for k = 0, 5 do rings[k + 1] = { k / 5, paint } end
  pen:fan(place.x + (lx - place.x) * pull, place.y + (ly - place.y) * pull, outline, rings)
end

-- The picture of a figure in one phase of its walk; from behind, the nearest parts are the farthest, so the face disappears
-- by itself.
function figures.still(parts, main, accent, phase, behind)
  local turn = behind and -1 or 1
  local pen, list = Pen.new(), expand(parts, turn)
  phase = phase or 0
  for _, part in ipairs(list) do
    if not part.flat then addPart(pen, part, pose(part, phase, turn), 0.0425, colors.darker(main, 0.72), false) end
  end
  for _, part in ipairs(list) do
    local color = colors.role(part.fill, main, accent)
    addPart(pen, part, pose(part, phase, turn), 0, color, not part.flat and part.shape ~= "ring")
  end
  return pen:picture(SIDE, SIDE, UNIT, SIDE / 2, SIDE / 2)
end

-- A figure in all phases of its walk.
function figures.walk(parts, main, accent, behind)
  local frames = {}
  for i = 1, FRAMES do frames[i] = figures.still(parts, main, accent, (i - 1) * 2 * math.pi / FRAMES, behind) end
  return frames
end

-- The picture of a walk that has gone so many rounds.
function figures.frame(frames, rounds) return frames[math.floor(rounds % 1 * #frames) % #frames + 1] end

return figures
