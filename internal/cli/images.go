package cli

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// ImagesOptions choose which images are made.
type ImagesOptions struct {
	Engines []string // all, when empty
	Again   bool     // also existing ones
	Prune   bool     // remove the ones that they replace
}

// Image is one engine's image, or why there is none.
type Image struct {
	Engine, Version, Digest string
	Bytes                   int64
	Fresh                   bool // made just now
	Took                    time.Duration
	Err                     error
}

func imagesCommand(d Deps) *cobra.Command {
	var o ImagesOptions
	cmd := &cobra.Command{
		Use:   "images [engine ...]",
		Short: "Make the engines' missing container images",
		Long: "images makes the container images of all engines, or of the named ones, on the Docker daemon that DOCKER_HOST\n" +
			"names, or on the usual one. An existing image that was made from the same inputs is kept.",
		RunE: ran(func(cmd *cobra.Command, args []string) error {
			o.Engines = args
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', tabwriter.AlignRight)
			fmt.Fprintln(w, "ENGINE\tVERSION\tSIZE\tMADE IN\tIMAGE\t")
			failed := 0
			err := d.Images(cmd.Context(), o, func(i Image) {
				made, digest := "was there", i.Digest
				switch {
				case i.Err != nil:
					made, digest = "failed", clean(i.Err.Error())
					failed++
				case i.Fresh:
					made = i.Took.Round(100 * time.Millisecond).String()
				}
				fmt.Fprintf(w, "%s\t%s\t%.1f MB\t%s\t%s\t\n", clean(i.Engine), clean(i.Version), float64(i.Bytes)/1e6, made, digest)
			})
			if flushErr := w.Flush(); err == nil {
				err = flushErr
			}
			if err == nil && failed > 0 {
				err = fmt.Errorf("%d of the images could not be made", failed)
			}
			return err
		}),
	}
	cmd.Flags().BoolVar(&o.Again, "again", false, "make existing images again, for newer Debian packages")
	cmd.Flags().BoolVar(&o.Prune, "prune", false, "remove earlier images of the same engines that no container uses")
	return cmd
}
