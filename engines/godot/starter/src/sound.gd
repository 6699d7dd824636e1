extends Node

# Makes every sound by itself: there are no files. It takes a moment, so it is done on the side while the title is shown.

const Design = preload("res://design.gd")
const Player = preload("res://player.gd")
const RATE = 22050
const STEPS = [0, 2, 4, 7, 9] # a pentatonic scale, which never clashes

# Each line is [kind, at, length, from, to, gain], in seconds and semitones above C; noise has a filter in Hertz for its pitch.
const SOUNDS = {
	start = [["triangle", 0, 0.2, 0, 0, 0.25], ["triangle", 0.07, 0.2, 4, 4, 0.25], ["triangle", 0.14, 0.2, 7, 7, 0.25], ["triangle", 0.21, 0.2, 12, 12, 0.25]],
	jump = [["square", 0, 0.16, 1, 15, 0.1]],
	flip = [["square", 0, 0.14, 8, 21, 0.09]],
	land = [["noise", 0, 0.06, 500, 500, 0.1]],
	move = [["triangle", 0, 0.07, 4, 7, 0.14]],
	collect = [["triangle", 0, 0.14, 12, 12, 0.22], ["triangle", 0.05, 0.14, 19, 19, 0.22]],
	pop = [["triangle", 0, 0.08, 10, 14, 0.12]],
	combo = [["sine", 0, 0.16, 12, 19, 0.16]],
	spark = [["noise", 0, 0.04, 3000, 3000, 0.06]],
	shoot = [["saw", 0, 0.09, 18, -2, 0.05]],
	foeShot = [["square", 0, 0.1, 3, -9, 0.04]],
	stomp = [["square", 0, 0.14, -5, -23, 0.16], ["noise", 0, 0.1, 900, 900, 0.12]],
	burst = [["noise", 0, 0.28, 1400, 1400, 0.22], ["sine", 0, 0.22, -8, -32, 0.2]],
	hurt = [["saw", 0, 0.3, -1, -25, 0.2], ["noise", 0, 0.18, 800, 800, 0.2]],
	heart = [["sine", 0, 0.16, 7, 7, 0.2], ["sine", 0.06, 0.16, 12, 12, 0.2], ["sine", 0.12, 0.16, 16, 16, 0.2]],
	power = [["square", 0, 0.12, 12, 12, 0.09], ["square", 0.05, 0.12, 17, 17, 0.09], ["square", 0.1, 0.12, 21, 21, 0.09], ["square", 0.15, 0.12, 26, 26, 0.09]],
	no = [["square", 0, 0.16, -7, -12, 0.1]],
	alarm = [["saw", 0, 0.22, -3, 4, 0.1], ["saw", 0.3, 0.22, -3, 4, 0.1], ["saw", 0.6, 0.22, -3, 4, 0.1]],
	open = [["sine", 0, 0.3, 0, 0, 0.18], ["sine", 0.09, 0.3, 7, 7, 0.18], ["sine", 0.18, 0.3, 12, 12, 0.18], ["sine", 0.27, 0.3, 19, 19, 0.18]],
	won = [["triangle", 0, 0.24, 0, 0, 0.26], ["triangle", 0.11, 0.24, 4, 4, 0.26], ["triangle", 0.22, 0.24, 7, 7, 0.26], ["triangle", 0.33, 0.24, 12, 12, 0.26],
		["triangle", 0.44, 0.24, 7, 7, 0.26], ["triangle", 0.55, 0.24, 12, 12, 0.26], ["triangle", 0.66, 0.4, 16, 16, 0.26]],
	lost = [["triangle", 0, 0.36, 7, 7, 0.24], ["triangle", 0.18, 0.36, 4, 4, 0.24], ["triangle", 0.36, 0.36, 1, 1, 0.24], ["triangle", 0.54, 0.5, -5, -5, 0.24]],
}

var made = {}
var lock = Mutex.new()
var thread = Thread.new()
var leaving = false
var players = []
var turn = 0
var tune = AudioStreamPlayer.new()
var wanted = false

func _ready():
	for i in 8:
		players.append(AudioStreamPlayer.new())
		add_child(players[i])
	tune.volume_db = -4
	add_child(tune)
	if OS.get_name() != "Server" and thread.start(self, "make_all") != OK:
		push_warning("the game has no sound")

func _exit_tree():
	leaving = true
	if thread.is_active():
		thread.wait_to_finish()

