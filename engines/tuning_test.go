package engines

import "testing"

// The counts are those of the starters' rules, in every language.
func TestUsualCount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		genre      Genre
		difficulty float64
		name       string
		want       float64
	}{
		{GenreShooter, 0, "goal", 60}, {GenreShooter, 2, "goal", 84}, {GenreRunner, 1, "goal", 130}, {GenrePuzzle, 2, "goal", 36},
		{GenrePlatformer, 1, "goal", 0}, {GenrePuzzle, 1, "moves", 22}, {GenrePuzzle, 2, "moves", 15},
		{GenrePlatformer, 1, "lives", 3}, {GenreRunner, 0.5, "lives", 5}, {GenreShooter, 0.5, "lives", 6}, {GenreShooter, 1.5, "lives", 3},
		{GenreRunner, 1, "speed", 0},
	} {
		d := Design{Genre: c.genre, Difficulty: c.difficulty}
		if got := d.UsualCount(c.name); got != c.want {
			t.Errorf("%s of a %s at %v: %v, want %v", c.name, c.genre, c.difficulty, got, c.want)
		}
	}
}
