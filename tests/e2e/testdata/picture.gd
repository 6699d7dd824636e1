extends SceneTree

# Starts a game, plays for a moment, and saves a picture of its window where SPARK_PICTURE says.

const KEYS = {20: [KEY_ENTER, true], 22: [KEY_ENTER, false], 90: [KEY_RIGHT, true], 92: [KEY_SPACE, true], 150: [KEY_SPACE, false], 151: [KEY_RIGHT, false],
	155: [KEY_SPACE, true]}

var frames = 0

func _initialize():
	if change_scene(ProjectSettings.get_setting("application/run/main_scene")) != OK:
		quit(1)

func _idle(_delta):
	frames += 1
	if KEYS.has(frames):
		var event = InputEventKey.new()
		event.scancode = KEYS[frames][0]
		event.pressed = KEYS[frames][1]
		Input.parse_input_event(event)
	if frames == 200:
		var image = root.get_texture().get_data()
		image.flip_y()
		quit(0 if image.save_png(OS.get_environment("SPARK_PICTURE")) == OK else 1)
	return false
