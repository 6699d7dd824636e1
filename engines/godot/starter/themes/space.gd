extends "res://scenery.gd"

# This world is another planet, among the stars.

func _init():
	speck = Color.white
	drift = Vector2(-0.1, 0.02)

func far(pen):
	peaks(pen, 6, 0.6, false)

func near(pen):
	domes(pen, 7, 0.4)

func sun(pen):
	planet(pen)

func block(image):
	glowing(image)

func prop(pen):
	crystal(pen)
