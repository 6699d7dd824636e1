-- Makes every sound by itself: there are no files. It takes a moment, so it is done on the side while the title is shown.

local design = require("design")
local Random = require("random")

local RATE = 22050
local STEPS = { 0, 2, 4, 7, 9 } -- a pentatonic scale, which never clashes

-- Each line is { kind, at, length, from, to, gain }, in seconds and semitones above C; noise has a filter in Hertz for its pitch.
local SOUNDS = {
  start = { { "triangle", 0, 0.2, 0, 0, 0.25 }, { "triangle", 0.07, 0.2, 4, 4, 0.25 }, { "triangle", 0.14, 0.2, 7, 7, 0.25 }, { "triangle", 0.21, 0.2, 12, 12, 0.25 } },
  jump = { { "square", 0, 0.16, 1, 15, 0.1 } },
  flip = { { "square", 0, 0.14, 8, 21, 0.09 } },
  land = { { "noise", 0, 0.06, 500, 500, 0.1 } },
  move = { { "triangle", 0, 0.07, 4, 7, 0.14 } },
  collect = { { "triangle", 0, 0.14, 12, 12, 0.22 }, { "triangle", 0.05, 0.14, 19, 19, 0.22 } },
  pop = { { "triangle", 0, 0.08, 10, 14, 0.12 } },
  combo = { { "sine", 0, 0.16, 12, 19, 0.16 } },
  spark = { { "noise", 0, 0.04, 3000, 3000, 0.06 } },
  shoot = { { "saw", 0, 0.09, 18, -2, 0.05 } },
  foeShot = { { "square", 0, 0.1, 3, -9, 0.04 } },
  stomp = { { "square", 0, 0.14, -5, -23, 0.16 }, { "noise", 0, 0.1, 900, 900, 0.12 } },
  burst = { { "noise", 0, 0.28, 1400, 1400, 0.22 }, { "sine", 0, 0.22, -8, -32, 0.2 } },
  hurt = { { "saw", 0, 0.3, -1, -25, 0.2 }, { "noise", 0, 0.18, 800, 800, 0.2 } },
  heart = { { "sine", 0, 0.16, 7, 7, 0.2 }, { "sine", 0.06, 0.16, 12, 12, 0.2 }, { "sine", 0.12, 0.16, 16, 16, 0.2 } },
  power = { { "square", 0, 0.12, 12, 12, 0.09 }, { "square", 0.05, 0.12, 17, 17, 0.09 }, { "square", 0.1, 0.12, 21, 21, 0.09 }, { "square", 0.15, 0.12, 26, 26, 0.09 } },
  no = { { "square", 0, 0.16, -7, -12, 0.1 } },
  alarm = { { "saw", 0, 0.22, -3, 4, 0.1 }, { "saw", 0.3, 0.22, -3, 4, 0.1 }, { "saw", 0.6, 0.22, -3, 4, 0.1 } },
  open = { { "sine", 0, 0.3, 0, 0, 0.18 }, { "sine", 0.09, 0.3, 7, 7, 0.18 }, { "sine", 0.18, 0.3, 12, 12, 0.18 }, { "sine", 0.27, 0.3, 19, 19, 0.18 } },
  won = { { "triangle", 0, 0.24, 0, 0, 0.26 }, { "triangle", 0.11, 0.24, 4, 4, 0.26 }, { "triangle", 0.22, 0.24, 7, 7, 0.26 }, { "triangle", 0.33, 0.24, 12, 12, 0.26 },
    { "triangle", 0.44, 0.24, 7, 7, 0.26 }, { "triangle", 0.55, 0.24, 12, 12, 0.26 }, { "triangle", 0.66, 0.4, 16, 16, 0.26 } },
  lost = { { "triangle", 0, 0.36, 7, 7, 0.24 }, { "triangle", 0.18, 0.36, 4, 4, 0.24 }, { "triangle", 0.36, 0.36, 1, 1, 0.24 }, { "triangle", 0.54, 0.5, -5, -5, 0.24 } },
}

local PIECE = 1500 -- samples that are made at once

