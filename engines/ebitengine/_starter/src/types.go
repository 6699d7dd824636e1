package main

import "math"

// Design is what this game is: its words, colours, pace and level. See design.go.
type Design struct {
	Title, Prompt        string
	Genre, Theme         string
	Hero, Collect, Enemy string
	Pace, Difficulty     float64
	Palette              Palette
	Tuning               Tuning
	Seed                 int64
}

// Tuning is how the game's rules are set: 1 is as usual, and a count of 0 lets the rules say. See design.go.
type Tuning struct {
	Speed, Jump, Gravity, FireRate float64
	Enemies, EnemySpeed            float64
	GoalTimes                      float64
	Lives, Goal, Moves             int
}

// Palette holds colours as "#rrggbb".
type Palette struct{ Sky, SkyLow, Ground, Hero, Collect, Enemy, Accent, Text string }

// Pointer is the mouse or the first finger. X and Y are pixels until Input.read turns them into units of the world.
type Pointer struct {
	X, Y                    float64
	Down, Pressed, Released bool
}

// Controls is what the rules read in every step. What was pressed is told once.
type Controls struct {
	X, Y   float64 // -1, 0 or 1
	Jump   bool    // held
	Action bool    // held
	Hit    map[string]bool
	Pointer
}

// any tells whether one of some things was pressed.
func (c Controls) any(names ...string) bool {
	for _, n := range names {
		if c.Hit[n] {
			return true
		}
	}
	return false
}

// turn is -1, 0 or 1 for two opposite keys.
func (c Controls) turn(less, more string) int {
	n := 0
	if c.Hit[more] {
		n++
	}
	if c.Hit[less] {
		n--
	}
	return n
}

// Event is something that the rules tell the view, the sound and the screen.
type Event struct {
	Kind    string
	X, Y, Z float64
	N       int
	Force   float64
	Big     bool
	Say     string
}

// Status is what the screen and the hook show of a world.
type Status struct {
	Score, Goal       int
	Hearts, MaxHearts int     // no hearts when MaxHearts is 0
	Moves             int     // -1 when moves do not count
	Boss              float64 // what is left of the boss, 0 to 1; -1 when there is none
	X, Y              float64 // where the player is
	Time              float64
}

// xy is a point; x points right and y up.
type xy [2]float64

// Words are what the screen says of a game.
type Words struct {
	Goal      string
	How       [][2]string // key, what it does
	Touch     string
	Won, Lost string
}

// heartsFor is with how many hearts a game begins.
func heartsFor(d Design, easy, normal, hard int) int {
	switch {
	case d.Tuning.Lives > 0:
		return d.Tuning.Lives
	case d.Difficulty < 0.9:
		return easy
	case d.Difficulty > 1.2:
		return hard
	}
	return normal
}

// goalFor is how much there is to gather where the rules would have so much.
func goalFor(d Design, usual float64) int {
	if d.Tuning.Goal > 0 {
		return d.Tuning.Goal
	}
	return max(1, int(math.Round(usual*d.Tuning.GoalTimes)))
}

func clamp(x, low, high float64) float64 { return min(max(x, low), high) }

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// keep drops what the test refuses, in place.
func keep[T any](list []T, test func(T) bool) []T {
	kept := list[:0]
	for _, item := range list {
		if test(item) {
			kept = append(kept, item)
		}
	}
	return kept
}
