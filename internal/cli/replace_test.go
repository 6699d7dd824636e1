package cli

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// folding is a folder on a disk that ignores case.
type folding struct{ *os.Root }

// at is the name that the disk knows a file by.
func (f folding) at(name string) string {
	dir, found := ".", "."
	for part := range strings.SplitSeq(name, "/") {
		entries, _ := fs.ReadDir(f.Root.FS(), dir)
		found = path.Join(dir, part)
		for _, e := range entries {
			if models.PathKey(e.Name()) == models.PathKey(part) {
				found = path.Join(dir, e.Name())
			}
		}
		dir = found
	}
	return found
}

type foldingFS struct{ folding }

func (f foldingFS) Open(name string) (fs.File, error) { return f.Root.FS().Open(f.at(name)) }

func (f folding) FS() fs.FS                              { return foldingFS{f} }
func (f folding) Stat(name string) (fs.FileInfo, error)  { return f.Root.Stat(f.at(name)) }
func (f folding) Lstat(name string) (fs.FileInfo, error) { return f.Root.Lstat(f.at(name)) }
func (f folding) MkdirAll(name string, perm fs.FileMode) error {
	return f.Root.MkdirAll(f.at(name), perm)
}
func (f folding) Rename(from, to string) error { return f.Root.Rename(f.at(from), f.at(to)) }
func (f folding) Remove(name string) error     { return f.Root.Remove(f.at(name)) }
func (f folding) RemoveAll(name string) error  { return f.Root.RemoveAll(f.at(name)) }
func (f folding) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return f.Root.OpenFile(f.at(name), flag, perm)
}

// dying is a folder in which nothing changes any more after so many changes: the program that made them was killed.
type dying struct {
	gameFolder
	left int
}

var errKilled = errors.New("killed")

func (d *dying) live() bool { d.left--; return d.left >= 0 }

func (d *dying) MkdirAll(name string, perm fs.FileMode) error {
	if !d.live() {
		return errKilled
	}
	return d.gameFolder.MkdirAll(name, perm)
}

func (d *dying) Rename(from, to string) error {
	if !d.live() {
		return errKilled
	}
	return d.gameFolder.Rename(from, to)
}

func (d *dying) Remove(name string) error {
	if !d.live() {
		return errKilled
	}
	return d.gameFolder.Remove(name)
}

func (d *dying) RemoveAll(name string) error {
	if !d.live() {
		return errKilled
	}
	return d.gameFolder.RemoveAll(name)
}

func (d *dying) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	if !d.live() {
		return nil, errKilled
	}
	return d.gameFolder.OpenFile(name, flag, perm)
}

