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

// Made lists the engines of which the daemon has an image, of any recipe, by engines.Ref.
func (m *Maker) Made(ctx context.Context) (map[string]bool, error) {
	list, err := m.daemon.cli.ImageList(ctx, image.ListOptions{Filters: filters.NewArgs(filters.Arg("label", LabelRecipe))})
	if err != nil {
		return nil, fmt.Errorf("images: ask the Docker daemon: %w", err)
	}
	made := make(map[string]bool)
	for _, i := range list {
		made[i.Labels[LabelEngine]+"@"+i.Labels[LabelVersion]] = true
	}
	return made, nil
}
