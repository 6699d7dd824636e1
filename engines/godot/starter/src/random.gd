extends Reference

# A seeded source of chance (mulberry32): the same seed gives the same level on every machine.

const MASK = 0xffffffff

var state = 0

func _init(begin):
	state = begin & MASK

# At least 0 and less than 1.
func next():
	state = (state + 0x6d2b79f5) & MASK
	var t = state
	t = ((t ^ (t >> 15)) * (t | 1)) & MASK
	t = t ^ ((t + (((t ^ (t >> 7)) * (t | 61)) & MASK)) & MASK)
	return float(t ^ (t >> 14)) / 4294967296.0

func between(low, high):
	return low + (high - low) * next()

# Includes both ends.
func whole(low, high):
	return low + int(floor((high - low + 1) * next()))

func chance(p):
	return next() < p

func pick(list):
	return list[int(list.size() * next())]
