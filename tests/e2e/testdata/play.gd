extends SceneTree

# Plays a game of the starter without a screen, and prints what it is at, one JSON object a line. The environment says how:
# SPARK_PLAY=win plays well, lose badly. It presses keys, as a player does, and looks at the world to know which.

const LONGEST = 60 * 60 * 8 # frames

var how = OS.get_environment("SPARK_PLAY")
var frames = 0
var held = {}
var told = ""
var pressed = 0

func _initialize():
	if change_scene(ProjectSettings.get_setting("application/run/main_scene")) != OK:
		print("the main scene cannot be opened")
		quit(1)

func key(code, pressed):
	if held.get(code, false) == pressed:
		return
	held[code] = pressed
	var event = InputEventKey.new()
	event.scancode = code
	event.pressed = pressed
	Input.parse_input_event(event)

# Presses a key and lets it go at once.
func tap(code):
	key(code, true)
	key(code, false)

func tell(status):
	var line = to_json(status)
	if line != told:
		told = line
		print("spark: ", line)

func _idle(_delta):
	frames += 1
	if current_scene == null or not current_scene.has_method("status"):
		return false
	var game = current_scene
	var status = game.status()
	if frames % 30 == 2 or status.state in ["won", "lost"]:
		tell(status)
	if status.state in ["won", "lost"] or frames > LONGEST:
		quit(0)
		return false
	if status.state == "title":
		if frames == 10:
			tap(KEY_ENTER)
		return false
	match game.Design.GENRE:
		"platformer":
			platformer(game.world)
		"shooter":
			shooter(game.world)
		"runner":
			runner(game.world)
		"puzzle":
			puzzle(game.world)
	return false

func platformer(w):
	key(KEY_RIGHT, true)
	var p = w.player
	var jump = p.on_ground and wall_at(w, p.x + 0.9) # who wants to lose does not mind pits
	if how == "win" and p.on_ground:
		jump = jump or not ground_at(w, p.x + 0.9) or foe_near(w, 2.4)
	elif how == "win":
		jump = p.vy < 0 and p.jumps > 0 and not ground_below(w, p.x + 0.3)
	if not jump and p.vy > 0:
		return # the higher the better
	if not held.get(KEY_SPACE, false) and jump:
		key(KEY_SPACE, true)
		pressed = frames
	elif not jump or frames > pressed + 4: # it takes a moment until a key is seen
		key(KEY_SPACE, false)

func ground_at(w, x):
	for s in w.level.solids:
		if s.x <= x and x <= s.x + s.w and s.top <= w.player.y and s.top > w.player.y - 2:
			return true
	return false

func ground_below(w, x):
	for s in w.level.solids:
		if s.x <= x and x <= s.x + s.w and s.top <= w.player.y:
			return true
	return false

func wall_at(w, x):
	for s in w.level.solids:
		if not s.thin and s.x <= x and x <= s.x + s.w and s.top > w.player.y - 0.3:
			return true
	return false

func foe_near(w, most):
	for e in w.level.enemies:
		if e.x > w.player.x and e.x - w.player.x < most + (0.6 if e.dir < 0 else 0.0) and abs(e.y - w.player.y) < 1.5:
			return true
	return false

func shooter(w):
	key(KEY_SPACE, how == "win")
	if how != "win":
		return
	var p = w.player
	var scenario = p.y
	var best = 99.0
	for f in w.foes:
		if f.x > p.x and f.x - p.x < best:
			best = f.x - p.x
			scenario = f.y
	if w.boss != null:
		scenario = w.boss.y
	if w.foes.empty():
		for i in w.items:
			if not i.heart:
				scenario = i.y
	var danger = 0.0
	for b in w.bullets:
		if b.x > p.x - 0.5 and b.x - p.x < 3 and abs(b.y - p.y) < 1.1:
			danger = 1.0 if p.y >= b.y else -1.0
	for f in w.foes:
		if abs(f.x - p.x) < 1.8 and abs(f.y - p.y) < 1.4:
			danger = 1.0 if p.y >= f.y else -1.0
	var up = danger if danger != 0 else sign(scenario - p.y) if abs(scenario - p.y) > 0.25 else 0.0
	if p.y < 1.2 and up < 0 and danger != 0 or p.y > w.h - 1.2 and up > 0 and danger != 0:
		up = -up
	key(KEY_UP, up > 0)
	key(KEY_DOWN, up < 0)
	var want = w.w * 0.2
	for i in w.items:
		if abs(i.y - p.y) < 3.5 and danger == 0:
			want = clamp(i.x, 1, w.w * 0.45)
	key(KEY_RIGHT, p.x < want - 0.3)
	key(KEY_LEFT, p.x > want + 0.3)

func runner(w):
	if how != "win":
		return
	var p = w.player
	var cost = {}
	for lane in [-1, 0, 1]:
		cost[lane] = abs(lane - p.lane) * 0.5
		for b in w.blocks:
			var ahead = b.z - p.z
			if b.lane == lane and ahead > -1 and ahead < w.speed * 1.1:
				cost[lane] += 100.0 if b.kind == "tall" or abs(lane - p.lane) > 0 and ahead < 3 else 2.0
		for i in w.items:
			var ahead = i.z - p.z
			if abs(i.x - lane * w.LANE) < 1 and ahead > 1 and ahead < w.speed * 1.3:
				cost[lane] -= 1.0
	var best = p.lane
	for lane in [-1, 0, 1]:
		# The way to the far lane leads over the middle one.
		if abs(lane - p.lane) == 2 and cost[0] >= 100:
			continue
		if cost[lane] < cost[best]:
			best = lane
	if p.on_ground and frames % 8 == 0 and best != p.lane:
		tap(KEY_RIGHT if best > p.lane else KEY_LEFT)
	for b in w.blocks:
		var ahead = b.z - p.z
		if abs(b.x - p.x) < 1.3 and b.kind != "tall" and ahead > 0.5 and ahead < w.speed * 0.2 + 0.9 and p.on_ground:
			tap(KEY_SPACE)
			return

# Goes to the first piece of a swap that matches, picks it, and swaps. Who wants to lose never takes what is to be gathered.
func puzzle(w):
	if w.phase != "idle" or not w.settled or frames % 4 != 0:
		return
	var best = null
	var most = -1.0
	for c in w.COLUMNS:
		for r in w.ROWS:
			for d in [Vector2(1, 0), Vector2(0, 1)]:
				var a = w.piece(c, r)
				var b = w.piece(c + d.x, r + d.y)
				if b == null or a.kind < 0 or b.kind < 0:
					continue
				w.exchange(a, b)
				var n = 0.0
				for run in w.runs():
					n += run.size() * (10.0 if (run[0].kind == 0) == (how == "win") else 1.0)
				w.exchange(a, b)
				if n > 0 and n > most:
					most = n
					best = [Vector2(c, r), d]
	if best == null:
		return
	var to = best[0] - w.player
	if w.picked != null:
		if w.picked == best[0]:
			tap(KEY_RIGHT if best[1].x > 0 else KEY_UP)
		else:
			tap(KEY_SPACE)
	elif to.x != 0:
		tap(KEY_RIGHT if to.x > 0 else KEY_LEFT)
	elif to.y != 0:
		tap(KEY_UP if to.y > 0 else KEY_DOWN)
	else:
		tap(KEY_SPACE)
