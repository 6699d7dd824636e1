extends "res://scenery.gd"

# This world is dunes under a low sun.

func _init():
	speck = Color("#fff2cf")
	drift = Vector2(-0.5, 0.05)

func far(pen):
	hills(pen, 150, [[2, 50, 1], [5, 20, 0]])

func near(pen):
	hills(pen, 110, [[3, 36, 2], [8, 10, 1]])

func sun(pen):
	disc_in_the_sky(pen, Color("#fff0a0"), false)

func block(image):
	bricks(image)

func prop(pen):
	cactus(pen)
