package projects

import (
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func showProject(p *models.Project) openapi.Project {
	return openapi.Project{ID: p.ID, Name: p.Name, Engine: p.Engine, EngineVersion: kernel.OrNull(p.EngineVersion), RevisionID: kernel.OrNull(p.RevisionID),
		CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC()}
}

func showRevision(r *models.Revision) openapi.Revision {
	return openapi.Revision{ID: r.ID, ProjectID: r.ProjectID, ParentID: kernel.OrNull(r.ParentID), JobID: kernel.OrNull(r.JobID),
		Title: r.Title, Digest: r.Digest, FilesCount: len(r.Manifest), Bytes: r.Manifest.Bytes(), CreatedAt: r.CreatedAt.UTC()}
}
