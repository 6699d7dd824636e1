package find

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPostgresOnThePathWins(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	postgres, initdb, err := Postgres()
	if err != nil || filepath.Dir(postgres) != dir || filepath.Dir(initdb) != dir {
		t.Errorf("found %q and %q, %v", postgres, initdb, err)
	}
}

func TestHalfAnInstallationIsNotPostgres(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "postgres"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	if postgres, _, _ := Postgres(); filepath.Dir(postgres) == dir {
		t.Errorf("a folder without initdb was taken")
	}
}

func TestChromiumByName(t *testing.T) {
	browser := filepath.Join(t.TempDir(), "my browser")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SPARK_TEST_CHROMIUM", browser)
	if got, err := Chromium(); err != nil || got != browser {
		t.Errorf("found %q, %v", got, err)
	}
	t.Setenv("SPARK_TEST_CHROMIUM", browser+" that is not there")
	if got, err := Chromium(); err == nil {
		t.Errorf("found %q instead of the one that was named", got)
	}
}

func TestVersionOrdersInstallations(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/usr/lib/postgresql/15/bin":             15,
		"/usr/lib/postgresql/9.6/bin":            6, // older than every version that has one number
		"/opt/homebrew/opt/postgresql@17/bin":    17,
		"/usr/pgsql-16/bin":                      16,
		"/usr/local/bin":                         0,
		"/Applications/Postgres.app/latest/bin":  0,
		"/odd/99999999999999999999999999999/bin": 0,
	} {
		if got := version(path); got != want {
			t.Errorf("version(%q) = %d, want %d", path, got, want)
		}
	}
}

func TestLikeDebian(t *testing.T) {
	t.Parallel()
	for release, want := range map[string]bool{
		"PRETTY_NAME=\"Debian\"\nID=debian\n":     true,
		"ID=ubuntu\nID_LIKE=debian\n":             true,
		"ID=pop\nID_LIKE=\"ubuntu debian\"\n":     true,
		"ID=fedora\nNAME=\"not debian\"\n":        false,
		"ID=arch":                                 false,
		"":                                        false,
		"VARIANT_ID=debian\nSUPPORT=debian.org\n": false,
	} {
		if got := likeDebian(release); got != want {
			t.Errorf("likeDebian(%q) = %v", release, got)
		}
	}
}

func TestAdviceNamesTheCommand(t *testing.T) {
	t.Parallel()
	for _, m := range []Missing{missingPostgres, missingRedis, missingChromium, missingNode, missingNPM, missingCompiler, missingDocker} {
		if m.Name == "" || m.Debian == "" || m.Mac == "" {
			t.Errorf("%+v is incomplete", m)
		}
		if got := m.advice("darwin", false); got != m.Mac {
			t.Errorf("on macOS: %q", got)
		}
		if got := m.advice("linux", true); !strings.HasPrefix(got, "apt-get install "+m.Debian) {
			t.Errorf("on Debian: %q", got)
		}
		if got := m.advice("linux", false); !strings.Contains(got, "package manager") {
			t.Errorf("elsewhere: %q", got)
		}
	}
}
