extends Reference

# Folds keyboard and mouse into what the rules read. What was pressed is told once.

const KEYS = {
	KEY_LEFT: "left", KEY_A: "left", KEY_RIGHT: "right", KEY_D: "right", KEY_UP: "up", KEY_W: "up", KEY_DOWN: "down", KEY_S: "down",
	KEY_SPACE: "action", KEY_ENTER: "enter", KEY_KP_ENTER: "enter",
}
const COMMANDS = {
	KEY_SPACE: "advance", KEY_ENTER: "advance", KEY_KP_ENTER: "advance", KEY_M: "mute", KEY_R: "restart", KEY_P: "pause", KEY_ESCAPE: "pause",
}

var held = {} # scancodes
var fresh = {} # names of what went down since the last step
var commands = [] # what is not for the rules but for the game
var pointer = {x = 0.0, y = 0.0, down = false, pressed = false, released = false}
var begin = Vector2() # where the pointer went down
var swiped = false

# Takes one event in; scale is how many pixels are drawn for one of the window.
func take(event, scale):
	if event is InputEventKey:
		key(event)
	elif event is InputEventMouseButton and event.button_index == BUTTON_LEFT:
		var at = event.position * scale
		if event.pressed:
			pointer = {x = at.x, y = at.y, down = true, pressed = true, released = false}
			begin = at
			swiped = false
			commands.append("advance")
		elif pointer.down:
			pointer.down = false
			pointer.released = true
			if not swiped:
				fresh["tap"] = true
	elif event is InputEventMouseMotion and pointer.down:
		var at = event.position * scale
		pointer.x = at.x
		pointer.y = at.y
		swipe(at - begin, scale)

func key(event):
	if not event.pressed:
		held.erase(event.scancode)
		return
	if event.echo:
		return
	held[event.scancode] = true
	if KEYS.has(event.scancode):
		fresh[KEYS[event.scancode]] = true
	if COMMANDS.has(event.scancode):
		commands.append(COMMANDS[event.scancode])

# Tells one direction for each drag.
func swipe(by, scale):
	if swiped or max(abs(by.x), abs(by.y)) < 28 * scale:
		return
	swiped = true
	if abs(by.x) > abs(by.y):
		fresh["right" if by.x > 0 else "left"] = true
	else:
		fresh["down" if by.y > 0 else "up"] = true

func holds(name):
	for code in held:
		if KEYS.get(code, "") == name:
			return true
	return false

func taken():
	var list = commands
	commands = []
	return list

func clear():
	fresh = {}
	commands = []
	held = {}
	pointer = {x = pointer.x, y = pointer.y, down = false, pressed = false, released = false}

# What the rules see in a step; at is where the pointer is in the world.
func read(at):
	var c = {
		x = float(holds("right")) - float(holds("left")), y = float(holds("up")) - float(holds("down")),
		jump = holds("up") or holds("action"), action = holds("action"), hit = fresh,
		at = at, down = pointer.down, pressed = pointer.pressed, released = pointer.released,
	}
	fresh = {}
	pointer.pressed = false
	pointer.released = false
	return c

# Tells whether one of some things was pressed.
static func any(c, names):
	for name in names:
		if c.hit.has(name):
			return true
	return false

# -1, 0 or 1 for two opposite keys.
static func turn(c, less, more):
	return int(c.hit.has(more)) - int(c.hit.has(less))
