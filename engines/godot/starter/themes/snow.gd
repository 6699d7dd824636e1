extends "res://scenery.gd"

# This world is mountains in the snow.

func _init():
	speck = Color.white
	drift = Vector2(-0.2, -0.7)

func far(pen):
	peaks(pen, 6, 0.85, true)

func near(pen):
	trees(pen, 14, 0.62, true)

func sun(pen):
	disc_in_the_sky(pen, Color("#fffbe6"), false)

func block(image):
	bricks(image)

func prop(pen):
	fir(pen)
