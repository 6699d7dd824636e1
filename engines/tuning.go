package engines

import "math"

// Tuning sets a starter's rules, in multiples of the usual value: 1 changes nothing. Counts of 0 leave it to the rules, which
// follow the difficulty. A design has the settings of its genre; see Tunables.
type Tuning struct {
	Speed      float64 // of the hero
	Jump       float64 // the height of a jump
	Gravity    float64 // how fast a jump is over; its height stays
	FireRate   float64
	Enemies    float64 // how many there are
	EnemySpeed float64
	GoalTimes  float64 // how much there is to gather, where Goal is 0
	Goal       int
	Lives      int
	Moves      int
}

// Tunable is one setting of a genre's rules. Within its bounds every game can be won: bots have tried.
type Tunable struct {
	Name     string // "enemySpeed", in the design file of every engine
	Title    string // "speed of the enemies"
	Min, Max float64
	Whole    bool // a count; 0 lets the rules say
}

// Usual is the value that changes nothing.
func (t Tunable) Usual() float64 {
	if t.Whole {
		return 0
	}
	return 1
}

// Clamp keeps a value within the bounds, and short enough to read.
func (t Tunable) Clamp(v float64) float64 {
	switch {
	case math.IsNaN(v), t.Whole && v == 0:
		return t.Usual()
	case t.Whole:
		v = math.Round(v)
	default:
		v = math.Round(v*1000) / 1000
	}
	return min(max(v, t.Min), t.Max)
}

// Tunables lists what can be set in games of the genre, in the order of their design files.
func (g Genre) Tunables() []Tunable {
	factor := func(name, title string, low, high float64) Tunable { return Tunable{name, title, low, high, false} }
	count := func(name, title string, low, high float64) Tunable { return Tunable{name, title, low, high, true} }
	switch g {
	case GenrePlatformer:
		return []Tunable{factor("speed", "speed", 0.8, 1.6), factor("jump", "jump height", 0.9, 2.5), factor("gravity", "gravity", 0.5, 1.3),
			factor("enemies", "enemies", 0, 3), factor("enemySpeed", "speed of the enemies", 0.3, 2),
			count("lives", "lives", 1, 9), factor("goalTimes", "to gather", 0.2, 1.5), count("goal", "to gather", 1, 99)}
	case GenreShooter:
		return []Tunable{factor("speed", "speed", 0.7, 1.6), factor("fireRate", "fire rate", 0.6, 2.5),
			factor("enemies", "enemies", 0.5, 1.6), factor("enemySpeed", "speed of the enemies", 0.4, 1.4),
			count("lives", "lives", 2, 9), factor("goalTimes", "to gather", 0.2, 2), count("goal", "to gather", 5, 150)}
	case GenreRunner:
		return []Tunable{factor("speed", "speed", 0.6, 1.3), factor("jump", "jump height", 0.9, 1.6), factor("gravity", "gravity", 0.8, 1.4),
			factor("enemies", "enemies", 0, 2.5), factor("enemySpeed", "speed of the enemies", 0, 2),
			count("lives", "lives", 2, 9), factor("goalTimes", "to gather", 0.2, 2), count("goal", "to gather", 30, 300)}
	case GenrePuzzle:
		return []Tunable{factor("enemies", "enemies", 0.34, 2.5), count("moves", "moves", 18, 99),
			factor("goalTimes", "to gather", 0.2, 1.1), count("goal", "to gather", 5, 40)}
	}
	return nil
}

// Tunable finds a setting of the genre by its name.
func (g Genre) Tunable(name string) (Tunable, bool) {
	for _, t := range g.Tunables() {
		if t.Name == name {
			return t, true
		}
	}
	return Tunable{}, false
}

// UsualCount is a count that the rules of all starters choose for the design's difficulty, where its tuning leaves it to them; 0
// where it depends on the level.
func (d Design) UsualCount(name string) float64 {
	hard := d.Difficulty
	if hard == 0 {
		hard = 1
	}
	switch name {
	case "goal":
		return map[Genre]float64{GenreShooter: math.Round(60 * (0.6 + 0.4*hard)), GenreRunner: math.Round(130 * (0.7 + 0.3*hard)),
			GenrePuzzle: 36}[d.Genre]
	case "moves":
		return math.Round(22 / (0.55 + 0.45*hard))
	case "lives":
		lives := map[bool]float64{true: 4, false: 3}[d.Genre == GenreShooter]
		switch {
		case hard < 0.9:
			return lives + 2
		case hard > 1.2:
			return lives - 1
		}
		return lives
	}
	return 0
}

// Get is the value of a setting, 0 for an unknown one.
func (t *Tuning) Get(name string) float64 {
	if f, n := t.field(name); f != nil {
		return *f
	} else if n != nil {
		return float64(*n)
	}
	return 0
}

// Set sets a setting; an unknown one is not set.
func (t *Tuning) Set(name string, v float64) {
	if f, n := t.field(name); f != nil {
		*f = v
	} else if n != nil {
		*n = int(v)
	}
}

func (t *Tuning) field(name string) (*float64, *int) {
	switch name {
	case "speed":
		return &t.Speed, nil
	case "jump":
		return &t.Jump, nil
	case "gravity":
		return &t.Gravity, nil
	case "fireRate":
		return &t.FireRate, nil
	case "enemies":
		return &t.Enemies, nil
	case "enemySpeed":
		return &t.EnemySpeed, nil
	case "goalTimes":
		return &t.GoalTimes, nil
	case "goal":
		return nil, &t.Goal
	case "lives":
		return nil, &t.Lives
	case "moves":
		return nil, &t.Moves
	}
	return nil, nil
}

// normalize keeps the settings of the genre, within their bounds; what is 0 becomes the usual.
func (t Tuning) normalize(g Genre) Tuning {
	var out Tuning
	for _, s := range g.Tunables() {
		v := t.Get(s.Name)
		if v == 0 {
			v = s.Usual()
		}
		out.Set(s.Name, s.Clamp(v))
	}
	return out
}
