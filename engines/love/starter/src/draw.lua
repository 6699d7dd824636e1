-- What the view and the screen draw with: shapes and pictures, smooth at any size, and text.

local colors = require("colors")
local Pen = require("pen")

local draw = {}

local graphics = love.graphics
local white = colors.white

-- Pictures that a pen has painted hold their colours multiplied with alpha; so do all shapes here, because LÖVE draws in one go
-- what is blended alike. Only text and lines are blended in the other way.
local premultiplied = false

local function blend(how)
  if premultiplied ~= how then
    premultiplied = how
    graphics.setBlendMode("alpha", how and "premultiplied" or "alphamultiply")
  end
end

local function color(c, a)
  a = (a or 1) * c[4]
  if premultiplied then graphics.setColor(c[1] * a, c[2] * a, c[3] * a, a) else graphics.setColor(c[1], c[2], c[3], a) end
end

local quality = 1 -- how many pixels are drawn for one of the window, in each direction
local slow, frames, counted = 0, 0, 0
local small -- what is drawn to when there are fewer

-- On a machine without a graphics card there are fewer pixels.
local function adapt(dt)
  frames, counted = frames + 1, counted + dt
  if counted < 1 then return end
  slow = frames / counted < 24 and slow + 1 or 0
  if slow > 1 then quality, slow = math.max(0.5, quality * 0.8), 0 end
  frames, counted = 0, 0
end

-- Begins a frame; dt is how long the last one took, in seconds.
function draw.begin(dt)
  adapt(dt)
  graphics.setBlendMode("alpha", "premultiplied")
  premultiplied = true
  if quality == 1 then return end
  local w, h = graphics.getDimensions()
  w, h = math.ceil(w * quality), math.ceil(h * quality)
  if not small or small:getWidth() ~= w or small:getHeight() ~= h then
    small = graphics.newCanvas(w, h)
    small:setFilter("linear", "linear")
  end
  graphics.setCanvas(small)
  graphics.clear(0, 0, 0, 1)
  graphics.scale(quality)
end

-- Ends it.
function draw.finish()
  if quality == 1 then return end
  graphics.setCanvas()
  graphics.origin()
  blend(true)
  graphics.setColor(1, 1, 1)
  graphics.draw(small, 0, 0, 0, 1 / quality)
end

-- A disc and, well apart from it, a soft light, in one picture: what is drawn with the same one is drawn in one go.
local DISC = 128
local RADIUS = DISC / 2 - 1

local pen = Pen.new()
pen:disc(0, 0, 1, white)
pen:halo(2.5 * DISC / RADIUS, 0, 1, white, 1)
local basics = pen:picture(4 * DISC, DISC, RADIUS, DISC / 2, DISC / 2)
local round = graphics.newQuad(0, 0, DISC, DISC, 4 * DISC, DISC)
local light = graphics.newQuad(2.5 * DISC, 0, DISC, DISC, 4 * DISC, DISC)

function draw.bar(x, y, w, h, c)
  blend(true)
  color(c)
  graphics.rectangle("fill", x, y, w, h)
end

-- A shape with straight sides: a list of x and y.
function draw.polygon(points, c)
  blend(true)
  color(c)
  graphics.polygon("fill", points)
end

local gradient = graphics.newMesh(4, "fan", "stream")

-- A rectangle that changes from its top to its bottom.
function draw.shade(x, y, w, h, top, bottom)
  for i, c in ipairs({ top, top, bottom, bottom }) do
    local a = c[4]
    gradient:setVertex(i, (i == 2 or i == 3) and x + w or x, i > 2 and y + h or y, 0, 0, c[1] * a, c[2] * a, c[3] * a, a)
  end
  blend(true)
  graphics.setColor(1, 1, 1)
  graphics.draw(gradient)
end

-- The nine pieces of a disc: quarters for the corners, its middle for the rest.
local pieces = {}
for row = 0, 2 do
  for column = 0, 2 do
    local function from(i) return i == 0 and DISC / 2 - RADIUS or i == 1 and DISC / 2 - 0.5 or DISC / 2 end
    local function size(i) return i == 1 and 1 or RADIUS end
    table.insert(pieces, { column = column, row = row, w = size(column), h = size(row),
      quad = graphics.newQuad(from(column), from(row), size(column), size(row), 4 * DISC, DISC) })
  end
end

-- A rectangle with round corners.
function draw.roundBar(x, y, w, h, r, c)
  r = math.min(r, w / 2, h / 2)
  local xs, ys = { x, x + r, x + w - r }, { y, y + r, y + h - r }
  local ws, hs = { r, w - 2 * r, r }, { r, h - 2 * r, r }
  blend(true)
  color(c)
  for _, p in ipairs(pieces) do
    local wide, high = ws[p.column + 1], hs[p.row + 1]
    if wide > 0 and high > 0 then
      graphics.draw(basics.image, p.quad, xs[p.column + 1], ys[p.row + 1], 0, wide / p.w, high / p.h)
    end
  end
end

local function stamp(quad, x, y, rx, ry)
  graphics.draw(basics.image, quad, x, y, 0, rx / RADIUS, ry / RADIUS, DISC / 2, DISC / 2)
end

function draw.disc(x, y, rx, ry, c)
  blend(true)
  color(c)
  stamp(round, x, y, rx, ry)
end

-- A soft light.
function draw.glow(x, y, r, c, a, sx, sy)
  if a <= 0 then return end
  blend(true)
  color(c, math.min(1, a))
  stamp(light, x, y, r * (sx or 1), r * (sy or 1))
end

function draw.ring(x, y, rx, ry, width, c)
  blend(false)
  color(c)
  graphics.setLineWidth(width)
  graphics.ellipse("line", x, y, rx, ry, 40)
end

-- A picture; size is that of one unit in pixels. look may have sx, sy, turn and alpha.
function draw.put(picture, x, y, size, look)
  look = look or {}
  blend(true)
  color(white, look.alpha)
  size = size / picture.unit
  graphics.draw(picture.image, x, y, look.turn or 0, size * (look.sx or 1), size * (look.sy or 1), picture.ox, picture.oy)
end

local area = graphics.newQuad(0, 0, 1, 1, 1, 1)

-- Fills a rectangle with an image that repeats; zoom is how many pixels one of the image has.
function draw.tile(image, x, y, w, h, zoom)
  area:setViewport(0, 0, w / zoom, h / zoom, image:getDimensions())
  blend(true)
  graphics.setColor(1, 1, 1)
  graphics.draw(image, area, x, y, 0, zoom, zoom)
end

-- ---- text ----

local fonts = {}

local function font(size)
  local key = math.max(6, math.floor(size + 0.5))
  if not fonts[key] then fonts[key] = graphics.newFont("font.ttf", key) end
  return fonts[key]
end

function draw.width(text, size) return font(size):getWidth(text) end

-- A line; align is 0 when x is its beginning, 0.5 for its middle, 1 for its end. y is the line's middle.
function draw.write(text, x, y, size, align, c)
  local f = font(size)
  blend(false)
  color(c)
  graphics.setFont(f)
  graphics.print(text, math.floor(x - f:getWidth(text) * align + 0.5), math.floor(y - f:getHeight() / 2 + 0.5))
end

-- Breaks a text into lines that fit.
function draw.wrap(text, size, most)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    local longer = line == "" and word or line .. " " .. word
    if line ~= "" and draw.width(longer, size) > most then
      table.insert(lines, line)
      longer = word
    end
    line = longer
  end
  table.insert(lines, line)
  return lines
end

return draw
