-- Puts a picture together out of triangles, with colours that run from one corner to the next. x points right and y down.

local colors = require("colors")

local Pen = {}
Pen.__index = Pen

function Pen.new() return setmetatable({ points = {}, corners = {} }, Pen) end

-- A place for a shape: its middle, and how far it is turned.
function Pen.place(x, y, turn)
  local c, s = math.cos(turn or 0), math.sin(turn or 0)
  return { x = x, y = y, a = c, b = s, c = -s, d = c }
end

function Pen.at(place, x, y) return place.x + place.a * x + place.c * y, place.y + place.b * x + place.d * y end

-- Adds a point and returns its number.
function Pen:point(x, y, c)
  table.insert(self.points, { x, y, 0, 0, c[1], c[2], c[3], c[4] })
  return #self.points
end

function Pen:triangle(i, j, k)
  local list = self.corners
  list[#list + 1], list[#list + 2], list[#list + 3] = i, j, k
end

-- paint is a colour, or { top =, bottom =, from =, to = }: it fades from one height to another. Or a function of the place.
local function colorAt(paint, x, y)
  if type(paint) == "function" then return paint(x, y) end
  if not paint.from then return paint end
  return colors.mix(paint.from, paint.to, math.max(0, math.min(1, (y - paint.top) / (paint.bottom - paint.top))))
end

-- The inside of an outline, a flat list of x and y.
function Pen:polygon(outline, paint)
  local triangles = { outline }
  if love.math.isConvex(outline) then
    local first = #self.points
    for i = 1, #outline, 2 do self:point(outline[i], outline[i + 1], colorAt(paint, outline[i], outline[i + 1])) end
    for i = 2, #outline / 2 - 1 do self:triangle(first + 1, first + i, first + i + 1) end
    return
  end
  triangles = love.math.triangulate(outline)
  for _, t in ipairs(triangles) do
    local first = #self.points
    for i = 1, 5, 2 do self:point(t[i], t[i + 1], colorAt(paint, t[i], t[i + 1])) end
    self:triangle(first + 1, first + 2, first + 3)
  end
end

function Pen:rect(x, y, w, h, paint) self:polygon({ x, y, x + w, y, x + w, y + h, x, y + h }, paint) end

function Pen.oval(place, w, h, n)
  local list = {}
  for i = 0, (n or 36) - 1 do
    local turn = i * 2 * math.pi / (n or 36)
    local x, y = Pen.at(place, math.cos(turn) * w / 2, math.sin(turn) * h / 2)
    list[2 * i + 1], list[2 * i + 2] = x, y
  end
  return list
end

function Pen:disc(x, y, r, paint) self:polygon(Pen.oval(Pen.place(x, y), 2 * r, 2 * r), paint) end

-- Rings of colour around a middle, out to an outline: each ring is { how far out, a paint }.
function Pen:fan(mx, my, outline, rings)
  local n, first = #outline / 2, #self.points
  for _, ring in ipairs(rings) do
    for i = 1, #outline, 2 do
      local x, y = mx + (outline[i] - mx) * ring[1], my + (outline[i + 1] - my) * ring[1]
      self:point(x, y, colorAt(ring[2], x, y))
    end
  end
  for k = 0, #rings - 2 do
    for i = 0, n - 1 do
      local a, b = first + k * n + i + 1, first + k * n + (i + 1) % n + 1
      self:triangle(a, b, b + n)
      self:triangle(a, b + n, a + n)
    end
  end
end

-- A soft light: it fades from its middle.
function Pen:halo(x, y, r, color, strength)
  local rings = {}
  for k = 0, 5 do rings[k + 1] = { k / 5, colors.alpha(color, strength * (1 - k / 5) ^ 2) } end
  self:fan(x, y, Pen.oval(Pen.place(x, y), 2 * r, 2 * r), rings)
end

-- What lies between two outlines with the same number of points.
function Pen:band(outer, inner, color)
  local n, first = #outer / 2, #self.points
  for i = 1, #outer, 2 do
    self:point(outer[i], outer[i + 1], color)
    self:point(inner[i], inner[i + 1], color)
  end
  for i = 0, n - 1 do
    local a, b = first + 2 * i + 1, first + 2 * ((i + 1) % n) + 1
    self:triangle(a, b, b + 1)
    self:triangle(a, b + 1, a + 1)
  end
end

function Pen:mesh()
  local mesh = love.graphics.newMesh(self.points, "triangles", "static")
  mesh:setVertexMap(self.corners)
  return mesh
end

-- Paints the picture: width by height pixels, of which one unit of the pen has so many as scale says, around ox, oy. It is drawn
-- smaller without flicker. One that repeats sideways, which is for large things, holds what sticks out on one side on the other.
function Pen:picture(width, height, scale, ox, oy, repeats)
  local mesh = self:mesh()
  local canvas = love.graphics.newCanvas(width, height, { mipmaps = repeats and "none" or "auto", dpiscale = 1 })
  canvas:setFilter("linear", "linear")
  if repeats then canvas:setWrap("repeat", "clamp") else canvas:setMipmapFilter("linear") end
  love.graphics.setCanvas(canvas)
  love.graphics.clear(0, 0, 0, 0)
  love.graphics.setBlendMode("alpha")
  love.graphics.setColor(1, 1, 1)
  for side = repeats and -1 or 0, repeats and 1 or 0 do love.graphics.draw(mesh, ox + side * width, oy, 0, scale, scale) end
  love.graphics.setCanvas()
  mesh:release()
  return { image = canvas, unit = scale, ox = ox, oy = oy }
end

return Pen
