extends "res://canvas.gd"

# Draws the platformer: tiled ground, walking figures, a camera that runs ahead of the hero.

const Backdrop = preload("res://backdrop.gd")
const Figures = preload("res://figures.gd")
const Hero = preload("res://figure_hero.gd")
const Collect = preload("res://figure_collect.gd")
const Enemy = preload("res://figure_enemy.gd")
const Particles = preload("res://particles.gd")
const Random = preload("res://random.gd")
const Spring = preload("res://spring.gd")

var size = Vector2(1920, 1200)
var sky = Backdrop.new()
var hero = Figures.walk(Hero.PARTS, colors.hero, colors.accent)
var enemy = Figures.walk(Enemy.PARTS, colors.enemy, colors.accent)
var collect = Figures.figure(Collect.PARTS, colors.collect, colors.accent)
var particles = Particles.new()
var spring = Spring.new()
var world
var state = "title"
var dt = 0.0
var clock = 0.0
var look = Vector2()
var unit = 60.0 # pixels for one unit of the world
var turn = 0.0 # of the hero, who flips in the air
var shake_left = 0.0
var shake_force = 0.0
var props = []

func reset(of):
	world = of
	particles.list = []
	look = Vector2(world.player.x + 3, world.player.y + 1.5)
	turn = 0.0
	props = []
	var r = Random.new(3)
	for s in world.level.solids:
		var x = s.x + 0.8
		while not s.thin and x < s.x + s.w - 0.8:
			props.append([x, s.top, r.between(1.5, 3.2)])
			x += r.between(2.2, 4.5)

func show_world(of, delta, now):
	world = of
	dt = delta
	state = now
	update()

func to_world(_pointer):
	return Vector2()

func px(x):
	return size.x / 2 + (x - look.x) * unit

func py(y):
	return size.y * 0.58 - (y - look.y) * unit

func shake(seconds, force):
	shake_left = seconds
	shake_force = 0.0 if particles.calm else force

func event(e):
	var x = e.x * unit
	var y = -e.y * unit
	match e.kind:
		"jump":
			spring.kick(5)
			particles.burst(x, y, unit, Color.white, 6)
		"flip":
			spring.kick(4)
			turn = TAU
			particles.burst(x, y, unit, colors.accent, 12)
		"land":
			spring.kick(-min(7, e.force * 0.4))
			particles.burst(x, y, unit, Color.white, 5)
		"collect":
			particles.burst(x, y, unit, colors.collect, 14)
			particles.ripple(x, y, unit * 0.7, colors.collect)
		"stomp":
			spring.kick(6)
			shake(0.11, 0.2)
			particles.burst(x, y, unit, colors.enemy, 22)
		"hurt":
			shake(0.24, 0.4)
			particles.burst(x, y, unit, colors.hero, 20)
		"open":
			particles.ripple(x, y, unit * 2.4, colors.accent)
			particles.ripple(x, y, unit * 1.4, colors.collect)
		"won":
			for i in 4:
				particles.burst(x + (i - 1.5) * unit, y - unit, unit, colors.collect, 24)

