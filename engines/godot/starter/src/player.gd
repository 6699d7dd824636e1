extends Reference

# What the player prefers. Whether sound is off is remembered; less motion is a setting of the project, or --calm.

const FILE = "user://player.cfg"

static func calm():
	return ProjectSettings.has_setting("game/calm") and ProjectSettings.get_setting("game/calm") or "--calm" in OS.get_cmdline_args()

static func muted():
	var file = ConfigFile.new()
	return file.load(FILE) == OK and file.get_value("sound", "muted", false) == true

static func remember_muted(yes):
	var file = ConfigFile.new()
	file.set_value("sound", "muted", yes)
	if file.save(FILE) != OK:
		print("the sound's setting cannot be kept")
