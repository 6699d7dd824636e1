extends Reference

# The rules of the puzzle: swap two neighbours so that three or more of a kind meet. Clear enough of the wanted kind before
# the moves run out. Four in a row leave a charged piece that bursts; foes sit on the board until a match next to them. No
# drawing; chance comes from the design's seed only. Units: a cell is 1 by 1, column 0 and row 0 are at the bottom left.

const Controls = preload("res://controls.gd")
const Random = preload("res://random.gd")
const Words = preload("res://words.gd")

const COLUMNS = 7
const ROWS = 7
const KINDS = 5 # kind 0 is the one to gather
const FOE = -1

static func describe(d):
	return {
		goal = "Match three or more. Gather the %s before your moves run out." % Words.plural(d.COLLECT),
		how = [["Arrows", "choose"], ["Space, then an arrow", "swap"], ["four in a row", "a burst"], ["beside " + Words.with_article(d.ENEMY), "wins 2 moves"]],
		won = "A feast of %s!" % Words.plural(d.COLLECT),
		lost = "No moves left. So close!",
	}

var chance
var over = false
var time = 0.0
var wait = 0.0
var idle = 0.0
var score = 0
var goal = 36
var moves
var phase = "fall" # "idle", "swap", "clear" or "fall"
var swap # {a, b, t, back, undo}: two pieces on their way to each other's place
var combo = 0
var settled = false
var hint # two cells
var grid = [] # {kind, c, r, x, y, vy, charged, going}, column by column; seen at x and y
var player = Vector2(3, 3)
var picked
var grab
var events = []

func _init(d, _aspect):
	chance = Random.new(d.SEED)
	var t = d.TUNING
	goal = t.goal if t.goal > 0 else int(max(1, round(36 * t.goal_times)))
	moves = t.moves if t.moves > 0 else int(round(22 / (0.55 + 0.45 * d.DIFFICULTY)))
	grid.resize(COLUMNS * ROWS)
	for c in COLUMNS:
		for r in ROWS:
			var kind = chance.whole(0, KINDS - 1)
			while same(kind, c - 1, r) and same(kind, c - 2, r) or same(kind, c, r - 1) and same(kind, c, r - 2):
				kind = chance.whole(0, KINDS - 1)
			# It drops in at the start.
			put(c, r, new_piece(kind, c, r + ROWS + 1 + c * 0.35 + r * 0.5))
	for i in int(round(3 * d.DIFFICULTY * t.enemies)):
		var c = chance.whole(0, COLUMNS - 1)
		piece(c, chance.whole(1, ROWS - 2)).kind = FOE
	if not runs().empty() or find_move() == null:
		shuffle()

func new_piece(kind, x, y):
	return {kind = kind, c = 0, r = 0, x = float(x), y = float(y), vy = 0.0, charged = false, going = 0.0}

func status():
	return {score = score, goal = goal, moves = moves, x = player.x, y = player.y, time = time}

func tell(kind, c, r):
	var e = {kind = kind, x = c, y = r}
	events.append(e)
	return e

func piece(c, r):
	if c < 0 or c >= COLUMNS or r < 0 or r >= ROWS:
		return null
	return grid[int(c) * ROWS + int(r)]

func put(c, r, p):
	grid[c * ROWS + r] = p
	if p != null:
		p.c = c
		p.r = r

func same(kind, c, r):
	var p = piece(c, r)
	return p != null and p.kind == kind

func step(dt, c):
	events = []
	if over:
		return events
	time += dt
	choose(c)
	if phase == "swap":
		swapping(dt)
	elif phase == "clear":
		clearing(dt)
	elif phase == "fall":
		falling(dt)
	elif not settled:
		settle()
	if phase == "idle" and settled:
		idle += dt
	if phase != "idle" or idle <= 5:
		hint = null
	elif hint == null:
		hint = find_move()
	return events

func choose(c):
	var by = Vector2(Controls.turn(c, "left", "right"), 0)
	if by.x == 0:
		by.y = Controls.turn(c, "down", "up")
	var at = c.at.round()
	if c.pressed and piece(at.x, at.y) != null:
		var from = picked
		player = at
		grab = at
		if from != null and distance(from, at) == 1:
			try_swap(from, at)
			return
		picked = at
		tell("move", at.x, at.y)
	elif grab != null and c.down and at != grab:
		var drag = c.at - grab
		try_swap(grab, grab + (Vector2(sign(drag.x), 0) if abs(drag.x) > abs(drag.y) else Vector2(0, sign(drag.y))))
	if c.released:
		grab = null
	if c.down or c.released:
		return # a drag also reads as an arrow: it has been dealt with
	if by != Vector2():
		var to = player + by
		if piece(to.x, to.y) == null:
			return
		if picked != null:
			try_swap(picked, to)
		else:
			tell("move", to.x, to.y)
		player = to
	elif Controls.any(c, ["action", "enter"]):
		picked = player if picked == null else null
		tell("move", player.x, player.y)

static func distance(a, b):
	return abs(a.x - b.x) + abs(a.y - b.y)

func try_swap(from, to):
	grab = null
	picked = null
	var first = piece(from.x, from.y)
	var second = piece(to.x, to.y)
	if phase != "idle" or not settled or first == null or second == null:
		return
	player = to
	idle = 0.0
	if first.kind == FOE or second.kind == FOE:
		tell("no", to.x, to.y)
		return
	phase = "swap"
	exchange(first, second)
	swap = {a = first, b = second, t = 0.0, back = runs().empty(), undo = false}
	tell("flip", to.x, to.y)

func exchange(first, second):
	var c = first.c
	var r = first.r
	put(second.c, second.r, first)
	put(c, r, second)

