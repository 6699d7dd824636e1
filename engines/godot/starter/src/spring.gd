extends Reference

# A damped spring around zero, for squash and stretch. Small fixed steps keep it calm at any frame rate.

var value = 0.0
var speed = 0.0
var rest = 0.0

func kick(by):
	speed += by * 2.2

func step(dt):
	rest += dt
	while rest > 0:
		speed += (-value * 320 - speed * 15) / 240
		value += speed / 240
		rest -= 1.0 / 240
	return clamp(value, -0.8, 0.8)
