extends Reference

# Turns a list of simple shapes into a picture: a dark outline around it, and a light that falls from the upper left.

const Pen = preload("res://pen.gd")
const Colors = preload("res://colors.gd")
const FRAMES = 8

# A figure in all phases of its walk; from behind, the nearest parts are the farthest, so the face disappears by itself.
static func walk(parts, main, accent, behind = false):
	var frames = []
	for i in FRAMES:
		frames.append(figure(parts, main, accent, i * TAU / FRAMES, behind))
	return frames

static func figure(parts, main, accent, phase = 0.0, behind = false):
	var turn = -1.0 if behind else 1.0
	var pen = Pen.new()
	var list = expand(parts, turn)
	for part in list:
		if not part.get("flat", false):
			add_part(pen, part, pose(part, phase, turn), 0.0425, main.darkened(0.72), false)
	for part in list:
		var color = Colors.role(part.fill, main, accent)
		add_part(pen, part, pose(part, phase, turn), 0.0, color, not part.get("flat", false) and part.shape != "ring")
	return pen.shape()

static func pose(part, phase, turn):
	var swing = part.get("swing", 0.0)
	var x = part.at.x + swing * sin(phase)
	var y = part.at.y + max(0.0, abs(swing) * 0.6 * cos(phase) * sign(swing))
	var tilt = part.get("tilt", 0.0) + part.get("wag", 0.0) * sin(phase)
	# Figures have y up.
	return Transform2D(Vector2(turn, 0), Vector2(0, -1), Vector2(x * turn, -y)) * Transform2D(tilt, Vector2())

# Adds the mirrored parts, and puts the farthest first.
static func expand(parts, turn):
	var all = []
	for part in parts:
		insert(all, part, turn)
		if part.get("mirror", false):
			var other = part.duplicate()
			other.at = Vector2(-part.at.x, part.at.y)
			for name in ["tilt", "wag", "swing"]:
				other[name] = -part.get(name, 0.0)
			other.flip = true
			insert(all, other, turn)
	return all

static func insert(list, part, turn):
	var at = list.size()
	while at > 0 and turn * list[at - 1].get("z", 0.0) > turn * part.get("z", 0.0):
		at -= 1
	list.insert(at, part)

static func add_part(pen, part, place, grow, color, lit):
	var w = part.size.x + 2 * grow
	var h = part.size.y + 2 * grow
	if part.shape == "ring":
		var tube = part.get("tube", 0.0)
		pen.band(Pen.oval(place, w + tube, h + tube), Pen.oval(place, w - tube - 4 * grow, h - tube - 4 * grow), color)
		return
	var outline = PoolVector2Array()
	match part.shape:
		"ball":
			outline = Pen.oval(place, w, h)
		"box":
			var r = min(w, h) * min(part.get("round", 0.25), 0.5)
			var corners = [Vector2(w / 2 - r, h / 2 - r), Vector2(r - w / 2, h / 2 - r), Vector2(r - w / 2, r - h / 2), Vector2(w / 2 - r, r - h / 2)]
			for corner in 4:
				for i in 7:
					var turn = (corner + i / 6.0) * PI / 2
					outline.append(place.xform(corners[corner] + r * Vector2(cos(turn), sin(turn))))
		"cone":
			for p in [Vector2(-w / 2, -h / 2), Vector2(w / 2, -h / 2), Vector2(0, h / 2)]:
				outline.append(place.xform(p))
		_:
			for p in part.points:
				outline.append(place.xform(Vector2(-p.x * w if part.get("flip", false) else p.x * w, p.y * h)))
	if not lit:
		if part.shape == "ball" or part.shape == "box":
			pen.fan(place.origin, outline, [[0.0, color], [1.0, color]])
		else:
			pen.polygon(outline, color)
		return
	var r = max(part.size.x, part.size.y)
	var light = place.origin - Vector2(0.18, 0.22) * r
	var rings = []
	if part.shape == "poly":
		var base = pen.points.size()
		pen.polygon(outline, color)
		for i in outline.size():
			pen.paints[base + i] = shade(color, outline[i], light, r)
		return
	# The light's middle may lie outside of what is slim.
	var middle = place.origin.linear_interpolate(light, 0.6 if part.shape == "ball" and min(w, h) > 0.5 * r else 0.0)
	for k in 6:
		var ring = []
		for p in outline:
			ring.append(shade(color, middle.linear_interpolate(p, k / 5.0), light, r))
		rings.append([k / 5.0, ring])
	pen.fan(middle, outline, rings)

static func shade(color, p, light, r):
	var d = p.distance_to(light) / (r * 0.78)
	if d < 0.45:
		return color.lightened(0.35).linear_interpolate(color, d / 0.45)
	return color.linear_interpolate(color.darkened(0.28), clamp((d - 0.45) / 0.55, 0, 1))
