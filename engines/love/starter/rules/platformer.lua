-- The rules of the platformer: run, jump (twice), stomp, gather and reach the portal. No drawing, no clock, no chance:
-- the same level and the same input always play the same. Units: x to the right, y up, a hero is about one unit tall.

local makeLevel = require("level")
local words = require("words")

local STEP_HEIGHT = 0.05
local GRAVITY = 38
local RUN = 7
local JUMP = 14.6 -- reaches 2.8 units
local AIR_JUMP = 12.2
local HALF_W = 0.34
local HALF_H = 0.45
local PIT = -6

local abs, max, min = math.abs, math.max, math.min

local rules = { pads = { "left", "right", "jump" }, HALF_H = HALF_H } -- pads are buttons on touch screens

function rules.describe(d)
  return {
    goal = ("Collect %s to open the portal, then leap through it. Mind the %s!"):format(words.plural(d.collect), words.plural(d.enemy)),
    how = { { "Arrows  or  A D", "run" }, { "Space  or  Up", "jump, again in the air" }, { "land on " .. words.withArticle(d.enemy), "squash it" } },
    touch = "Use the buttons on the screen",
    won = ("The %s made it home!"):format(d.hero),
    lost = ("The %s got the better of you."):format(words.plural(d.enemy)),
  }
end

function rules.create(design)
  local level = makeLevel(design)
  local t = design.tuning
  local hearts = t.lives > 0 and t.lives or design.difficulty < 0.9 and 5 or design.difficulty > 1.2 and 2 or 3
  local y = HALF_H + level.start
  return {
    level = level, hearts = hearts, maxHearts = hearts, time = 0, status = "playing", score = 0, goal = level.goal, chain = 0, chainTime = 0,
    run = RUN * t.speed, gravity = GRAVITY * t.gravity, lift = math.sqrt(t.jump * t.gravity), -- so that jump is a height
    player = { x = 0, y = y, vx = 0, vy = 0, face = 1, onGround = true, jumps = 2, coyote = 0, buffer = 0, hurt = 0, held = false },
    safe = { x = 0, y = y }, -- where a fall leads back to
    portal = { x = level.portal.x, y = level.portal.y, open = false, told = false },
  }
end

local function sign(x) return x > 0 and 1 or x < 0 and -1 or 0 end

-- Whoever stands against a wall does not overlap it, however the difference was rounded.
local function overlaps(p, s)
  return p.x + HALF_W > s.x + 0.0001 and p.x - HALF_W < s.x + s.w - 0.0001 and p.y - HALF_H < s.top and p.y + HALF_H > s.top - s.h
end

local function hurt(w, events)
  if w.player.hurt > 0 then return end
  w.hearts = w.hearts - 1
  w.player.hurt = 1.6
  w.chain = 0
  table.insert(events, { type = "hurt", x = w.player.x, y = max(w.player.y, PIT + 2) })
  if w.hearts <= 0 then
    w.status = "lost"
    table.insert(events, { type = "lost", x = w.player.x, y = w.player.y })
  end
end

local function fall(w, dt, events)
  local p = w.player
  local before, speed, wasOnGround = p.y - HALF_H, p.vy, p.onGround
  p.y = p.y + p.vy * dt
  p.onGround = false
  for _, s in ipairs(w.level.solids) do
    if overlaps(p, s) then
      if p.vy <= 0 and before >= s.top - STEP_HEIGHT - 0.12 then
        p.y, p.vy, p.onGround, p.jumps = s.top + HALF_H, 0, true, 2
        if not wasOnGround and speed < -6 then table.insert(events, { type = "land", x = p.x, y = s.top, force = -speed }) end
        if not s.thin and p.x > s.x + 0.6 and p.x < s.x + s.w - 0.6 then w.safe = { x = p.x, y = p.y } end
      elseif not s.thin and p.vy > 0 then
        p.y, p.vy = s.top - s.h - HALF_H, 0
      end
    end
  end
  if p.y < PIT then
    hurt(w, events)
    p.x, p.y, p.vx, p.vy = w.safe.x, w.safe.y + 1, 0, 0
  end
end

