extends "res://scenery.gd"

# This world is green hills and a clear sky.

func _init():
	speck = Color.white
	drift = Vector2(0.3, 0.1)

func far(pen):
	hills(pen, 170, [[2, 46, 0], [5, 18, 1]])

func near(pen):
	trees(pen, 8, 0.55, false)

func sun(pen):
	disc_in_the_sky(pen, Color("#fff6b8"), false)

func block(image):
	soil(image)

func prop(pen):
	tree(pen)
