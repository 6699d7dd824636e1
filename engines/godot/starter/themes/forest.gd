extends "res://scenery.gd"

# This world is a wood in the morning.

func _init():
	speck = Color("#fff7c2")
	drift = Vector2(0.2, 0.3)

func far(pen):
	trees(pen, 9, 0.95, false)

func near(pen):
	trees(pen, 13, 0.7, false)

func sun(pen):
	disc_in_the_sky(pen, Color("#fff3b0"), false)

func block(image):
	soil(image)

func prop(pen):
	tree(pen)