// put writes a game, whose files have their own names and its number as content, over the one before.
func put(dir gameFolder, number string, force bool, names ...string) error {
	return replaceGame(dir, names, force, func(at func(string) string) error {
		for _, name := range names {
			if err := dir.MkdirAll(path.Dir(at(name)), 0o755); err != nil {
				return err
			}
			f, err := dir.OpenFile(at(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if err != nil {
				return err
			}
			_, err = f.WriteString(name + " " + number)
			if err := errors.Join(err, f.Close()); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkGame checks that a folder has these files of a game, these others, and nothing else.
func checkGame(t *testing.T, root *os.Root, number string, names, others []string) {
	t.Helper()
	want := slices.Concat(names, others, []string{ownFile})
	require.ElementsMatch(t, keysOf(want), keysOf(filesIn(t, root.Name()))) // some disks keep no case
	for _, name := range names {
		got, err := root.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, name+" "+number, string(got))
	}
	own, err := ownedIn(root)
	require.NoError(t, err)
	require.ElementsMatch(t, names, own.Files)
	_, err = root.Stat(newGame)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func keysOf(names []string) (keys []string) {
	for _, name := range names {
		keys = append(keys, models.PathKey(name))
	}
	return keys
}

func openFolder(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, root.Close()) })
	return root
}

// successions are games of which each takes the place of the one before.
var successions = map[string][][]string{
	"a name's case":       {{"Game.js", "Ümlaut/A.png", "index.html"}, {"game.js", "ümlaut/a.png", "index.html"}, {"Game.js"}},
	"a file and a folder": {{"data", "maps/a/b/1", "x"}, {"data/x", "data/y/z", "maps", "x"}, {"data", "maps/a/b/1"}},
	"both":                {{"Data", "maps/A"}, {"data/x", "MAPS"}, {"DATA", "maps/a"}},
	"other names":         {{"assets/main-1.js", "assets/sub/old.png", "index.html"}, {"assets/main-2.js", "index.html"}},
}

// A game takes the place of the one before whatever the names of both, and whether or not the disk tells case apart.
func TestGameTakesThePlaceOfAnother(t *testing.T) {
	t.Parallel()
	for name, games := range successions {
		for disk, open := range map[string]func(*os.Root) gameFolder{
			"plain":   func(root *os.Root) gameFolder { return root },
			"folding": func(root *os.Root) gameFolder { return folding{root} },
		} {
			t.Run(name+", "+disk, func(t *testing.T) {
				t.Parallel()
				checkSuccession(t, t.TempDir(), open, games)
			})
		}
	}
}

// The same holds on a real disk that ignores case.
func TestGameTakesThePlaceOfAnotherIgnoringCase(t *testing.T) {
	t.Parallel()
	disk := caseInsensitive(t)
	for name, games := range successions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(disk, name)
			require.NoError(t, os.Mkdir(dir, 0o755))
			checkSuccession(t, dir, func(root *os.Root) gameFolder { return root }, games)
		})
	}
}

func checkSuccession(t *testing.T, dir string, open func(*os.Root) gameFolder, games [][]string) {
	t.Helper()
	root := openFolder(t, dir)
	require.NoError(t, root.WriteFile("mine", nil, 0o600))
	for i, names := range games {
		number := string('1' + rune(i))
		require.NoError(t, put(open(root), number, false, names...))
		checkGame(t, root, number, names, []string{"mine"})
	}
}

// Wherever writing a game is interrupted, the next one is written as if it had not been, and nobody else's file is lost.
func TestInterruptedGameIsRepaired(t *testing.T) {
	t.Parallel()
	for name, games := range successions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, folds := range []bool{false, true} {
				for after, done := 0, false; !done; after++ {
					root := openFolder(t, t.TempDir())
					var dir gameFolder = root
					if folds {
						dir = folding{root}
					}
					require.NoError(t, errors.Join(root.MkdirAll("maps", 0o755), root.WriteFile("maps/mine", nil, 0o600)))
					first, second := slices.DeleteFunc(slices.Clone(games[0]), isMaps), slices.DeleteFunc(slices.Clone(games[1]), isMaps)
					require.NoError(t, put(dir, "1", false, first...))
					err := put(&dying{dir, after}, "2", false, second...)
					if done = err == nil; !done {
						require.ErrorIs(t, err, errKilled)
						require.NoError(t, checkFolder(root.Name()))
					}
					last := slices.DeleteFunc(slices.Clone(games[after%len(games)]), isMaps)
					require.NoError(t, put(dir, "3", false, last...), "interrupted after %d changes", after)
					checkGame(t, root, "3", last, []string{"maps/mine"})
				}
			}
		})
	}
}

