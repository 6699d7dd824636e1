-- Draws the puzzle: a board in front of the sky, with pieces that fall, swell and burst.

local player = require("player")
local backdrop = require("backdrop")
local colors = require("colors")
local draw = require("draw")
local figures = require("figures")
local particles = require("particles")
local rules = require("rules")

local COLS, ROWS = rules.COLS, rules.ROWS

local enemy = figures.walk(require("figures.enemy"), colors.enemy, colors.accent)
local paints = colors.pieces()
local pieces = {}
for i, figure in ipairs({ require("figures.collect"), require("figures.piece1"), require("figures.piece2"), require("figures.piece3"), require("figures.piece4") }) do
  pieces[i] = figures.still(figure, paints[i], colors.lighter(paints[i], 0.5))
end

local view = {}

local clock = 0
local w, h = 960, 600
local unit = 60 -- pixels of a cell
local cornerX, cornerY = 0, 0 -- the middle of the cell in column 0 and row 0
local shakeLeft, shakeForce = 0, 0

local function fit()
  w, h = love.graphics.getDimensions()
  unit = math.min(w / (COLS + 0.8), h / (ROWS + 2.1))
  cornerX, cornerY = w / 2 - (COLS - 1) / 2 * unit, h / 2 + (ROWS - 1) / 2 * unit + 0.42 * unit
end

function view.reset()
  particles.clear()
  fit()
end

function view.toWorld(x, y) return (x - cornerX) / unit, (cornerY - y) / unit end

local function px(x) return cornerX + x * unit end

local function py(y) return cornerY - y * unit end

local function shake(seconds, force) shakeLeft, shakeForce = seconds, player.calm and 0 or force end

local events = {}

function events.collect(x, y)
  particles.burst(x, y, unit, colors.collect, 12)
  particles.ripple(x, y, unit * 0.8, colors.collect)
end

function events.pop(x, y, e) particles.burst(x, y, unit, paints[e.n + 1], 9) end

function events.stomp(x, y)
  shake(0.15, 0.12)
  particles.burst(x, y, unit, colors.enemy, 22)
end

function events.burst(x, y)
  shake(0.25, 0.25)
  particles.burst(x, y, unit, colors.accent, 40)
  particles.ripple(x, y, unit * 2, colors.accent)
end

function events.power(x, y) particles.ripple(x, y, unit * 1.2, colors.white) end

function events.won()
  for i = 0, 5 do particles.burst(i * unit, -3 * unit, unit, colors.collect, 26) end
end

function view.event(e)
  if events[e.type] then events[e.type](e.x * unit, -e.y * unit, e) end
end

local function board()
  local x, y, edge = px(-0.5), py(ROWS - 0.5), 0.22 * unit
  local wide, high = COLS * unit, ROWS * unit
  draw.roundBar(x - edge * 1.2, y - edge * 1.2, wide + edge * 2.4, high + edge * 2.4, 0.4 * unit, colors.alpha(colors.accent, 0.6))
  draw.roundBar(x - edge, y - edge, wide + edge * 2, high + edge * 2, 0.34 * unit, colors.alpha(colors.darker(colors.sky, 0.55), 0.92))
  for c = 0, COLS - 1 do
    for r = c % 2, ROWS - 1, 2 do
      draw.roundBar(px(c - 0.46), py(r + 0.46), 0.92 * unit, 0.92 * unit, 0.2 * unit, { 1, 1, 1, 0.06 })
    end
  end
end

local function mark(c, r, grow, alpha)
  local radius = 0.47 * unit * grow
  draw.ring(px(c), py(r), radius, radius, 0.07 * unit, colors.alpha(colors.lighter(colors.accent, 0.4), alpha))
end

-- The cursor, what is picked, and a hint for who has not moved for a while.
local function marks(world)
  if world.picked then draw.glow(px(world.picked.c), py(world.picked.r), 0.8 * unit, colors.accent, 0.7) end
  mark(world.player.x, world.player.y, 1 + 0.04 * math.sin(clock * 5), 0.9)
  for _, at in ipairs(world.hint or {}) do mark(at.c, at.r, 0.9 + 0.08 * math.sin(clock * 7), 0.5) end
end

local function piece(world, p)
  if p.y > ROWS + 0.5 then return end
  local picked = world.picked and world.picked.c == p.c and world.picked.r == p.r
  local big = (picked and 0.9 or 0.8) * (1 + 1.6 * p.going * (1 - p.going)) * (p.going > 0.5 and 2 - 2 * p.going or 1)
  local turn = picked and 0.1 * math.sin(clock * 9) or 0
  if p.charged then
    draw.glow(px(p.x), py(p.y), (0.75 + 0.1 * math.sin(clock * 6)) * unit, colors.white, 0.75)
    turn = turn + 0.12 * math.sin(clock * 4)
  end
  local shape = p.kind >= 0 and pieces[p.kind + 1] or figures.frame(enemy, clock * 0.8 + p.c * 0.2)
  draw.put(shape, px(p.x), py(p.y), big * unit, { turn = turn })
end

function view.draw(world, dt, state)
  clock = clock + dt
  fit()
  backdrop.draw(w, h, clock * h * 0.02, 1, dt)
  shakeLeft = shakeLeft - dt
  if shakeLeft > 0 then
    cornerX, cornerY = cornerX + (love.math.random() - 0.5) * shakeForce * unit, cornerY + (love.math.random() - 0.5) * shakeForce * unit
  end
  board()
  if state == "playing" then marks(world) end
  for i = 0, COLS * ROWS - 1 do
    if world.grid[i] then piece(world, world.grid[i]) end
  end
  particles.draw(dt, px(0), py(0), unit)
  fit() -- what is clicked does not shake
end

return view
