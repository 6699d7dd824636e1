extends Reference

# What worlds are made of. look.gd chooses. A layer is WIDE by TALL pixels and goes on sideways without a seam.

const WIDE = 1024.0
const TALL = 420.0
const BLOCK = 64 # pixels of a block of the ground

const Pen = preload("res://pen.gd")
const Colors = preload("res://colors.gd")
const Random = preload("res://random.gd")

var colors = Colors.new()
var chance
var fill # the colour of the layer that is painted
var speck = Color.white # what floats in the air
var drift = Vector2() # and how it moves

func layer(seed_of, color, far):
	chance = Random.new(seed_of)
	fill = color
	var pen = Pen.new()
	if far:
		self.far(pen)
	else:
		self.near(pen)
	return pen.shape()

func far(_pen):
	pass

func near(_pen):
	pass

func fade(top, light):
	return [top, TALL, fill.lightened(light), fill]

# ---- layers ----

# Waves that fit the width a whole number of times: each is [how many, how high, where it begins].
func hills(pen, base, waves):
	var points = []
	for i in 129:
		var y = base
		for w in waves:
			y += w[1] * sin(i / 128.0 * w[0] * TAU + w[2])
		points.append(Vector2(i * 8, TALL - y))
	var light = fade(TALL - base * 1.4, 0.12)
	for i in 128:
		pen.polygon(PoolVector2Array([points[i], points[i + 1], Vector2(points[i + 1].x, TALL), Vector2(points[i].x, TALL)]), light)

# Mountains; with snow their tops are white.
func peaks(pen, n, tall, snow):
	for i in n:
		var x = i * WIDE / n + chance.between(-20, 20)
		var h = TALL * chance.between(tall * 0.6, tall)
		var w = WIDE / n * chance.between(0.8, 1.2)
		pen.polygon(PoolVector2Array([Vector2(x - w, TALL), Vector2(x, TALL - h), Vector2(x + w, TALL)]), fade(TALL - h, 0.16))
		if snow:
			var s = 0.28
			pen.polygon(PoolVector2Array([Vector2(x - w * s, TALL - h * (1 - s)), Vector2(x, TALL - h), Vector2(x + w * s, TALL - h * (1 - s)),
				Vector2(x + w * s * 0.3, TALL - h * (1 - s * 0.8)), Vector2(x - w * s * 0.2, TALL - h * (1 - s * 1.25))]), Color(1, 1, 1, 0.85))

# Houses with lit windows.
func towers(pen, n, tall, pointed):
	var lights = [colors.accent, colors.collect, colors.hero]
	for i in n:
		var x = i * WIDE / n + chance.between(0, 20)
		var w = WIDE / n * chance.between(0.6, 1.05)
		var h = TALL * chance.between(tall * 0.45, tall)
		pen.rect(x, TALL - h, w, h, fade(TALL - h, 0.14))
		if pointed:
			pen.polygon(PoolVector2Array([Vector2(x - 6, TALL - h), Vector2(x + w / 2, TALL - h - w * 0.8), Vector2(x + w + 6, TALL - h)]), fill.lightened(0.1))
		else:
			pen.rect(x, TALL - h, w, 3, Colors.alpha(chance.pick(lights), 0.9))
		var wy = TALL - h + 14
		while wy < TALL - 10:
			var wx = x + 8
			while wx < x + w - 10:
				if chance.chance(0.36):
					pen.rect(wx, wy, 6, 9, Colors.alpha(chance.pick(lights), chance.between(0.25, 0.8)))
				wx += 16
			wy += 20

# Trees in a row; with cones they are firs.
func trees(pen, n, tall, firs):
	pen.rect(0, TALL * 0.86, WIDE, TALL * 0.14, fill)
	for i in n:
		var x = i * WIDE / n + chance.between(-12, 12)
		var h = TALL * chance.between(tall * 0.6, tall)
		var w = h * chance.between(0.3, 0.42)
		var top = TALL - h
		pen.rect(x - w * 0.06, top + h * 0.4, w * 0.12, h * 0.6, fill.darkened(0.25))
		var light = fade(top, 0.2)
		if firs:
			for k in 3:
				var y = top + h * 0.22 * k
				var s = 0.5 + 0.25 * k
				pen.polygon(PoolVector2Array([Vector2(x - w * s * 0.7, y + h * 0.36), Vector2(x, y), Vector2(x + w * s * 0.7, y + h * 0.36)]), light)
			continue
		pen.disc(x, top + h * 0.3, w * 0.62, light)
		pen.disc(x - w * 0.4, top + h * 0.42, w * 0.44, light)
		pen.disc(x + w * 0.42, top + h * 0.4, w * 0.42, light)

