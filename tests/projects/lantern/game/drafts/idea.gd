extends Node

func unfinished():
	pass
