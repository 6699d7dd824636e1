extends Reference

# The rules of the shooter: fly, fire, gather what foes drop, then beat the boss. No drawing and no clock of its own;
# chance comes from the design's seed only. Units: x to the right, y up; the field is w by h around its own corner (0, 0).

const Random = preload("res://random.gd")
const Words = preload("res://words.gd")

const FLYING = 8.5
const SHOTS = 6.5 # a second
const FANS = [[0.0], [-0.16, 0.16], [-0.22, 0.0, 0.22], [-0.3, -0.1, 0.1, 0.3]]

static func describe(d):
	return {
		goal = "Shoot the %s, catch the %s they drop, then beat the boss." % [Words.plural(d.ENEMY), Words.plural(d.COLLECT)],
		how = [["Arrows  or  W A S D", "fly"], ["Space", "hold to fire"], [Words.plural(d.COLLECT), "make you stronger"]],
		won = "The sky belongs to the %s!" % d.HERO,
		lost = "Too many %s." % Words.plural(d.ENEMY),
	}

var chance
var hard
var tune
var w
var h
var hearts
var max_hearts
var over = false
var time = 0.0
var wave_time = 1.2
var score = 0
var goal
var wave = 0
var kills = 0
var queue = []
var foes = [] # {kind, x, y, home, time, stop, next, flash, wait, hp}
var shots = [] # {x, y, vx, vy}
var bullets = [] # the same, of the foes
var items = [] # {x, y, vx, vy, heart}
var boss # comes last: {x, y, time, next, flash, hp, full, turn}
var player
var events = []

func _init(d, aspect):
	# A wide window gets a wide field, a tall one a tall field.
	w = min(24.0, 12 * aspect) if aspect >= 1 else 10.0
	h = 12.0 if aspect >= 1 else clamp(8.4 / aspect, 12, 17)
	chance = Random.new(d.SEED)
	hard = d.DIFFICULTY
	tune = d.TUNING
	max_hearts = tune.lives if tune.lives > 0 else 6 if hard < 0.9 else 3 if hard > 1.2 else 4
	hearts = max_hearts
	goal = tune.goal if tune.goal > 0 else int(max(1, round(60 * (0.6 + 0.4 * hard) * tune.goal_times)))
	player = {x = w * 0.18, y = h / 2, vx = 0.0, vy = 0.0, hurt = 0.0, cool = 0.0, power = 1, drag = null}

func status():
	var s = {score = score, goal = goal, hearts = hearts, max_hearts = max_hearts, x = player.x, y = player.y, time = time}
	if boss != null:
		s.boss = clamp(float(boss.hp) / boss.full, 0, 1)
	return s

func tell(kind, x, y):
	var e = {kind = kind, x = x, y = y}
	events.append(e)
	return e

func step(dt, c):
	events = []
	if over:
		return events
	time += dt
	fly(dt, c)
	fire(dt, c)
	send_foes(dt)
	for f in foes:
		move_foe(f, dt)
	if boss != null:
		move_boss(dt)
	for list in [shots, bullets]:
		for s in list:
			s.x += s.vx * dt
			s.y += s.vy * dt
	hits()
	gather(dt)
	shots = inside(shots)
	bullets = inside(bullets)
	foes = inside(foes)
	items = inside(items)
	return events

# Drops what is over, or out of the field.
func inside(list):
	var kept = []
	for o in list:
		if not o.dead and o.x > -2 and o.x < w + 6 and o.y > -2 and o.y < h + 2:
			kept.append(o)
	return kept

func fly(dt, c):
	var p = player
	p.hurt = max(0.0, p.hurt - dt)
	var by = Vector2(c.x, c.y).clamped(1)
	p.vx += (by.x * FLYING * tune.speed - p.vx) * min(1.0, dt * 14)
	p.vy += (by.y * FLYING * tune.speed - p.vy) * min(1.0, dt * 14)
	p.x += p.vx * dt
	p.y += p.vy * dt
	if c.pressed:
		p.drag = Vector2(p.x, p.y) - c.at # the hero keeps its distance to the pointer
	if not c.down:
		p.drag = null
	if p.drag != null:
		p.x += (c.at.x + p.drag.x - p.x) * min(1.0, dt * 16)
		p.y += (c.at.y + p.drag.y - p.y) * min(1.0, dt * 16)
	p.x = clamp(p.x, 0.7, w - 0.7)
	p.y = clamp(p.y, 0.7, h - 0.7)

func fire(dt, c):
	var p = player
	p.cool -= dt
	if p.cool > 0 or not (c.action or c.down):
		return
	p.cool = 1 / (SHOTS * tune.fire_rate)
	for a in FANS[p.power - 1]:
		shots.append({x = p.x + 0.7, y = p.y + a, vx = 19.0, vy = a * 7 if p.power > 2 else 0.0, dead = false})
	tell("shoot", p.x + 0.8, p.y)

