-- Draws the runner: a road that runs to the horizon, projected by hand. What is at distance d appears focal / d as large.

local player = require("player")
local backdrop = require("backdrop")
local colors = require("colors")
local draw = require("draw")
local figures = require("figures")
local particles = require("particles")
local rules = require("rules")
local Spring = require("spring")

local BEHIND = 6 -- the camera's distance behind the hero
local FAR = 80
local STRIPE = 5 -- length of a band of the road
local LANE = rules.LANE

local hero = figures.walk(require("figures.hero"), colors.hero, colors.accent, true)
local enemy = figures.walk(require("figures.enemy"), colors.enemy, colors.accent)
local collect = figures.still(require("figures.collect"), colors.collect, colors.accent)
local spring = Spring.new()

local view = {}

local clock = 0
local w, h = 960, 600
local camX, camZ = 0, 0
local focal, horizon, height, center = 600, 240, 2.5, 480 -- height is the camera's
local shakeLeft, shakeForce = 0, 0

function view.reset(world)
  particles.clear()
  camZ = world.player.z
end

function view.toWorld() return 0, 0 end

-- Where a place of the world is on the screen, how many pixels a unit has there, and how far away it is.
local function project(x, y, z)
  local d = math.max(0.4, z - camZ + BEHIND)
  local zoom = focal / d
  return center + (x - camX) * zoom, horizon + (height - y) * zoom, zoom, d
end

local function shake(seconds, force) shakeLeft, shakeForce = seconds, player.calm and 0 or force end

local events = {}

function events.jump(x, y, u)
  spring:kick(5)
  particles.burst(x, y + u * 0.3, u, colors.white, 8)
end

function events.land(x, y, u)
  spring:kick(-5)
  particles.burst(x, y + u * 0.4, u, colors.white, 6)
end

function events.move() spring:kick(2) end

function events.collect(x, y, u) particles.burst(x, y, u, colors.collect, 12) end

function events.stomp(x, y, u)
  spring:kick(6)
  shake(0.1, 0.15)
  particles.burst(x, y, u, colors.enemy, 24)
  particles.ripple(x, y, u, colors.accent)
end

function events.hurt(x, y, u)
  shake(0.32, 0.4)
  particles.burst(x, y, u, colors.hero, 26)
end

function events.won(x, y, u)
  local list = { colors.collect, colors.accent, colors.hero }
  for i = 0, 4 do particles.burst(x + (i - 2) * u, y - u, u, list[i % 3 + 1], 28) end
end

function view.event(e)
  if not events[e.type] then return end
  local x, y = project(e.x, e.y + 0.5, e.z)
  events[e.type](x, y, focal / BEHIND)
end

local function band(from, to, left, right, color)
  local x1, y1 = project(left, 0, from)
  local x2, y2 = project(right, 0, from)
  local x3, y3 = project(right, 0, to)
  local x4, y4 = project(left, 0, to)
  draw.polygon({ x1, y1, x2, y2, x3, y3, x4, y4 }, color)
end

local tar = colors.darker(colors.mix(colors.ground, colors.sky, 0.6), 0.35)
local tarLight, meadow = colors.lighter(tar, 0.06), colors.lighter(colors.ground, 0.09)

local function road()
  draw.shade(0, horizon, w, h - horizon, colors.mix(colors.skyLow, colors.ground, 0.35), colors.ground)
  local edge = LANE * 1.62
  local first = math.floor((camZ - BEHIND + 0.5) / STRIPE)
  for i = first + FAR / STRIPE, first, -1 do
    local from, to = math.max(camZ - BEHIND + 0.45, i * STRIPE), (i + 1) * STRIPE
    if to > from then
      local odd = i % 2 == 1
      local dim = math.max(0, math.min(0.8, (to - camZ) / FAR))
      band(from, to, -40, 40, colors.alpha(odd and meadow or colors.ground, 0.5 * (1 - dim)))
      band(from, to, -edge - 0.28, edge + 0.28, colors.alpha(odd and colors.accent or colors.text, 1 - dim))
      band(from, to, -edge, edge, colors.mix(odd and tarLight or tar, colors.skyLow, dim * 0.7))
      for side = -0.5, odd and 0.5 or -1 do
        band(from, to, side * LANE - 0.06, side * LANE + 0.06, colors.alpha(colors.text, 0.5 * (1 - dim)))
      end
    end
  end
end

-- Far things come out of the haze.
local function haze(d) return math.max(0, math.min(1, (FAR - d) / 16)) end

-- A picture that is so many units large.
local function place(picture, x, y, z, size, sx)
  local px, py, zoom, d = project(x, y, z)
  if d > 0.8 and d < FAR then draw.put(picture, px, py, size * zoom, { sx = sx, alpha = haze(d) }) end
end

