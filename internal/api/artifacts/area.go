// Package artifacts is the API's area of what builds and exports made, and of how it came about.
package artifacts

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about artifacts. All ports are required.
type Area struct {
	Kernel     *kernel.Kernel
	Artifacts  Reader
	Provenance Provenance
	Blobs      kernel.Blobs
}

// Reader reads artifacts. What is someone else's is CodeNotFound, as if it were not there. Lists are newest first.
type Reader interface {
	Artifact(ctx context.Context, accountID, id string) (*models.Artifact, error)
	ListArtifacts(ctx context.Context, accountID string, f models.ArtifactFilter, p models.Page) ([]models.Artifact, error)
}

// Provenance reads how artifacts came about.
type Provenance interface {
	// Attestation returns the signed statement about an artifact, a DSSE envelope in JSON.
	Attestation(ctx context.Context, accountID, artifactID string) ([]byte, error)
	// SigningKeys lists the public keys that verify statements, newest first.
	SigningKeys(ctx context.Context) ([]models.SigningKey, error)
}

// Register adds the routes beside the generated ones.
func (area *Area) Register(routes *kernel.Routes) { routes.GET("/v1/signing-keys", area.signingKeys) }