# Runs beside the game.
func make_all(_nothing):
	for name in SOUNDS:
		if leaving:
			return
		var stream = stream_of(compose(SOUNDS[name]))
		lock.lock()
		made[name] = stream
		lock.unlock()
	var music = stream_of(compose(score()))
	music.loop_mode = AudioStreamSample.LOOP_FORWARD
	music.loop_end = music.data.size() / 2
	lock.lock()
	made["music"] = music
	lock.unlock()
	call_deferred("music", wanted)

func find(name):
	lock.lock()
	var stream = made.get(name)
	lock.unlock()
	return stream

func play(name, n = 0):
	var stream = find(name)
	if stream == null:
		return
	var player = players[turn]
	turn = (turn + 1) % players.size()
	player.stream = stream
	player.pitch_scale = pow(2, (STEPS[int(n) % 5] + 12 * min(2, int(n) / 5)) / 12.0) if name == "collect" else 1.0
	player.play()

func muted():
	return AudioServer.is_bus_mute(AudioServer.get_bus_index("Master"))

func mute(yes):
	AudioServer.set_bus_mute(AudioServer.get_bus_index("Master"), yes)

func toggle():
	mute(not muted())
	Player.remember_muted(muted())

# Turns the music on and off.
func music(on):
	wanted = on
	if tune.stream == null:
		tune.stream = find("music")
	if tune.stream == null:
		return
	if on and not tune.playing:
		tune.play()
	tune.stream_paused = not on

# A quiet music: bass and a wandering melody, chosen by the seed.
func score():
	var lines = []
	var length = 0.21 / Design.PACE
	for beat in 32:
		var root = [0, -3, -5, 2][(beat / 8 + Design.SEED) % 4]
		if beat % 4 == 0:
			lines.append(["triangle", beat * length, length, root - 24, root - 24, 0.16])
		elif beat % 4 == 1:
			lines.append(["triangle", beat * length, length * 0.7, root - 24, root - 24, 0.06])
		var h = ((beat ^ (Design.SEED & 0xffff)) * 2654435761) & 0xffffffff
		if h % 8 < 5:
			var pitch = root + STEPS[(h >> 8) % 5]
			lines.append(["sine", beat * length, length, pitch, pitch, 0.055])
	lines.append(["rest", 31 * length, length, 0, 0, 0])
	return lines

func compose(lines):
	var wave = []
	for line in lines:
		var first = int(line[1] * RATE)
		var n = int(line[2] * RATE)
		while wave.size() < first + n:
			wave.append(0.0)
		if leaving:
			return wave
		match line[0]:
			"rest":
				pass
			"noise":
				noise(wave, first, n, line[3], line[5])
			_:
				tone(wave, first, n, line)
	return wave

# Glides from one pitch to another.
func tone(wave, first, n, line):
	var kind = line[0]
	var pitch = 261.6 * pow(2, line[3] / 12.0) / RATE
	var bend = pow(2, (line[4] - line[3]) / 12.0 / n)
	var phase = 0.0
	for i in n:
		phase = fmod(phase + pitch, 1.0)
		pitch *= bend
		var v = 0.0
		if kind == "square":
			v = 0.6 if phase < 0.5 else -0.6
		elif kind == "saw":
			v = 2 * phase - 1
		elif kind == "triangle":
			v = 4 * abs(phase - 0.5) - 1
		else:
			v = sin(TAU * phase)
		wave[first + i] += v * line[5] * min(1.0, i / 200.0) * pow(1 - float(i) / n, 1.6)

# It is soft when the filter is low.
func noise(wave, first, n, filter, gain):
	var low = 0.0
	var k = min(1.0, filter * TAU / RATE)
	for i in n:
		low += (randf() * 2 - 1 - low) * k
		wave[first + i] += low * gain * 2 * (1 - float(i) / n)

func stream_of(wave):
	var bytes = PoolByteArray()
	bytes.resize(wave.size() * 2)
	for i in wave.size():
		var v = int(clamp(wave[i], -1, 1) * 32000)
		bytes[2 * i] = v & 0xff
		bytes[2 * i + 1] = (v >> 8) & 0xff
	var stream = AudioStreamSample.new()
	stream.format = AudioStreamSample.FORMAT_16_BITS
	stream.mix_rate = RATE
	stream.data = bytes
	return stream
