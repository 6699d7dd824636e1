extends "res://canvas.gd"

# Draws the puzzle: a board in front of the sky, with pieces that fall, swell and burst.

const Backdrop = preload("res://backdrop.gd")
const Figures = preload("res://figures.gd")
const Enemy = preload("res://figure_enemy.gd")
const Particles = preload("res://particles.gd")
const Kinds = [preload("res://figure_collect.gd"), preload("res://figure_piece1.gd"), preload("res://figure_piece2.gd"),
	preload("res://figure_piece3.gd"), preload("res://figure_piece4.gd")]

var size = Vector2(1920, 1200)
var sky = Backdrop.new()
var enemy = Figures.walk(Enemy.PARTS, colors.enemy, colors.accent)
var paints = colors.pieces()
var pieces = make_pieces()
var particles = Particles.new()
var world
var state = "title"
var dt = 0.0
var clock = 0.0
var unit = 60.0 # pixels of a cell
var corner = Vector2() # the middle of the cell in column 0 and row 0
var shake_left = 0.0
var shake_force = 0.0

func make_pieces():
	var list = []
	for i in Kinds.size():
		list.append(Figures.figure(Kinds[i].PARTS, paints[i], paints[i].lightened(0.5)))
	return list

func reset(of):
	world = of
	particles.list = []
	fit()

func fit():
	unit = min(size.x / (world.COLUMNS + 0.8), size.y / (world.ROWS + 2.1))
	corner = Vector2(size.x / 2 - (world.COLUMNS - 1) / 2.0 * unit, size.y / 2 + (world.ROWS - 1) / 2.0 * unit + 0.42 * unit)

func show_world(of, delta, now):
	world = of
	dt = delta
	state = now
	update()

func to_world(pointer):
	return Vector2((pointer.x - corner.x) / unit, (corner.y - pointer.y) / unit)

func px(x):
	return corner.x + x * unit

func py(y):
	return corner.y - y * unit

func shake(seconds, force):
	shake_left = seconds
	shake_force = 0.0 if particles.calm else force

func event(e):
	var x = e.x * unit
	var y = -e.y * unit
	match e.kind:
		"collect":
			particles.burst(x, y, unit, colors.collect, 12)
			particles.ripple(x, y, unit * 0.8, colors.collect)
		"pop":
			particles.burst(x, y, unit, paints[e.n], 9)
		"stomp":
			shake(0.15, 0.12)
			particles.burst(x, y, unit, colors.enemy, 22)
		"burst":
			shake(0.25, 0.25)
			particles.burst(x, y, unit, colors.accent, 40)
			particles.ripple(x, y, unit * 2, colors.accent)
		"power":
			particles.ripple(x, y, unit * 1.2, Color.white)
		"won":
			for i in 6:
				particles.burst(i * unit, -3 * unit, unit, colors.collect, 26)

func _draw():
	if world == null:
		return
	clock += dt
	fit()
	sky.draw(self, size, clock * size.y * 0.02, 1.0, dt)
	shake_left -= dt
	if shake_left > 0:
		corner += Vector2(randf() - 0.5, randf() - 0.5) * shake_force * unit
	var x = px(-0.5)
	var y = py(world.ROWS - 0.5)
	var wide = world.COLUMNS * unit
	var high = world.ROWS * unit
	var edge = 0.22 * unit
	round_bar(x - edge * 1.2, y - edge * 1.2, wide + edge * 2.4, high + edge * 2.4, 0.4 * unit, Colors.alpha(colors.accent, 0.6))
	round_bar(x - edge, y - edge, wide + edge * 2, high + edge * 2, 0.34 * unit, Colors.alpha(colors.sky.darkened(0.55), 0.92))
	for c in world.COLUMNS:
		for r in world.ROWS:
			if (c + r) % 2 == 0:
				round_bar(px(c - 0.46), py(r + 0.46), 0.92 * unit, 0.92 * unit, 0.2 * unit, Color(1, 1, 1, 0.06))
	marks()
	for p in world.grid:
		if p != null:
			piece(p)
	particles.draw(self, dt, px(0), py(0), unit)

# The cursor, what is picked, and a hint for who has not moved for a while.
func marks():
	if state != "playing":
		return
	if world.picked != null:
		glow(px(world.picked.x), py(world.picked.y), 0.8 * unit, colors.accent, 0.7)
	mark(world.player, 1 + 0.04 * sin(clock * 5), 0.9)
	if world.hint != null:
		for at in world.hint:
			mark(at, 0.9 + 0.08 * sin(clock * 7), 0.5)

func mark(at, grow, a):
	var r = 0.47 * unit * grow
	ring(px(at.x), py(at.y), r, r, 0.07 * unit, Colors.alpha(colors.accent.lightened(0.4), a))

func piece(p):
	if p.y > world.ROWS + 0.5:
		return
	var picked = world.picked != null and world.picked.x == p.c and world.picked.y == p.r
	var big = (0.9 if picked else 0.8) * (1 + 1.6 * p.going * (1 - p.going)) * (2 - 2 * p.going if p.going > 0.5 else 1.0)
	var turn = 0.1 * sin(clock * 9) if picked else 0.0
	if p.charged:
		glow(px(p.x), py(p.y), (0.75 + 0.1 * sin(clock * 6)) * unit, Color.white, 0.75)
		turn += 0.12 * sin(clock * 4)
	var shape = pieces[p.kind] if p.kind >= 0 else frame(enemy, clock * 0.8 + p.c * 0.2)
	put(shape, px(p.x), py(p.y), big * unit, {turn = turn})