local function movePlayer(w, dt, input, events)
  local p = w.player
  p.hurt = max(0, p.hurt - dt)
  p.coyote = p.onGround and 0.1 or p.coyote - dt -- a jump just after the edge still counts
  p.buffer = input.pressed.jump and 0.13 or p.buffer - dt -- and one just before the landing
  local grip = (p.onGround and 70 or 42) * dt
  p.vx = p.vx + max(-grip, min(grip, input.x * w.run - p.vx))
  if input.x ~= 0 then p.face = sign(input.x) end

  if p.buffer > 0 and (p.coyote > 0 or p.jumps > 0) then
    local first = p.coyote > 0
    p.vy = (first and JUMP or AIR_JUMP) * w.lift
    p.jumps = first and 1 or 0
    p.coyote, p.buffer, p.held = 0, 0, true
    table.insert(events, { type = first and "jump" or "flip", x = p.x, y = p.y - HALF_H })
  end
  p.held = p.held and input.jump and p.vy > 0
  p.vy = p.vy - w.gravity * dt * (p.vy > 0 and not p.held and 1.7 or 1) -- let go early for a small hop
  p.vy = max(p.vy, -20)

  p.x = p.x + p.vx * dt
  for _, s in ipairs(w.level.solids) do
    if not s.thin and overlaps(p, s) then
      p.x = p.vx > 0 and s.x - HALF_W or s.x + s.w + HALF_W
      p.vx = 0
    end
  end
  p.x = max(w.level.left + HALF_W, min(w.level.right - HALF_W, p.x))
  fall(w, dt, events)
end

local function moveEnemies(w, dt)
  for _, e in ipairs(w.level.enemies) do
    if not e.dead then
      e.x = e.x + e.dir * e.speed * dt
      if e.x < e.from then e.dir = 1 end
      if e.x > e.to then e.dir = -1 end
      e.y = e.base + (e.flies and math.sin(w.time * 2.2 + e.from) * 0.7 or 0)
    end
  end
end

local function meetEnemies(w, events)
  local p = w.player
  for _, e in ipairs(w.level.enemies) do
    if not e.dead and abs(e.x - p.x) <= 0.72 and abs(e.y - p.y) <= 0.8 then
      if p.vy < -1 and p.y > e.y + 0.25 then
        e.dead = true
        p.vy, p.held, p.jumps = 11, true, 1
        table.insert(events, { type = "stomp", x = e.x, y = e.y })
        table.insert(w.level.items, { x = e.x, y = e.y + 1.4, taken = false, dropped = true })
      elseif p.hurt <= 0 then
        p.vx = p.x < e.x and -9 or 9
        p.vy = 7
        hurt(w, events)
      end
    end
  end
end

local function distance(a, b) return math.sqrt((a.x - b.x) ^ 2 + (a.y - b.y) ^ 2) end

local function gather(w, events)
  for _, s in ipairs(w.level.items) do
    if not s.taken and distance(s, w.player) <= 0.85 then
      s.taken = true
      w.score = w.score + 1
      w.chain = w.chainTime > 0 and w.chain + 1 or 0
      w.chainTime = 1.4
      table.insert(events, { type = "collect", x = s.x, y = s.y, n = w.chain })
      if w.score == w.goal then
        w.portal.open = true
        table.insert(events, { type = "open", x = w.portal.x, y = w.portal.y, say = "The portal is open!" })
      end
    end
  end
end

local function enterPortal(w, events)
  local p = w.player
  local near = distance(w.portal, p) < 1.1
  if near and w.portal.open then
    w.status = "won"
    table.insert(events, { type = "won", x = w.portal.x, y = w.portal.y })
  elseif near and not w.portal.told then
    table.insert(events, { type = "no", x = p.x, y = p.y, say = ("%d more to open the portal"):format(w.goal - w.score) })
  end
  w.portal.told = near
end

-- Goes on by dt seconds, and returns what happened: a list of events.
function rules.step(w, dt, input)
  local events = {}
  if w.status ~= "playing" then return events end
  w.time = w.time + dt
  w.chainTime = w.chainTime - dt
  movePlayer(w, dt, input, events)
  moveEnemies(w, dt)
  meetEnemies(w, events)
  gather(w, events)
  enterPortal(w, events)
  return events
end

return rules
