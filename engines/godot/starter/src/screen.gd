extends "res://canvas.gd"

# Everything that is text: title, score, hearts and messages.

const Design = preload("res://design.gd")
const Rules = preload("res://rules.gd")
const Figures = preload("res://figures.gd")
const Hero = preload("res://figure_hero.gd")
const Collect = preload("res://figure_collect.gd")
const Heart = preload("res://figure_heart.gd")

var size = Vector2(1920, 1200)
var words = Rules.describe(Design)
var hero_shape
var collect_shape
var heart_shape
var gone_shape
var ink
var glass
var bright
var dark
var toast = ""
var toast_age = 9.0
var veil = 0.0
var bump = 0.0
var score = 0
var clock = 0.0
var u = 1.0 # size of everything: 1 for a window of 600 pixels
var game
var dt = 0.0

func _ready():
	hero_shape = Figures.figure(Hero.PARTS, colors.hero, colors.accent)
	collect_shape = Figures.figure(Collect.PARTS, colors.collect, colors.accent)
	heart_shape = Figures.figure(Heart.PARTS, Color("#ff4d6d"), Color.white)
	gone_shape = Figures.figure(Heart.PARTS, Color("#5b5f73"), Color("#888888"))
	dark = Colors.brightness(colors.sky) + Colors.brightness(colors.sky_low) < 1.1
	ink = Color.white if dark else Color("#1b1530")
	glass = Colors.alpha(colors.sky.darkened(0.55), 0.8) if dark else Colors.alpha(colors.sky.lightened(0.75), 0.88)
	bright = colors.accent.lightened(0.35) if dark else colors.accent.darkened(0.45)

func announce(text):
	toast = text
	toast_age = 0.0

func flash():
	veil = 1.0

func clear():
	toast_age = 9.0
	veil = 0.0
	score = 0

func show_game(of, delta):
	game = of
	dt = delta
	update()

func _draw():
	if game == null:
		return
	u = clamp(min(size.x / 640, size.y / 560), 0.55, 4.8)
	clock += dt
	var st = game.world.status()
	veil -= 2 * dt
	if veil > 0:
		var red = Colors.alpha(Color("#ff2348"), 0.5 * veil)
		shade(0, 0, size.x, size.y * 0.3, red, Colors.alpha(red, 0))
		shade(0, size.y * 0.7, size.x, size.y * 0.3, Colors.alpha(red, 0), red)
	if game.state != "title":
		hud(st)
	toast_age += dt
	if toast_age < 1.7:
		var a = clamp(min(toast_age * 8, (1.7 - toast_age) * 3), 0, 1)
		var w = width(toast, 22 * u) + 44 * u
		round_bar((size.x - w) / 2, size.y * 0.17, w, 44 * u, 22 * u, Colors.alpha(glass, glass.a * a))
		write(toast, size.x / 2, size.y * 0.17 + 22 * u, 22 * u, 0.5, Colors.alpha(ink, a))
	if game.paused:
		panel(null, "Paused", [], [], "to go on", "")
		return
	match game.state:
		"title":
			panel(hero_shape, Design.TITLE, wrap(words.goal, 18 * u, panel_width() - 60 * u), words.how, "to play", "M sound  ·  P pause  ·  R restart")
		"won":
			panel(collect_shape, "You win!", [words.won, result(st)], [], "to play again", "")
		"lost":
			panel(hero_shape, "Game over", [words.lost, result(st)], [], "to try again", "")

func result(st):
	return "%d of %d  ·  %d:%02d" % [st.score, st.goal, int(st.time) / 60, int(st.time) % 60]

