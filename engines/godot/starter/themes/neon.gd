extends "res://scenery.gd"

# This world is a city at night, under a banded sun.

func _init():
	speck = colors.accent
	drift = Vector2(-0.3, 0.25)

func far(pen):
	towers(pen, 11, 0.85, false)

func near(pen):
	towers(pen, 8, 0.75, false)

func sun(pen):
	disc_in_the_sky(pen, colors.accent, true)

func block(image):
	glowing(image)

func prop(pen):
	lamp(pen)
