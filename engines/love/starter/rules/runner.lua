-- The rules of the runner: three lanes, things to gather, things to dodge or jump. No drawing and no clock of its own;
-- chance comes from the design's seed only. Units: z forward along the road, x to the right, y up.

local Random = require("random")
local words = require("words")

local LANE = 2.1 -- distance between lanes
local GRAVITY = 34
local JUMP = 11.2 -- reaches 1.85 units
local AHEAD = 90 -- how far the road is laid out
local HEIGHTS = { tall = 3, low = 0.85, enemy = 0.95 }

local abs, max, min = math.abs, math.max, math.min

local rules = { pads = {}, LANE = LANE }

function rules.describe(d)
  return {
    goal = ("Gather %s along the road. Dodge what blocks it and jump over the %s."):format(words.plural(d.collect), words.plural(d.enemy)),
    how = { { "Arrows  or  A D", "change lane" }, { "Space  or  Up", "jump" }, { "land on " .. words.withArticle(d.enemy), "two extra" } },
    touch = "Swipe to the side, swipe up or tap to jump",
    won = ("What a run! The %s has them all."):format(d.hero),
    lost = ("The %s is out of breath."):format(d.hero),
  }
end

local function block(w, kind, lane, z)
  table.insert(w.blocks, { kind = kind, lane = lane, x = lane * LANE, z = z, gone = false })
end

local function lineOfItems(w, kind, from, z, speed)
  local n = kind == "stars" and 5 or 3
  for i = 0, n - 1 do
    local t = i - (n - 1) / 2
    local y = kind == "bar" and 1.9 - abs(t) * 0.45 or 0.7
    if kind ~= "enemy" then table.insert(w.items, { x = w.open * LANE, y = y, z = z + t * 1.8, gone = false }) end
  end
  if from ~= w.open or w.rnd:chance(0.4) then return end
  table.insert(w.items, { x = from * LANE, y = 0.7, z = z - speed * 0.5, gone = false })
end

local function rows(w)
  local kinds = { "one", "two", "two", "bar" }
  for _ = 1, math.floor(2 * w.tune.enemies + 0.5) do table.insert(kinds, "enemy") end
  table.insert(kinds, "stars")
  return kinds
end

-- Rows of things are laid with time enough between them for one decision each. One lane, w.open, always leads on, and
-- moves at most one lane from a row to the next.
local function layRoad(w)
  local r = w.rnd
  while w.laid < w.player.z + AHEAD do
    local z = w.laid
    local speed = (11 + min(8, w.time * 0.12)) * w.tune.speed
    local kind = r:pick(w.laid < 60 and { "one", "stars" } or rows(w))
    local from = w.open
    w.open = max(-1, min(1, w.open + r:int(-1, 1)))
    local others = {}
    for lane = -1, 1 do
      if lane ~= w.open then table.insert(others, lane) end
    end
    if kind == "one" then
      local what = r:chance(0.5) and "tall" or "low"
      block(w, what, r:pick(others), z)
    elseif kind == "two" then
      for _, lane in ipairs(others) do block(w, r:chance(0.7) and "tall" or "low", lane, z) end
    elseif kind == "bar" then
      for lane = -1, 1 do block(w, "low", lane, z) end
    elseif kind == "enemy" then
      block(w, "enemy", w.open, z + 4)
      if r:chance(0.6) then block(w, "tall", r:pick(others), z) end
    end
    lineOfItems(w, kind, from, z, speed)
    w.laid = w.laid + speed * r:range(0.95, 1.25) / (0.75 + 0.25 * w.hard)
  end
end

function rules.create(design)
  local hard = design.difficulty
  local t = design.tuning
  local hearts = t.lives > 0 and t.lives or hard < 0.9 and 5 or hard > 1.2 and 2 or 3
  local w = {
    rnd = Random.new(design.seed), hard = hard, hearts = hearts, maxHearts = hearts, status = "playing", time = 0, score = 0,
    goal = t.goal > 0 and t.goal or max(1, math.floor(130 * (0.7 + 0.3 * hard) * t.goalTimes + 0.5)), speed = 11 * t.speed,
    tune = t, gravity = GRAVITY * t.gravity, lift = JUMP * math.sqrt(t.jump * t.gravity), -- so that jump is a height
    chain = 0, laid = 26, open = 0,
    player = { x = 0, y = 0, z = 0, vy = 0, lane = 0, hurt = 0, buffer = 0, onGround = true },
    blocks = {}, items = {},
  }
  layRoad(w)
  return w
