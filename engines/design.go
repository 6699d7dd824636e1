package engines

// Genre is a kind of game that the starters know.
type Genre string

// The genres of the starters.
const (
	GenrePlatformer Genre = "platformer"
	GenreShooter    Genre = "shooter"
	GenreRunner     Genre = "runner"
	GenrePuzzle     Genre = "puzzle"
)

// Design is what a starter needs to know of a game. It is written into the project as readable data, so that a person
// or a model can go on from there.
type Design struct {
	Title   string  `json:"title"`
	Prompt  string  `json:"prompt"`
	Genre   Genre   `json:"genre"`
	Theme   string  `json:"theme"`   // "neon", "forest", …
	Hero    string  `json:"hero"`    // "fox"
	Collect string  `json:"collect"` // what the player gathers, "star"
	Enemy   string  `json:"enemy"`   // "drone"
	Pace    float64 `json:"pace"`    // 1 is normal; 0.75 calm, 1.35 fast
	Palette Palette `json:"palette"`
	Seed    int64   `json:"seed"` // of the level's layout
}

// Palette holds colours as "#rrggbb".
type Palette struct {
	Sky     string `json:"sky"`
	SkyLow  string `json:"skyLow"`
	Ground  string `json:"ground"`
	Hero    string `json:"hero"`
	Collect string `json:"collect"`
	Enemy   string `json:"enemy"`
	Accent  string `json:"accent"`
	Text    string `json:"text"`
}
