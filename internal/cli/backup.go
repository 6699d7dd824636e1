package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// Backup is what a backup has, or what was restored from it.
type Backup struct {
	File          string        `json:"file"`
	RecoveryPoint time.Time     `json:"recovery_point"` // what was committed before is in it
	Schema        int64         `json:"schema"`         // its newest migration
	Tables        int           `json:"tables"`
	Rows          int64         `json:"rows"`
	Files         int64         `json:"files"`
	Bytes         int64         `json:"bytes"`   // of the files
	Missing       []string      `json:"missing"` // digests of files that were missing or damaged when it was made
	Took          time.Duration `json:"took_ns"`
}

// leftOut is what a backup does not have.
const leftOut = `Not in it, keep copies of them elsewhere: the pepper (SPARK_KEY_PEPPER, or the file "pepper" in the data folder), without which no
API key works, the signing key (SPARK_SIGNING_KEY_FILE, or "signing-key.pem"), the key of webhooks (SPARK_WEBHOOKS_KEY, or "webhooks-key"),
without which their secrets cannot be read, the keys in api-key files, and the settings. Not needed: Redis, and the engines' packages and
images, which are installed again.
`

func backupCommand(d Deps) *cobra.Command {
	return saveCommand(&cobra.Command{
		Use:   "backup PATH",
		Short: "Write the database and all files that it refers to into one file",
		Long: `backup writes everything that the platform has stored into a new file, or into one named after the time in a folder: the
database that SPARK_DATABASE_URL names, or the one in the data folder, and the files in SPARK_BLOB_DIR. The platform may be running: the
backup is the state of one moment, and nothing waits for it. An interrupted backup leaves a file that ends in ".partial", or none.

` + leftOut + `
If files are missing or damaged, the rest is saved, they are listed, and the exit code is 1.
` + exitHelp,
	}, d.Backup, func(out io.Writer, b Backup) error {
		_, err := fmt.Fprintf(out, "The backup is %s: %d rows of %d tables and %d files (%s), schema %d, written in %s.\nRecovery point: %s. "+
			"All that was committed before is in it.\n%s", b.File, b.Rows, b.Tables, b.Files, size(b.Bytes), b.Schema, b.Took.Round(time.Millisecond),
			b.RecoveryPoint.Format(time.RFC3339Nano), leftOut)
		return err
	})
}

func restoreCommand(d Deps) *cobra.Command {
	return saveCommand(&cobra.Command{
		Use:   "restore FILE",
		Short: "Fill a new database and its files from a backup",
		Long: `restore fills the database that SPARK_DATABASE_URL names, or the one in the data folder, and the folder SPARK_BLOB_DIR from a
backup of either kind of database: a backup of SQLite can be restored into Postgres. The database must be new: one with an account, a
key, a project or a job is refused. No process of the platform runs meanwhile. The backup's schema is restored as it was; spark migrate
brings it up to date. If it fails, nothing is in the database, and it can be run again.

Before the platform starts, put the pepper, the signing key and the key of webhooks in their places.
` + exitHelp,
	}, d.Restore, func(out io.Writer, b Backup) error {
		_, err := fmt.Fprintf(out, "Restored %s: %d rows of %d tables and %d files (%s), schema %d.\nRecovery time: %s. Recovery point: %s.\n"+
			"Put the pepper, the signing key and the key of webhooks in their places, and run spark migrate, before the platform starts.\n",
			b.File, b.Rows, b.Tables, b.Files, size(b.Bytes), b.Schema, b.Took.Round(time.Millisecond), b.RecoveryPoint.Format(time.RFC3339Nano))
		return err
	})
}

// saveCommand completes a command that takes a path and tells what was saved or restored.
func saveCommand(cmd *cobra.Command, do func(ctx context.Context, dataDir, path string) (Backup, error), tell func(io.Writer, Backup) error) *cobra.Command {
	var dataDir string
	var asJSON bool
	cmd.Args = namedArgs
	cmd.RunE = ran(func(cmd *cobra.Command, args []string) error {
		b, err := do(cmd.Context(), dataDir, args[0])
		if err != nil {
			return err
		}
		if asJSON {
			err = printJSON(cmd.OutOrStdout(), b)
		} else {
			err = tell(cmd.OutOrStdout(), b)
		}
		if err == nil && len(b.Missing) > 0 {
			err = fmt.Errorf("%d files were missing or damaged, and are not in the backup: %s", len(b.Missing), some(b.Missing, 5))
		}
		return err
	})
	f := cmd.Flags()
	f.StringVar(&dataDir, "data-dir", "", "the data folder (SPARK_DATA_DIR)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// some are the first of a list.
func some(all []string, n int) string {
	if len(all) > n {
		return strings.Join(all[:n], ", ") + ", …"
	}
	return strings.Join(all, ", ")
}

// size is a number of bytes as people read it.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
