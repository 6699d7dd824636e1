-- Lays out a platformer level from the design's seed. Every gap and step is smaller than what the hero can jump, and the
-- things on the main path alone are enough to open the portal, so each level can be finished.

local Random = require("random")

local LENGTH = 190

local function ground(b, w)
  table.insert(b.level.solids, { x = b.x, w = w, top = b.top, h = b.top + 12, thin = false })
  b.x = b.x + w
end

local function ledge(b, x, w, top)
  table.insert(b.level.solids, { x = x, w = w, top = top, h = 0.5, thin = true })
end

local function item(b, x, y, main)
  table.insert(b.level.items, { x = x, y = y, taken = false })
  if main then b.main = b.main + 1 end
end

local function enemy(b, x, from, to, top, flies)
  local speed = b.rnd:range(1.2, 2) * b.tune.enemySpeed
  local base = top + (flies and 2.2 or 0.45)
  table.insert(b.level.enemies, { x = x, y = base, base = base, from = from, to = to, dir = b.rnd:chance(0.5) and 1 or -1, speed = speed, flies = flies, dead = false })
end

-- One where chance has it, or as many times as the design wants: each other one begins nearer to where they turn.
local function enemies(b, chance, x, from, to, flies)
  local n = math.min(1, chance * b.hard) * b.tune.enemies
  local count = math.floor(n)
  if b.rnd:next() < n - count then count = count + 1 end
  for i = 0, count - 1 do enemy(b, x + (from - x) * (i / count), from, to, b.top, flies ~= nil and flies()) end
end

-- A new height at most one step up, kept between the bottom and the top of the world.
local function climb(b, by) return math.max(-1, math.min(5, b.top + by)) end

-- Flat land with something walking on it, sometimes a ledge above.
local function meadow(b)
  local w, x = b.rnd:range(8, 11), b.x
  ground(b, w)
  for i = 0, 2 do item(b, x + w / 2 - 1.3 + i * 1.3, b.top + 0.9, true) end
  enemies(b, 0.75, x + w * 0.6, x + 2, x + w - 0.8)
  if b.rnd:chance(0.5) then
    ledge(b, x + 2.5, 4, b.top + 2.3)
    for i = 0, 2 do item(b, x + 3.3 + i * 1.2, b.top + 3.2) end
  end
end

local function gap(b)
  local w = b.rnd:range(2.4, 3.5)
  for i = 0, 2 do item(b, b.x + w * (i + 0.5) / 3, b.top + (i == 1 and 2.5 or 1.9), true) end
  b.x = b.x + w
  b.top = climb(b, b.rnd:int(-1, 1))
  ground(b, b.rnd:range(4.5, 6.5))
end

-- Small islands over a pit.
local function islands(b)
  for _ = 1, b.rnd:int(2, 3) do
    b.x = b.x + b.rnd:range(2, 2.7)
    b.top = climb(b, b.rnd:int(-1, 1))
    local w = b.rnd:range(2.6, 3.6)
    ledge(b, b.x, w, b.top)
    item(b, b.x + w / 2, b.top + 0.9, true)
    b.x = b.x + w
  end
  b.x = b.x + b.rnd:range(2, 2.6)
  b.top = climb(b, b.rnd:int(-1, 0))
  ground(b, b.rnd:range(5, 7))
  enemies(b, 0.35, b.x - 3, b.x - 4.5, b.x - 1, function() return true end)
end

local function stairs(b)
  for _ = 1, 3 do
    b.top = climb(b, 1)
    item(b, b.x + 1.4, b.top + 0.9, true)
    ground(b, 2.8)
  end
  b.top = climb(b, -2)
  local x = b.x
  ground(b, 7)
  enemies(b, 0.8, x + 5, x + 1.5, x + 6.2)
end

-- A climb over ledges to a hoard above, and something that walks or flies around it.
local function lookout(b)
  local x = b.x
  ground(b, 11)
  ledge(b, x + 2, 2.6, b.top + 2)
  ledge(b, x + 5, 3.2, b.top + 3.8)
  item(b, x + 3.3, b.top + 2.9)
  for i = 0, 2 do item(b, x + 5.5 + i * 1.1, b.top + 4.7) end
  item(b, x + 6.6, b.top + 0.9, true)
  item(b, x + 8, b.top + 0.9, true)
  enemies(b, 0.7, x + 9, x + 4, x + 10.2, function() return b.rnd:chance(0.4) end)
end

local chunks = { meadow, gap, islands, stairs, lookout }

-- A level: solids {x, w, top, h, thin}, of which a thin one can be jumped through from below, items {x, y}, enemies that
-- walk or fly between two places, a portal, and how many items open it.
local function makeLevel(design)
  local level = { solids = {}, items = {}, enemies = {}, start = 0, left = -7, right = 0, goal = 0 }
  local build = { rnd = Random.new(design.seed), level = level, x = -8, top = 0, main = 0, hard = design.difficulty, tune = design.tuning }
  ground(build, 14)
  item(build, 3, 1, true)
  item(build, 4.2, 1, true)
  local last
  while build.x < LENGTH do
    local others = {}
    for _, chunk in ipairs(chunks) do
      if chunk ~= last then table.insert(others, chunk) end
    end
    last = build.rnd:pick(others)
    last(build)
  end
  local x = build.x
  ground(build, 14)
  level.portal = { x = x + 8, y = build.top + 1.2 }
  level.right = x + 13.5
  local goal = build.tune.goal
  if goal == 0 then goal = math.floor(math.max(8, math.floor(build.main * 0.64 + 0.5)) * build.tune.goalTimes + 0.5) end
  level.goal = math.max(1, math.min(build.main, goal))
  return level
end

return makeLevel
