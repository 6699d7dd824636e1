// Package play serves games to players, who need no key: anyone who knows a build's id may play it.
package play

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// Area serves games. All are required.
type Area struct {
	Kernel    *kernel.Kernel
	Artifacts Artifacts
	Blobs     kernel.Blobs
	Modules   EngineModules
	// FrameAncestors says which pages may embed games, as in the Content-Security-Policy.
	FrameAncestors string
}

// Artifacts finds artifacts of any account.
type Artifacts interface {
	PublicArtifact(ctx context.Context, id string) (*models.Artifact, error)
}

// EngineModules knows the shared engine modules of previews.
type EngineModules interface {
	// EngineModule reports whether the digest and file name are those of an engine module, and how large it is.
	EngineModule(sha256, file string) (size int64, ok bool)
}

// Register adds the routes.
func (a *Area) Register(routes *kernel.Routes) {
	routes.GET("/play/:artifact", a.redirect)
	routes.GET("/play/:artifact/:path", a.play)
	routes.GET("/engine-modules/:sha256/:file", a.engineModule)
}
