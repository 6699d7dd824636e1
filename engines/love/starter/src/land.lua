-- The layers that worlds are made of: each is WIDE by TALL and goes on sideways without a seam. look.lua chooses. The pen
-- brings the layer's colour, fill, and its own source of chance.

local colors = require("colors")
local Pen = require("pen")

local WIDE, TALL = 1024, 420

local land = { WIDE = WIDE, TALL = TALL }

local function fade(pen, top, light) return { top = top, bottom = TALL, from = colors.lighter(pen.fill, light), to = pen.fill } end

-- Waves that fit the width a whole number of times: each is { how many, how high, where it begins }.
function land.hills(pen, base, waves)
  local light = fade(pen, TALL - base * 1.4, 0.12)
  local function height(i)
    local y = base
    for _, w in ipairs(waves) do y = y + w[2] * math.sin(i / 128 * w[1] * 2 * math.pi + w[3]) end
    return TALL - y
  end
  for i = 0, 127 do pen:polygon({ i * 8, height(i), i * 8 + 8, height(i + 1), i * 8 + 8, TALL, i * 8, TALL }, light) end
end

-- Mountains; with snow their tops are white.
function land.peaks(pen, n, tall, snow)
  for i = 0, n - 1 do
    local x = i * WIDE / n + pen.chance:range(-20, 20)
    local h = TALL * pen.chance:range(tall * 0.6, tall)
    local w = WIDE / n * pen.chance:range(0.8, 1.2)
    pen:polygon({ x - w, TALL, x, TALL - h, x + w, TALL }, fade(pen, TALL - h, 0.16))
    if snow then
      local s = 0.28
      pen:polygon({ x - w * s, TALL - h * (1 - s), x, TALL - h, x + w * s, TALL - h * (1 - s), x + w * s * 0.3, TALL - h * (1 - s * 0.8),
        x - w * s * 0.2, TALL - h * (1 - s * 1.25) }, colors.alpha(colors.white, 0.85))
    end
  end
end

-- Houses with lit windows.
function land.towers(pen, n, tall, pointed)
  local lights, chance = { colors.accent, colors.collect, colors.hero }, pen.chance
  for i = 0, n - 1 do
    local x = i * WIDE / n + chance:range(0, 20)
    local w = WIDE / n * chance:range(0.6, 1.05)
    local h = TALL * chance:range(tall * 0.45, tall)
    pen:rect(x, TALL - h, w, h, fade(pen, TALL - h, 0.14))
    if pointed then
      pen:polygon({ x - 6, TALL - h, x + w / 2, TALL - h - w * 0.8, x + w + 6, TALL - h }, colors.lighter(pen.fill, 0.1))
    else
      pen:rect(x, TALL - h, w, 3, colors.alpha(chance:pick(lights), 0.9))
    end
    for wy = TALL - h + 14, TALL - 10, 20 do
      for wx = x + 8, x + w - 10, 16 do
        if chance:chance(0.36) then pen:rect(wx, wy, 6, 9, colors.alpha(chance:pick(lights), chance:range(0.25, 0.8))) end
      end
    end
  end
end

-- Trees in a row; with cones they are firs.
function land.trees(pen, n, tall, firs)
  pen:rect(0, TALL * 0.86, WIDE, TALL * 0.14, pen.fill)
  for i = 0, n - 1 do
    local x = i * WIDE / n + pen.chance:range(-12, 12)
    local h = TALL * pen.chance:range(tall * 0.6, tall)
    local w = h * pen.chance:range(0.3, 0.42)
    local top = TALL - h
    local light = fade(pen, top, 0.2)
    pen:rect(x - w * 0.06, top + h * 0.4, w * 0.12, h * 0.6, colors.darker(pen.fill, 0.25))
    if firs then
      for k = 0, 2 do
        local y, s = top + h * 0.22 * k, 0.5 + 0.25 * k
        pen:polygon({ x - w * s * 0.7, y + h * 0.36, x, y, x + w * s * 0.7, y + h * 0.36 }, light)
      end
    else
      pen:disc(x, top + h * 0.3, w * 0.62, light)
      pen:disc(x - w * 0.4, top + h * 0.42, w * 0.44, light)
      pen:disc(x + w * 0.42, top + h * 0.4, w * 0.42, light)
    end
  end
end

-- Round things: bubbles, sweets, planets' hills.
function land.domes(pen, n, tall)
  for i = 0, n - 1 do
    local x = i * WIDE / n + pen.chance:range(-20, 20)
    local h = TALL * pen.chance:range(tall * 0.5, tall)
    pen:polygon(Pen.oval(Pen.place(x, TALL), h * 1.5, h * 2), fade(pen, TALL - h, 0.3))
    pen:polygon(Pen.oval(Pen.place(x - h * 0.25, TALL - h * 0.6, -0.5), h * 0.4, h * 0.2), colors.alpha(colors.white, 0.16))
  end
end

return land
