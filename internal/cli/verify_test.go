package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/builds/provenance"
	"github.com/spark-games/spark/models"
)

// signed writes a statement about files, and its key, and returns their names.
func signed(t *testing.T, files models.Manifest) (statement, key string) {
	t.Helper()
	private, err := provenance.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := provenance.NewSigner(private, provenance.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := s.Attest(t.Context(), models.Provenance{
		Artifact:           &models.Artifact{JobID: "job", Manifest: files, Digest: files.Digest()},
		ExternalParameters: map[string]any{"engine": "phaser\x1b[2J", "mode": "release"},
	})
	if err != nil {
		t.Fatal(err)
	}
	public, err := s.Public().PEM()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	statement, key = filepath.Join(dir, "s.json"), filepath.Join(dir, "s.pub")
	for name, data := range map[string][]byte{statement: envelope, key: []byte(public)} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return statement, key
}

func TestVerifyOffline(t *testing.T) {
	t.Parallel()
	game := filepath.Join(t.TempDir(), "game.html")
	if err := os.WriteFile(game, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	statement, key := signed(t, models.Manifest{{Path: "fox.html", Size: 5, SHA256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}})
	_, otherKey := signed(t, models.Manifest{{Path: "fox.html", SHA256: strings.Repeat("0", 64)}})
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{game, "--provenance", statement, "--public-key", key}, 0, "engine     phaser , release"},
		{[]string{key, "--provenance", statement, "--public-key", key}, ExitFailed, `not verified: the files are not those of the provenance; changed: "s.pub"`},
		{[]string{filepath.Dir(game), "--provenance", statement, "--public-key", key}, ExitFailed, `missing: "fox.html"; not part of it: "game.html"`},
		{[]string{game, "--provenance", statement, "--public-key", otherKey}, ExitFailed, "unknown key"},
		{[]string{game, "--provenance", game, "--public-key", key}, ExitFailed, "cannot be read"},
		{[]string{game, "--provenance", statement, "--public-key", statement}, ExitUsage, "no public key"},
		{[]string{game, "--provenance", statement}, ExitUsage, "--public-key is needed"},
		{[]string{game}, ExitUsage, "--provenance"},
		{nil, ExitUsage, "is missing: spark verify ARTIFACT|FILE|FOLDER"},
	} {
		r := run(within(t), t, Deps{}, nil, append([]string{"verify"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(r.out+r.err, tt.says) || strings.Contains(r.out, "\x1b") {
			t.Errorf("%v: %+v", tt.args, r)
		}
		if strings.Contains(r.out, "Verified") != (tt.code == 0) {
			t.Errorf("%v: %s", tt.args, r.out)
		}
	}
}

func TestPublicKeyBeside(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"a/game.intoto.json": "a/game.pub", "game.json": "game.pub", "game": "game.pub"} {
		if got := publicKeyBeside(file); got != want {
			t.Errorf("%s: %s", file, got)
		}
	}
}
