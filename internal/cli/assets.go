package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
)

func assetsCommand(c *client) *cobra.Command {
	cmd := groupCommand("assets", "List, upload, download and delete files for games: pictures, sounds, fonts, scenes")
	cmd.AddCommand(assetListCommand(c), assetUploadCommand(c),
		printCommand(c, "show ID", "Print an asset", func(a *api, ctx context.Context, id string) (apiclient.Asset, error) { return a.GetAsset(ctx, id) }),
		assetDownloadCommand(c), assetRenameCommand(c),
		deleteCommand(c, "delete ID", "Delete an asset; projects that have taken it keep its content",
			func(a *api, ctx context.Context, id string) error { return a.DeleteAsset(ctx, id) }),
		assetUploadsCommand(c))
	return cmd
}

// deleteCommand deletes something, and says so.
func deleteCommand(c *client, use, short string, remove func(a *api, ctx context.Context, id string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if err := remove(a, cmd.Context(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "Deleted.")
			return err
		}),
	}
}

func assetListCommand(c *client) *cobra.Command {
	var asJSON bool
	var kind, name string
	var page pageFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List assets, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListAssets(cmd.Context(), &apiclient.ListAssetsParams{
				Kind: given(kind), Name: given(name), Limit: &page.limit, Cursor: given(page.cursor),
			})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tNAME\tKIND\tSIZE\tCREATED")
			for _, one := range l.Data {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", clean(one.ID), clean(one.Name), clean(one.Kind), inMiB(one.Size),
					one.CreatedAt.Local().Format(time.DateTime))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	page.flags(cmd.Flags())
	f := cmd.Flags()
	f.StringVar(&kind, "kind", "", "only those of a kind, such as png")
	f.StringVar(&name, "name", "", "only those whose names have this in them")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// inMiB shows how large something is.
func inMiB(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

func assetUploadCommand(c *client) *cobra.Command {
	var asJSON bool
	var name string
	cmd := &cobra.Command{
		Use:   "upload FILE…",
		Short: "Upload files as assets and print their ids",
		Long: `upload uploads files, or the standard input for "-", which takes a --name. A file that the account has already is the asset that there is.
Large ones go in parts: when the connection breaks, the command goes on where it was; when the command is ended, the same command does.
` + exitHelp,
		Args: someArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if name != "" && len(args) > 1 {
				return usagef("--name is for one file")
			}
			for _, path := range args {
				made, err := a.uploadAsset(cmd, path, name)
				if err != nil {
					return err
				}
				if asJSON {
					err = printJSON(cmd.OutOrStdout(), made)
				} else {
					_, err = fmt.Fprintln(cmd.OutOrStdout(), made.ID)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}),
	}
	cmd.Flags().StringVar(&name, "name", "", "what the asset is called; else as the file")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// wholeBytes is up to how much a file is uploaded in one request.
const wholeBytes = 4 << 20

func (a *api) uploadAsset(cmd *cobra.Command, path, name string) (apiclient.Asset, error) {
	if path == "-" {
		if name == "" {
			return apiclient.Asset{}, usagef("the standard input has no name: give --name")
		}
		return a.CreateAsset(cmd.Context(), &apiclient.CreateAssetParams{Name: &name}, cmd.InOrStdin())
	}
	file, err := os.Open(path)
	if err != nil {
		return apiclient.Asset{}, usagef("%v", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return apiclient.Asset{}, usagef("%s is no file", path)
	}
	if name == "" {
		name = filepath.Base(path)
	}
	if info.Size() <= wholeBytes {
		return a.CreateAsset(cmd.Context(), &apiclient.CreateAssetParams{Name: &name}, file)
	}
	in := &partsOf{api: a, file: file, size: info.Size(), name: name, tell: func(format string, args ...any) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: "+format+"\n", append([]any{clean(name)}, args...)...)
	}}
	return in.upload(cmd.Context())
}

func assetDownloadCommand(c *client) *cobra.Command {
	var out string
	var thumbnail bool
	cmd := &cobra.Command{
		Use: "download ID", Short: "Download an asset, or its thumbnail", Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			open := a.ReadAsset
			if thumbnail {
				open = a.ReadAssetThumbnail
			}
			if out == "" {
				asset, err := a.GetAsset(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if out = filepath.Base(asset.Name); thumbnail {
					out += ".webp"
				}
				if _, err := os.Lstat(out); err == nil {
					return usagef("%s is there already; name another file with --out", out)
				}
			}
			res, err := open(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer res.Body.Close()
			if out == "-" {
				_, err := io.Copy(cmd.OutOrStdout(), res.Body)
				return err
			}
			if err := save(res.Body, out); err != nil {
				return fmt.Errorf("download: %w", err)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), out)
			return err
		}),
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", `the file to write; "-" is the standard output, else as the asset is called`)
	cmd.Flags().BoolVar(&thumbnail, "thumbnail", false, "the thumbnail instead")
	return cmd
}

// save writes a file, which appears completely or not at all.
func save(r io.Reader, path string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".spark-*.part")
	if err != nil {
		return err
	}
	_, err = io.Copy(tmp, r)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

func assetRenameCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use: "rename ID NAME", Short: "Give an asset another name, which ends as before", Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			changed, err := a.ChangeAsset(cmd.Context(), args[0], apiclient.AssetChange{Name: args[1]})
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), changed)
		}),
	}
}

func assetUploadsCommand(c *client) *cobra.Command {
	cmd := groupCommand("uploads", "List and delete uploads in parts")
	var asJSON bool
	var page pageFlags
	list := &cobra.Command{
		Use: "list", Short: "List uploads in parts that have not expired, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListAssetUploads(cmd.Context(), &apiclient.ListAssetUploadsParams{Limit: &page.limit, Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tNAME\tSTATE\tARRIVED\tOF\tEXPIRES")
			for _, u := range l.Data {
				of := "-"
				if u.Length != nil {
					of = inMiB(*u.Length)
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", clean(u.ID), clean(u.Name), clean(string(u.State)), inMiB(u.Offset), of,
					u.ExpiresAt.Local().Format(time.DateTime))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	page.flags(list.Flags())
	list.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.AddCommand(list, deleteCommand(c, "delete ID", "Delete an upload; what has arrived of it is removed",
		func(a *api, ctx context.Context, id string) error { return a.DeleteAssetUpload(ctx, id) }))
	return cmd
}
