-- Draws the platformer: tiled ground, walking figures, a camera that runs ahead of the hero.

local player = require("player")
local backdrop = require("backdrop")
local colors = require("colors")
local draw = require("draw")
local figures = require("figures")
local particles = require("particles")
local Random = require("random")
local rules = require("rules")
local Spring = require("spring")

local hero = figures.walk(require("figures.hero"), colors.hero, colors.accent)
local enemy = figures.walk(require("figures.enemy"), colors.enemy, colors.accent)
local collect = figures.still(require("figures.collect"), colors.collect, colors.accent)
local edge = colors.edge()
local spring = Spring.new()

local view = {}

local clock = 0
local w, h = 960, 600
local unit = 60 -- pixels for one unit of the world
local lookX, lookY = 0, 0 -- the middle of what is seen
local turn = 0 -- of the hero, who flips in the air
local shakeLeft, shakeForce = 0, 0
local props = {}

function view.reset(world)
  particles.clear()
  lookX, lookY, turn = world.player.x + 3, world.player.y + 1.5, 0
  props = {}
  local chance = Random.new(3)
  for _, s in ipairs(world.level.solids) do
    local x = s.x + 0.8
    while not s.thin and x < s.x + s.w - 0.8 do
      table.insert(props, { x = x, y = s.top, size = chance:range(1.5, 3.2) })
      x = x + chance:range(2.2, 4.5)
    end
  end
end

function view.toWorld() return 0, 0 end

local function px(x) return w / 2 + (x - lookX) * unit end

local function py(y) return h * 0.58 - (y - lookY) * unit end

local function shake(seconds, force) shakeLeft, shakeForce = seconds, player.calm and 0 or force end

local events = {}

function events.jump(x, y)
  spring:kick(5)
  particles.burst(x, y, unit, colors.white, 6)
end

function events.flip(x, y)
  spring:kick(4)
  turn = 2 * math.pi
  particles.burst(x, y, unit, colors.accent, 12)
end

function events.land(x, y, e)
  spring:kick(-math.min(7, e.force * 0.4))
  particles.burst(x, y, unit, colors.white, 5)
end

function events.collect(x, y)
  particles.burst(x, y, unit, colors.collect, 14)
  particles.ripple(x, y, unit * 0.7, colors.collect)
end

function events.stomp(x, y)
  spring:kick(6)
  shake(0.11, 0.2)
  particles.burst(x, y, unit, colors.enemy, 22)
end

function events.hurt(x, y)
  shake(0.24, 0.4)
  particles.burst(x, y, unit, colors.hero, 20)
end

function events.open(x, y)
  particles.ripple(x, y, unit * 2.4, colors.accent)
  particles.ripple(x, y, unit * 1.4, colors.collect)
end

function events.won(x, y)
  for i = 0, 3 do particles.burst(x + (i - 1.5) * unit, y - unit, unit, colors.collect, 24) end
end

function view.event(e)
  if events[e.type] then events[e.type](e.x * unit, -e.y * unit, e) end
end

local function camera(world, dt, state)
  unit = math.max(18, math.min(260, h / 9.5, w / 11))
  local p, level = world.player, world.level
  if state == "title" then
    lookX = lookX + dt * 0.8
  else
    lookX = lookX + (p.x + p.face * 1.6 + p.vx * 0.16 - lookX) * math.min(1, dt * 4)
    lookY = lookY + (p.y + 1.2 - lookY) * math.min(1, dt * 3)
  end
  local half = w / 2 / unit
  lookX = math.max(level.left + half, math.min(math.max(level.left + half, level.right - half), lookX))
  return half
end