// Wherever writing a game over somebody's files by force is interrupted, those that are still there are still theirs.
func TestInterruptedForceLeavesOthersTheirs(t *testing.T) {
	t.Parallel()
	for after, done := 0, false; !done; after++ {
		root := openFolder(t, t.TempDir())
		require.NoError(t, put(root, "1", false, "index.html", "old.js"))
		mine := []string{"a.js", "b.js", "maps/c.js"}
		require.NoError(t, root.MkdirAll("maps", 0o755))
		for _, name := range mine {
			require.NoError(t, root.WriteFile(name, []byte("mine"), 0o600))
		}
		err := put(&dying{root, after}, "2", true, append(mine, "index.html", "new.js")...)
		if done = err == nil; !done {
			require.ErrorIs(t, err, errKilled)
		}
		var left []string
		for _, name := range mine {
			if got, err := root.ReadFile(name); err == nil && string(got) == "mine" {
				left = append(left, name)
				require.ErrorContains(t, put(root, "3", false, "index.html", name), "--force", "interrupted after %d changes", after)
			}
		}
		require.NoError(t, put(root, "4", false, "index.html", "old.js"), "interrupted after %d changes", after)
		checkGame(t, root, "4", []string{"index.html", "old.js"}, left)
		for _, name := range left {
			got, err := root.ReadFile(name)
			require.NoError(t, err)
			require.Equal(t, "mine", string(got))
		}
	}
}

// A file that somebody makes while a game is written is theirs too: only force writes over it.
func TestFileMadeMeanwhileIsLeftAlone(t *testing.T) {
	t.Parallel()
	root := openFolder(t, t.TempDir())
	require.NoError(t, put(root, "1", false, "index.html"))
	meanwhile := func(at func(string) string) error {
		return errors.Join(root.Mkdir(newGame, 0o755), root.WriteFile(at("new.js"), []byte("new.js 2"), 0o600),
			root.WriteFile("new.js", []byte("mine"), 0o600))
	}
	require.ErrorContains(t, replaceGame(root, []string{"new.js"}, false, meanwhile), "new.js is in the folder and not spark's; --force")
	checkGame(t, root, "1", []string{"index.html"}, []string{"new.js"})
	require.NoError(t, root.Remove("new.js"))
	require.NoError(t, replaceGame(root, []string{"new.js"}, true, meanwhile))
	checkGame(t, root, "2", []string{"new.js"}, nil)
}

// A game goes where somebody's link to a folder leads and leaves the link; a link that leads nowhere is refused.
func TestLinksAreLeftAlone(t *testing.T) {
	t.Parallel()
	root := openFolder(t, t.TempDir())
	require.NoError(t, errors.Join(root.Mkdir("real", 0o755), root.Symlink("real", "maps"), root.Symlink("late.html", "data")))
	require.NoError(t, put(root, "1", false, "index.html", "maps/a/b"))
	for _, force := range []bool{false, true} {
		require.ErrorContains(t, put(root, "2", force, "data/a/b", "late.html"), "data is a file in the folder and not spark's")
		got, err := root.ReadFile("real/a/b")
		require.NoError(t, err)
		require.Equal(t, "maps/a/b 1", string(got))
	}
	require.NoError(t, put(root, "3", false, "index.html"))
	checkGame(t, root, "3", []string{"index.html"}, []string{"maps", "data"})
	_, err := root.Stat("real/a")
	require.ErrorIs(t, err, fs.ErrNotExist, "its own folder is gone")
}

// isMaps is for names that a file in the folder "maps" rules out.
func isMaps(name string) bool { return models.PathKey(name) == "maps" }

// A game that fails to be written leaves the one before as it was.
func TestFailedGameLeavesTheOneBefore(t *testing.T) {
	t.Parallel()
	root := openFolder(t, t.TempDir())
	require.NoError(t, put(root, "1", false, "index.html", "old.js"))
	full := errors.New("the disk is full")
	err := replaceGame(root, []string{"index.html", "new.js"}, false, func(at func(string) string) error {
		return errors.Join(root.Mkdir(newGame, 0o755), root.WriteFile(at("index.html"), nil, 0o600), full)
	})
	require.ErrorIs(t, err, full)
	checkGame(t, root, "1", []string{"index.html", "old.js"}, nil)
}

