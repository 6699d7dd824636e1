-- The conductor: title, play, pause, win and lose. It steps the rules at a fixed rate, so that a game plays the same on every
-- machine, and hands the world to the view for drawing.

local controls = require("controls")
local design = require("design")
local draw = require("draw")
local player = require("player")
local rules = require("rules")
local screen = require("screen")
local sound = require("sound")
local view = require("view")

local STEP = 1 / 120

local state = "title" -- then "playing", "won" or "lost"
local paused = false
local world
local since = 0 -- seconds in this state
local rest = 0 -- time that is not yet stepped
local freeze = 0 -- a short stop on a hit gives it weight
local passed = 0 -- seconds since the last frame

local function newWorld()
  local w, h = love.graphics.getDimensions()
  world = rules.create(design, w / math.max(1, h))
  rest, freeze = 0, 0
  view.reset(world)
end

local function enter(to)
  state, since = to, 0
  sound.music(to == "playing")
end

local function begin()
  newWorld()
  controls.clear()
  screen.clear()
  enter("playing")
  sound.play("start")
end

local function pause(yes)
  if state == "playing" and paused ~= yes then
    paused = yes
    controls.clear()
    sound.music(not yes)
  end
end

local commands = { mute = sound.toggle }

function commands.restart()
  if state == "title" then return end
  paused = false
  begin()
end

function commands.pause() pause(not paused) end

-- Goes on from wherever we are: a click, a tap, Enter or Space.
function commands.advance()
  if paused then
    pause(false)
  elseif state == "title" or state ~= "playing" and since > 0.5 then
    begin()
  end
end

local function react(event)
  sound.play(event.type, event.n)
  view.event(event, world)
  if event.say then screen.say(event.say) end
  if event.type == "hurt" then
    freeze = 0.07
    screen.flash()
  elseif event.type == "won" or event.type == "lost" then
    enter(event.type)
  end
end

-- Tells a page around the game how it stands; see README.md.
local function publish()
  print(('spark: {"state":"%s","paused":%s,"muted":%s,"score":%d,"goal":%d,"fps":%d,"player":{"x":%.4f,"y":%.4f}}'):format(
    state, tostring(paused), tostring(sound.muted()), world.score, world.goal, love.timer.getFPS(), world.player.x, world.player.y))
end

function love.load(words)
  io.stdout:setvbuf("line")
  player.read(words)
  if player.muted then sound.toggle() end
  newWorld()
  publish()
end

function love.update(dt)
  for _, command in ipairs(controls.taken()) do commands[command]() end
  sound.work()
  passed = math.min(0.1, dt)
  since = since + passed
  if state ~= "playing" or paused then return end
  freeze = freeze - passed
  if freeze <= 0 then rest = rest + passed * design.pace end
  while rest >= STEP and state == "playing" do
    rest = rest - STEP
    local input = controls.read(view.toWorld(controls.x, controls.y))
    for _, event in ipairs(rules.step(world, STEP, input)) do react(event) end
  end
end

function love.draw()
  draw.begin(love.timer.getDelta())
  view.draw(world, paused and 0 or passed, state)
  screen.draw(state, paused, world, passed)
  draw.finish()
  publish()
end

function love.keypressed(key, _, isRepeat)
  if not isRepeat then controls.keypressed(key) end
end

function love.keyreleased(key) controls.keyreleased(key) end

function love.mousepressed(x, y, button, isTouch)
  if button == 1 and not isTouch then controls.pointerpressed(x, y) end
end

function love.mousemoved(x, y, _, _, isTouch)
  if not isTouch then controls.pointermoved(x, y) end
end

function love.mousereleased(_, _, button, isTouch)
  if button == 1 and not isTouch then controls.pointerreleased() end
end

function love.touchpressed(id, x, y) controls.touchpressed(id, x, y, screen.padAt) end

function love.touchmoved(id, x, y) controls.touchmoved(id, x, y) end

function love.touchreleased(id) controls.touchreleased(id) end

function love.visible(yes)
  if not yes then pause(true) end
end

function love.resize()
  if state == "title" then newWorld() end -- the field may depend on the window's shape
end
