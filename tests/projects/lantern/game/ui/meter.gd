extends ProgressBar

func _ready():
	max_value = Oil.left
	value = Oil.left
	if Oil.connect("changed", self, "set_value") != OK:
		push_warning("the meter stands still")
