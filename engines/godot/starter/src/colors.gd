extends Reference

# The design's colours, and what can be done with colours.

const Design = preload("res://design.gd")

var sky = Color(Design.PALETTE.sky)
var sky_low = Color(Design.PALETTE.sky_low)
var ground = Color(Design.PALETTE.ground)
var hero = Color(Design.PALETTE.hero)
var collect = Color(Design.PALETTE.collect)
var enemy = Color(Design.PALETTE.enemy)
var accent = Color(Design.PALETTE.accent)
var text = Color(Design.PALETTE.text)

const NAMED = {
	white = Color(1, 1, 1), cream = Color("#fff3dc"), ink = Color("#1c1830"), pink = Color("#ff8fa8"),
	steel = Color("#8d99b5"), gold = Color("#ffc93c"),
}

# The colour that a figure's part names: a main colour with a darker and a lighter side, and a few fixed ones.
static func role(name, main, second):
	match name:
		"main":
			return main
		"main-":
			return main.darkened(0.3)
		"main+":
			return main.lightened(0.45)
		"accent":
			return second
		"accent+":
			return second.lightened(0.5)
	return NAMED[name] if NAMED.has(name) else Color(name)

static func mix(a, b, t):
	return a.linear_interpolate(b, t)

static func alpha(color, a):
	return Color(color.r, color.g, color.b, a)

# 0 for black and 1 for white.
static func brightness(c):
	return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b

# The upper edge of the ground.
func edge():
	if Design.THEME in ["neon", "space", "lava"]:
		return accent
	if Design.THEME in ["snow", "candy"]:
		return ground.lightened(0.75)
	return ground.lightened(0.25)

# What the pieces of a puzzle look like: the first is the one to gather, the others are least like what is chosen already.
func pieces():
	var list = [collect]
	while list.size() < 5:
		var best = -1.0
		var choice = collect
		for name in ["#ff4f64", "#3fb8ff", "#5fd35f", "#b06bff", "#ff9c38", "#ffd93b", "#ff7ad1"]:
			var c = Color(name)
			var worth = 99.0
			for chosen in list:
				worth = min(worth, Vector3(c.r - chosen.r, c.g - chosen.g, c.b - chosen.b).length() + 0.47 * abs(brightness(c) - brightness(chosen)))
			if worth > best:
				best = worth
				choice = c
		list.append(choice)
	return list
