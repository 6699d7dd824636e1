// Package artifacts is the API's area of the results of builds and exports, and their provenance.
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

// Reader reads artifacts. Another account's are CodeNotFound, as if they did not exist. Lists are newest first.
type Reader interface {
	Artifact(ctx context.Context, accountID, id string) (*models.Artifact, error)
	ListArtifacts(ctx context.Context, accountID string, f models.ArtifactFilter, p models.Page) ([]models.Artifact, error)
}

// Provenance reads how artifacts were made.
type Provenance interface {
	// Attestation returns the signed statement about an artifact, a DSSE envelope in JSON.
	Attestation(ctx context.Context, accountID, artifactID string) ([]byte, error)
	// SigningKeys lists the public keys that verify statements, newest first.
	SigningKeys(ctx context.Context) ([]models.SigningKey, error)
}

// Register adds the routes beside the generated ones.
func (area *Area) Register(routes *kernel.Routes) { routes.GET("/v1/signing-keys", area.signingKeys) }
