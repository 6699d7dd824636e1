package main

import "math"

// Random is a seeded source of chance (mulberry32): the same seed gives the same level on every machine.
type Random struct{ state uint32 }

func newRandom(seed int64) *Random { return &Random{uint32(seed)} }

// next is at least 0 and less than 1.
func (r *Random) next() float64 {
	r.state += 0x6d2b79f5
	t := r.state
	t = (t ^ t>>15) * (t | 1)
	t ^= t + (t^t>>7)*(t|61)
	return float64(t^t>>14) / 4294967296
}

func (r *Random) between(low, high float64) float64 { return low + (high-low)*r.next() }

// whole includes both ends.
func (r *Random) whole(low, high int) int {
	return low + int(math.Floor(float64(high-low+1)*r.next()))
}

func (r *Random) chance(p float64) bool { return r.next() < p }

func pick[T any](r *Random, list ...T) T { return list[int(float64(len(list))*r.next())] }
