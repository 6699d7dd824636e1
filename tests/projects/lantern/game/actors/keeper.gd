extends KinematicBody2D

signal lit(lantern)

const SPEED = 90.0
const FALL = 500.0

var velocity := Vector2.ZERO

func _physics_process(delta):
	velocity.x = (Input.get_action_strength("walk_right") - Input.get_action_strength("walk_left")) * SPEED
	velocity.y += FALL * delta
	velocity = move_and_slide(velocity, Vector2.UP)

func _on_Reach_area_entered(area):
	if area is Lantern and area.state == Lantern.State.DARK:
		emit_signal("lit", area)