end

local function run(w, dt, input, events)
  local p = w.player
  local turn = (input.pressed.right and 1 or 0) - (input.pressed.left and 1 or 0)
  if turn ~= 0 and abs(p.lane + turn) <= 1 then
    p.lane = p.lane + turn
    table.insert(events, { type = "move", x = p.x, y = p.y, z = p.z })
  end
  p.hurt = max(0, p.hurt - dt)
  p.x = p.x + (p.lane * LANE - p.x) * min(1, dt * 15)
  p.z = p.z + w.speed * dt
  p.buffer = (input.pressed.jump or input.pressed.tap) and 0.15 or p.buffer - dt
  if p.onGround and (p.buffer > 0 or input.jump and w.time > 0.3) then
    p.vy, p.onGround, p.buffer = w.lift, false, 0
    table.insert(events, { type = "jump", x = p.x, y = p.y, z = p.z })
  end
  if p.onGround then return end
  if input.y < 0 or input.pressed.down then p.vy = min(p.vy, -16) end -- down again at once
  p.vy = p.vy - w.gravity * dt
  p.y = p.y + p.vy * dt
  if p.y > 0 then return end
  p.y, p.vy, p.onGround = 0, 0, true
  table.insert(events, { type = "land", x = p.x, y = 0, z = p.z, force = 10 })
end

local function finish(w, events)
  if w.score < w.goal then return false end
  w.score = w.goal
  w.status = "won"
  table.insert(events, { type = "won", x = w.player.x, y = w.player.y, z = w.player.z })
  return true
end

-- Meets one block, and tells whether the game is over.
local function bump(w, b, events)
  local p = w.player
  if b.gone or abs(b.z - p.z) > 0.75 or abs(b.x - p.x) > 1.15 or p.y >= HEIGHTS[b.kind] then return false end
  if b.kind == "enemy" and p.vy < 0 and p.y > 0.25 then
    b.gone = true
    p.vy = 9.5
    w.score = w.score + 2
    table.insert(events, { type = "stomp", x = b.x, y = 0.6, z = b.z })
    return finish(w, events)
  end
  if p.hurt > 0 then return false end
  b.gone = true
  p.hurt = 1.7
  w.chain = 0
  w.hearts = w.hearts - 1
  table.insert(events, { type = "hurt", x = p.x, y = p.y + 0.6, z = p.z })
  if w.hearts > 0 then return false end
  w.status = "lost"
  table.insert(events, { type = "lost", x = p.x, y = p.y, z = p.z })
  return true
end

local function gather(w, events)
  local p = w.player
  for _, i in ipairs(w.items) do
    if not i.gone and abs(i.z - p.z) <= 0.9 and abs(i.x - p.x) <= 1.1 and abs(i.y - p.y - 0.6) <= 1.15 then
      i.gone = true
      w.score = w.score + 1
      table.insert(events, { type = "collect", x = i.x, y = i.y, z = i.z, n = w.chain % 15 })
      w.chain = w.chain + 1
      if finish(w, events) then return end
    end
  end
end

-- Keeps what is not over and not far behind.
local function ahead(w, list)
  local kept = {}
  for _, o in ipairs(list) do
    if o.z > w.player.z - 8 and not o.gone then table.insert(kept, o) end
  end
  return kept
end

-- Goes on by dt seconds, and returns what happened: a list of events.
function rules.step(w, dt, input)
  local events = {}
  if w.status ~= "playing" then return events end
  w.time = w.time + dt
  local want = (11 + min(8, w.time * 0.12)) * w.tune.speed * (w.player.hurt > 1 and 0.6 or 1)
  w.speed = w.speed + (want - w.speed) * min(1, dt * 3)
  run(w, dt, input, events)
  for _, b in ipairs(w.blocks) do
    if b.kind == "enemy" then b.z = b.z - 2.5 * w.tune.enemySpeed * dt end
  end
  for _, b in ipairs(w.blocks) do
    if bump(w, b, events) then break end
  end
  gather(w, events)
  layRoad(w)
  w.blocks, w.items = ahead(w, w.blocks), ahead(w, w.items)
  return events
end

return rules
