package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/docker"
)

func newTestOwner(t *testing.T, dir, id string) *owners {
	t.Helper()
	o, err := newOwners(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOwnersKnowEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := newTestOwner(t, dir, "host/1/a"), newTestOwner(t, dir, "host/2/b")
	if one.scope == "" || one.scope != two.scope {
		t.Errorf("scopes %q and %q", one.scope, two.scope)
	}
	if !one.alive("host/2/b") || !two.alive("host/1/a") || !one.alive("host/1/a") || one.alive("host/3/c") {
		t.Error("the living and the dead are mixed up")
	}
	if err := two.close(); err != nil {
		t.Error(err)
	}
	if one.alive("host/2/b") {
		t.Error("who has left is alive")
	}
	one.tidy(nil)
	if !one.inPlace(one.file) {
		t.Error("tidying took the worker's own file")
	}
	if err := one.close(); err != nil {
		t.Error(err)
	}
	if other := newTestOwner(t, t.TempDir(), "x"); other.scope == one.scope {
		t.Error("two folders are one scope")
	} else if err := other.close(); err != nil {
		t.Error(err)
	}
}

// TestKilledOwner checks that a killed worker is recognized as dead without doing anything.
func TestKilledOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one := newTestOwner(t, dir, "one")
	defer func() { _ = one.close() }()
	path := one.path("killed")
	cmd := exec.Command("sh", "-c", `exec 9>"$0"; flock -x 9 && echo locked; exec sleep 1000`, path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if _, err := out.Read(make([]byte, 10)); err != nil {
		t.Skip("there is no flock program here")
	}
	if !one.alive("killed") {
		t.Error("a living worker is dead")
	}
	one.tidy(nil)
	if _, err := os.Stat(path); err != nil {
		t.Error("the file of a living worker was removed")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if one.alive("killed") {
		t.Error("a killed worker is alive")
	}
	one.tidy(map[string]bool{"killed": true})
	if _, err := os.Stat(path); err != nil {
		t.Error("the file of a worker that still owns something was removed")
	}
	one.tidy(nil)
	if _, err := os.Stat(path); err == nil {
		t.Error("the file of a dead worker stays")
	}
}

// TestCleanedFolder removes the files, as programs do that clean up temporary folders.
func TestCleanedFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "owners")
	one, two := newTestOwner(t, dir, "one"), newTestOwner(t, dir, "two")
	defer func() { _ = two.close() }()
	if err := os.Remove(one.file.Name()); err != nil {
		t.Fatal(err)
	}
	if err := one.renew(); err != nil {
		t.Fatal(err)
	}
	if !two.alive("one") {
		t.Error("after its renewal a worker is dead")
	}
	before := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(one.file.Name(), before, before); err != nil {
		t.Fatal(err)
	}
	if err := one.renew(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(one.file.Name()); err != nil || time.Since(info.ModTime()) > time.Hour {
		t.Errorf("the file looks abandoned: %v", err)
	}
	if err := one.close(); err != nil {
		t.Error(err)
	}
}

func TestOwnersInAHurry(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			o, err := newOwners(dir, string(rune('a'+i)))
			if err != nil {
				t.Error(err)
				return
			}
			o.tidy(nil)
			if !o.inPlace(o.file) {
				t.Error("a living worker's file is gone")
			}
			if err := o.close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestUnusableFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o := newTestOwner(t, file, "one")
	if !o.temp || !o.alive("one") {
		t.Error("no folder of its own")
	}
	if err := o.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(o.dir); err == nil {
		t.Error("its folder stays")
	}
}

func TestOrphans(t *testing.T) {
	t.Parallel()
	o := newTestOwner(t, t.TempDir(), "me")
	other := newTestOwner(t, o.dir, "other")
	t.Cleanup(func() { _ = o.close(); _ = other.close() })
	now := time.Now()
	r := &DockerRunner{owners: o, launcher: &launcher{containers: map[string]*container{"known": {}}}}
	label := func(owner, scope, expires string) map[string]string {
		return map[string]string{LabelOwner: owner, LabelScope: scope, LabelExpires: expires}
	}
	future, past := "99999999999", "1000"
	for name, c := range map[string]struct {
		container docker.Summary
		want      bool
	}{
		"mine, in use":              {docker.Summary{Name: "known", State: "running", Labels: label("me", o.scope, future)}, false},
		"mine, that came late":      {docker.Summary{Name: "late", State: "created", Labels: label("me", o.scope, future)}, true},
		"a living worker's":         {docker.Summary{Name: "x", State: "running", Created: now, Labels: label("other", o.scope, future)}, false},
		"a living worker's, new":    {docker.Summary{Name: "x", State: "created", Created: now, Labels: label("other", o.scope, future)}, false},
		"a dead worker's":           {docker.Summary{Name: "x", State: "running", Created: now, Labels: label("dead", o.scope, future)}, true},
		"a stranger's":              {docker.Summary{Name: "x", State: "running", Created: now, Labels: label("dead", "else", future)}, false},
		"a stranger's, expired":     {docker.Summary{Name: "x", State: "running", Created: now, Labels: label("dead", "else", past)}, true},
		"a stranger's, not started": {docker.Summary{Name: "x", State: "created", Created: now.Add(-time.Hour), Labels: label("dead", "else", future)}, true},
		"without a word":            {docker.Summary{Name: "x", State: "running", Created: now, Labels: map[string]string{LabelOwner: "someone"}}, false},
	} {
		if got := r.orphaned(c.container, now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
