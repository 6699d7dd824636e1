package cli

import (
	"archive/tar"
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// maxExportManifest limits the manifest of an export, which names some dozens of files.
const maxExportManifest = 1 << 20

func accountExportCommand(c *client) *cobra.Command {
	var out string
	var artifacts, force bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write all that the platform has of the account into a file",
		Long: `export downloads a zip of the account and checks it: its projects with all revisions, jobs, pipelines, schedules, templates, assets, usage,
members and audit. docs/export.md says what is in it. What an interrupted export leaves ends in ".partial"; repeat it then.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			if out == "" {
				return usagef("say with --out into which file")
			}
			if _, err := os.Lstat(out); err == nil && !force {
				return usagef("%s exists already; --force replaces it", clean(out))
			}
			m, err := a.exportAccount(cmd.Context(), out, artifacts, newProgress(cmd.OutOrStdout()))
			if err != nil {
				return err
			}
			return printExport(cmd.OutOrStdout(), out, m)
		}),
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the file to write")
	cmd.Flags().BoolVar(&artifacts, "artifacts", false, "with the files of builds and exports")
	cmd.Flags().BoolVar(&force, "force", false, "replace the file if it exists")
	return cmd
}

func accountCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check-export FILE",
		Short: "Check that an export of an account is whole and unchanged",
		Args:  namedArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := checkExport(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return printExport(cmd.OutOrStdout(), args[0], m)
		},
	}
}

func printExport(w io.Writer, path string, m *models.ExportManifest) error {
	var rows int64
	for _, f := range m.Files {
		if f.Name != models.ExportContents && f.Name != models.ExportMissing {
			rows += f.Rows
		}
	}
	_, err := fmt.Fprintf(w, "%s is whole: account %s at %s, %d rows and %d files.\n", clean(path), clean(m.AccountID), m.MadeAt.Local().Format(time.DateTime),
		rows, m.Contents)
	if err == nil && m.Missing > 0 {
		_, err = fmt.Fprintf(w, "%d files are named that the platform does not have any more; %s lists them.\n", m.Missing, models.ExportMissing)
	}
	return err
}

// exportAccount writes an export that has been checked. The file appears under its name when it is whole.
func (a *api) exportAccount(ctx context.Context, path string, artifacts bool, show progress) (m *models.ExportManifest, err error) {
	defer show.end()
	res, err := a.ExportAccount(ctx, &apiclient.ExportAccountParams{Artifacts: &artifacts})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	partial := path + ".partial"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it has names and addresses of people
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(f, &counted{r: res.Body, tell: func(n int64) { show.show(0, "export", fmt.Sprintf("%d MiB", n>>20)) }})
	if err != nil {
		err = fmt.Errorf("the export broke off, repeat it: %w", connectionError(a.server, err))
	} else {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	show.show(1, "export", "checking")
	if m, err = checkExport(ctx, partial); err != nil {
		return nil, err
	}
	return m, os.Rename(partial, filepath.Clean(path))
}

// counted tells now and then how much was read.
type counted struct {
	r       io.Reader
	n, told int64
	tell    func(int64)
}

// tellEvery is after how many bytes.
const tellEvery = 8 << 20

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.n += int64(n); c.n-c.told >= tellEvery {
		c.told = c.n
		c.tell(c.n)
	}
	return n, err
}

// checkExport reads an export to its end, and compares everything with its manifest.
func checkExport(ctx context.Context, path string) (*models.ExportManifest, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s is not a whole export: %w", clean(path), err)
	}
	defer z.Close()
	m, err := exportManifest(&z.Reader)
	if err != nil {
		return nil, fmt.Errorf("%s is not an export: %w", clean(path), err)
	}
	if len(z.File) != len(m.Files)+1 {
		return nil, fmt.Errorf("%s has %d files, and its manifest names %d", clean(path), len(z.File), len(m.Files)+1)
	}
	for i, want := range m.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if z.File[i].Name != want.Name {
			return nil, fmt.Errorf("the export has %s in the place of %s", clean(z.File[i].Name), clean(want.Name))
		}
		if err := checkExported(z.File[i], want); err != nil {
			return nil, fmt.Errorf("%s in the export: %w", clean(want.Name), err)
		}
		if want.Name == models.ExportContents && want.Rows != m.Contents {
			return nil, errors.New("the numbers of files in the export's manifest differ")
		}
	}
	return m, nil
}

func exportManifest(z *zip.Reader) (*models.ExportManifest, error) {
	if len(z.File) == 0 || z.File[len(z.File)-1].Name != models.ExportManifestName {
		return nil, errors.New("it does not end with a manifest")
	}
	in, err := z.File[len(z.File)-1].Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var m models.ExportManifest
	if err := json.NewDecoder(io.LimitReader(in, maxExportManifest)).Decode(&m); err != nil {
		return nil, fmt.Errorf("its manifest: %w", err)
	}
	if m.Format != models.ExportFormat {
		return nil, fmt.Errorf("it has the format %d, and this program knows %d", m.Format, models.ExportFormat)
	}
	return &m, nil
}

// checkExported compares a file of an export with what its manifest says.
func checkExported(f *zip.File, want models.ExportFile) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	sum := sha256.New()
	all := &counted{r: io.TeeReader(in, sum), tell: func(int64) {}}
	if want.Name == models.ExportContents {
		if err := checkContents(all, want.Rows); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, all); err != nil {
		return err
	}
	if all.n != want.Size || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return errors.New("it is not what the manifest says")
	}
	return nil
}

// checkContents compares each file of the contents with its digest, which is its name.
func checkContents(r io.Reader, files int64) error {
	in := tar.NewReader(r)
	for n := int64(0); ; n++ {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			if n != files {
				return fmt.Errorf("it has %d files instead of %d", n, files)
			}
			return nil
		}
		if err != nil {
			return err
		}
		sum := sha256.New()
		if _, err := io.CopyN(sum, in, h.Size); err != nil {
			return err
		}
		if hex.EncodeToString(sum.Sum(nil)) != h.Name {
			return fmt.Errorf("the file %s has another content", clean(h.Name))
		}
	}
}
