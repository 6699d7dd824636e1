-- Everything that is text: title, score, hearts, messages, and the buttons for fingers.

local colors = require("colors")
local player = require("player")
local design = require("design")
local draw = require("draw")
local figures = require("figures")
local rules = require("rules")

local screen = {}

local words = rules.describe(design)
local hero = figures.still(require("figures.hero"), colors.hero, colors.accent)
local collect = figures.still(require("figures.collect"), colors.collect, colors.accent)
local heart = figures.still(require("figures.heart"), colors.hex("#ff4d6d"), colors.white)
local gone = figures.still(require("figures.heart"), colors.hex("#5b5f73"), colors.hex("#888888"))

local dark = colors.brightness(colors.sky) + colors.brightness(colors.skyLow) < 1.1
local ink = dark and colors.white or colors.hex("#1b1530")
local glass = dark and colors.alpha(colors.darker(colors.sky, 0.55), 0.8) or colors.alpha(colors.lighter(colors.sky, 0.75), 0.88)
local bright = dark and colors.lighter(colors.accent, 0.35) or colors.darker(colors.accent, 0.45)

local toast, toastAge = "", 9
local veil, bump, score, clock = 0, 0, 0, 0
local w, h, u = 960, 600, 1 -- the window, and the size of everything: 1 for a window of 600 pixels

function screen.say(text) toast, toastAge = text, 0 end

function screen.flash() veil = 1 end

function screen.clear() toastAge, veil, score = 9, 0, 0 end

local function fade(c, a) return colors.alpha(c, c[4] * a) end

-- Where a button for fingers is.
local function pad(i)
  local r = 38 * u
  local x, y = 20 * u + r + (i - 1) * (2 * r + 12 * u), h - 20 * u - r
  if rules.pads[i] == "jump" then x = w - 20 * u - r end
  return x, y, r
end

-- The name of the button at a place, or nil.
function screen.padAt(px, py)
  for i, name in ipairs(rules.pads) do
    local x, y, r = pad(i)
    if (px - x) ^ 2 + (py - y) ^ 2 < (r * 1.2) ^ 2 then return name end
  end
end

local turns = { left = math.pi, right = 0, jump = -math.pi / 2 }

local function pads()
  for i, name in ipairs(rules.pads) do
    local x, y, r = pad(i)
    local c, s = math.cos(turns[name]) * r, math.sin(turns[name]) * r
    draw.disc(x, y, r, r, fade(glass, 0.8))
    draw.polygon({ x + 0.42 * c, y + 0.42 * s, x - 0.28 * c - 0.4 * s, y - 0.28 * s + 0.4 * c, x - 0.28 * c + 0.4 * s, y - 0.28 * s - 0.4 * c }, ink)
  end
end

local function hearts(world, x, y, high)
  local wide = world.maxHearts * 28 * u + 16 * u
  draw.roundBar(x, y, wide, high, high / 2, glass)
  for i = 1, world.maxHearts do
    local left = i <= world.hearts
    draw.put(left and heart or gone, x + (28 * i - 6) * u, y + high / 2, 27 * u, { alpha = left and 1 or 0.45 })
  end
end

local TOOLS = 104 -- the page has its buttons so far from the right

-- Where the next thing in the corner goes: on the same line, if there is room.
local function room(x, y, wide, high)
  if x + wide < w - TOOLS or x <= 12 * u then return x, y end
  return 12 * u, y + high + 6 * u
end

local function hud(world, dt)
  if world.score ~= score then score, bump = world.score, 1 end
  bump = math.max(0, bump - 4 * dt)
  local count = ("%d / %d"):format(world.score, world.goal)
  local x, y, high = 12 * u, 12 * u, 38 * u
  local wide = 144 * u + draw.width(count, 19 * u)
  draw.roundBar(x, y, wide, high, high / 2, glass)
  draw.put(collect, x + 22 * u, y + high / 2, (26 + 6 * bump) * u)
  draw.write(count, x + 42 * u, y + high / 2, 19 * u, 0, ink)
  draw.roundBar(x + wide - 88 * u, y + high / 2 - 5 * u, 74 * u, 10 * u, 5 * u, colors.alpha(ink, 0.2))
  local part = math.min(1, world.score / math.max(1, world.goal))
  if part > 0.02 then draw.roundBar(x + wide - 88 * u, y + high / 2 - 5 * u, 74 * u * part, 10 * u, 5 * u, colors.collect) end
  x = x + wide + 8 * u
  local middle = world.boss and ("Boss %d %%"):format(math.ceil(100 * math.max(0, world.boss.hp) / world.boss.full)) or world.moves and ("%d moves"):format(world.moves)
  if middle then
    wide = draw.width(middle, 19 * u) + 30 * u
    x, y = room(x, y, wide, high)
    draw.roundBar(x, y, wide, high, high / 2, glass)
    draw.write(middle, x + wide / 2, y + high / 2, 19 * u, 0.5, world.moves and world.moves <= 5 and colors.hex("#ff5470") or ink)
    x = x + wide + 8 * u
  end
  if world.maxHearts then
    x, y = room(x, y, world.maxHearts * 28 * u + 16 * u, high)
    hearts(world, x, y, high)
  end
end

local function panelWidth() return math.min(620 * u, w * 0.94) end

