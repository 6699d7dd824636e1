package images

import (
	"context"
	"errors"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
)

// Prune removes the images of an engine's version whose recipe is not the given one, which nothing uses any more, and returns
// them. One that a container still uses stays.
func (m *Maker) Prune(ctx context.Context, made Made) (removed []string, err error) {
	list, err := m.daemon.cli.ImageList(ctx, image.ListOptions{Filters: filters.NewArgs(
		filters.Arg("label", LabelEngine+"="+made.Engine), filters.Arg("label", LabelVersion+"="+made.Version))})
	if err != nil {
		return nil, fmt.Errorf("images: ask the Docker daemon: %w", err)
	}
	var errs []error
	for _, i := range list {
		if recipe := i.Labels[LabelRecipe]; recipe == "" || recipe == made.Recipe {
			continue
		}
		switch _, err := m.daemon.cli.ImageRemove(ctx, i.ID, image.RemoveOptions{PruneChildren: true}); {
		case err == nil:
			removed = append(removed, i.ID)
		case !errdefs.IsConflict(err) && !errdefs.IsNotFound(err):
			errs = append(errs, fmt.Errorf("images: remove %s: %w", i.ID, err))
		}
	}
	return removed, errors.Join(errs...)
}
