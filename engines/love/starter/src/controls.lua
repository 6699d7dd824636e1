-- Folds keyboard, mouse, fingers and the buttons on the screen into what the rules read. What was pressed is told once.

local player = require("player")

local controls = {
  x = 0, y = 0, -- of the pointer, in pixels
}

local NAMES = {
  left = "left", a = "left", right = "right", d = "right", up = "up", w = "up", down = "down", s = "down",
  space = "action", ["return"] = "enter", kpenter = "enter",
}
local COMMANDS = { space = "advance", ["return"] = "advance", kpenter = "advance", m = "mute", r = "restart", p = "pause", escape = "pause" }
-- What else a name stands for.
local ALSO = { up = "jump", action = "jump" }

local SWIPE = 28 -- pixels

local held = {} -- names of keys
local fresh = {} -- what was pressed since the last step
local commands = {} -- what is not for the rules but for the game
local touches = {} -- the pad under each finger, or true
local pointer = { down = false, pressed = false, released = false }
local from, swiped = { 0, 0 }, false

local function press(name)
  fresh[name] = true
  if ALSO[name] then fresh[ALSO[name]] = true end
end

function controls.keypressed(key)
  held[key] = true
  if NAMES[key] then press(NAMES[key]) end
  if COMMANDS[key] then table.insert(commands, COMMANDS[key]) end
end

function controls.keyreleased(key) held[key] = nil end

function controls.pointerpressed(x, y)
  controls.x, controls.y = x, y
  pointer = { down = true, pressed = true, released = false }
  from, swiped = { x, y }, false
  table.insert(commands, "advance")
end

-- Tells one direction for each drag.
function controls.pointermoved(x, y)
  controls.x, controls.y = x, y
  local dx, dy = x - from[1], y - from[2]
  if not pointer.down or swiped or math.max(math.abs(dx), math.abs(dy)) < SWIPE then return end
  swiped = true
  if math.abs(dx) > math.abs(dy) then press(dx > 0 and "right" or "left") else press(dy > 0 and "down" or "up") end
end

function controls.pointerreleased()
  if not pointer.down then return end
  pointer.down, pointer.released = false, true
  if not swiped then press("tap") end
end

-- A finger; padAt names the button of the screen that is at a place.
function controls.touchpressed(id, x, y, padAt)
  player.fingers = true
  local pad = padAt(x, y)
  touches[id] = pad or true
  if pad then press(pad) elseif not pointer.down then controls.pointerpressed(x, y) end
end

function controls.touchmoved(id, x, y)
  if touches[id] == true then controls.pointermoved(x, y) end
end

function controls.touchreleased(id)
  if touches[id] == true then controls.pointerreleased() end
  touches[id] = nil
end

function controls.clear()
  held, fresh, commands, touches = {}, {}, {}, {}
  pointer = { down = false, pressed = false, released = false }
end

-- The commands since the last call.
function controls.taken()
  local list = commands
  commands = {}
  return list
end

local function holds(name)
  for key in pairs(held) do
    if NAMES[key] == name then return true end
  end
  for _, pad in pairs(touches) do
    if pad == name then return true end
  end
  return false
end

local function axis(less, more) return (holds(more) and 1 or 0) - (holds(less) and 1 or 0) end

-- What the rules see in a step; x and y is where the pointer is in the world.
function controls.read(x, y)
  local input = {
    x = axis("left", "right"), y = axis("down", "up"), jump = holds("up") or holds("action") or holds("jump"), action = holds("action"),
    pressed = fresh, pointer = { x = x, y = y, down = pointer.down, pressed = pointer.pressed, released = pointer.released },
  }
  fresh = {}
  pointer.pressed, pointer.released = false, false
  return input
end

return controls
