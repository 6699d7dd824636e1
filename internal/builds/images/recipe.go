package images

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// format is part of every recipe. It changes when images are assembled differently.
const format = "spark-image/3"

// recipe identifies an image by everything that goes into it.
func (m *Maker) recipe(ctx context.Context, e engines.Engine) (string, error) {
	image := e.Image()
	platform, err := m.platform(ctx, image)
	if err != nil {
		return "", err
	}
	agent, err := m.agentFor(ctx, platform)
	if err != nil {
		return "", err
	}
	toolchain, err := m.opts.Toolchains.Digest(ctx, e)
	if err != nil {
		return "", err
	}
	base := ""
	if image.Base == engines.Ready {
		// A name may later refer to another image; the recipe includes the digest.
		if base, err = m.daemon.inspect(ctx, image.Reference); err != nil {
			return "", models.WrapError(models.CodeEngineUnavailable,
				fmt.Sprintf("the engine's base image %s is not on the Docker daemon", image.Reference), err)
		}
	}
	data, err := json.Marshal(struct {
		Format, Engine, Version, Platform, Agent, Toolchain, BaseImage string
		Image                                                          engines.Image
	}{format, e.Info().Name, e.Info().Version, platform, agent.digest, toolchain, base, image})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// platform is the daemon's, "linux/amd64".
func (m *Maker) platform(ctx context.Context, image engines.Image) (string, error) {
	p, err := m.daemon.platform(ctx)
	if err == nil && len(image.Platforms) > 0 && !slices.Contains(image.Platforms, p) {
		err = models.NewError(models.CodeEngineUnavailable, fmt.Sprintf("this engine cannot be built on %s", p))
	}
	return p, err
}