local sound = {}

local made = {} -- for each name the sources that take turns
local turns = {}
local tune -- the music
local wanted, muted = false, false

local function pause(n)
  if n % PIECE == 0 then coroutine.yield() end
end

local function sample(kind, phase)
  if kind == "square" then return phase < 0.5 and 0.6 or -0.6 end
  if kind == "saw" then return 2 * phase - 1 end
  if kind == "triangle" then return 4 * math.abs(phase - 0.5) - 1 end
  return math.sin(2 * math.pi * phase)
end

-- Glides from one pitch to another.
local function tone(wave, first, n, line)
  local pitch = 261.6 * 2 ^ (line[4] / 12) / RATE
  local bend = 2 ^ ((line[5] - line[4]) / 12 / n)
  local phase = 0
  for i = 0, n - 1 do
    phase = (phase + pitch) % 1
    pitch = pitch * bend
    wave[first + i] = (wave[first + i] or 0) + sample(line[1], phase) * line[6] * math.min(1, i / 200) * (1 - i / n) ^ 1.6
    pause(i)
  end
end

-- It is soft when the filter is low.
local function noise(wave, first, n, line)
  local low, k = 0, math.min(1, line[4] * 2 * math.pi / RATE)
  for i = 0, n - 1 do
    low = low + (love.math.random() * 2 - 1 - low) * k
    wave[first + i] = (wave[first + i] or 0) + low * line[6] * 2 * (1 - i / n)
    pause(i)
  end
end

local function compose(lines, seconds)
  local wave, length = {}, math.floor((seconds or 0) * RATE)
  for _, line in ipairs(lines) do
    local first, n = math.floor(line[2] * RATE), math.floor(line[3] * RATE)
    length = math.max(length, first + n);
    (line[1] == "noise" and noise or tone)(wave, first, n, line)
  end
  local data = love.sound.newSoundData(length, RATE, 16, 1)
  for i = 0, length - 1 do
    data:setSample(i, math.max(-1, math.min(1, wave[i] or 0)))
    pause(i)
  end
  return love.audio.newSource(data, "static")
end

-- A quiet music: bass and a wandering melody, chosen by the seed.
local function score()
  local lines, length, chance = {}, 0.21 / design.pace, Random.new(design.seed)
  local roots = { 0, -3, -5, 2 }
  for beat = 0, 31 do
    local root = roots[(math.floor(beat / 8) + design.seed) % 4 + 1]
    if beat % 4 < 2 then
      local gain = beat % 4 == 0 and 0.16 or 0.06
      table.insert(lines, { "triangle", beat * length, length, root - 24, root - 24, gain })
    end
    if chance:chance(0.62) then
      local pitch = root + chance:pick(STEPS)
      table.insert(lines, { "sine", beat * length, length, pitch, pitch, 0.055 })
    end
  end
  return compose(lines, 32 * length)
end

local work = coroutine.wrap(function()
  local function make(name)
    local source = compose(SOUNDS[name])
    made[name] = { source, source:clone(), source:clone() }
  end
  make("start")
  tune = score()
  tune:setLooping(true)
  tune:setVolume(0.6)
  sound.music(wanted)
  for name in pairs(SOUNDS) do
    if not made[name] then make(name) end
  end
  while true do coroutine.yield() end
end)

-- Goes on with what is still to be made.
sound.work = work

function sound.play(name, n)
  local list = made[name]
  if not list then return end
  turns[name] = (turns[name] or 0) % #list + 1
  local source = list[turns[name]]
  source:stop()
  if name == "collect" then
    n = n or 0
    source:setPitch(2 ^ ((STEPS[n % 5 + 1] + 12 * math.min(2, math.floor(n / 5))) / 12))
  end
  source:play()
end

function sound.toggle()
  muted = not muted
  love.audio.setVolume(muted and 0 or 1)
end

function sound.muted() return muted end

-- Turns the music on and off.
function sound.music(on)
  wanted = on
  if not tune then return end
  if on then tune:play() else tune:pause() end
end

return sound
