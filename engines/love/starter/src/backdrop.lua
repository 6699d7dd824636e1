-- What is far away: a sky, two layers that move at their own pace, and something that floats in the air.

local colors = require("colors")
local draw = require("draw")
local ground = require("ground")
local land = require("land")
local look = require("look")
local Pen = require("pen")
local Random = require("random")

local backdrop = { block = ground.image(look.block), side = ground.SIDE }

local LAYER = 512 -- the height of a layer's picture in pixels; it is WIDE pixels wide

local function layer(seed, fill, paint)
  local pen = Pen.new()
  pen.fill, pen.chance = fill, Random.new(seed)
  paint(pen)
  return pen:picture(land.WIDE, LAYER, 1, 0, LAYER - land.TALL, true)
end

local function picture(paint, x, y, side, unit)
  local pen = Pen.new()
  paint(pen)
  return pen:picture(side, side, unit, x, y)
end

local layers = {
  layer(11, colors.mix(colors.skyLow, colors.sky, 0.5), look.far),
  layer(12, colors.mix(colors.darker(colors.ground, 0.25), colors.skyLow, 0.35), look.near),
}
local sun = picture(look.sun, 256, 256, 512, 256)
backdrop.prop = picture(look.prop, 128, 250, 256, 240)

local specks = {}
local chance = Random.new(3)
for i = 1, 36 do specks[i] = { chance:next(), chance:next(), chance:range(0.5, 1.4), chance:range(0, 6) } end

local clock = 0

-- Fills the picture; x is how far the view has gone, in pixels, and horizon where the sky ends, 1 for the bottom.
function backdrop.draw(w, h, x, horizon, dt)
  clock = clock + dt
  local bottom = h * horizon
  draw.shade(0, 0, w, bottom * 0.75 + 1, colors.sky, colors.skyLow)
  draw.shade(0, bottom * 0.75, w, h - bottom * 0.75, colors.skyLow, colors.mix(colors.skyLow, colors.ground, 0.35))
  draw.put(sun, w * 0.7, bottom * 0.34, h * 0.25)
  for i, l in ipairs(layers) do
    local zoom = bottom / land.TALL * (i == 1 and 0.72 or 0.5)
    local wide = land.WIDE * zoom
    local from = -(x * (i == 1 and 0.1 or 0.28) % wide)
    while from < w do
      draw.put(l, from, bottom - land.TALL * zoom + 1, zoom)
      from = from + wide
    end
  end
  for _, s in ipairs(specks) do
    local sx = (s[1] + clock * look.drift[1] * 0.05 - x / w * 0.2 * s[3]) % 1
    local sy = (s[2] - clock * look.drift[2] * 0.05) % 1
    draw.glow(sx * w, sy * bottom, h * 0.009 * s[3], look.speck, 0.45 + 0.35 * math.sin(clock * 2 + s[4]))
  end
end

return backdrop
