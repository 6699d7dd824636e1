extends Reference

# Lays a level out from the design's seed. Every gap and step is smaller than what the hero can jump, and the things on the
# main path alone are enough to open the portal, so each level can be finished.

const Random = preload("res://random.gd")
const LENGTH = 190

var solids = [] # {x, w, top, h, thin}: a thin one can be jumped through from below
var items = [] # {x, y, dropped, age}
var enemies = [] # {x, y, base, from, to, dir, speed, flies}: they walk, or fly, between two places
var left = -7.0
var right = 0.0
var portal = Vector2()
var goal = 0

var chance
var x = -8.0
var top = 0.0
var on_path = 0
var hard = 1.0
var tune

func _init(design):
	chance = Random.new(design.SEED)
	hard = design.DIFFICULTY
	tune = design.TUNING
	ground(14)
	item(3, 1, true)
	item(4.2, 1, true)
	var chunks = ["meadow", "gap", "islands", "stairs", "lookout"]
	var last = ""
	while x < LENGTH:
		var others = chunks.duplicate()
		others.erase(last)
		last = chance.pick(others)
		call(last)
	var end = x
	ground(14)
	portal = Vector2(end + 8, top + 1.2)
	right = end + 13.5
	var wanted = tune.goal if tune.goal > 0 else round(max(8, round(on_path * 0.64)) * tune.goal_times)
	goal = int(max(1, min(on_path, wanted)))

func ground(w):
	solids.append({x = x, w = w, top = top, h = top + 12, thin = false})
	x += w

func ledge(at, w, height):
	solids.append({x = at, w = w, top = height, h = 0.5, thin = true})

func item(at, y, main):
	items.append({x = at, y = y, dropped = false, age = 0.0})
	if main:
		on_path += 1

func enemy(at, from, to, height, flies):
	var speed = chance.between(1.2, 2) * tune.enemy_speed
	var dir = 1.0 if chance.chance(0.5) else -1.0
	var base = height + (2.2 if flies else 0.45)
	enemies.append({x = at, y = base, base = base, from = from, to = to, dir = dir, speed = speed, flies = flies, dead = false})

# One where chance has it, or as many times as the design wants: each other one begins nearer to where they turn. Fliers is
# how likely one flies.
func add_enemies(likely, at, from, to, fliers):
	var n = min(1.0, likely * hard) * tune.enemies
	var count = int(n)
	if chance.chance(n - count):
		count += 1
	for i in count:
		var flies = fliers == 1.0 or fliers > 0 and chance.chance(fliers)
		enemy(at + (from - at) * (float(i) / count), from, to, top, flies)

# A new height at most one step up, kept between the bottom and the top of the world.
func climb(by):
	top = clamp(top + by, -1, 5)

# Flat land with something walking on it, sometimes with a ledge above.
func meadow():
	var w = chance.between(8, 11)
	var at = x
	ground(w)
	for i in 3:
		item(at + w / 2 - 1.3 + i * 1.3, top + 0.9, true)
	add_enemies(0.75, at + w * 0.6, at + 2, at + w - 0.8, 0.0)
	if chance.chance(0.5):
		ledge(at + 2.5, 4.0, top + 2.3)
		for i in 3:
			item(at + 3.3 + i * 1.2, top + 3.2, false)

func gap():
	var w = chance.between(2.4, 3.5)
	for i in 3:
		item(x + w * (i + 0.5) / 3, top + [1.9, 2.5, 1.9][i], true)
	x += w
	climb(chance.whole(-1, 1))
	ground(chance.between(4.5, 6.5))

# Small, and over a pit.
func islands():
	for i in chance.whole(2, 3):
		x += chance.between(2, 2.7)
		climb(chance.whole(-1, 1))
		var w = chance.between(2.6, 3.6)
		ledge(x, w, top)
		item(x + w / 2, top + 0.9, true)
		x += w
	x += chance.between(2, 2.6)
	climb(chance.whole(-1, 0))
	ground(chance.between(5, 7))
	add_enemies(0.35, x - 3, x - 4.5, x - 1, 1.0)

func stairs():
	for i in 3:
		climb(1)
		item(x + 1.4, top + 0.9, true)
		ground(2.8)
	climb(-2)
	var at = x
	ground(7.0)
	add_enemies(0.8, at + 5, at + 1.5, at + 6.2, 0.0)

# A climb over ledges to a hoard above, and something that walks or flies around it.
func lookout():
	var at = x
	ground(11.0)
	ledge(at + 2, 2.6, top + 2)
	ledge(at + 5, 3.2, top + 3.8)
	item(at + 3.3, top + 2.9, false)
	for i in 3:
		item(at + 5.5 + i * 1.1, top + 4.7, false)
	item(at + 6.6, top + 0.9, true)
	item(at + 8, top + 0.9, true)
	add_enemies(0.7, at + 9, at + 4, at + 10.2, 0.4)