func _draw():
	if world == null:
		return
	clock += dt
	unit = clamp(min(size.y / 9.5, size.x / 11), 18, 260)
	var p = world.player
	if state == "title":
		look.x += dt * 0.8
	else:
		look.x += (p.x + p.face * 1.6 + p.vx * 0.16 - look.x) * min(1.0, dt * 4)
		look.y += (p.y + 1.2 - look.y) * min(1.0, dt * 3)
	var half = size.x / 2 / unit
	look.x = clamp(look.x, world.level.left + half, max(world.level.left + half, world.level.right - half))
	sky.draw(self, size, look.x * unit, 1.0, dt)
	var still = look
	shake_left -= dt
	if shake_left > 0:
		look += Vector2(randf() - 0.5, randf() - 0.5) * shake_force
	for o in props:
		if abs(o[0] - look.x) < half + 3:
			put(sky.prop, px(o[0]), py(o[1]) + 2, o[2] * unit, {alpha = 0.92})
	for s in world.level.solids:
		if s.x < look.x + half + 1 and s.x + s.w > look.x - half - 1:
			solid(s)
	portal()
	for i in world.level.items:
		i.age += dt
		if abs(i.x - look.x) < half + 1:
			var grow = min(1.0, i.age * 3) if i.dropped else 1.0
			put(collect, px(i.x), py(i.y + sin(clock * 2.6 + i.x) * 0.1), 0.64 * grow * unit, {sx = cos(clock * 2.2 + i.x * 0.7)})
	for e in world.level.enemies:
		if abs(e.x - look.x) < half + 1:
			var pulse = sin(clock * 6 + e.from) * 0.03
			put(frame(enemy, clock * 1.6 + e.from), px(e.x), py(e.y + 0.05), unit, {sx = e.dir * (0.98 + pulse), sy = 0.98 - pulse})
	draw_hero()
	particles.draw(self, dt, px(0), py(0), unit)
	look = still

func solid(s):
	var x = px(s.x)
	var y = py(s.top)
	var wide = s.w * unit
	var high = min(s.h * unit, size.y - y)
	if high > 0:
		var zoom = unit / sky.look.BLOCK
		draw_set_transform(Vector2(x, y), 0, Vector2(zoom, zoom))
		draw_texture_rect(sky.block, Rect2(0, 0, wide / zoom, high / zoom), true)
		draw_set_transform(Vector2(), 0, Vector2(1, 1))
		shade(x, y, wide, high, Color(0, 0, 0, 0.0 if s.thin else 0.05), Color(0, 0, 0, 0.35 if s.thin else 0.4))
	var edge = unit * 0.2
	round_bar(x - edge * 0.4, y - edge * 0.3, wide + edge * 0.8, edge, edge / 2, colors.edge())
	round_bar(x, y - edge * 0.15, wide, edge * 0.28, edge * 0.14, Color(1, 1, 1, 0.35))

# Swirls when it is open.
func portal():
	var x = px(world.level.portal.x)
	var y = py(world.level.portal.y)
	var open = world.open
	glow(x, y, unit * 2.5, colors.accent, 0.75 + sin(clock * 5) * 0.2 if open else 0.18)
	var grow = 1 + sin(clock * 4) * 0.05 if open else 0.85
	disc(x, y, 0.7 * unit * grow, 1.05 * unit * grow, Color(0.05, 0.04, 0.11, 0.75))
	ring(x, y, 0.66 * unit * grow, 1.0 * unit * grow, 0.1 * unit, colors.accent)
	var inner = 0.6 + fmod(clock * 0.8, 0.6) if open else 0.5
	ring(x, y, 0.45 * unit * inner, 0.7 * unit * inner, 0.06 * unit, colors.collect)

func draw_hero():
	var p = world.player
	var squash = spring.step(dt)
	turn = max(0.0, turn - dt * 18)
	if state == "lost":
		return
	var shape = frame(hero, 0.25)
	var breathe = 0.0
	if p.on_ground and abs(p.vx) > 0.5:
		shape = frame(hero, p.x * 0.55)
	elif p.on_ground:
		shape = hero[0]
		breathe = sin(clock * 3.4) * 0.02
	if p.on_ground:
		disc(px(p.x), py(p.y - world.HALF_H), 0.36 * unit, 0.07 * unit, Color(0, 0, 0, 0.28))
	var a = 0.35 if p.hurt > 0 and sin(clock * 40) > 0 and state == "playing" else 1.0
	put(shape, px(p.x), py(p.y) - 0.04 * unit, unit,
		{sx = p.face * (1 - squash * 0.35 - breathe), sy = 1 + squash * 0.35 + breathe, turn = -turn * p.face, alpha = a})