# Round things: bubbles, sweets, planets' hills.
func domes(pen, n, tall):
	for i in n:
		var x = i * WIDE / n + chance.between(-20, 20)
		var h = TALL * chance.between(tall * 0.5, tall)
		pen.polygon(Pen.oval(Transform2D(0, Vector2(x, TALL)), h * 1.5, h * 2), fade(TALL - h, 0.3))
		pen.polygon(Pen.oval(Transform2D(-0.5, Vector2(x - h * 0.25, TALL - h * 0.6)), h * 0.4, h * 0.2), Color(1, 1, 1, 0.16))

# ---- what stands in the sky, around the middle of a square of two units ----

func disc_in_the_sky(pen, color, stripes):
	pen.halo(0, 0, 0.98, color, 0.55)
	pen.disc(0, 0, 0.39, [-0.39, 0.39, color.lightened(0.5), color])
	if stripes:
		for i in 5:
			var y = i * 0.078
			var end = min(y + 0.016 + i * 0.0125, 0.39)
			var wide = sqrt(0.39 * 0.39 - y * y) + 0.004
			var narrow = sqrt(0.39 * 0.39 - end * end) + 0.004
			pen.polygon(PoolVector2Array([Vector2(-wide, y), Vector2(wide, y), Vector2(narrow, end), Vector2(-narrow, end)]),
				colors.sky.linear_interpolate(colors.sky_low, 0.55))

func moon(pen):
	pen.halo(0, 0, 0.94, Color("#fff6d8"), 0.4)
	pen.disc(0, 0, 0.31, Color("#fff6d8"))
	for v in [[-0.11, -0.08, 0.07], [0.09, 0.08, 0.055], [0.03, -0.14, 0.04]]:
		pen.disc(v[0], v[1], v[2], Color("#e6dbb4"))

func planet(pen):
	pen.halo(0, 0, 0.86, colors.accent, 0.35)
	pen.disc(0, 0, 0.31, [-0.31, 0.31, colors.accent.lightened(0.3), colors.accent.darkened(0.5)])
	var tilted = Transform2D(-0.4, Vector2())
	pen.band(Pen.oval(tilted, 1.14, 0.28), Pen.oval(tilted, 1.02, 0.17), Colors.alpha(colors.collect.lightened(0.2), 0.8))

# ---- the ground: a picture of BLOCK by BLOCK pixels that repeats ----

func bricks(image):
	for y in BLOCK:
		for x in BLOCK:
			var c = colors.ground.lightened(0.08).linear_interpolate(colors.ground.darkened(0.3), y / float(BLOCK))
			var shift = BLOCK / 4 * ((y / (BLOCK / 4)) % 2)
			if y % (BLOCK / 4) < 2 or (x + shift) % (BLOCK / 2) < 2:
				c = c.linear_interpolate(colors.ground.darkened(0.5), 0.6)
			image.set_pixel(x, y, c)

func soil(image):
	var base = colors.ground.linear_interpolate(Color("#6b4423"), 0.35).darkened(0.15)
	image.unlock()
	image.fill(base)
	image.lock()
	for i in 9:
		var at = Vector2(chance.between(7, BLOCK - 7), chance.between(6, BLOCK - 6))
		var r = chance.between(2, 5)
		var stone = chance.pick([base.lightened(0.25), base.darkened(0.3)])
		for y in range(at.y - r, at.y + r + 1):
			for x in range(at.x - r, at.x + r + 1):
				var inside = clamp(1.5 * (r - Vector2(x - at.x, (y - at.y) * 1.4).length()), 0, 1)
				image.set_pixel(x, y, image.get_pixel(x, y).linear_interpolate(stone, 0.7 * inside))

func glowing(image):
	for y in BLOCK:
		for x in BLOCK:
			var c = colors.ground.lightened(0.08).linear_interpolate(colors.ground.darkened(0.35), y / float(BLOCK))
			if x % (BLOCK / 2) == 0 or y % (BLOCK / 2) == 0:
				c = c.linear_interpolate(colors.accent, 0.5)
			image.set_pixel(x, y, c)

func sweet(image):
	for y in BLOCK:
		for x in BLOCK:
			var stripe = (x + y) % (BLOCK / 2) < BLOCK / 4
			image.set_pixel(x, y, colors.ground.lightened(0.37 if stripe else 0.1))

# ---- what stands about, one unit wide, with its foot at 0 ----