# Lets the next formation come when the last is gone, or after a while.
func send_foes(dt):
	if score >= goal:
		if boss == null and foes.empty():
			var hp = int(round(70 * (0.6 + 0.4 * hard)))
			boss = {x = w + 3, y = h / 2, time = 0.0, next = 2.4, flash = 0.0, hp = hp, full = hp, turn = 0}
			tell("alarm", w, h / 2).say = "The boss is here!"
		queue = []
		return
	wave_time -= dt
	var waiting = []
	for f in queue:
		f.wait -= dt
		if f.wait <= 0:
			foes.append(f)
		else:
			waiting.append(f)
	queue = waiting
	if not queue.empty() or not foes.empty() and wave_time > 0:
		return
	wave += 1
	wave_time = 6.5
	var n = int(max(1, round(min(4 + wave * 0.6, 9.0) * (0.7 + 0.3 * hard) * tune.enemies)))
	var kind = chance.pick(["wave"] if wave < 2 else ["wave", "dive"] if wave < 4 else ["wave", "dive", "guard"])
	var y = chance.between(2.5, h - 2.5)
	var form = chance.pick(["line", "vee", "snake"])
	for i in n:
		var spread = 0.0
		var wait = i * 0.06
		match form:
			"vee":
				var row = ceil(i / 2.0)
				spread = row * (0.9 if i % 2 == 1 else -0.9)
				wait = row * 0.3
			"line":
				spread = (i - n / 2.0) * 1.2
			"snake":
				wait = i * 0.34
		var at = clamp(y + spread, 1, h - 1)
		queue.append({kind = kind, x = w + 1.5, y = at, home = at, hp = 3 if kind == "guard" else 2 if wave > 5 else 1, time = i * 0.2, wait = wait,
			stop = w * chance.between(0.6, 0.9), next = chance.between(1, 2.5), flash = 0.0, dead = false})

func move_foe(f, dt):
	f.time += dt
	f.flash -= dt
	match f.kind:
		"wave":
			f.x -= (2.6 + wave * 0.08) * tune.enemy_speed * dt
			f.y = f.home + sin(f.time * 2.6) * 1.2
		"dive":
			f.x -= (3.0 if f.time < 1.3 else 5.2) * tune.enemy_speed * dt
			f.y += clamp(player.y - f.y, -1.6, 1.6) * dt * 0.9
		"guard":
			f.x += (f.stop - f.x) * min(1.0, dt * 1.4)
			f.y = f.home + sin(f.time * 1.3) * 0.8
			f.next -= dt * hard
			if f.next <= 0:
				f.next = 2.6
				shoot_at(f.x, f.y, 4.6, 0.0)
				tell("foeShot", f.x, f.y)
			return
	if f.x <= -1.4: # it got past, and comes around once more
		f.x = w + 1.5
		f.time = 0.0
		f.y = chance.between(1.5, h - 1.5)
		f.home = f.y

func shoot_at(x, y, speed, turn):
	var aim = atan2(player.y - y, player.x - x) + turn
	bullets.append({x = x - 0.5, y = y, vx = cos(aim) * speed, vy = sin(aim) * speed, dead = false})

func move_boss(dt):
	var b = boss
	b.time += dt
	b.flash -= dt
	b.x += (w - 2.6 - b.x) * min(1.0, dt * 1.5)
	b.y = h / 2 + sin(b.time * 0.8) * (h / 2 - 2.4)
	b.next -= dt
	if b.next > 0:
		return
	b.turn += 1
	b.next = 1.5 / (0.7 + 0.3 * hard) * (0.75 if b.hp * 2 < b.full else 1.0)
	var wide = b.turn % 3 == 0
	var arm = 3 if wide else 1
	for i in range(-arm, arm + 1):
		shoot_at(b.x, b.y, 4.2 if wide else 5.4, i * (0.24 if wide else 0.13))
	tell("foeShot", b.x - 1, b.y)

func hits():
	for s in shots:
		hit(s)
		if over:
			return
	var p = player
	if p.hurt > 0 or not touched():
		return
	p.hurt = 1.7
	p.power = int(max(1, p.power - 1))
	hearts -= 1
	tell("hurt", p.x, p.y)
	if hearts <= 0:
		over = true
		tell("burst", p.x, p.y).big = true
		tell("lost", p.x, p.y)

# Lets one shot of the player hit what it meets.
func hit(s):
	for f in foes:
		if f.dead or abs(s.x - f.x) >= 0.75 or Vector2(s.x - f.x, s.y - f.y).length() >= 0.75:
			continue
		s.dead = true
		f.flash = 0.1
		f.hp -= 1
		if f.hp <= 0:
			down(f)
		else:
			tell("spark", s.x, s.y)
		return
	if boss == null or Vector2(s.x - boss.x, s.y - boss.y).length() >= 1.7:
		return
	s.dead = true
	boss.flash = 0.1
	boss.hp -= 1
	tell("spark", s.x, s.y)
	if boss.hp <= 0:
		over = true
		tell("burst", boss.x, boss.y).big = true
		tell("won", boss.x, boss.y)

# Tells whether something touches the player; foes and bullets are gone then.
func touched():
	var at = Vector2(player.x, player.y)
	for f in foes:
		if not f.dead and at.distance_to(Vector2(f.x, f.y)) < 0.85:
			f.dead = true
			return true
	for b in bullets:
		if at.distance_to(Vector2(b.x, b.y)) < 0.52:
			b.dead = true
			return true
	return boss != null and at.distance_to(Vector2(boss.x, boss.y)) < 1.9

func down(f):
	f.dead = true
	kills += 1
	tell("burst", f.x, f.y)
	items.append({x = f.x, y = f.y, vx = -1.2, vy = chance.between(-0.6, 0.6), heart = kills % 14 == 0 and hearts < max_hearts, dead = false})

func gather(dt):
	var p = player
	for i in items:
		var d = Vector2(p.x - i.x, p.y - i.y).length()
		var pull = 9 * dt / max(d, 0.01) if d < 3.2 else 0.0 # things nearby come along by themselves
		i.x += i.vx * dt + (p.x - i.x) * pull
		i.y += i.vy * dt + (p.y - i.y) * pull
		if d > 0.9:
			continue
		i.dead = true
		if i.heart:
			hearts += 1
			tell("heart", i.x, i.y)
			continue
		score += 1
		tell("collect", i.x, i.y).n = score % 8
		if score % 8 == 0 and p.power < 4:
			p.power += 1
			tell("power", p.x, p.y).say = "Fire power %d" % p.power
