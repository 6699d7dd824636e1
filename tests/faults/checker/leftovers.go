package checker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/tests/faults/cluster"
)

// Leftovers stops the platform in order, and lists what it has left behind: unfinished work, locks, processes, temporary files; and
// content that is missing or damaged.
func Leftovers(ctx context.Context, c *cluster.Cluster) (found []Violation, err error) {
	add := func(k Kind, format string, args ...any) {
		found = append(found, Violation{Kind: k, Text: fmt.Sprintf(format, args...)})
	}
	open, err := c.Store.Backlog.Survey(ctx, 0)
	if err != nil {
		return nil, err
	}
	for _, n := range open.Counts {
		if n.Jobs > 0 {
			add(LeftBehind, "%d jobs of %s:%s are %s", n.Jobs, n.Kind, n.Priority, n.State)
		}
	}
	locks, err := heldLocks(ctx, c.DatabaseURL())
	if err != nil {
		return nil, err
	}
	for _, l := range locks {
		add(LeftBehind, "a session holds a lock: %s", l)
	}
	for _, n := range c.Nodes {
		for _, code := range n.Exits() {
			if code != 1 { // 1 is what it says when it finds no database at its start
				add(Crashed, "%s ended by itself with exit code %d", n.Name, code)
			}
		}
		code, err := n.Stop()
		if err != nil {
			return nil, err
		}
		if code != 0 {
			add(LeftBehind, "%s did not stop in order: exit code %d", n.Name, code)
		}
	}
	containers, err := c.Containers(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range containers {
		add(LeftBehind, "the container %s is still there", name)
	}
	alive, err := c.Processes()
	if err != nil {
		return nil, err
	}
	for _, p := range alive {
		add(LeftBehind, "process %s runs on", p)
	}
	for _, n := range c.Nodes {
		files, err := temporary(n)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			add(LeftBehind, "%s left %s", n.Name, f)
		}
	}
	return append(found, content(ctx, c)...), nil
}

// heldLocks are advisory locks, and transactions that are open without doing anything, of sessions other than this one.
func heldLocks(ctx context.Context, url string) ([]string, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `SELECT 'advisory lock ' || objid FROM pg_locks WHERE locktype = 'advisory'
		UNION ALL SELECT 'in a transaction since ' || xact_start || ': ' || query FROM pg_stat_activity
		WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds'
		UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// temporary lists what is left in a node's folder for temporary files, and of its jobs in its data folder.
func temporary(n *cluster.Node) (left []string, err error) {
	for _, dir := range []string{n.Temp(), n.Data()} {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), "spark-owners-") {
				continue // the locks by which the workers of a machine know one another, which stay
			}
			if dir == n.Temp() || strings.HasPrefix(e.Name(), "job-") || strings.HasPrefix(e.Name(), "spool-") {
				left = append(left, filepath.Join(filepath.Base(dir), e.Name()))
			}
		}
	}
	return left, nil
}

// content reads every stored file that a revision or an artifact refers to, which verifies it. Opening the folder removes what killed
// writers have left in it, as a start of the platform does some time later; nothing else may be left.
func content(ctx context.Context, c *cluster.Cluster) (found []Violation) {
	if err := age(filepath.Join(c.Blobs(), "tmp"), time.Hour); err != nil {
		found = append(found, Violation{Kind: Content, Text: err.Error()})
	}
	folder, err := blob.Open(c.Blobs(), func(digest string, err error) {
		found = append(found, Violation{Kind: Content, Text: fmt.Sprintf("blob %s: %v", digest, err)})
	})
	if err != nil {
		return append(found, Violation{Kind: Content, Text: err.Error()})
	}
	seen := make(map[string]bool)
	err = c.Store.Platform.EachContent(ctx, func(digest string) error {
		if seen[digest] {
			return nil
		}
		seen[digest] = true
		if err := readAll(ctx, folder, digest); err != nil {
			found = append(found, Violation{Kind: Content, Text: fmt.Sprintf("blob %s: %v", digest, err)})
		}
		return nil
	})
	if err != nil {
		found = append(found, Violation{Kind: Content, Text: err.Error()})
	}
	left, err := os.ReadDir(filepath.Join(c.Blobs(), "tmp"))
	if err != nil {
		found = append(found, Violation{Kind: Content, Text: err.Error()})
	}
	for _, e := range left {
		found = append(found, Violation{Kind: LeftBehind, Text: "the blob store has the temporary file " + e.Name()})
	}
	return found
}

// age makes the files of a folder older.
func age(dir string, by time.Duration) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		then := time.Now().Add(-by)
		err = errors.Join(err, os.Chtimes(filepath.Join(dir, e.Name()), then, then))
	}
	return err
}

func readAll(ctx context.Context, folder *blob.Folder, digest string) error {
	f, err := folder.Open(ctx, digest)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}
