package projects

import (
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func showProject(p *models.Project) openapi.Project {
	return openapi.Project{ID: p.ID, Name: p.Name, Engine: p.Engine, EngineVersion: kernel.OrNull(p.EngineVersion), RevisionID: kernel.OrNull(p.RevisionID),
		Description: p.Description, Labels: labels(p.Labels), CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(), DeletedAt: kernel.UTC(p.DeletedAt)}
}

func showRevision(r *models.Revision) openapi.Revision {
	return openapi.Revision{ID: r.ID, ProjectID: r.ProjectID, ParentID: kernel.OrNull(r.ParentID()), Parents: append([]string{}, r.Parents...),
		Author: showAuthor(r.Author), Message: r.Message, Name: kernel.OrNull(r.Name), Prompt: kernel.OrNull(r.Prompt), JobID: kernel.OrNull(r.JobID),
		Title: r.Title, Digest: r.Digest, FilesCount: r.Files, Bytes: r.Bytes, CreatedAt: r.CreatedAt.UTC()}
}

// labels are never null.
func labels(l models.Labels) models.Labels {
	if l == nil {
		return models.Labels{}
	}
	return l
}

func showAuthor(a models.Author) *openapi.Author {
	if a.Kind == "" {
		return nil
	}
	return &openapi.Author{Kind: openapi.AuthorKind(a.Kind), ID: a.ID}
}
