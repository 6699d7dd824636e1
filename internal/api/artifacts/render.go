package artifacts

import (
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func showArtifact(a *models.Artifact) openapi.Artifact {
	shown := openapi.Artifact{
		ID: a.ID, ProjectID: a.ProjectID, RevisionID: a.RevisionID, JobID: a.JobID,
		Kind: a.Kind, Engine: a.Engine, EngineVersion: a.EngineVersion, Mode: a.Mode, Format: a.Format, Title: a.Title,
		Digest: a.Digest, FilesCount: len(a.Manifest), Bytes: a.Bytes,
		Cached: a.Cached(), CachedFrom: kernel.OrNull(a.CachedFrom),
		DownloadURL: models.DownloadPath(a.ID), CreatedAt: a.CreatedAt.UTC(),
	}
	if a.Playable() {
		play := models.PlayPath(a.ID)
		shown.PlayURL = &play
	}
	return shown
}

func showArtifactWithFiles(a *models.Artifact) openapi.ArtifactWithFiles {
	s := showArtifact(a)
	return openapi.ArtifactWithFiles{
		ID: s.ID, ProjectID: s.ProjectID, RevisionID: s.RevisionID, JobID: s.JobID,
		Kind: s.Kind, Engine: s.Engine, EngineVersion: s.EngineVersion, Mode: s.Mode, Format: s.Format, Title: s.Title,
		Digest: s.Digest, FilesCount: s.FilesCount, Bytes: s.Bytes,
		Cached: s.Cached, CachedFrom: s.CachedFrom,
		PlayURL: s.PlayURL, DownloadURL: s.DownloadURL, CreatedAt: s.CreatedAt,
		Files: kernel.Entries(a.Manifest),
	}
}
