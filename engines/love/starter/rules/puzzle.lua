-- The rules of the puzzle: swap two neighbours so that three or more of a kind meet. Clear enough of the wanted kind before
-- the moves run out. Four in a row leave a charged piece that bursts; foes sit on the board until a match next to them.
-- No drawing; chance comes from the design's seed only. Units: a cell is 1 by 1, column 0 and row 0 are at the bottom left.

local Random = require("random")
local board = require("board")
local words = require("words")

local FOE = board.FOE
local COLS, ROWS = board.COLS, board.ROWS

local abs, floor, min = math.abs, math.floor, math.min

local rules = { pads = {}, COLS = COLS, ROWS = ROWS }

function rules.describe(d)
  return {
    goal = ("Match three or more. Gather the %s before your moves run out."):format(words.plural(d.collect)),
    how = { { "Arrows", "choose" }, { "Space, then an arrow", "swap" }, { "four in a row", ("a burst; a match beside %s wins 2 moves"):format(words.withArticle(d.enemy)) } },
    touch = "Drag a piece to its neighbour, or tap both",
    won = ("A feast of %s!"):format(words.plural(d.collect)),
    lost = "No moves left. So close!",
  }
end

function rules.create(design)
  local hard, t = design.difficulty, design.tuning
  local w = {
    rnd = Random.new(design.seed), status = "playing", time = 0, score = 0,
    goal = t.goal > 0 and t.goal or math.max(1, floor(36 * t.goalTimes + 0.5)), moves = t.moves > 0 and t.moves or floor(22 / (0.55 + 0.45 * hard) + 0.5),
    phase = "idle", wait = 0, combo = 0, idle = 0, settled = false, grid = {}, player = { x = 3, y = 3 },
  }
  board.fill(w)
  w.phase = "fall"
  for _ = 1, floor(3 * hard * t.enemies + 0.5) do
    local c = w.rnd:int(0, COLS - 1)
    board.piece(w, c, w.rnd:int(1, ROWS - 2)).kind = FOE
  end
  if #board.runs(w) > 0 or not board.findMove(w) then board.shuffle(w) end
  return w
end

local function trySwap(w, a, b, events)
  w.grab, w.picked = nil, nil
  local one, two = board.piece(w, a.c, a.r), board.piece(w, b.c, b.r)
  if w.phase ~= "idle" or not w.settled or not one or not two then return end
  w.player.x, w.player.y = b.c, b.r
  w.idle = 0
  if one.kind == FOE or two.kind == FOE then
    table.insert(events, { type = "no", x = b.c, y = b.r })
    return
  end
  w.phase = "swap"
  w.swap = { a = one, b = two, t = 0, back = false }
  board.exchange(w, one, two)
  if #board.runs(w) == 0 then w.swap.back = true end
  table.insert(events, { type = "flip", x = b.c, y = b.r })
end

local function sign(x) return x > 0 and 1 or x < 0 and -1 or 0 end

-- What the mouse or a finger does.
local function point(w, at, events)
  local p = w.player
  local c, r = floor(at.x + 0.5), floor(at.y + 0.5)
  if at.pressed and board.piece(w, c, r) then
    local from = w.picked
    p.x, p.y = c, r
    w.grab = { c = c, r = r }
    if from and abs(from.c - c) + abs(from.r - r) == 1 then return trySwap(w, from, { c = c, r = r }, events) end
    w.picked = { c = c, r = r }
    table.insert(events, { type = "move", x = c, y = r })
  elseif w.grab and at.down and (c ~= w.grab.c or r ~= w.grab.r) then
    local g = w.grab
    local side = abs(at.x - g.c) > abs(at.y - g.r)
    trySwap(w, g, side and { c = g.c + sign(at.x - g.c), r = g.r } or { c = g.c, r = g.r + sign(at.y - g.r) }, events)
  end
end

local function choose(w, input, events)
  local p, at = w.player, input.pointer
  point(w, at, events)
  if at.released then w.grab = nil end
  if at.down or at.released then return end -- a swipe also reads as an arrow: it has been dealt with
  local dx = (input.pressed.right and 1 or 0) - (input.pressed.left and 1 or 0)
  local dy = dx ~= 0 and 0 or (input.pressed.up and 1 or 0) - (input.pressed.down and 1 or 0)
  if dx ~= 0 or dy ~= 0 then
    local to = { c = p.x + dx, r = p.y + dy }
    if not board.piece(w, to.c, to.r) then return end
    if w.picked then trySwap(w, w.picked, to, events) else table.insert(events, { type = "move", x = to.c, y = to.r }) end
    p.x, p.y = to.c, to.r
  elseif input.pressed.action then
    w.picked = not w.picked and { c = p.x, r = p.y } or nil
    table.insert(events, { type = "move", x = p.x, y = p.y })
  end
end

local function score(w, p, events)
  w.score = min(w.goal, w.score + 1)
  table.insert(events, { type = "collect", x = p.c, y = p.r, n = w.score % 10 })
end

