-- Draws the shooter: a field that is always wholly on the screen, with the sky rushing by.

local player = require("player")
local backdrop = require("backdrop")
local colors = require("colors")
local draw = require("draw")
local figures = require("figures")
local particles = require("particles")
local Spring = require("spring")

local hero = figures.walk(require("figures.hero"), colors.hero, colors.accent)
local enemy = figures.walk(require("figures.enemy"), colors.enemy, colors.accent)
local flash = figures.walk(require("figures.enemy"), colors.lighter(colors.enemy, 0.7), colors.white)
local collect = figures.still(require("figures.collect"), colors.collect, colors.accent)
local heart = figures.still(require("figures.heart"), colors.hex("#ff4d6d"), colors.white)
local spring = Spring.new()

local view = {}

local clock = 0
local w, h = 960, 600
local unit = 60 -- pixels for one unit of the world
local cornerX, cornerY = 0, 600
local shakeLeft, shakeForce = 0, 0
local gone = false

local function fit(world)
  w, h = love.graphics.getDimensions()
  unit = math.min(w / world.w, h / world.h)
  cornerX, cornerY = (w - world.w * unit) / 2, h - (h - world.h * unit) / 2
end

function view.reset(world)
  particles.clear()
  gone = false
  fit(world)
end

function view.toWorld(x, y) return (x - cornerX) / unit, (cornerY - y) / unit end

local function px(x) return cornerX + x * unit end

local function py(y) return cornerY - y * unit end

local function shake(seconds, force) shakeLeft, shakeForce = seconds, player.calm and 0 or force end

local events = {}

function events.shoot() spring:kick(-1) end

function events.spark(x, y) particles.burst(x, y, unit, colors.collect, 4) end

function events.collect(x, y) particles.burst(x, y, unit, colors.collect, 10) end

function events.power(x, y)
  spring:kick(5)
  particles.ripple(x, y, unit * 1.2, colors.accent)
end

events.heart = events.power

function events.burst(x, y, e)
  if e.big then
    shake(0.6, 0.5)
    particles.ripple(x, y, unit * 3.4, colors.accent)
  end
  particles.burst(x, y, unit * (e.big and 2 or 1.25), colors.enemy, e.big and 90 or 24)
  particles.ripple(x, y, unit, colors.enemy)
end

function events.hurt(x, y)
  shake(0.3, 0.4)
  particles.burst(x, y, unit, colors.hero, 26)
end

function events.foeShot(x, y) particles.burst(x, y, unit * 0.5, colors.enemy, 3) end

function events.lost() gone = true end

function view.event(e)
  if events[e.type] then events[e.type](e.x * unit, -e.y * unit, e) end
end

local function foe(x, y, big, time, lit)
  draw.put(figures.frame(lit > 0 and flash or enemy, time), px(x), py(y), big * unit, { sx = -1 })
end

local function drawHero(x, y, dt, alpha)
  local squash, flame = spring:step(dt), 0.5 + 0.2 * math.sin(clock * 40)
  draw.glow(px(x - 0.62), py(y), flame * unit, colors.white, 0.7, 1.7, 0.7)
  draw.glow(px(x - 0.62), py(y), flame * 1.1 * unit, colors.accent, 0.9)
  draw.put(figures.frame(hero, clock * 1.6), px(x), py(y), 1.15 * unit, { sx = 1 - squash * 0.2, sy = 1 + squash * 0.2, alpha = alpha })
end

local function things(world, dt)
  for _, i in ipairs(world.items) do
    draw.put(i.heart and heart or collect, px(i.x), py(i.y + math.sin(clock * 4 + i.y) * 0.06), 0.62 * unit, { sx = math.cos(clock * 3 + i.y) })
  end
  local shot = colors.lighter(colors.accent, 0.7)
  for _, s in ipairs(world.shots) do
    draw.glow(px(s.x), py(s.y), 0.6 * unit, colors.accent, 0.6)
    draw.roundBar(px(s.x) - 0.3 * unit, py(s.y) - 0.06 * unit, 0.6 * unit, 0.12 * unit, 0.06 * unit, shot)
  end
  for _, f in ipairs(world.foes) do
    f.flash = f.flash - dt
    foe(f.x, f.y, 1.05, f.time, f.flash)
  end
  local b = world.boss
  if b and b.hp > 0 then
    b.flash = b.flash - dt
    draw.glow(px(b.x), py(b.y), 3 * unit, colors.enemy, 0.4)
    foe(b.x, b.y, 3.6, b.time * 0.6, b.flash)
  end
  local rim = colors.darker(colors.enemy, 0.3)
  for _, s in ipairs(world.bullets) do
    draw.glow(px(s.x), py(s.y), 0.5 * unit, colors.enemy, 0.9)
    draw.disc(px(s.x), py(s.y), 0.17 * unit, 0.17 * unit, rim)
    draw.disc(px(s.x), py(s.y), 0.1 * unit, 0.1 * unit, colors.white)
  end
end

function view.draw(world, dt, state)
  clock = clock + dt
  fit(world)
  backdrop.draw(w, h, clock * h * 0.2, 1, dt)
  local stillX, stillY = cornerX, cornerY
  shakeLeft = shakeLeft - dt
  if shakeLeft > 0 then
    cornerX, cornerY = cornerX + (love.math.random() - 0.5) * shakeForce * unit, cornerY + (love.math.random() - 0.5) * shakeForce * unit
  end
  if state == "title" then
    drawHero(world.w * 0.12, world.h * 0.5 + math.sin(clock * 2) * 0.5, dt)
  else
    things(world, dt)
    local p = world.player
    local blinks = p.hurt > 0 and math.sin(clock * 40) > 0 and state == "playing"
    if not gone then drawHero(p.x, p.y, dt, blinks and 0.35 or 1) end
    particles.draw(dt, px(0), py(0), unit)
  end
  cornerX, cornerY = stillX, stillY
end

return view