// A game that would take the place of somebody else's files is refused before anything is changed.
func TestGameLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		mine  string // a file that is there; one that ends in a slash is a folder
		game  string
		folds bool
		says  string
		force bool // is refused even so
	}{
		"same name":                {"a", "a", false, "a is in the folder and not spark's; --force", false},
		"case":                     {"A", "a", true, "a is in the folder and not spark's; --force", false},
		"folder on a file":         {"data", "data/x", false, "data is a file in the folder and not spark's", true},
		"file on a folder":         {"data/mine", "data", false, "data is a folder that has data/mine in it", true},
		"file on a folder in case": {"Data/mine", "data", true, "data is a folder that has data/mine in it", true},
		"file on empty folders":    {"data/empty/", "data", false, "data is a folder that has data/empty in it", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := openFolder(t, t.TempDir())
			var dir gameFolder = root
			if tt.folds {
				dir = folding{root}
			}
			require.NoError(t, put(dir, "1", false, "index.html"))
			if folder, ok := strings.CutSuffix(tt.mine, "/"); ok {
				require.NoError(t, root.MkdirAll(folder, 0o755))
			} else {
				require.NoError(t, errors.Join(root.MkdirAll(path.Dir(tt.mine), 0o755), root.WriteFile(tt.mine, []byte("mine"), 0o600)))
			}
			before := filesIn(t, root.Name())
			require.ErrorContains(t, put(dir, "2", false, tt.game), tt.says)
			if tt.force {
				require.ErrorContains(t, put(dir, "2", true, tt.game), tt.says)
			}
			require.Equal(t, before, filesIn(t, root.Name()))
			checkGame(t, root, "1", []string{"index.html"}, slices.DeleteFunc(before, func(n string) bool { return n == "index.html" || n == ownFile }))
		})
	}
}

// What collides on some disk, or is named as Spark's own files, is not unpacked.
func TestUnpackRefusesCollisions(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"case":    {"A.js": "1", "a.js": "2"},
		"folder":  {"data": "1", "Data/x": "2"},
		"our own": {".Spark-game.json": "{}"},
	} {
		args := []string{"index.html", "x"}
		for _, k := range slices.Sorted(maps.Keys(files)) {
			args = append(args, k, files[k])
		}
		raw := makeZip(t, args...)
		require.ErrorContains(t, unpack(strings.NewReader(string(raw)), int64(len(raw)), t.TempDir(), true), "the export is refused", name)
	}
}

// foldingDisks are how a disk that ignores case is made on Linux, the first that the machine can.
var foldingDisks = []string{
	"mkfs.ext4 -q -O casefold -E encoding=utf8 IMAGE && mount -o loop IMAGE AT && mkdir AT/games && chattr +F AT/games",
	"mkfs.ntfs -F -Q -q IMAGE && mount -t lowntfs-3g -o loop,ignore_case IMAGE AT && mkdir AT/games",
}

// caseInsensitive is a folder on a disk that ignores case; the test is skipped where none can be had.
func caseInsensitive(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Probe"), nil, 0o600))
	if _, err := os.Stat(filepath.Join(dir, "probe")); err == nil {
		return t.TempDir() // Windows and macOS
	}
	image, at := filepath.Join(t.TempDir(), "image"), t.TempDir()
	require.NoError(t, os.WriteFile(image, nil, 0o600))
	require.NoError(t, os.Truncate(image, 8<<20))
	var why []byte
	for _, script := range foldingDisks {
		script = "cd / && " + strings.NewReplacer("IMAGE", image, "AT", at).Replace(script)
		out, err := exec.CommandContext(t.Context(), "sh", "-c", script).CombinedOutput()
		if exec.CommandContext(t.Context(), "mountpoint", "-q", at).Run() == nil {
			t.Cleanup(func() {
				if out, err := exec.Command("umount", at).CombinedOutput(); err != nil {
					t.Errorf("umount: %v %s", err, out)
				}
			})
		}
		if err == nil {
			return filepath.Join(at, "games")
		}
		why = append(why, out...)
	}
	t.Skipf("no disk that ignores case can be made: %s", why)
	return ""
}