func swapping(dt):
	var s = swap
	s.t += dt / 0.16
	var t = min(1.0, s.t)
	t = t * t * (3 - 2 * t)
	for pair in [[s.a, s.b], [s.b, s.a]]:
		pair[0].x = lerp(pair[1].c, pair[0].c, t)
		pair[0].y = lerp(pair[1].r, pair[0].r, t)
	if s.t < 1:
		return
	swap = null
	if s.back:
		exchange(s.a, s.b)
		swap = {a = s.a, b = s.b, t = 0.0, back = false, undo = true}
		tell("no", s.a.c, s.a.r)
		return
	phase = "idle"
	combo = 0
	if not s.undo:
		moves -= 1
		mark()

# Adds a piece to those that go, and with a charged one all around it.
func take(p, going):
	if p == null or going.has(p):
		return
	going.append(p)
	if not p.charged:
		return
	tell("burst", p.c, p.r).big = true
	for dc in [-1, 0, 1]:
		for dr in [-1, 0, 1]:
			take(piece(p.c + dc, p.r + dr), going)

# Marks every run for clearing, and everything that a charged piece or a neighbouring match takes with it.
func mark():
	var found = runs()
	if found.empty():
		return false
	var going = []
	for run in found:
		for p in run:
			take(p, going)
	for p in going.duplicate():
		if p.kind == FOE:
			continue
		for d in [Vector2(1, 0), Vector2(-1, 0), Vector2(0, 1), Vector2(0, -1)]:
			var other = piece(p.c + d.x, p.r + d.y)
			if other != null and other.kind == FOE and not going.has(other):
				going.append(other)
	for run in found:
		if run.size() < 4:
			continue
		for p in run:
			if p.charged:
				continue
			going.erase(p)
			p.charged = true
			tell("power", p.c, p.r)
			if p.kind == 0:
				count(p) # it stays, but it counts
			break
	for p in going:
		p.going = 0.001
	combo += 1
	phase = "clear"
	wait = 0.24
	if combo > 1:
		var e = tell("combo", 3, 3)
		e.n = combo
		e.say = ["Nice!", "Sweet!", "Superb!", "Wow!"][min(3, combo - 2)]
	return true

func clearing(dt):
	wait -= dt
	for p in grid:
		if p.going > 0:
			p.going = min(1.0, p.going + dt / 0.24)
	if wait > 0:
		return
	for p in grid.duplicate():
		if p.going == 0:
			continue
		if p.kind == FOE:
			moves += 2
			tell("stomp", p.c, p.r).say = "+2 moves"
		elif p.kind == 0:
			count(p)
		else:
			tell("pop", p.c, p.r).n = p.kind
		put(p.c, p.r, null)
	drop()
	phase = "fall"

func count(p):
	score = int(min(goal, score + 1))
	tell("collect", p.c, p.r).n = score % 10

func drop():
	for c in COLUMNS:
		var r = 0
		for from in ROWS:
			var p = grid[c * ROWS + from]
			if p != null:
				put(c, from, null)
				put(c, r, p)
				r += 1
		var n = 0
		while r < ROWS:
			put(c, r, new_piece(chance.whole(0, KINDS - 1), c, ROWS + 0.6 + n))
			r += 1
			n += 1

func falling(dt):
	var moving = false
	for p in grid:
		if p.y <= p.r:
			continue
		p.vy += 42 * dt
		p.y -= p.vy * dt
		moving = true
		if p.y <= p.r:
			p.y = float(p.r)
			p.vy = 0.0
			tell("land", p.c, p.r)
	if not moving:
		phase = "idle"
		settled = false

# For a board that lies still: another match by luck, the end, or the player's turn.
func settle():
	if mark():
		return
	settled = true
	idle = 0.0
	combo = 0
	if score >= goal:
		over = true
		tell("won", player.x, player.y)
	elif moves <= 0:
		over = true
		tell("lost", player.x, player.y)
	elif find_move() == null:
		shuffle()
		settled = false
		tell("alarm", 3, 3).say = "No match left: shuffled"

# All lines of three or more of a kind.
func runs():
	var found = []
	for upright in [true, false]:
		for o in (COLUMNS if upright else ROWS):
			var run = []
			for i in (ROWS if upright else COLUMNS) + 1:
				var p = piece(o, i) if upright else piece(i, o)
				if p != null and p.kind >= 0 and not run.empty() and run[0].kind == p.kind:
					run.append(p)
					continue
				if run.size() > 2:
					found.append(run)
				run = [p] if p != null and p.kind >= 0 else []
	return found

# Tells whether a piece is in a line of three or more.
func matches(p):
	return 1 + alike(p, 1, 0) + alike(p, -1, 0) > 2 or 1 + alike(p, 0, 1) + alike(p, 0, -1) > 2

# How many of a piece's kind follow it in a direction.
func alike(p, dc, dr):
	var n = 0
	while same(p.kind, p.c + dc * (n + 1), p.r + dr * (n + 1)):
		n += 1
	return n

# A swap that would match; null when there is none.
func find_move():
	for c in COLUMNS:
		for r in ROWS:
			for d in [Vector2(1, 0), Vector2(0, 1)]:
				var first = piece(c, r)
				var second = piece(c + d.x, r + d.y)
				if second == null or first.kind == FOE or second.kind == FOE:
					continue
				exchange(first, second)
				var found = matches(first) or matches(second)
				exchange(first, second)
				if found:
					return [Vector2(c, r), Vector2(c, r) + d]
	return null

# Deals the kinds anew until there is a move and no run; foes stay where they are.
func shuffle():
	for i in 500:
		for p in grid:
			if p != null and p.kind != FOE:
				p.kind = chance.whole(0, KINDS - 1)
		if runs().empty() and find_move() != null:
			return
