extends "res://scenery.gd"

# This world is towers under the moon.

func _init():
	speck = colors.collect
	drift = Vector2(0.1, 0.2)

func far(pen):
	towers(pen, 6, 0.8, true)

func near(pen):
	hills(pen, 120, [[3, 36, 0], [8, 12, 1]])

func sun(pen):
	moon(pen)

func block(image):
	bricks(image)

func prop(pen):
	banner(pen)
