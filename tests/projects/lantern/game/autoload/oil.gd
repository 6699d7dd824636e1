extends Node

signal changed(left)

var left := 20 setget set_left

func burn(amount: int) -> void:
	self.left -= amount

func set_left(value: int) -> void:
	left = int(max(0, value))
	emit_signal("changed", left)
