-- The rules of the shooter: fly, fire, gather what foes drop, then beat the boss. No drawing and no clock of its own;
-- chance comes from the design's seed only. Units: x to the right, y up; the field is w by h around its own corner (0, 0).

local Random = require("random")
local plural = require("words").plural

local SPEED = 8.5
local RATE = 6.5 -- shots a second

local abs, ceil, floor, max, min, sin = math.abs, math.ceil, math.floor, math.max, math.min, math.sin

local rules = { pads = {} }

function rules.describe(d)
  return {
    goal = ("Shoot the %s, catch the %s they drop, then beat the boss."):format(plural(d.enemy), plural(d.collect)),
    how = { { "Arrows  or  W A S D", "fly" }, { "Space", "hold to fire" }, { plural(d.collect), "make you stronger" } },
    touch = "Drag anywhere: you fly along and fire",
    won = ("The sky belongs to the %s!"):format(d.hero),
    lost = ("Too many %s."):format(plural(d.enemy)),
  }
end

local function round(x) return floor(x + 0.5) end

-- A wide window gets a wide field, a tall one a tall field.
function rules.create(design, aspect)
  local wide = aspect >= 1 and min(24, 12 * aspect) or 10
  local high = aspect >= 1 and 12 or min(17, max(12, 8.4 / aspect))
  local hard = design.difficulty
  local t = design.tuning
  local hearts = t.lives > 0 and t.lives or hard < 0.9 and 6 or hard > 1.2 and 3 or 4
  return {
    rnd = Random.new(design.seed), hard = hard, w = wide, h = high, hearts = hearts, maxHearts = hearts, status = "playing", time = 0,
    score = 0, goal = t.goal > 0 and t.goal or max(1, round(60 * (0.6 + 0.4 * hard) * t.goalTimes)), tune = t, wave = 0, waveTime = 1.2, queue = {}, kills = 0,
    player = { x = wide * 0.18, y = high / 2, vx = 0, vy = 0, hurt = 0, cool = 0, power = 1 },
    shots = {}, foes = {}, bullets = {}, items = {},
  }
end

local function fly(w, dt, input)
  local p = w.player
  p.hurt = max(0, p.hurt - dt)
  local dx, dy = input.x, input.y
  if dx ~= 0 and dy ~= 0 then dx, dy = dx * 0.707, dy * 0.707 end
  local ease = min(1, dt * 14)
  p.vx = p.vx + (dx * SPEED * w.tune.speed - p.vx) * ease
  p.vy = p.vy + (dy * SPEED * w.tune.speed - p.vy) * ease
  p.x = p.x + p.vx * dt
  p.y = p.y + p.vy * dt
  local at = input.pointer
  if at.pressed then p.drag = { x = p.x - at.x, y = p.y - at.y } end -- the finger need not cover the hero
  if not at.down then p.drag = nil end
  if p.drag then
    local pull = min(1, dt * 16)
    p.x = p.x + (at.x + p.drag.x - p.x) * pull
    p.y = p.y + (at.y + p.drag.y - p.y) * pull
  end
  p.x = max(0.7, min(w.w - 0.7, p.x))
  p.y = max(0.7, min(w.h - 0.7, p.y))
end

local fans = { { 0 }, { -0.16, 0.16 }, { -0.22, 0, 0.22 }, { -0.3, -0.1, 0.1, 0.3 } }

local function fire(w, dt, input, events)
  local p = w.player
  p.cool = p.cool - dt
  if p.cool > 0 or not (input.action or input.pointer.down) then return end
  p.cool = 1 / (RATE * w.tune.fireRate)
  for _, a in ipairs(fans[p.power]) do
    table.insert(w.shots, { x = p.x + 0.7, y = p.y + a, vx = 19, vy = p.power > 2 and a * 7 or 0 })
  end
  table.insert(events, { type = "shoot", x = p.x + 0.8, y = p.y })
end

