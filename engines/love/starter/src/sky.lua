-- What stands in the sky, around the middle of a square of two units.

local colors = require("colors")
local Pen = require("pen")

local sky = {}

-- A sun; with stripes it sets behind something.
function sky.disc(pen, color, stripes)
  pen:halo(0, 0, 0.98, color, 0.55)
  pen:disc(0, 0, 0.39, { top = -0.39, bottom = 0.39, from = colors.lighter(color, 0.5), to = color })
  for i = 0, stripes and 4 or -1 do
    local y = i * 0.078
    local bottom = math.min(y + 0.016 + i * 0.0125, 0.385)
    local wide, narrow = math.sqrt(0.39 ^ 2 - y * y) + 0.004, math.sqrt(0.39 ^ 2 - bottom * bottom) + 0.004
    pen:polygon({ -wide, y, wide, y, narrow, bottom, -narrow, bottom }, colors.mix(colors.sky, colors.skyLow, 0.55))
  end
end

function sky.moon(pen)
  pen:halo(0, 0, 0.94, colors.hex("#fff6d8"), 0.4)
  pen:disc(0, 0, 0.31, colors.hex("#fff6d8"))
  for _, v in ipairs({ { -0.11, -0.08, 0.07 }, { 0.09, 0.08, 0.055 }, { 0.03, -0.14, 0.04 } }) do
    pen:disc(v[1], v[2], v[3], colors.hex("#e6dbb4"))
  end
end

function sky.planet(pen)
  pen:halo(0, 0, 0.86, colors.accent, 0.35)
  pen:disc(0, 0, 0.31, { top = -0.31, bottom = 0.31, from = colors.lighter(colors.accent, 0.3), to = colors.darker(colors.accent, 0.5) })
  local tilted = Pen.place(0, 0, -0.4)
  pen:band(Pen.oval(tilted, 1.14, 0.28), Pen.oval(tilted, 1.02, 0.17), colors.alpha(colors.lighter(colors.collect, 0.2), 0.8))
end

return sky