local function solid(s)
  local x, y, wide = px(s.x), py(s.top), s.w * unit
  local high = math.min(s.h * unit, h - y)
  if high > 0 then
    draw.tile(backdrop.block, x, y, wide, high, unit / backdrop.side)
    draw.shade(x, y, wide, high, { 0, 0, 0, s.thin and 0 or 0.05 }, { 0, 0, 0, s.thin and 0.35 or 0.4 })
  end
  local r = unit * 0.2
  draw.roundBar(x - r * 0.4, y - r * 0.3, wide + r * 0.8, r, r / 2, edge)
  draw.roundBar(x, y - r * 0.15, wide, r * 0.28, r * 0.14, { 1, 1, 1, 0.35 })
end

-- Swirls when it is open.
local function portal(world)
  local x, y, open = px(world.portal.x), py(world.portal.y), world.portal.open
  draw.glow(x, y, unit * 2.5, colors.accent, open and 0.75 + math.sin(clock * 5) * 0.2 or 0.18)
  local grow = (open and 1 + math.sin(clock * 4) * 0.05 or 0.85) * unit
  draw.disc(x, y, 0.7 * grow, 1.05 * grow, { 0.05, 0.04, 0.11, 0.75 })
  draw.ring(x, y, 0.66 * grow, grow, 0.1 * unit, colors.accent)
  local inner = (open and 0.6 + clock * 0.8 % 0.6 or 0.5) * unit
  draw.ring(x, y, 0.45 * inner, 0.7 * inner, 0.06 * unit, colors.collect)
end

local function drawHero(p, dt, state)
  local squash = spring:step(dt)
  turn = math.max(0, turn - dt * 18)
  if state == "lost" then return end
  local shape, breathe = figures.frame(hero, 0.25), 0
  if p.onGround then
    if math.abs(p.vx) > 0.5 then shape = figures.frame(hero, p.x * 0.55) else shape, breathe = hero[1], math.sin(clock * 3.4) * 0.02 end
    draw.disc(px(p.x), py(p.y - rules.HALF_H), 0.36 * unit, 0.07 * unit, { 0, 0, 0, 0.28 })
  end
  local blinks = p.hurt > 0 and math.sin(clock * 40) > 0 and state == "playing"
  draw.put(shape, px(p.x), py(p.y) - 0.04 * unit, unit,
    { sx = p.face * (1 - squash * 0.35 - breathe), sy = 1 + squash * 0.35 + breathe, turn = -turn * p.face, alpha = blinks and 0.35 or 1 })
end

function view.draw(world, dt, state)
  clock = clock + dt
  w, h = love.graphics.getDimensions()
  local half = camera(world, dt, state)
  backdrop.draw(w, h, lookX * unit, 1, dt)
  local stillX, stillY = lookX, lookY
  shakeLeft = shakeLeft - dt
  if shakeLeft > 0 then lookX, lookY = lookX + (love.math.random() - 0.5) * shakeForce, lookY + (love.math.random() - 0.5) * shakeForce end
  for _, o in ipairs(props) do
    if math.abs(o.x - lookX) < half + 3 then draw.put(backdrop.prop, px(o.x), py(o.y) + 2, o.size * unit, { alpha = 0.92 }) end
  end
  for _, s in ipairs(world.level.solids) do
    if s.x < lookX + half + 1 and s.x + s.w > lookX - half - 1 then solid(s) end
  end
  portal(world)
  for _, i in ipairs(world.level.items) do
    if not i.taken and math.abs(i.x - lookX) < half + 1 then
      draw.put(collect, px(i.x), py(i.y + math.sin(clock * 2.6 + i.x) * 0.1), 0.64 * unit, { sx = math.cos(clock * 2.2 + i.x * 0.7) })
    end
  end
  for _, e in ipairs(world.level.enemies) do
    if not e.dead and math.abs(e.x - lookX) < half + 1 then
      local pulse = math.sin(clock * 6 + e.from) * 0.03
      draw.put(figures.frame(enemy, clock * 1.6 + e.from), px(e.x), py(e.y + 0.05), unit, { sx = e.dir * (0.98 + pulse), sy = 0.98 - pulse })
    end
  end
  drawHero(world.player, dt, state)
  particles.draw(dt, px(0), py(0), unit)
  lookX, lookY = stillX, stillY
end

return view
