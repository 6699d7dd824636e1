extends Node2D

# What the view and the screen draw with. Everything is shapes: there is no picture in this project.

const Colors = preload("res://colors.gd")
const Pen = preload("res://pen.gd")
const Face = preload("res://font.ttf")

var colors = Colors.new()
var round_shape
var glow_shape
var fonts = {}

func _init():
	var pen = Pen.new()
	pen.fan(Vector2(), Pen.oval(Transform2D(), 2, 2, 48), [[0.0, Color.white], [1.0, Color.white]])
	round_shape = pen.shape()
	pen = Pen.new()
	pen.halo(0, 0, 1, Color.white, 1)
	glow_shape = pen.shape()

func bar(x, y, w, h, color):
	draw_rect(Rect2(x, y, w, h), color)

# A rectangle that changes from its top to its bottom.
func shade(x, y, w, h, top, bottom):
	quad([Vector2(x, y), Vector2(x + w, y), Vector2(x + w, y + h), Vector2(x, y + h)], [top, top, bottom, bottom])

func quad(corners, list):
	draw_primitive(PoolVector2Array(corners), PoolColorArray(list), PoolVector2Array([Vector2(), Vector2(), Vector2(), Vector2()]))

func round_bar(x, y, w, h, r, color):
	r = min(r, min(w, h) / 2)
	if r <= 0:
		return
	var corners = [Vector2(x + w - r, y + h - r), Vector2(x + r, y + h - r), Vector2(x + r, y + r), Vector2(x + w - r, y + r)]
	var points = PoolVector2Array([Vector2(x + w / 2, y + h / 2)])
	var indices = PoolIntArray()
	for corner in 4:
		for i in 9:
			var turn = (corner + i / 8.0) * PI / 2
			points.append(corners[corner] + r * Vector2(cos(turn), sin(turn)))
	for i in 36:
		for index in [0, 1 + i, 1 + (i + 1) % 36]:
			indices.append(index)
	VisualServer.canvas_item_add_triangle_array(get_canvas_item(), indices, points, PoolColorArray([color]))

# A shape that a pen has drawn, under a transform. (What draw_mesh itself is told of a transform or a colour is ignored.)
func stamp(shape, at, a = 1.0):
	draw_set_transform_matrix(at)
	if a > 0.98:
		draw_mesh(shape.mesh, null)
	elif a > 0.02:
		VisualServer.canvas_item_add_triangle_array(get_canvas_item(), shape.indices, shape.points, tinted(shape, Color.white, a))
	draw_set_transform_matrix(Transform2D())

# The colours of a shape, made fainter and of another tone. They are kept: the same ones are wanted again and again.
static func tinted(shape, color, a):
	var level = int(ceil(clamp(a, 0, 1) * 24))
	var key = color.to_rgba32() * 32 + level
	if not shape.tints.has(key):
		var paints = shape.paints
		for i in paints.size():
			var c = paints[i]
			paints[i] = Color(c.r * color.r, c.g * color.g, c.b * color.b, c.a * level / 24.0)
		shape.tints[key] = paints
	return shape.tints[key]

func disc(x, y, rx, ry, color):
	draw_set_transform_matrix(Transform2D(Vector2(rx, 0), Vector2(0, ry), Vector2(x, y)))
	VisualServer.canvas_item_add_triangle_array(get_canvas_item(), round_shape.indices, round_shape.points, PoolColorArray([color]))
	draw_set_transform_matrix(Transform2D())

func ring(x, y, rx, ry, width, color):
	var points = PoolVector2Array()
	for i in 49:
		points.append(Vector2(x + cos(i * TAU / 48) * rx, y + sin(i * TAU / 48) * ry))
	draw_polyline(points, color, width)

# A soft light.
func glow(x, y, r, color, a):
	draw_set_transform_matrix(Transform2D(Vector2(r, 0), Vector2(0, r), Vector2(x, y)))
	VisualServer.canvas_item_add_triangle_array(get_canvas_item(), glow_shape.indices, glow_shape.points, tinted(glow_shape, color, a))
	draw_set_transform_matrix(Transform2D())

# A shape that is one unit large. look may have sx, sy, turn and alpha.
func put(shape, x, y, size, look = {}):
	var at = Transform2D(look.get("turn", 0.0), Vector2(x, y)) * Transform2D(Vector2(size * look.get("sx", 1.0), 0), Vector2(0, size * look.get("sy", 1.0)), Vector2())
	stamp(shape, at, look.get("alpha", 1.0))

# The picture of a walk that has gone so many rounds.
static func frame(frames, rounds):
	return frames[int(fposmod(rounds, 1.0) * frames.size()) % frames.size()]

func font(size):
	var key = int(max(4, round(size)))
	if not fonts.has(key):
		var f = DynamicFont.new()
		f.font_data = Face
		f.size = key
		f.use_filter = true
		fonts[key] = f
	return fonts[key]

func width(text, size):
	return font(size).get_string_size(text).x

# A line; align is 0 when x is its beginning, 0.5 for its middle, 1 for its end. y is the line's middle.
func write(text, x, y, size, align, color):
	var f = font(size)
	var at = Vector2(x - f.get_string_size(text).x * align, y + (f.get_ascent() - f.get_descent()) / 2)
	draw_string(f, at.round(), text, color)

# Breaks a text into lines that fit.
func wrap(text, size, most):
	var lines = []
	var line = ""
	for word in text.split(" ", false):
		var longer = word if line == "" else line + " " + word
		if line != "" and width(longer, size) > most:
			lines.append(line)
			longer = word
		line = longer
	lines.append(line)
	return lines