local function newWave(w)
  w.wave = w.wave + 1
  w.waveTime = 6.5
  local n = max(1, round(min(4 + w.wave * 0.6, 9) * (0.7 + 0.3 * w.hard) * w.tune.enemies))
  local kind = w.rnd:pick(w.wave < 2 and { "wave" } or w.wave < 4 and { "wave", "dive" } or { "wave", "dive", "guard" })
  local y = w.rnd:range(2.5, w.h - 2.5)
  local shape = w.rnd:pick({ "line", "vee", "snake" })
  for i = 0, n - 1 do
    local side = i % 2 == 1 and 1 or -1
    local spread = shape == "vee" and side * ceil(i / 2) * 0.9 or shape == "line" and (i - n / 2) * 1.2 or 0
    local fy = max(1, min(w.h - 1, y + spread))
    local wait = shape == "snake" and i * 0.34 or shape == "vee" and ceil(i / 2) * 0.3 or i * 0.06
    local hp = kind == "guard" and 3 or w.wave > 5 and 2 or 1
    local stop = w.w * w.rnd:range(0.6, 0.9)
    local foe = { kind = kind, x = w.w + 1.5, y = fy, home = fy, hp = hp, time = i * 0.2, stop = stop, next = w.rnd:range(1, 2.5), flash = 0 }
    table.insert(w.queue, { wait = wait, foe = foe })
  end
end

-- Foes come in formations; the next one comes when the last is gone, or after a while.
local function sendFoes(w, dt, events)
  if w.score >= w.goal then
    if not w.boss and #w.foes == 0 then
      local hp = round(70 * (0.6 + 0.4 * w.hard))
      w.boss = { x = w.w + 3, y = w.h / 2, hp = hp, full = hp, time = 0, next = 2.4, turn = 0, flash = 0 }
      table.insert(events, { type = "alarm", x = w.w, y = w.h / 2, say = "The boss is here!" })
    end
    w.queue = {}
    return
  end
  w.waveTime = w.waveTime - dt
  local later = {}
  for _, q in ipairs(w.queue) do
    q.wait = q.wait - dt
    if q.wait <= 0 then table.insert(w.foes, q.foe) else table.insert(later, q) end
  end
  w.queue = later
  if #w.queue > 0 or #w.foes > 0 and w.waveTime > 0 then return end
  newWave(w)
end

-- A foe that got past comes around once more.
local function again(w, f)
  f.flash = f.flash - 0.01
  if f.x > -1.4 then return end
  f.x = w.w + 1.5
  f.home = w.rnd:range(1.5, w.h - 1.5)
  f.y = f.home
  f.time = 0
end

local function shootAt(w, from, speed, turn)
  local a = math.atan2(w.player.y - from.y, w.player.x - from.x) + turn
  table.insert(w.bullets, { x = from.x - 0.5, y = from.y, vx = math.cos(a) * speed, vy = sin(a) * speed })
end

local moves = {}

function moves.wave(w, f, dt)
  f.time = f.time + dt
  f.x = f.x - (2.6 + w.wave * 0.08) * w.tune.enemySpeed * dt
  f.y = f.home + sin(f.time * 2.6) * 1.2
  again(w, f)
end

function moves.dive(w, f, dt)
  f.time = f.time + dt
  f.x = f.x - (f.time < 1.3 and 3 or 5.2) * w.tune.enemySpeed * dt
  f.y = f.y + max(-1.6, min(1.6, w.player.y - f.y)) * dt * 0.9
  again(w, f)
end

function moves.guard(w, f, dt, events)
  f.time = f.time + dt
  f.x = f.x + (f.stop - f.x) * min(1, dt * 1.4)
  f.y = f.home + sin(f.time * 1.3) * 0.8
  f.next = f.next - dt * w.hard
  if f.next > 0 then return end
  f.next = 2.6
  shootAt(w, f, 4.6, 0)
  table.insert(events, { type = "foeShot", x = f.x, y = f.y })
end

local function moveBoss(w, dt, events)
  local b = w.boss
  b.time = b.time + dt
  b.x = b.x + (w.w - 2.6 - b.x) * min(1, dt * 1.5)
  b.y = w.h / 2 + sin(b.time * 0.8) * (w.h / 2 - 2.4)
  b.next = b.next - dt
  if b.next > 0 then return end
  b.turn = b.turn + 1
  local angry = b.hp < b.full / 2 and 0.75 or 1
  b.next = 1.5 * angry / (0.7 + 0.3 * w.hard)
  if b.turn % 3 == 0 then
    for i = -3, 3 do shootAt(w, b, 4.2, i * 0.24) end
  else
    for i = -1, 1 do shootAt(w, b, 5.4, i * 0.13) end
  end
  table.insert(events, { type = "foeShot", x = b.x - 1, y = b.y })
end

local function near(a, b, r) return math.sqrt((a.x - b.x) ^ 2 + (a.y - b.y) ^ 2) < r end