-- A low crate to jump over, a tall one to dodge.
local function crate(b)
  local high = b.kind == "tall" and 2.5 or 0.85
  local fill = b.kind == "tall" and colors.darker(colors.enemy, 0.35) or colors.enemy
  local x, foot, zoom, d = project(b.x - 0.86, 0, b.z)
  local right, y = project(b.x + 0.86, high, b.z)
  local backLeft, back = project(b.x - 0.86, high, b.z + 0.9)
  local backRight = project(b.x + 0.86, high, b.z + 0.9)
  local a = haze(d)
  if d < 0.8 or a <= 0 then return end
  local wide, tall, edge = right - x, foot - y, 0.05 * zoom
  local dark = colors.alpha(colors.darker(fill, 0.7), a)
  draw.polygon({ x, y, right, y, backRight, back, backLeft, back }, colors.alpha(colors.lighter(fill, 0.35), a))
  draw.shade(x, y, wide, tall, colors.alpha(colors.lighter(fill, 0.1), a), colors.alpha(colors.darker(fill, 0.35), a))
  draw.bar(x, y, wide, edge, dark)
  draw.bar(x, foot - edge, wide, edge, dark)
  draw.bar(x, y, edge, tall, dark)
  draw.bar(right - edge, y, edge, tall, dark)
  for side = -0.28, 0.28, 0.56 do
    local ex, ey, ez = project(b.x + side, math.min(high - 0.35, 1.2), b.z)
    local r = 0.13 * ez
    draw.disc(ex, ey, r, r * 1.2, { 1, 1, 1, a })
    draw.disc(ex, ey + r * 0.2, r * 0.5, r * 0.7, dark)
  end
end

local function block(b)
  if b.kind == "enemy" then place(figures.frame(enemy, clock * 1.8 + b.z * 0.01), b.x, 0.62, b.z, 1.15) else crate(b) end
end

local function drawHero(p, z, dt, state)
  local squash = spring:step(dt)
  local fx, fy, zoom = project(p.x, 0, z)
  local shadow = math.max(0.4, 1 - p.y * 0.25) * zoom
  draw.disc(fx, fy, 0.5 * shadow, 0.13 * shadow, { 0, 0, 0, 0.35 })
  local shape = figures.frame(hero, p.onGround and z * 0.28 or 0.25)
  local bounce = p.onGround and math.abs(math.sin(z * 0.9)) * 0.09 or 0
  local alpha = p.hurt > 0 and math.sin(clock * 40) > 0 and state == "playing" and 0.35 or 1
  local turn = (p.lane * LANE - p.x) * 0.16
  if state == "lost" then alpha, turn = 0.5, 1.4 end
  local x, y, size = project(p.x, p.y + 0.66 + bounce, z)
  draw.put(shape, x, y, 1.25 * size, { sx = 1 - squash * 0.3, sy = 1 + squash * 0.3, turn = turn, alpha = alpha })
end

-- They stand along the road, for ever.
local function props(list)
  for i = 0, 19 do
    local side = i % 2 * 2 - 1
    local n = math.floor((camZ - BEHIND) / 9) + math.floor(i / 2) + 1
    local away = n * 0.6180339887 % 1
    table.insert(list, { z = n * 9 + side * 2, draw = function(z)
      place(backdrop.prop, side * (LANE * 1.62 + 1.8 + away * 2.6), 0, z, 2.6 + away * 1.8)
    end })
  end
end

function view.draw(world, dt, state)
  clock = clock + dt
  w, h = love.graphics.getDimensions()
  local atHero = math.min(w * 0.96 / (LANE * 3.9), h * 0.15)
  focal, horizon, height, center = atHero * BEHIND, h * 0.4, h * 0.44 / atHero, w / 2
  local p = world.player
  local heroZ = p.z
  if state == "playing" then
    camZ = p.z
  else
    camZ = camZ + dt * 4 -- the road rolls on behind the title
    heroZ = camZ
  end
  camX = camX + (p.x * 0.55 - camX) * math.min(1, dt * 8)
  backdrop.draw(w, h, (camX * 60 + camZ * 2) * h / 600, 0.4, dt)
  road()
  shakeLeft = shakeLeft - dt
  if shakeLeft > 0 then
    horizon, center = horizon + (love.math.random() - 0.5) * shakeForce * atHero, center + (love.math.random() - 0.5) * shakeForce * atHero
  end
  local list = {}
  props(list)
  if state ~= "title" then
    for _, i in ipairs(world.items) do
      table.insert(list, { z = i.z, draw = function(z)
        place(collect, i.x, i.y + math.sin(clock * 3 + z) * 0.06, z, 0.72, math.cos(clock * 2.4 + z * 0.3))
      end })
    end
    for _, b in ipairs(world.blocks) do table.insert(list, { z = b.z, draw = function() block(b) end }) end
  end
  table.insert(list, { z = heroZ, draw = function(z) drawHero(p, z, dt, state) end })
  table.sort(list, function(a, b) return a.z > b.z end) -- the farthest first
  for _, thing in ipairs(list) do thing.draw(thing.z) end
  particles.draw(dt, 0, 0, atHero)
end

return view
