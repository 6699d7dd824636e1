extends SceneTree

# Loads everything in the project, or in the pack that it runs from, and says what does not load. Told to, it then starts the
# game for a moment. The engine itself does neither fail nor say where.

const FRAMES = 10

var folder = OS.get_environment("SPARK_FOLDER")
var start = OS.get_environment("SPARK_START") != ""
var failures = 0
var frames = 0

func _initialize():
	walk("res://")
	var main = ProjectSettings.get_setting("application/run/main_scene")
	if not ResourceLoader.exists(main):
		fail("project.godot", 0, "the main scene " + str(main) + " is not in the game")
	elif failures == 0 and start and change_scene(main) != OK:
		fail(main, 0, "the main scene cannot be started")
	if failures > 0 or not start:
		quit(1 if failures > 0 else 0)

func _idle(_delta):
	frames += 1
	if frames > FRAMES:
		quit(0)
	return false

func walk(folder_path):
	var dir = Directory.new()
	if dir.open(folder_path) != OK or dir.file_exists(".gdignore"):
		return
	var folders = []
	var files = []
	dir.list_dir_begin(true, false)
	var name = dir.get_next()
	while name != "":
		if not dir.current_is_dir():
			files.append(name)
		elif not name.begins_with("."):
			folders.append(name)
		name = dir.get_next()
	dir.list_dir_end()
	files.sort()
	folders.sort()
	for file in files:
		look(folder_path + file)
	for inner in folders:
		walk(folder_path + inner + "/")

func look(path):
	if path.ends_with(".import"):
		var import = ConfigFile.new()
		if import.load(path) == OK and not import.get_value("remap", "valid", true):
			fail(path.trim_suffix(".import"), 0, "it cannot be imported: it is damaged, or not what its name says")
			return
	# A pack has a note in the place of what was compiled or imported.
	for note in [".remap", ".import"]:
		if path.ends_with(note):
			path = path.substr(0, path.length() - note.length())
	if path.ends_with(".gdc") or path.ends_with(".gde") or not ResourceLoader.exists(path):
		return
	for dependency in ResourceLoader.get_dependencies(path):
		var needed = dependency.split("::")[0]
		if needed.begins_with("res://") and not ResourceLoader.exists(needed):
			fail(path, line_of(path, needed), "it needs " + needed + ", which is not there")
	if load(path) == null:
		fail(path, 0, "it cannot be loaded")

func line_of(path, text):
	var file = File.new()
	var at = 0
	if not path.get_extension() in ["tscn", "tres", "gd"] or file.open(path, File.READ) != OK:
		return 0
	while not file.eof_reached():
		at += 1
		if text in file.get_line():
			return at
	return 0

func fail(path, line, text):
	failures += 1
	print("spark: ", folder, str(path).replace("res://", ""), ":", line, ": ", text)
