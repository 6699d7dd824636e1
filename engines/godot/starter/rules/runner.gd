extends Reference

# The rules of the runner: three lanes, things to gather, things to dodge or jump. No drawing and no clock of its own;
# chance comes from the design's seed only. Units: z forward along the road, x to the right, y up.

const Controls = preload("res://controls.gd")
const Random = preload("res://random.gd")
const Words = preload("res://words.gd")

const LANE = 2.1
const GRAVITY = 34.0
const JUMPING = 11.2 # reaches 1.85 units
const AHEAD = 90 # how far the road is laid out
const HEIGHTS = {tall = 3.0, low = 0.85, enemy = 0.95}

static func describe(d):
	return {
		goal = "Gather %s along the road. Dodge what blocks it and jump over the %s." % [Words.plural(d.COLLECT), Words.plural(d.ENEMY)],
		how = [["Arrows  or  A D", "change lane"], ["Space  or  Up", "jump"], ["land on " + Words.with_article(d.ENEMY), "two extra"]],
		won = "What a run! The %s has them all." % d.HERO,
		lost = "The %s is out of breath." % d.HERO,
	}

var chance
var hard
var hearts
var max_hearts
var over = false
var time = 0.0
var speed = 11.0
var tune
var gravity
var lift
var laid = 26.0
var score = 0
var goal
var chain = 0
var open = 0 # the lane that always leads on
var player = {x = 0.0, y = 0.0, z = 0.0, vy = 0.0, hurt = 0.0, buffer = 0.0, lane = 0, on_ground = true}
var blocks = [] # {kind, lane, x, z, gone}
var items = [] # {x, y, z, gone}
var events = []

func _init(d, _aspect):
	chance = Random.new(d.SEED)
	hard = d.DIFFICULTY
	tune = d.TUNING
	max_hearts = tune.lives if tune.lives > 0 else 5 if hard < 0.9 else 2 if hard > 1.2 else 3
	speed = 11.0 * tune.speed
	gravity = GRAVITY * tune.gravity
	lift = JUMPING * sqrt(tune.jump * tune.gravity) # so that jump is a height
	hearts = max_hearts
	goal = tune.goal if tune.goal > 0 else int(max(1, round(130 * (0.7 + 0.3 * hard) * tune.goal_times)))
	lay_road()

func status():
	return {score = score, goal = goal, hearts = hearts, max_hearts = max_hearts, x = player.x, y = player.y, time = time}

func tell(kind, x, y, z):
	var e = {kind = kind, x = x, y = y, z = z}
	events.append(e)
	return e

func step(dt, c):
	events = []
	if over:
		return events
	time += dt
	var want = (11 + min(8.0, time * 0.12)) * tune.speed * (0.6 if player.hurt > 1 else 1.0)
	speed += (want - speed) * min(1.0, dt * 3)
	run(dt, c)
	for b in blocks:
		if b.kind == "enemy":
			b.z -= 2.5 * tune.enemy_speed * dt
	meet()
	gather()
	lay_road()
	blocks = behind_gone(blocks)
	items = behind_gone(items)
	return events

# Drops what is over, or far behind.
func behind_gone(list):
	var kept = []
	for o in list:
		if o.z > player.z - 8 and not o.gone:
			kept.append(o)
	return kept

func run(dt, c):
	var p = player
	var turn = Controls.turn(c, "left", "right")
	if turn != 0 and abs(p.lane + turn) <= 1:
		p.lane += turn
		tell("move", p.x, p.y, p.z)
	p.hurt = max(0.0, p.hurt - dt)
	p.x += (p.lane * LANE - p.x) * min(1.0, dt * 15)
	p.z += speed * dt
	p.buffer = 0.15 if Controls.any(c, ["up", "action", "tap"]) else p.buffer - dt
	if p.on_ground and (p.buffer > 0 or c.jump and time > 0.3):
		p.vy = lift
		p.on_ground = false
		p.buffer = 0.0
		tell("jump", p.x, p.y, p.z)
	if p.on_ground:
		return
	if c.y < 0 or Controls.any(c, ["down"]):
		p.vy = min(p.vy, -16.0) # down again at once
	p.vy -= gravity * dt
	p.y += p.vy * dt
	if p.y <= 0:
		p.y = 0.0
		p.vy = 0.0
		p.on_ground = true
		tell("land", p.x, 0.0, p.z)

# Lays rows of things with time enough between them for one decision each. One lane, open, always leads on, and moves at
# most one lane from a row to the next.
func lay_road():
	while laid < player.z + AHEAD:
		var z = laid
		var pace = (11 + min(8.0, time * 0.12)) * tune.speed
		var rows = ["one", "two", "two", "bar"]
		for i in int(round(2 * tune.enemies)):
			rows.append("enemy")
		rows.append("stars")
		var kind = chance.pick(["one", "stars"] if laid < 60 else rows)
		var from = open
		open = int(clamp(open + chance.whole(-1, 1), -1, 1))
		var others = []
		for lane in [-1, 0, 1]:
			if lane != open:
				others.append(lane)
		match kind:
			"one":
				var which = "tall" if chance.chance(0.5) else "low"
				block(which, chance.pick(others), z)
			"two":
				for lane in others:
					block("tall" if chance.chance(0.7) else "low", lane, z)
			"bar":
				for lane in [-1, 0, 1]:
					block("low", lane, z)
			"enemy":
				block("enemy", open, z + 4)
				if chance.chance(0.6):
					block("tall", chance.pick(others), z)
		line_of_items(kind, from, z, pace)
		laid += pace * chance.between(0.95, 1.25) / (0.75 + 0.25 * hard)

func block(kind, lane, z):
	blocks.append({kind = kind, lane = lane, x = lane * LANE, z = z, gone = false})

func line_of_items(kind, from, z, pace):
	var n = 5 if kind == "stars" else 3
	if kind != "enemy":
		for i in n:
			var t = i - (n - 1) / 2.0
			item(open * LANE, 1.9 - abs(t) * 0.45 if kind == "bar" else 0.7, z + t * 1.8)
	if from == open and not chance.chance(0.4):
		item(from * LANE, 0.7, z - pace * 0.5)

func item(x, y, z):
	items.append({x = x, y = y, z = z, gone = false})

func meet():
	var p = player
	for b in blocks:
		if abs(b.z - p.z) > 0.75 or b.gone or abs(b.x - p.x) > 1.15 or p.y >= HEIGHTS[b.kind]:
			continue
		if b.kind == "enemy" and p.vy < 0 and p.y > 0.25:
			b.gone = true
			p.vy = 9.5
			score += 2
			tell("stomp", b.x, 0.6, b.z)
			if finish():
				return
			continue
		if p.hurt > 0:
			continue
		b.gone = true
		p.hurt = 1.7
		chain = 0
		hearts -= 1
		tell("hurt", p.x, p.y + 0.6, p.z)
		if hearts <= 0:
			over = true
			tell("lost", p.x, p.y, p.z)
			return

func gather():
	var p = player
	if over:
		return
	for i in items:
		if abs(i.z - p.z) > 0.9 or abs(i.x - p.x) > 1.1 or abs(i.y - p.y - 0.6) > 1.15:
			continue
		i.gone = true
		score += 1
		tell("collect", i.x, i.y, i.z).n = chain % 15
		chain += 1
		if finish():
			return

func finish():
	if score < goal:
		return false
	score = goal
	over = true
	tell("won", player.x, player.y, player.z)
	return true
