extends "res://canvas.gd"

# Draws the runner: a road that runs to the horizon, projected by hand. What is at distance d appears focal / d as large.

const Backdrop = preload("res://backdrop.gd")
const Figures = preload("res://figures.gd")
const Hero = preload("res://figure_hero.gd")
const Collect = preload("res://figure_collect.gd")
const Enemy = preload("res://figure_enemy.gd")
const Particles = preload("res://particles.gd")
const Spring = preload("res://spring.gd")

const BEHIND = 6.0 # the camera's distance behind the hero
const FAR = 80.0
const STRIPE = 5.0 # length of a band of the road

var size = Vector2(1920, 1200)
var sky = Backdrop.new()
var hero = Figures.walk(Hero.PARTS, colors.hero, colors.accent, true)
var enemy = Figures.walk(Enemy.PARTS, colors.enemy, colors.accent)
var collect = Figures.figure(Collect.PARTS, colors.collect, colors.accent)
var particles = Particles.new()
var spring = Spring.new()
var world
var state = "title"
var dt = 0.0
var clock = 0.0
var cam_x = 0.0
var cam_z = 0.0
var focal = 600.0
var horizon = 480.0
var height = 2.5 # of the camera
var center = 960.0
var shake_left = 0.0
var shake_force = 0.0

func reset(of):
	world = of
	particles.list = []
	cam_z = world.player.z

func show_world(of, delta, now):
	world = of
	dt = delta
	state = now
	update()

func to_world(_pointer):
	return Vector2()

# Where a place of the world is on the screen, how many pixels a unit has there, and how far away it is.
func project(x, y, z):
	var d = max(0.4, z - cam_z + BEHIND)
	var zoom = focal / d
	return [center + (x - cam_x) * zoom, horizon + (height - y) * zoom, zoom, d]

func shake(seconds, force):
	shake_left = seconds
	shake_force = 0.0 if particles.calm else force

func event(e):
	var at = project(e.x, e.y + 0.5, e.z)
	var x = at[0]
	var y = at[1]
	var u = focal / BEHIND
	match e.kind:
		"jump":
			spring.kick(5)
			particles.burst(x, y + u * 0.3, u, Color.white, 8)
		"land":
			spring.kick(-5)
			particles.burst(x, y + u * 0.4, u, Color.white, 6)
		"move":
			spring.kick(2)
		"collect":
			particles.burst(x, y, u, colors.collect, 12)
		"stomp":
			spring.kick(6)
			shake(0.1, 0.15)
			particles.burst(x, y, u, colors.enemy, 24)
			particles.ripple(x, y, u, colors.accent)
		"hurt":
			shake(0.32, 0.4)
			particles.burst(x, y, u, colors.hero, 26)
		"won":
			for i in 5:
				particles.burst(x + (i - 2) * u, y - u, u, [colors.collect, colors.accent, colors.hero][i % 3], 28)

func _draw():
	if world == null:
		return
	clock += dt
	var at_hero = min(size.x * 0.96 / (world.LANE * 3.9), size.y * 0.15)
	focal = at_hero * BEHIND
	horizon = size.y * 0.4
	height = size.y * 0.44 / at_hero
	center = size.x / 2
	var p = world.player
	var hero_z = p.z
	if state == "playing":
		cam_z = p.z
	else:
		cam_z += dt * 4 # the road rolls on behind the title
		hero_z = cam_z
	cam_x += (p.x * 0.55 - cam_x) * min(1.0, dt * 8)
	sky.draw(self, size, (cam_x * 60 + cam_z * 2) * size.y / 600, 0.4, dt)
	road()
	shake_left -= dt
	if shake_left > 0:
		horizon += (randf() - 0.5) * shake_force * at_hero
		center += (randf() - 0.5) * shake_force * at_hero
	# The farthest first: each is [z, what, the thing].
	var list = props()
	if state != "title":
		for i in world.items:
			list.append([i.z, "item", i])
		for b in world.blocks:
			list.append([b.z, "block", b])
	list.append([hero_z, "hero", null])
	list.sort_custom(self, "farther")
	for thing in list:
		match thing[1]:
			"prop":
				place(sky.prop, thing[2][0], 0, thing[0], thing[2][1])
			"item":
				var i = thing[2]
				place(collect, i.x, i.y + sin(clock * 3 + i.z) * 0.06, i.z, 0.72, cos(clock * 2.4 + i.z * 0.3))
			"block":
				block(thing[2])
			"hero":
				draw_hero(hero_z)
	particles.draw(self, dt, 0, 0, at_hero)

func farther(a, b):
	return a[0] > b[0]

# A picture that is so many units large; far things come out of the haze.
func place(shape, x, y, z, big, sx = 1.0):
	var at = project(x, y, z)
	if at[3] > 0.8 and at[3] < FAR:
		put(shape, at[0], at[1], big * at[2], {sx = sx, alpha = clamp((FAR - at[3]) / 16, 0.01, 1)})

