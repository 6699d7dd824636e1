extends "res://scenery.gd"

# This world is volcanoes, and embers in the air.

func _init():
	speck = colors.accent
	drift = Vector2(0.15, 0.8)

func far(pen):
	peaks(pen, 5, 0.8, false)

func near(pen):
	peaks(pen, 9, 0.5, false)

func sun(pen):
	disc_in_the_sky(pen, colors.accent, false)

func block(image):
	bricks(image)

func prop(pen):
	crystal(pen)
