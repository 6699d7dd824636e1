tool
extends Node2D

export var grid := 16

func _process(_delta):
	if Engine.editor_hint:
		position = position.snapped(Vector2(grid, grid))
