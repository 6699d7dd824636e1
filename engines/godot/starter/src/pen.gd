extends Reference

# Puts a picture together out of triangles, with colours that run from one corner to the next. It is built once and then drawn
# at any size, so that everything is sharp on every screen. x points right and y down.

var points = PoolVector2Array()
var paints = PoolColorArray()
var indices = PoolIntArray()

# The inside of an outline. paint is a Color, or [top, bottom, from, to]: it fades from one height to another.
func polygon(outline, paint):
	var list = Geometry.triangulate_polygon(outline)
	var base = points.size()
	for p in outline:
		points.append(p)
		paints.append(color_at(paint, p.y))
	for i in list:
		indices.append(base + i)

static func color_at(paint, y):
	if typeof(paint) == TYPE_COLOR:
		return paint
	return paint[2].linear_interpolate(paint[3], clamp((y - paint[0]) / (paint[1] - paint[0]), 0, 1))

func rect(x, y, w, h, paint):
	polygon(PoolVector2Array([Vector2(x, y), Vector2(x + w, y), Vector2(x + w, y + h), Vector2(x, y + h)]), paint)

func disc(x, y, r, paint):
	polygon(oval(Transform2D(0, Vector2(x, y)), 2 * r, 2 * r), paint)

# A soft light: it fades from its middle.
func halo(x, y, r, color, strength):
	var rings = []
	for k in 6:
		var t = 1 - k / 5.0
		rings.append([k / 5.0, Color(color.r, color.g, color.b, strength * t * t)])
	fan(Vector2(x, y), oval(Transform2D(0, Vector2(x, y)), 2 * r, 2 * r), rings)

# Rings of colour around a middle, out to an outline: each ring is [how far out, colour or colours].
func fan(middle, outline, rings):
	var n = outline.size()
	var base = points.size()
	for ring in rings:
		for i in n:
			points.append(middle.linear_interpolate(outline[i], ring[0]))
			paints.append(ring[1] if typeof(ring[1]) == TYPE_COLOR else ring[1][i])
	for k in rings.size() - 1:
		for i in n:
			var a = base + k * n + i
			var b = base + k * n + (i + 1) % n
			for index in [a, b, b + n, a, b + n, a + n]:
				indices.append(index)

# What lies between two outlines with the same number of points.
func band(outer, inner, color):
	var n = outer.size()
	var base = points.size()
	for i in n:
		points.append(outer[i])
		points.append(inner[i])
		paints.append(color)
		paints.append(color)
	for i in n:
		var a = base + 2 * i
		var b = base + 2 * ((i + 1) % n)
		for index in [a, b, b + 1, a, b + 1, a + 1]:
			indices.append(index)

static func oval(place, w, h, n = 36):
	var out = PoolVector2Array()
	for i in n:
		var turn = i * TAU / n
		out.append(place.xform(Vector2(cos(turn) * w / 2, sin(turn) * h / 2)))
	return out

# What canvas.gd draws.
func shape():
	var mesh = ArrayMesh.new()
	if not points.empty():
		var arrays = []
		arrays.resize(Mesh.ARRAY_MAX)
		arrays[Mesh.ARRAY_VERTEX] = points
		arrays[Mesh.ARRAY_COLOR] = paints
		arrays[Mesh.ARRAY_INDEX] = indices
		mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, arrays)
	return {mesh = mesh, points = points, paints = paints, indices = indices, tints = {}}