func tree(pen):
	var leaf = colors.ground.linear_interpolate(Color("#2f9e44"), 0.5)
	pen.rect(-0.05, -0.5, 0.1, 0.5, Color("#6b4423"))
	for v in [[0.0, -0.7, 0.24], [-0.18, -0.58, 0.17], [0.18, -0.58, 0.17]]:
		pen.disc(v[0], v[1], v[2], [-1.0, -0.3, leaf.lightened(0.3), leaf.darkened(0.15)])

func fir(pen):
	var leaf = colors.ground.darkened(0.45).linear_interpolate(Color("#2f6f5e"), 0.6)
	pen.rect(-0.04, -0.2, 0.08, 0.2, Color("#5a3d28"))
	for i in 3:
		var k = 2 - i
		var y = -0.9 + 0.24 * k
		var w = 0.2 + 0.08 * k
		pen.polygon(PoolVector2Array([Vector2(-w, y + 0.34), Vector2(0, y), Vector2(w, y + 0.34)]), [y, y + 0.34, leaf.lightened(0.2), leaf])
		pen.polygon(PoolVector2Array([Vector2(-w * 0.3, y + 0.1), Vector2(0, y), Vector2(w * 0.3, y + 0.1)]), Color(1, 1, 1, 0.7))

func lamp(pen):
	pen.rect(-0.03, -0.8, 0.06, 0.8, colors.sky.darkened(0.3))
	pen.halo(0, -0.8, 0.22, colors.accent, 0.9)
	pen.disc(0, -0.8, 0.07, colors.accent.lightened(0.6))

func cactus(pen):
	var green = Color("#3f8f4f")
	for v in [[-0.08, -0.75, 0.16, 0.75], [-0.28, -0.58, 0.11, 0.26], [-0.28, -0.42, 0.26, 0.1], [0.16, -0.66, 0.11, 0.3], [0.02, -0.46, 0.25, 0.1]]:
		var r = min(v[2], v[3]) / 2
		pen.rect(v[0], v[1] + r * 0.8, v[2], v[3] - r * 1.6, [-1.0, 0.0, green.lightened(0.2), green.darkened(0.2)])
		pen.polygon(Pen.oval(Transform2D(0, Vector2(v[0] + v[2] / 2, v[1] + r)), v[2], 2 * r), [-1.0, 0.0, green.lightened(0.2), green.darkened(0.2)])

func crystal(pen):
	for v in [[-0.18, 0.45, 0.1], [0.17, 0.52, 0.1], [0.0, 0.76, 0.14]]:
		var x = v[0]
		var h = v[1]
		var w = v[2]
		pen.polygon(PoolVector2Array([Vector2(x - w, 0), Vector2(x - w, -h * 0.7), Vector2(x, -h), Vector2(x + w, -h * 0.7), Vector2(x + w, 0)]),
			[-h, 0.0, colors.accent.lightened(0.5), colors.accent.darkened(0.3)])
		pen.polygon(PoolVector2Array([Vector2(x - w * 0.6, -h * 0.1), Vector2(x - w * 0.6, -h * 0.68), Vector2(x - w * 0.1, -h * 0.85), Vector2(x - w * 0.2, -h * 0.1)]), Color(1, 1, 1, 0.3))

func lolly(pen):
	pen.rect(-0.02, -0.6, 0.04, 0.6, Color.white)
	var list = [colors.accent, Color.white, colors.collect, Color.white, colors.accent]
	for i in 5:
		pen.disc(0, -0.7, 0.24 - 0.045 * i, list[i])

func banner(pen):
	pen.rect(-0.04, -0.9, 0.05, 0.9, Color("#6e7489"))
	pen.polygon(PoolVector2Array([Vector2(0.01, -0.88), Vector2(0.35, -0.8), Vector2(0.22, -0.7), Vector2(0.35, -0.6), Vector2(0.01, -0.54)]),
		[-0.88, -0.5, colors.accent.lightened(0.2), colors.accent.darkened(0.2)])
	pen.disc(-0.015, -0.91, 0.04, colors.collect)

func kelp(pen):
	var green = colors.accent.linear_interpolate(Color("#1f8a5b"), 0.6)
	for k in 3:
		var h = [0.7, 0.95, 0.6][k]
		var before = []
		for i in 20:
			var t = i / 19.0
			var x = -0.2 + 0.2 * k + sin(t * 7 + k) * 0.05
			var w = 0.045 * (1.1 - t)
			var now = [Vector2(x - w, -t * h), Vector2(x + w, -t * h)]
			if i > 0:
				pen.polygon(PoolVector2Array([before[0], before[1], now[1], now[0]]), [-h, 0.0, green.lightened(0.3), green.darkened(0.3)])
			before = now
