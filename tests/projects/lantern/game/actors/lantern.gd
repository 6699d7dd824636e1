extends Area2D
class_name Lantern, "res://assets/lantern.png"

signal lighted

enum State { DARK, LIT }

export var cost := 2
var state: int = State.DARK

func light() -> void:
	state = State.LIT
	$Glow.visible = true
	emit_signal("lighted")
