-- The bursts and ripples of a view, in pixels of its own picture.

local colors = require("colors")
local draw = require("draw")

local player = require("player")

local MOST = 400

local particles = {}

local list = {}

function particles.clear() list = {} end

function particles.burst(x, y, size, color, n)
  if player.calm then n = math.ceil(n / 4) end
  for _ = 1, math.min(n, MOST - #list) do
    local turn, v = love.math.random() * 2 * math.pi, size * (1.5 + 5 * love.math.random())
    table.insert(list, { x = x, y = y, vx = math.cos(turn) * v, vy = math.sin(turn) * v - size, size = size * (0.08 + 0.13 * love.math.random()),
      age = 0, life = 0.35 + 0.4 * love.math.random(), color = color, bright = colors.lighter(color, 0.3) })
  end
end

-- A ring that grows and fades.
function particles.ripple(x, y, size, color)
  table.insert(list, { x = x, y = y, size = size, age = 0, life = 0.45, color = color, ripple = true })
end

-- Moves and draws them; ox and oy is where the view's picture begins.
function particles.draw(dt, ox, oy, size)
  local kept = {}
  for _, p in ipairs(list) do
    p.age = p.age + dt
    if p.age < p.life then
      table.insert(kept, p)
      local left = 1 - p.age / p.life
      if p.ripple then
        local r = p.size * (1.2 - left)
        draw.ring(p.x + ox, p.y + oy, r, r, math.max(1, p.size * 0.12 * left), colors.alpha(p.color, left))
      else
        p.vy = p.vy + size * 9 * dt
        p.vx = p.vx * (1 - 2 * dt)
        p.x, p.y = p.x + p.vx * dt, p.y + p.vy * dt
        draw.glow(p.x + ox, p.y + oy, p.size * 2.4 * left, p.color, left)
        draw.disc(p.x + ox, p.y + oy, p.size * 0.7 * left, p.size * 0.7 * left, p.bright)
      end
    end
  end
  list = kept
end

return particles
