extends "res://scenery.gd"

# This world is the bottom of a warm sea.

func _init():
	speck = Color("#e8fdff")
	drift = Vector2(0.1, 0.7)

func far(pen):
	hills(pen, 150, [[3, 40, 0], [7, 16, 1]])

func near(pen):
	domes(pen, 9, 0.42)

func sun(pen):
	disc_in_the_sky(pen, Color("#d8fbff"), false)

func block(image):
	soil(image)

func prop(pen):
	kelp(pen)
