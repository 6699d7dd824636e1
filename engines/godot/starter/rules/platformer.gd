extends Reference

# The rules of the platformer: run, jump (twice), stomp, gather and reach the portal. No drawing, no clock, no chance: the
# same level and the same input always play the same. Units: x to the right, y up, a hero is about one unit tall.

const Controls = preload("res://controls.gd")
const Level = preload("res://level.gd")
const Words = preload("res://words.gd")

const STEP_HEIGHT = 0.05
const GRAVITY = 38.0
const RUNNING = 7.0
const JUMPING = 14.6 # reaches 2.8 units
const AIR_JUMP = 12.2
const HALF_W = 0.34
const HALF_H = 0.45
const PIT = -6.0

static func describe(d):
	return {
		goal = "Collect %s to open the portal, then leap through it. Mind the %s!" % [Words.plural(d.COLLECT), Words.plural(d.ENEMY)],
		how = [["Arrows  or  A D", "run"], ["Space  or  Up", "jump, again in the air"], ["land on " + Words.with_article(d.ENEMY), "squash it"]],
		won = "The %s made it home!" % d.HERO,
		lost = "The %s got the better of you." % Words.plural(d.ENEMY),
	}

var level
var hearts
var max_hearts
var time = 0.0
var over = false
var score = 0
var chain = 0
var chain_time = 0.0
var player
var safe = Vector2(0, HALF_H) # where a fall leads back to
var running
var gravity
var lift
var open = false
var told = false
var events = []

func _init(d, _aspect):
	level = Level.new(d)
	var t = d.TUNING
	max_hearts = t.lives if t.lives > 0 else 5 if d.DIFFICULTY < 0.9 else 2 if d.DIFFICULTY > 1.2 else 3
	running = RUNNING * t.speed
	gravity = GRAVITY * t.gravity
	lift = sqrt(t.jump * t.gravity) # so that jump is a height
	hearts = max_hearts
	player = {x = 0.0, y = HALF_H, vx = 0.0, vy = 0.0, face = 1.0, on_ground = true, held = false, jumps = 2, coyote = 0.0, buffer = 0.0, hurt = 0.0}

func status():
	return {score = score, goal = level.goal, hearts = hearts, max_hearts = max_hearts, x = player.x, y = player.y, time = time}

func tell(kind, x, y):
	var e = {kind = kind, x = x, y = y}
	events.append(e)
	return e

func step(dt, c):
	events = []
	if over:
		return events
	time += dt
	chain_time -= dt
	move_player(dt, c)
	move_enemies(dt)
	meet_enemies()
	gather()
	enter_portal()
	return events

func move_player(dt, c):
	var p = player
	p.hurt = max(0.0, p.hurt - dt)
	p.coyote = 0.1 if p.on_ground else p.coyote - dt # a jump just after the edge still counts
	p.buffer = 0.13 if Controls.any(c, ["up", "action"]) else p.buffer - dt # and one just before the landing
	var grip = (70.0 if p.on_ground else 42.0) * dt
	p.vx += clamp(c.x * running - p.vx, -grip, grip)
	if c.x != 0:
		p.face = sign(c.x)
	if p.buffer > 0 and (p.coyote > 0 or p.jumps > 0):
		var first = p.coyote > 0
		p.vy = (JUMPING if first else AIR_JUMP) * lift
		p.jumps = 1 if first else 0
		p.coyote = 0.0
		p.buffer = 0.0
		p.held = true
		tell("jump" if first else "flip", p.x, p.y - HALF_H)
	p.held = p.held and c.jump and p.vy > 0
	p.vy -= gravity * dt * (1.7 if p.vy > 0 and not p.held else 1.0) # let go early for a small hop
	p.vy = max(p.vy, -20.0)

	p.x += p.vx * dt
	for s in level.solids:
		if not s.thin and overlaps(s):
			p.x = s.x - HALF_W if p.vx > 0 else s.x + s.w + HALF_W
			p.vx = 0.0
	p.x = clamp(p.x, level.left + HALF_W, level.right - HALF_W)
	fall(dt)
	if p.y < PIT:
		harm()
		p.x = safe.x
		p.y = safe.y + 1
		p.vx = 0.0
		p.vy = 0.0

func fall(dt):
	var p = player
	var before = p.y - HALF_H
	var speed = p.vy
	var was_on_ground = p.on_ground
	p.y += p.vy * dt
	p.on_ground = false
	for s in level.solids:
		if not overlaps(s):
			continue
		if p.vy <= 0 and before >= s.top - STEP_HEIGHT - 0.12:
			p.y = s.top + HALF_H
			p.vy = 0.0
			p.on_ground = true
			p.jumps = 2
			if not was_on_ground and speed < -6:
				tell("land", p.x, s.top).force = -speed
			if not s.thin and p.x > s.x + 0.6 and p.x < s.x + s.w - 0.6:
				safe = Vector2(p.x, p.y)
		elif not s.thin and p.vy > 0:
			p.y = s.top - s.h - HALF_H
			p.vy = 0.0

# What touches does not overlap, also when its place has been rounded.
func overlaps(s):
	var p = player
	return p.x + HALF_W > s.x + 0.0001 and p.x - HALF_W < s.x + s.w - 0.0001 and p.y - HALF_H < s.top and p.y + HALF_H > s.top - s.h

func move_enemies(dt):
	for e in level.enemies:
		e.x += e.dir * e.speed * dt
		if e.x < e.from:
			e.dir = 1.0
		if e.x > e.to:
			e.dir = -1.0
		e.y = e.base + (sin(time * 2.2 + e.from) * 0.7 if e.flies else 0.0)

func meet_enemies():
	var p = player
	var alive = []
	for e in level.enemies:
		if abs(e.x - p.x) > 0.72 or abs(e.y - p.y) > 0.8:
			alive.append(e)
		elif p.vy < -1 and p.y > e.y + 0.25:
			p.vy = 11.0
			p.held = true
			p.jumps = 1
			tell("stomp", e.x, e.y)
			level.items.append({x = e.x, y = e.y + 1.4, dropped = true, age = 0.0})
		else:
			alive.append(e)
			if p.hurt <= 0:
				p.vx = -9.0 if p.x < e.x else 9.0
				p.vy = 7.0
				harm()
	level.enemies = alive

func harm():
	var p = player
	if p.hurt > 0 or over:
		return
	hearts -= 1
	p.hurt = 1.6
	chain = 0
	tell("hurt", p.x, max(p.y, PIT + 2))
	if hearts <= 0:
		over = true
		tell("lost", p.x, p.y)

func gather():
	var p = player
	var left = []
	for s in level.items:
		if abs(s.x - p.x) > 0.85 or Vector2(s.x - p.x, s.y - p.y).length() > 0.85:
			left.append(s)
			continue
		score += 1
		chain = chain + 1 if chain_time > 0 else 0
		chain_time = 1.4
		tell("collect", s.x, s.y).n = chain
		if score == level.goal:
			open = true
			tell("open", level.portal.x, level.portal.y).say = "The portal is open!"
	level.items = left

func enter_portal():
	var p = player
	var near = level.portal.distance_to(Vector2(p.x, p.y)) < 1.1
	if over:
		pass
	elif near and open:
		over = true
		tell("won", level.portal.x, level.portal.y)
	elif near and not told:
		tell("no", p.x, p.y).say = "%d more to open the portal" % (level.goal - score)
	told = near
