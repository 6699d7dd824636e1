-- What stands about, one unit high, with its foot at 0.

local colors = require("colors")
local Pen = require("pen")

local props = {}

local white = colors.white

function props.tree(pen)
  local leaf = colors.mix(colors.ground, colors.hex("#2f9e44"), 0.5)
  local paint = { top = -1, bottom = -0.3, from = colors.lighter(leaf, 0.3), to = colors.darker(leaf, 0.15) }
  pen:rect(-0.05, -0.5, 0.1, 0.5, colors.hex("#6b4423"))
  for _, v in ipairs({ { 0, -0.7, 0.24 }, { -0.18, -0.58, 0.17 }, { 0.18, -0.58, 0.17 } }) do pen:disc(v[1], v[2], v[3], paint) end
end

function props.fir(pen)
  local leaf = colors.mix(colors.darker(colors.ground, 0.45), colors.hex("#2f6f5e"), 0.6)
  pen:rect(-0.04, -0.2, 0.08, 0.2, colors.hex("#5a3d28"))
  for k = 2, 0, -1 do
    local y, w = -0.9 + 0.24 * k, 0.2 + 0.08 * k
    pen:polygon({ -w, y + 0.34, 0, y, w, y + 0.34 }, { top = y, bottom = y + 0.34, from = colors.lighter(leaf, 0.2), to = leaf })
    pen:polygon({ -w * 0.3, y + 0.1, 0, y, w * 0.3, y + 0.1 }, colors.alpha(white, 0.7))
  end
end

function props.lamp(pen)
  pen:rect(-0.03, -0.8, 0.06, 0.8, colors.darker(colors.sky, 0.3))
  pen:halo(0, -0.8, 0.22, colors.accent, 0.9)
  pen:disc(0, -0.8, 0.07, colors.lighter(colors.accent, 0.6))
end

function props.cactus(pen)
  local green = colors.hex("#3f8f4f")
  local paint = { top = -1, bottom = 0, from = colors.lighter(green, 0.2), to = colors.darker(green, 0.2) }
  for _, v in ipairs({ { -0.08, -0.75, 0.16, 0.75 }, { -0.28, -0.58, 0.11, 0.26 }, { -0.28, -0.42, 0.26, 0.1 }, { 0.16, -0.66, 0.11, 0.3 }, { 0.02, -0.46, 0.25, 0.1 } }) do
    local x, y, w, h = v[1], v[2], v[3], v[4]
    local r = math.min(w, h) / 2
    pen:rect(x, y + r * 0.8, w, h - r * 1.6, paint)
    pen:polygon(Pen.oval(Pen.place(x + w / 2, y + r), w, 2 * r), paint)
  end
end

function props.crystal(pen)
  for _, v in ipairs({ { -0.18, 0.45, 0.1 }, { 0.17, 0.52, 0.1 }, { 0, 0.76, 0.14 } }) do
    local x, h, w = v[1], v[2], v[3]
    pen:polygon({ x - w, 0, x - w, -h * 0.7, x, -h, x + w, -h * 0.7, x + w, 0 },
      { top = -h, bottom = 0, from = colors.lighter(colors.accent, 0.5), to = colors.darker(colors.accent, 0.3) })
    pen:polygon({ x - w * 0.6, -h * 0.1, x - w * 0.6, -h * 0.68, x - w * 0.1, -h * 0.85, x - w * 0.2, -h * 0.1 }, colors.alpha(white, 0.3))
  end
end

function props.lolly(pen)
  pen:rect(-0.02, -0.6, 0.04, 0.6, white)
  for i, c in ipairs({ colors.accent, white, colors.collect, white, colors.accent }) do pen:disc(0, -0.7, 0.285 - 0.045 * i, c) end
end

function props.banner(pen)
  pen:rect(-0.04, -0.9, 0.05, 0.9, colors.hex("#6e7489"))
  pen:polygon({ 0.01, -0.88, 0.35, -0.8, 0.22, -0.7, 0.35, -0.6, 0.01, -0.54 },
    { top = -0.88, bottom = -0.5, from = colors.lighter(colors.accent, 0.2), to = colors.darker(colors.accent, 0.2) })
  pen:disc(-0.015, -0.91, 0.04, colors.collect)
end

function props.kelp(pen)
  local green = colors.mix(colors.accent, colors.hex("#1f8a5b"), 0.6)
  for k, h in ipairs({ 0.7, 0.95, 0.6 }) do
    local paint = { top = -h, bottom = 0, from = colors.lighter(green, 0.3), to = colors.darker(green, 0.3) }
    local lx, rx, y
    for i = 0, 19 do
      local t = i / 19
      local x, w = -0.4 + 0.2 * k + math.sin(t * 7 + k) * 0.05, 0.045 * (1.1 - t)
      if i > 0 then pen:polygon({ lx, y, rx, y, x + w, -t * h, x - w, -t * h }, paint) end
      lx, rx, y = x - w, x + w, -t * h
    end
  end
end

return props
