extends Node2D

export(PackedScene) var lantern = preload("res://actors/lantern.tscn")

onready var lanterns = $Lanterns

func _ready():
	for at in read_places("res://data/places.json"):
		var l: Lantern = lantern.instance()
		l.position = Vector2(at[0], at[1])
		lanterns.add_child(l)
	print("quay: %d lanterns, %d oil" % [lanterns.get_child_count(), Oil.left])

func read_places(path: String) -> Array:
	var file := File.new()
	if file.open(path, File.READ) != OK:
		push_error("no places")
		return []
	var answer := JSON.parse(file.get_as_text())
	file.close()
	return answer.result.lanterns if answer.error == OK else []

func _on_Keeper_lit(l):
	Oil.burn(l.cost)
	yield(get_tree().create_timer(0.2), "timeout")
	l.light()
