extends "res://canvas.gd"

# Draws the shooter: a field that is always wholly on the screen, with the sky rushing by.

const Backdrop = preload("res://backdrop.gd")
const Figures = preload("res://figures.gd")
const Hero = preload("res://figure_hero.gd")
const Collect = preload("res://figure_collect.gd")
const Enemy = preload("res://figure_enemy.gd")
const Heart = preload("res://figure_heart.gd")
const Particles = preload("res://particles.gd")
const Spring = preload("res://spring.gd")

var size = Vector2(1920, 1200)
var sky = Backdrop.new()
var hero = Figures.walk(Hero.PARTS, colors.hero, colors.accent)
var enemy = Figures.walk(Enemy.PARTS, colors.enemy, colors.accent)
var flash = Figures.walk(Enemy.PARTS, colors.enemy.lightened(0.7), Color.white)
var collect = Figures.figure(Collect.PARTS, colors.collect, colors.accent)
var heart = Figures.figure(Heart.PARTS, Color("#ff4d6d"), Color.white)
var particles = Particles.new()
var spring = Spring.new()
var world
var state = "title"
var dt = 0.0
var clock = 0.0
var unit = 60.0 # pixels for one unit of the world
var corner = Vector2()
var shake_left = 0.0
var shake_force = 0.0
var gone = false

func reset(of):
	world = of
	particles.list = []
	gone = false
	fit()

func fit():
	unit = min(size.x / world.w, size.y / world.h)
	corner = Vector2((size.x - world.w * unit) / 2, size.y - (size.y - world.h * unit) / 2)

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
		"shoot":
			spring.kick(-1)
		"spark":
			particles.burst(x, y, unit, colors.collect, 4)
		"collect":
			particles.burst(x, y, unit, colors.collect, 10)
		"heart", "power":
			spring.kick(5)
			particles.ripple(x, y, unit * 1.2, colors.accent)
		"burst":
			var big = e.get("big", false)
			if big:
				shake(0.6, 0.5)
				particles.ripple(x, y, unit * 3.4, colors.accent)
			particles.burst(x, y, unit * (2.0 if big else 1.25), colors.enemy, 90 if big else 24)
			particles.ripple(x, y, unit, colors.enemy)
		"hurt":
			shake(0.3, 0.4)
			particles.burst(x, y, unit, colors.hero, 26)
		"foeShot":
			particles.burst(x, y, unit * 0.5, colors.enemy, 3)
		"lost":
			gone = true

func _draw():
	if world == null:
		return
	clock += dt
	fit()
	sky.draw(self, size, clock * size.y * 0.2, 1.0, dt)
	shake_left -= dt
	if shake_left > 0:
		corner += Vector2(randf() - 0.5, randf() - 0.5) * shake_force * unit
	if state == "title":
		draw_hero(world.w * 0.12, world.h * 0.5 + sin(clock * 2) * 0.5, 1.0)
		return
	for i in world.items:
		put(heart if i.heart else collect, px(i.x), py(i.y + sin(clock * 4 + i.y) * 0.06), 0.62 * unit, {sx = cos(clock * 3 + i.y)})
	for s in world.shots:
		glow(px(s.x), py(s.y), 0.6 * unit, colors.accent, 0.6)
		round_bar(px(s.x) - 0.3 * unit, py(s.y) - 0.06 * unit, 0.6 * unit, 0.12 * unit, 0.06 * unit, colors.accent.lightened(0.7))
	for f in world.foes:
		foe(f.x, f.y, 1.05, f.time, f.flash)
	var b = world.boss
	if b != null:
		glow(px(b.x), py(b.y), 3 * unit, colors.enemy, 0.4)
		if b.hp > 0:
			foe(b.x, b.y, 3.6, b.time * 0.6, b.flash)
	for s in world.bullets:
		glow(px(s.x), py(s.y), 0.5 * unit, colors.enemy, 0.9)
		disc(px(s.x), py(s.y), 0.17 * unit, 0.17 * unit, colors.enemy.darkened(0.3))
		disc(px(s.x), py(s.y), 0.1 * unit, 0.1 * unit, Color.white)
	if not gone:
		var p = world.player
		draw_hero(p.x, p.y, 0.35 if p.hurt > 0 and sin(clock * 40) > 0 and state == "playing" else 1.0)
	particles.draw(self, dt, px(0), py(0), unit)

func foe(x, y, big, time, lit):
	put(frame(flash if lit > 0 else enemy, time), px(x), py(y), big * unit, {sx = -1.0})

func draw_hero(x, y, a):
	var squash = spring.step(dt)
	var flame = 0.5 + 0.2 * sin(clock * 40)
	put(glow_shape, px(x - 0.62), py(y), flame * unit, {sx = 1.7, sy = 0.7, alpha = 0.7})
	glow(px(x - 0.62), py(y), flame * 1.1 * unit, colors.accent, 0.9)
	put(frame(hero, clock * 1.6), px(x), py(y), 1.15 * unit, {sx = 1 - squash * 0.2, sy = 1 + squash * 0.2, alpha = a})