-- The first of a list that is not gone and near.
local function touched(list, at, r)
  for _, o in ipairs(list) do
    if not o.dead and near(at, o, r) then return o end
  end
end

local function down(w, f, events)
  f.dead = true
  w.kills = w.kills + 1
  table.insert(events, { type = "burst", x = f.x, y = f.y })
  local heart = w.kills % 14 == 0 and w.hearts < w.maxHearts
  table.insert(w.items, { x = f.x, y = f.y, vx = -1.2, vy = w.rnd:range(-0.6, 0.6), heart = heart })
end

-- What the hero's shots do; it tells whether the boss is beaten.
local function hits(w, events)
  for _, s in ipairs(w.shots) do
    local f = touched(w.foes, s, 0.75)
    if f then
      s.dead = true
      f.flash = 0.1
      f.hp = f.hp - 1
      if f.hp <= 0 then down(w, f, events) else table.insert(events, { type = "spark", x = s.x, y = s.y }) end
    elseif w.boss and near(s, w.boss, 1.7) then
      s.dead = true
      w.boss.hp = w.boss.hp - 1
      w.boss.flash = 0.1
      table.insert(events, { type = "spark", x = s.x, y = s.y })
      if w.boss.hp <= 0 then
        w.status = "won"
        table.insert(events, { type = "burst", x = w.boss.x, y = w.boss.y, big = true })
        table.insert(events, { type = "won", x = w.boss.x, y = w.boss.y })
        return true
      end
    end
  end
  return false
end

local function suffer(w, events)
  local p = w.player
  if p.hurt > 0 then return end
  local what = touched(w.foes, p, 0.85) or touched(w.bullets, p, 0.52) or w.boss and near(p, w.boss, 1.9) and w.boss
  if not what then return end
  if what ~= w.boss then what.dead = true end
  p.hurt = 1.7
  p.power = max(1, p.power - 1)
  w.hearts = w.hearts - 1
  table.insert(events, { type = "hurt", x = p.x, y = p.y })
  if w.hearts > 0 then return end
  w.status = "lost"
  table.insert(events, { type = "burst", x = p.x, y = p.y, big = true })
  table.insert(events, { type = "lost", x = p.x, y = p.y })
end

local function gather(w, dt, events)
  local p = w.player
  for _, i in ipairs(w.items) do
    local dx, dy = p.x - i.x, p.y - i.y
    local d = math.sqrt(dx * dx + dy * dy)
    local pull = d < 3.2 and 9 * dt or 0 -- things nearby come along by themselves
    local part = d == 0 and 1 or d
    i.x = i.x + i.vx * dt + dx / part * pull
    i.y = i.y + i.vy * dt + (p.y - i.y) / part * pull
    if d <= 0.9 then
      i.dead = true
      if i.heart then
        w.hearts = w.hearts + 1
        table.insert(events, { type = "heart", x = i.x, y = i.y })
      else
        w.score = w.score + 1
        table.insert(events, { type = "collect", x = i.x, y = i.y, n = w.score % 8 })
        if w.score % 8 == 0 and p.power < 4 then
          p.power = p.power + 1
          table.insert(events, { type = "power", x = p.x, y = p.y, say = ("Fire power %d"):format(p.power) })
        end
      end
    end
  end
end

-- Keeps what is not gone and not far outside.
local function inside(w, list)
  local kept = {}
  for _, o in ipairs(list) do
    if not o.dead and o.x > -2 and o.x < w.w + 6 and o.y > -2 and o.y < w.h + 2 then table.insert(kept, o) end
  end
  return kept
end

-- Goes on by dt seconds, and returns what happened: a list of events.
function rules.step(w, dt, input)
  local events = {}
  if w.status ~= "playing" then return events end
  w.time = w.time + dt
  fly(w, dt, input)
  fire(w, dt, input, events)
  sendFoes(w, dt, events)
  for _, f in ipairs(w.foes) do moves[f.kind](w, f, dt, events) end
  if w.boss then moveBoss(w, dt, events) end
  for _, list in ipairs({ w.shots, w.bullets }) do
    for _, s in ipairs(list) do s.x, s.y = s.x + s.vx * dt, s.y + s.vy * dt end
  end
  if not hits(w, events) then suffer(w, events) end
  gather(w, dt, events)
  w.shots, w.bullets, w.foes, w.items = inside(w, w.shots), inside(w, w.bullets), inside(w, w.foes), inside(w, w.items)
  return events
end

return rules