-- What keys do: a row that does not fit is written smaller.
local function rows(how, mid, y)
  for _, row in ipairs(how) do
    local size, most = 15 * u, panelWidth() / 2 - 20 * u
    local function fitting(text, less) return size * math.min(1, (most - less) / draw.width(text, size)) end
    local kw = math.min(most, draw.width(row[1], size) + 20 * u)
    draw.roundBar(mid - 12 * u - kw, y + 3 * u, kw, 26 * u, 8 * u, colors.alpha(ink, 0.14))
    draw.write(row[1], mid - 22 * u, y + 16 * u, fitting(row[1], 20 * u), 1, ink)
    draw.write(row[2], mid + 4 * u, y + 16 * u, fitting(row[2], 0), 0, ink)
    y = y + 32 * u
  end
  return y
end

local function button(text, mid, y)
  local pulse = 1 + 0.03 * math.sin(clock * 4.8)
  local wide, high = (draw.width(text, 19 * u) + 52 * u) * pulse, 42 * u * pulse
  draw.roundBar(mid - wide / 2, y - high / 2, wide, high, high / 2, bright)
  draw.write(text, mid, y, 19 * u, 0.5, colors.brightness(bright) > 0.55 and colors.hex("#14101f") or colors.white)
end

-- The sheet of the title, of a pause and of the end: { icon, title, lines, how, what, small }.
local function panel(p)
  local wide, big, lines, how = panelWidth(), 52 * u, p.lines or {}, p.how or {}
  if player.fingers and #how > 0 then -- there are no keys to tell of
    how = {}
    for _, line in ipairs(draw.wrap(words.touch, 18 * u, panelWidth() - 60 * u)) do table.insert(lines, line) end
  end
  while big > 24 * u and draw.width(p.title, big) > wide - 50 * u do big = big - 2 * u end
  local titles = draw.wrap(p.title, big, wide - 40 * u)
  local high = 116 * u + #titles * big * 1.1 + #lines * 26 * u + #how * 32 * u + (p.small and 20 * u or 0)
  local icon = h > high + 120 * u and p.icon or nil
  if icon then high = high + 110 * u end
  local y, mid = (h - high) / 2, w / 2
  draw.roundBar((w - wide) / 2 - 2 * u, y - 2 * u, wide + 4 * u, high + 4 * u, 30 * u, colors.alpha(bright, 0.35))
  draw.roundBar((w - wide) / 2, y, wide, high, 28 * u, glass)
  y = y + 22 * u
  if icon then
    draw.put(icon, mid, y + 52 * u + 6 * u * math.sin(clock * 2.6), 100 * u, { turn = 0.03 * math.sin(clock * 2) })
    y = y + 110 * u
  end
  for _, line in ipairs(titles) do
    draw.write(line, mid, y + big * 0.55 + 2 * u, big, 0.5, colors.alpha(colors.darker(colors.sky, 0.6), dark and 0.9 or 0.15))
    draw.write(line, mid, y + big * 0.55, big, 0.5, bright)
    y = y + big * 1.1
  end
  y = y + 8 * u
  for _, line in ipairs(lines) do
    draw.write(line, mid, y + 13 * u, 18 * u, 0.5, ink)
    y = y + 26 * u
  end
  y = rows(how, mid, y + 6 * u) + 28 * u
  button((player.fingers and "Tap " or "Press Space or click ") .. p.what, mid, y)
  if p.small then draw.write(p.small, mid, y + 38 * u, 13 * u, 0.5, colors.alpha(ink, 0.75)) end
end

local function result(world)
  return ("%d of %d  -  %d:%02d"):format(world.score, world.goal, math.floor(world.time / 60), math.floor(world.time) % 60)
end

-- A text, as many lines as it needs, and one more.
local function below(text, last)
  local lines = draw.wrap(text, 18 * u, panelWidth() - 60 * u)
  table.insert(lines, last)
  return lines
end

local function panels(state, paused, world)
  if paused then
    panel({ title = "Paused", what = "to go on" })
  elseif state == "title" then
    panel({ icon = hero, title = design.title, lines = draw.wrap(words.goal, 18 * u, panelWidth() - 60 * u), how = words.how, what = "to play",
      small = not player.fingers and "M sound  -  P pause  -  R restart" or nil })
  elseif state == "won" then
    panel({ icon = collect, title = "You win!", lines = below(words.won, result(world)), what = "to play again" })
  elseif state == "lost" then
    panel({ icon = hero, title = "Game over", lines = below(words.lost, result(world)), what = "to try again" })
  end
end

function screen.draw(state, paused, world, dt)
  w, h = love.graphics.getDimensions()
  u = math.max(0.55, math.min(2.4, w / 640, h / 560), math.min(1, w / 400, h / 380)) -- a small window is a phone's: it has to be read
  clock = clock + dt
  veil = veil - 2 * dt
  if veil > 0 then
    local red, clear = colors.alpha(colors.hex("#ff2348"), 0.5 * veil), colors.alpha(colors.hex("#ff2348"), 0)
    draw.shade(0, 0, w, h * 0.3, red, clear)
    draw.shade(0, h * 0.7, w, h * 0.3, clear, red)
  end
  if state ~= "title" then hud(world, dt) end
  toastAge = toastAge + dt
  if toastAge < 1.7 then
    local a = math.min(1, toastAge * 8, (1.7 - toastAge) * 3)
    local wide = draw.width(toast, 22 * u) + 44 * u
    draw.roundBar((w - wide) / 2, h * 0.17, wide, 44 * u, 22 * u, fade(glass, a))
    draw.write(toast, w / 2, h * 0.17 + 22 * u, 22 * u, 0.5, colors.alpha(ink, a))
  end
  panels(state, paused, world)
  if player.fingers and state == "playing" and not paused then pads() end
end

return screen