func hud(st):
	if st.score != score:
		score = st.score
		bump = 1.0
	bump = max(0.0, bump - 4 * dt)
	var count = "%d / %d" % [st.score, st.goal]
	var x = 12 * u
	var y = 12 * u
	var h = 38 * u
	var w = 44 * u + width(count, 19 * u) + 100 * u
	round_bar(x, y, w, h, h / 2, glass)
	put(collect_shape, x + 22 * u, y + h / 2, (26 + 6 * bump) * u)
	write(count, x + 42 * u, y + h / 2, 19 * u, 0, ink)
	round_bar(x + w - 88 * u, y + h / 2 - 5 * u, 74 * u, 10 * u, 5 * u, Colors.alpha(ink, 0.2))
	var part = clamp(float(st.score) / max(1, st.goal), 0, 1)
	if part > 0.02:
		round_bar(x + w - 88 * u, y + h / 2 - 5 * u, 74 * u * part, 10 * u, 5 * u, colors.collect)
	x += w + 8 * u
	var middle = ""
	if st.has("boss"):
		middle = "Boss %d %%" % int(ceil(100 * st.boss))
	elif st.has("moves"):
		middle = "%d moves" % st.moves
	if middle != "":
		w = width(middle, 19 * u) + 30 * u
		round_bar(x, y, w, h, h / 2, glass)
		write(middle, x + w / 2, y + h / 2, 19 * u, 0.5, Color("#ff5470") if st.get("moves", 9) <= 5 else ink)
		x += w + 8 * u
	if st.has("hearts"):
		w = st.max_hearts * 28 * u + 16 * u
		round_bar(x, y, w, h, h / 2, glass)
		for i in st.max_hearts:
			var left = i < st.hearts
			put(heart_shape if left else gone_shape, x + (22 + 28 * i) * u, y + h / 2, 27 * u, {alpha = 1.0 if left else 0.45})

func panel_width():
	return min(620 * u, size.x * 0.94)

# The sheet of the title, of a pause and of the end.
func panel(icon, title, lines, how, what, small):
	var w = panel_width()
	var big = 52 * u
	while big > 24 * u and width(title, big) > w - 50 * u:
		big -= 2 * u
	var titles = wrap(title, big, w - 40 * u)
	var h = 116 * u + titles.size() * big * 1.1 + lines.size() * 26 * u + how.size() * 32 * u + (20 * u if small != "" else 0.0)
	if icon != null and size.y > h + 120 * u:
		h += 110 * u
	else:
		icon = null
	var x = (size.x - w) / 2
	var y = (size.y - h) / 2
	round_bar(x - 2 * u, y - 2 * u, w + 4 * u, h + 4 * u, 30 * u, Colors.alpha(bright, 0.35))
	round_bar(x, y, w, h, 28 * u, glass)
	var mid = size.x / 2
	y += 22 * u
	if icon != null:
		put(icon, mid, y + 52 * u + 6 * u * sin(clock * 2.6), 100 * u, {turn = 0.03 * sin(clock * 2)})
		y += 110 * u
	for line in titles:
		write(line, mid, y + big * 0.55 + 2 * u, big, 0.5, Colors.alpha(colors.sky.darkened(0.6), 0.9 if dark else 0.15))
		write(line, mid, y + big * 0.55, big, 0.5, bright)
		y += big * 1.1
	y += 8 * u
	for line in lines:
		write(line, mid, y + 13 * u, 18 * u, 0.5, ink)
		y += 26 * u
	y += 6 * u
	for row in how:
		var kw = width(row[0], 15 * u) + 20 * u
		round_bar(mid - 12 * u - kw, y + 3 * u, kw, 26 * u, 8 * u, Colors.alpha(ink, 0.14))
		write(row[0], mid - 22 * u, y + 16 * u, 15 * u, 1, ink)
		write(row[1], mid + 4 * u, y + 16 * u, 15 * u, 0, ink)
		y += 32 * u
	var press = "Press Space or click " + what
	var pulse = 1 + 0.03 * sin(clock * 4.8)
	var bw = (width(press, 19 * u) + 52 * u) * pulse
	var bh = 42 * u * pulse
	y += 28 * u
	round_bar(mid - bw / 2, y - bh / 2, bw, bh, bh / 2, bright)
	write(press, mid, y, 19 * u, 0.5, Color("#14101f") if Colors.brightness(bright) > 0.55 else Color.white)
	if small != "":
		write(small, mid, y + 38 * u, 13 * u, 0.5, Colors.alpha(ink, 0.75))
