tool
extends EditorPlugin

func _enter_tree():
	add_custom_type("GridSnap", "Node2D", preload("snap.gd"), null)

func _exit_tree():
	remove_custom_type("GridSnap")
