extends Reference

# The bursts and ripples of a view, in pixels of its own picture.

const Player = preload("res://player.gd")
const MOST = 400

var list = []
var calm = Player.calm()

func burst(x, y, size, color, n):
	for i in (n + 3) / 4 if calm else n:
		if list.size() >= MOST:
			return
		var turn = randf() * TAU
		var v = size * (1.5 + 5 * randf())
		list.append({x = x, y = y, vx = cos(turn) * v, vy = sin(turn) * v - size, size = size * (0.08 + 0.13 * randf()), age = 0.0,
			life = 0.35 + 0.4 * randf(), color = color, ripple = false})

# A ring that grows and fades.
func ripple(x, y, size, color):
	list.append({x = x, y = y, size = size, age = 0.0, life = 0.45, color = color, ripple = true})

# Moves and draws them; ox and oy is where the view's picture begins.
func draw(canvas, dt, ox, oy, size):
	var kept = []
	for p in list:
		p.age += dt
		if p.age >= p.life:
			continue
		kept.append(p)
		var left = clamp(1 - p.age / p.life, 0, 1)
		if p.ripple:
			var r = p.size * (1.2 - left)
			canvas.ring(p.x + ox, p.y + oy, r, r, max(1, p.size * 0.12 * left), Color(p.color.r, p.color.g, p.color.b, left))
			continue
		p.vy += size * 9 * dt
		p.vx *= 1 - 2 * dt
		p.x += p.vx * dt
		p.y += p.vy * dt
		canvas.glow(p.x + ox, p.y + oy, p.size * 2.4 * left, p.color, left)
		canvas.disc(p.x + ox, p.y + oy, p.size * 0.7 * left, p.size * 0.7 * left, p.color.lightened(0.3))
	list = kept
