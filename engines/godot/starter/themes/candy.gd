extends "res://scenery.gd"

# This world is hills of sweets.

func _init():
	speck = Color.white
	drift = Vector2(0.15, -0.3)

func far(pen):
	domes(pen, 7, 0.75)

func near(pen):
	domes(pen, 11, 0.5)

func sun(pen):
	disc_in_the_sky(pen, Color.white, false)

func block(image):
	sweet(image)

func prop(pen):
	lolly(pen)