func road():
	var haze = colors.sky_low.linear_interpolate(colors.ground, 0.35)
	shade(0, horizon, size.x, size.y - horizon, haze, colors.ground)
	var edge = world.LANE * 1.62
	var tar = colors.ground.linear_interpolate(colors.sky, 0.6).darkened(0.35)
	var first = int(floor((cam_z - BEHIND + 0.5) / STRIPE))
	for n in int(FAR / STRIPE) + 1:
		var i = first + int(FAR / STRIPE) - n
		var from = max(cam_z - BEHIND + 0.45, i * STRIPE)
		var to = (i + 1) * STRIPE
		if to <= from:
			continue
		var odd = i & 1 == 1
		var dim = clamp((to - cam_z) / FAR, 0, 0.8)
		band(from, to, -40, 40, Colors.alpha(colors.ground.lightened(0.09) if odd else colors.ground, 0.5 * (1 - dim)))
		band(from, to, -edge - 0.28, edge + 0.28, Colors.alpha(colors.accent if odd else colors.text, 1 - dim))
		band(from, to, -edge, edge, (tar.lightened(0.06) if odd else tar).linear_interpolate(colors.sky_low, dim * 0.7))
		if odd:
			for side in [-0.5, 0.5]:
				band(from, to, side * world.LANE - 0.06, side * world.LANE + 0.06, Colors.alpha(colors.text, 0.5 * (1 - dim)))

func band(from, to, left, right, color):
	var corners = []
	for at in [[left, from], [right, from], [right, to], [left, to]]:
		var on = project(at[0], 0, at[1])
		corners.append(Vector2(on[0], on[1]))
	quad(corners, [color, color, color, color])

# They stand along the road, for ever.
func props():
	var list = []
	for i in 20:
		var side = i % 2 * 2 - 1
		var n = int(floor((cam_z - BEHIND) / 9)) + i / 2 + 1
		var away = float((n * 2654435761) & 0xffffffff) / 4294967296.0
		list.append([n * 9.0 + side * 2, "prop", [side * (world.LANE * 1.62 + 1.8 + away * 2.6), 2.6 + away * 1.8]])
	return list

# A low crate to jump over, a tall one to dodge, or a foe.
func block(b):
	if b.kind == "enemy":
		place(frame(enemy, clock * 1.8 + b.z * 0.01), b.x, 0.62, b.z, 1.15)
		return
	var high = 2.5 if b.kind == "tall" else 0.85
	var fill = colors.enemy.darkened(0.35) if b.kind == "tall" else colors.enemy
	var foot = project(b.x - 0.86, 0, b.z)
	var top = project(b.x + 0.86, high, b.z)
	var left = project(b.x - 0.86, high, b.z + 0.9)
	var right = project(b.x + 0.86, high, b.z + 0.9)
	var a = clamp((FAR - foot[3]) / 16, 0, 1)
	if foot[3] < 0.8 or a <= 0:
		return
	var x = foot[0]
	var y = top[1]
	var wide = top[0] - x
	var tall = foot[1] - y
	var lid = Colors.alpha(fill.lightened(0.35), a)
	quad([Vector2(x, y), Vector2(x + wide, y), Vector2(right[0], right[1]), Vector2(left[0], left[1])], [lid, lid, lid, lid])
	shade(x, y, wide, tall, Colors.alpha(fill.lightened(0.1), a), Colors.alpha(fill.darkened(0.35), a))
	var dark = Colors.alpha(fill.darkened(0.7), a)
	var edge = 0.05 * foot[2]
	bar(x, y, wide, edge, dark)
	bar(x, y + tall - edge, wide, edge, dark)
	bar(x, y, edge, tall, dark)
	bar(x + wide - edge, y, edge, tall, dark)
	for side in [-0.28, 0.28]:
		var eye = project(b.x + side, min(high - 0.35, 1.2), b.z)
		var r = 0.13 * eye[2]
		disc(eye[0], eye[1], r, r * 1.2, Color(1, 1, 1, a))
		disc(eye[0], eye[1] + r * 0.2, r * 0.5, r * 0.7, dark)

func draw_hero(z):
	var p = world.player
	var squash = spring.step(dt)
	var foot = project(p.x, 0, z)
	var shadow = max(0.4, 1 - p.y * 0.25)
	disc(foot[0], foot[1], 0.5 * foot[2] * shadow, 0.13 * foot[2] * shadow, Color(0, 0, 0, 0.35))
	var shape = frame(hero, z * 0.28 if p.on_ground else 0.25)
	var bounce = abs(sin(z * 0.9)) * 0.09 if p.on_ground else 0.0
	var a = 0.35 if p.hurt > 0 and sin(clock * 40) > 0 and state == "playing" else 1.0
	var turn = (p.lane * world.LANE - p.x) * 0.16
	if state == "lost":
		a = 0.5
		turn = 1.4
	var at = project(p.x, p.y + 0.66 + bounce, z)
	put(shape, at[0], at[1], 1.25 * at[2], {sx = 1 - squash * 0.3, sy = 1 + squash * 0.3, turn = turn, alpha = a})
