package suggest

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ word, want string }{
		{"phaser", "phaser"}, {"phasre", "phaser"}, {"Phaser", "phaser"}, {"tree", "three"}, {"unity", ""}, {"", ""}, {"x", ""},
	} {
		if got := Nearest(tt.word, []string{"phaser", "three", "godot"}); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.word, got, tt.want)
		}
	}
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"ab", "ba", 1}, {"kitten", "sitting", 3}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%q %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
