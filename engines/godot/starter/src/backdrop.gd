extends Reference

# What is far away: a sky, two layers that move at their own pace, and something that floats in the air.

const Look = preload("res://look.gd")
const Pen = preload("res://pen.gd")
const Random = preload("res://random.gd")

var look = Look.new()
var layers
var sun
var block # a texture that repeats
var prop # stands about, one unit wide
var specks = []
var clock = 0.0

func _init():
	var colors = look.colors
	layers = [
		look.layer(11, colors.sky_low.linear_interpolate(colors.sky, 0.5), true),
		look.layer(12, colors.ground.darkened(0.25).linear_interpolate(colors.sky_low, 0.35), false),
	]
	var pen = Pen.new()
	look.sun(pen)
	sun = pen.shape()
	pen = Pen.new()
	look.prop(pen)
	prop = pen.shape()
	look.chance = Random.new(7)
	var image = Image.new()
	image.create(look.BLOCK, look.BLOCK, false, Image.FORMAT_RGB8)
	image.lock()
	look.block(image)
	image.unlock()
	block = ImageTexture.new()
	block.create_from_image(image, Texture.FLAG_FILTER | Texture.FLAG_REPEAT | Texture.FLAG_MIPMAPS)
	var r = Random.new(3)
	for i in 36:
		specks.append([r.next(), r.next(), r.between(0.5, 1.4), r.between(0, 6)])

# Fills the picture; x is how far the view has gone, in pixels, and horizon where the sky ends, 1 for the bottom.
func draw(canvas, size, x, horizon, dt):
	clock += dt
	var colors = look.colors
	var end = size.y * horizon
	canvas.shade(0, 0, size.x, end * 0.75 + 1, colors.sky, colors.sky_low)
	canvas.shade(0, end * 0.75, size.x, size.y - end * 0.75, colors.sky_low, colors.sky_low.linear_interpolate(colors.ground, 0.35))
	canvas.put(sun, size.x * 0.7, end * 0.34, size.y * 0.25)
	for i in 2:
		var zoom = end / look.TALL * [0.72, 0.5][i]
		var wide = look.WIDE * zoom
		var from = -fposmod(x * [0.1, 0.28][i], wide) - wide
		while from < size.x + wide * 0.2:
			canvas.stamp(layers[i], Transform2D(Vector2(zoom, 0), Vector2(0, zoom), Vector2(from, end - look.TALL * zoom + 1)))
			from += wide
	for s in specks:
		var sx = fposmod(s[0] + clock * look.drift.x * 0.05 - x / size.x * 0.2 * s[2], 1)
		var sy = fposmod(s[1] - clock * look.drift.y * 0.05, 1)
		canvas.glow(sx * size.x, sy * end, size.y * 0.009 * s[2], look.speck, 0.45 + 0.35 * sin(clock * 2 + s[3]))
