package images

import (
	"context"
	"fmt"

	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"

	"github.com/spark-games/spark/engines"
)

// Find returns the digest of an engine's image, "" when it has not been made. It makes nothing.
func (m *Maker) Find(ctx context.Context, e engines.Engine) (digest string, err error) {
	if e.Image().Base == engines.NoBase {
		return "", nil
	}
	recipe, err := m.recipe(ctx, e)
	if err != nil {
		return "", m.unavailable(ctx, err)
	}
	digest, _, err = m.daemon.find(ctx, recipe, "")
	return digest, err
}

// Any tells whether the daemon has the image of any engine, of whatever recipe.
func (m *Maker) Any(ctx context.Context) (bool, error) {
	list, err := m.daemon.cli.ImageList(ctx, image.ListOptions{Filters: filters.NewArgs(filters.Arg("label", LabelRecipe))})
	if err != nil {
		return false, fmt.Errorf("images: ask the Docker daemon: %w", err)
	}
	return len(list) > 0, nil
}
