extends Node

# The conductor: title, play, pause, win and lose. It steps the rules and hands the world to the view for drawing.

const Design = preload("res://design.gd")
const Rules = preload("res://rules.gd")
const Controls = preload("res://controls.gd")
const Player = preload("res://player.gd")

# The length of one step of the rules, in seconds. It is fixed, so that a game plays the same on every machine.
const STEP = 1.0 / 120

var controls = Controls.new()
var world
var state = "title" # then "playing", "won" or "lost"
var paused = false
var since = 0.0 # seconds in this state
var rest = 0.0 # time that is not yet stepped
var freeze = 0.0 # a short stop on a hit gives it weight
var quality = 2.0 # how many pixels are drawn for one of the window, in each direction: what is too many is smoothed away
var slow = 0.0

onready var stage = $Stage
onready var view = $Stage/View
onready var screen = $Stage/Screen
onready var sound = $Sound

func _ready():
	randomize()
	OS.set_window_title(Design.TITLE)
	sound.mute(Player.muted())
	$Window.texture = stage.get_texture()
	if OS.get_name() != "Server": # which has no pictures
		$Window.texture.flags = Texture.FLAG_FILTER
	fit()
	if get_tree().root.connect("size_changed", self, "fit") != OK:
		push_error("the window's size cannot be followed")
	new_world()

# Draws as many pixels as the window needs.
func fit():
	var size = get_tree().root.size
	stage.size = (size * quality).floor()
	$Window.rect_size = size
	view.size = stage.size
	screen.size = stage.size
	if state == "title" and world != null:
		new_world() # the field may depend on the window's shape

func new_world():
	world = Rules.new(Design, view.size.x / max(1, view.size.y))
	rest = 0.0
	freeze = 0.0
	view.reset(world)

func enter(next):
	state = next
	since = 0.0
	sound.music(next == "playing")

func begin():
	new_world()
	controls.clear()
	screen.clear()
	enter("playing")
	sound.play("start")

func pause(yes):
	if state == "playing" and paused != yes:
		paused = yes
		controls.clear()
		sound.music(not yes)

# Goes on from wherever we are: a click, Enter or Space.
func advance():
	if paused:
		pause(false)
	elif state == "title" or state != "playing" and since > 0.5:
		begin()

func _notification(what):
	if what == NOTIFICATION_WM_FOCUS_OUT and is_inside_tree():
		pause(true)

func _input(event):
	controls.take(event, quality)

func _process(delta):
	for command in controls.taken():
		match command:
			"mute":
				sound.toggle()
			"restart":
				if state != "title":
					paused = false
					begin()
			"pause":
				pause(not paused)
			"advance":
				advance()
	since += delta
	freeze -= delta
	if state == "playing" and not paused and freeze <= 0:
		rest = min(rest + delta * Design.PACE, 0.1)
		while rest >= STEP and state == "playing":
			rest -= STEP
			for event in world.step(STEP, controls.read(view.to_world(controls.pointer))):
				react(event)
	view.show_world(world, 0.0 if paused else delta, state)
	screen.show_game(self, delta)
	adapt(delta)

func react(event):
	sound.play(event.kind, event.get("n", 0))
	view.event(event)
	if event.has("say"):
		screen.announce(event.say)
	match event.kind:
		"hurt":
			freeze = 0.0 if Player.calm() else 0.07
			screen.flash()
		"won", "lost":
			enter(event.kind)

# On a machine without a graphics card there are fewer pixels.
func adapt(delta):
	slow = slow + delta if since > 1 and Engine.get_frames_per_second() < 40 else 0.0
	if slow > 2 and quality > 1:
		slow = 0.0
		quality = max(1.0, quality - 0.5)
		fit()

# What pages and tests that watch the game want to know.
func status():
	var s = world.status()
	s.state = state
	s.paused = paused
	s.muted = sound.muted()
	return s
