-- The board of the puzzle: which piece lies where, what matches, and which moves there are.

local COLS, ROWS = 7, 7
local KINDS = 5 -- kind 0 is the one to gather
local FOE = -1

local board = { COLS = COLS, ROWS = ROWS, FOE = FOE }

-- The piece of a cell, or false when there is none.
function board.piece(w, c, r)
  return c >= 0 and c < COLS and r >= 0 and r < ROWS and w.grid[c * ROWS + r] or false
end

local piece = board.piece

local function put(w, c, r, p)
  w.grid[c * ROWS + r] = p
  if p then p.c, p.r = c, r end
end

local function fresh(kind, x, y)
  return { kind = kind, x = x, y = y, vy = 0, charged = false, going = 0 }
end

local function same(w, kind, c1, r1, c2, r2)
  local one, two = piece(w, c1, r1), piece(w, c2, r2)
  return one and two and one.kind == kind and two.kind == kind
end

-- Deals a board without a run; its pieces drop in at the start.
function board.fill(w)
  for c = 0, COLS - 1 do
    for r = 0, ROWS - 1 do
      local kind
      repeat
        kind = w.rnd:int(0, KINDS - 1)
      until not same(w, kind, c - 1, r, c - 2, r) and not same(w, kind, c, r - 1, c, r - 2)
      put(w, c, r, fresh(kind, c, r + ROWS + 1 + c * 0.35 + r * 0.5))
    end
  end
end

function board.exchange(w, one, two)
  local c, r = one.c, one.r
  put(w, two.c, two.r, one)
  put(w, c, r, two)
end

-- Lets everything fall into what is empty, and fills it up from above.
function board.drop(w)
  for c = 0, COLS - 1 do
    local r = 0
    for from = 0, ROWS - 1 do
      local p = w.grid[c * ROWS + from]
      if p then
        put(w, c, from, false)
        put(w, c, r, p)
        r = r + 1
      end
    end
    local n = 0
    while r < ROWS do
      put(w, c, r, fresh(w.rnd:int(0, KINDS - 1), c, ROWS + 0.6 + n))
      r, n = r + 1, n + 1
    end
  end
end

local function scan(found, outer, inner, at)
  for o = 0, outer - 1 do
    local run = {}
    for i = 0, inner do
      local p = i < inner and at(o, i)
      if p and p.kind >= 0 and run[1] and run[1].kind == p.kind then
        table.insert(run, p)
      else
        if #run > 2 then table.insert(found, run) end
        run = p and p.kind >= 0 and { p } or {}
      end
    end
  end
end

-- All runs of three or more of a kind, as lists of pieces.
function board.runs(w)
  local found = {}
  scan(found, COLS, ROWS, function(c, r) return piece(w, c, r) end)
  scan(found, ROWS, COLS, function(r, c) return piece(w, c, r) end)
  return found
end

-- The first swap that would match: two cells, or nil.
function board.findMove(w)
  for c = 0, COLS - 1 do
    for r = 0, ROWS - 1 do
      for _, by in ipairs({ { 1, 0 }, { 0, 1 } }) do
        local a, b = piece(w, c, r), piece(w, c + by[1], r + by[2])
        if a and b and a.kind ~= FOE and b.kind ~= FOE then
          board.exchange(w, a, b)
          local matches = #board.runs(w) > 0
          board.exchange(w, a, b)
          if matches then return { { c = c, r = r }, { c = c + by[1], r = r + by[2] } } end
        end
      end
    end
  end
end

-- Deals the kinds anew until there is a move and no run; foes stay where they are.
function board.shuffle(w)
  for _ = 1, 500 do
    for i = 0, COLS * ROWS - 1 do
      local p = w.grid[i]
      if p.kind ~= FOE then p.kind = w.rnd:int(0, KINDS - 1) end
    end
    if #board.runs(w) == 0 and board.findMove(w) then return end
  end
end

return board