-- Adds a piece to what goes, and everything around it when it is charged.
local function take(w, going, p, events)
  if not p or going[p] then return end
  going[p] = true
  table.insert(going, p)
  if not p.charged then return end
  table.insert(events, { type = "burst", x = p.c, y = p.r, big = true })
  for dc = -1, 1 do
    for dr = -1, 1 do take(w, going, board.piece(w, p.c + dc, p.r + dr), events) end
  end
end

local sides = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } }
local praise = { "", "Nice!", "Sweet!", "Superb!", "Wow!" }

-- Marks every run for clearing and everything that a charged piece or a neighbouring match takes with it.
local function mark(w, events)
  local found = board.runs(w)
  if #found == 0 then return false end
  local going = {}
  for _, run in ipairs(found) do
    for _, p in ipairs(run) do take(w, going, p, events) end
  end
  for i = 1, #going do
    local p = going[i]
    for _, side in ipairs(p.kind ~= FOE and sides or {}) do
      local n = board.piece(w, p.c + side[1], p.r + side[2])
      if n and n.kind == FOE then going[n] = true end
    end
  end
  for _, run in ipairs(found) do
    local keep
    for _, p in ipairs(#run > 3 and run or {}) do keep = keep or not p.charged and p or nil end
    if keep then
      going[keep] = nil
      keep.charged = true
      table.insert(events, { type = "power", x = keep.c, y = keep.r })
      if keep.kind == 0 then score(w, keep, events) end -- it stays, but it counts
    end
  end
  for _, p in pairs(w.grid) do
    if going[p] then p.going = 0.001 end
  end
  w.combo = w.combo + 1
  w.phase, w.wait = "clear", 0.24
  if w.combo > 1 then
    table.insert(events, { type = "combo", x = COLS / 2, y = ROWS / 2, n = w.combo, say = praise[min(5, w.combo)] })
  end
  return true
end

local function swapping(w, dt, events)
  local s = w.swap
  s.t = s.t + dt / 0.16
  local t = min(1, s.t)
  local ease = t * t * (3 - 2 * t)
  for _, pair in ipairs({ { s.a, s.b }, { s.b, s.a } }) do
    local p, other = pair[1], pair[2]
    p.x = other.c + (p.c - other.c) * ease
    p.y = other.r + (p.r - other.r) * ease
  end
  if s.t < 1 then return end
  w.swap = nil
  if s.back then
    board.exchange(w, s.a, s.b)
    w.swap = { a = s.a, b = s.b, t = 0, back = false, undo = true }
    table.insert(events, { type = "no", x = s.a.c, y = s.a.r })
    return
  end
  w.phase, w.combo = "idle", 0
  if s.undo then return end
  w.moves = w.moves - 1
  mark(w, events)
end

local function clearing(w, dt, events)
  w.wait = w.wait - dt
  for _, p in pairs(w.grid) do
    if p and p.going > 0 then p.going = min(1, p.going + dt / 0.24) end
  end
  if w.wait > 0 then return end
  for i = 0, COLS * ROWS - 1 do
    local p = w.grid[i]
    if p and p.going > 0 then
      if p.kind == FOE then
        w.moves = w.moves + 2
        table.insert(events, { type = "stomp", x = p.c, y = p.r, say = "+2 moves" })
      elseif p.kind == 0 then
        score(w, p, events)
      else
        table.insert(events, { type = "pop", x = p.c, y = p.r, n = p.kind })
      end
      w.grid[i] = false
    end
  end
  board.drop(w)
  w.phase = "fall"
end

local function falling(w, dt, events)
  local moving = false
  for i = 0, COLS * ROWS - 1 do
    local p = w.grid[i]
    if p.y > p.r then
      p.vy = p.vy + 42 * dt
      p.y = p.y - p.vy * dt
      moving = true
      if p.y <= p.r then
        p.y, p.vy = p.r, 0
        table.insert(events, { type = "land", x = p.c, y = p.r, force = 4 })
      end
    end
  end
  if moving then return end
  w.phase, w.settled = "idle", false
end

-- The board lies still: another match by luck, the end, or the player's turn.
local function settle(w, events)
  if mark(w, events) then return end
  w.settled, w.idle, w.combo = true, 0, 0
  if w.score >= w.goal then
    w.status = "won"
    table.insert(events, { type = "won", x = w.player.x, y = w.player.y })
  elseif w.moves <= 0 then
    w.status = "lost"
    table.insert(events, { type = "lost", x = w.player.x, y = w.player.y })
  elseif not board.findMove(w) then
    board.shuffle(w)
    w.settled = false
    table.insert(events, { type = "alarm", x = 3, y = 3, say = "No match left: shuffled" })
  end
end

-- Goes on by dt seconds, and returns what happened: a list of events.
function rules.step(w, dt, input)
  local events = {}
  if w.status ~= "playing" then return events end
  w.time = w.time + dt
  choose(w, input, events)
  if w.phase == "swap" then swapping(w, dt, events)
  elseif w.phase == "clear" then clearing(w, dt, events)
  elseif w.phase == "fall" then falling(w, dt, events)
  elseif not w.settled then settle(w, events) end
  if w.phase == "idle" and w.settled then w.idle = w.idle + dt end
  if w.phase ~= "idle" or w.idle <= 5 then w.hint = nil elseif not w.hint then w.hint = board.findMove(w) end
  return events
end

return rules
