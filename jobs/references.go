package jobs

import (
	"context"
	"errors"

	"github.com/spark-games/spark/models"
)

// References is what a job's input may name.
type References interface {
	// Project, Revision and Artifact return the account's resource, or a not_found error, also if it is another account's.
	Project(ctx context.Context, accountID, id string) (*models.Project, error)
	Revision(ctx context.Context, accountID, id string) (*models.Revision, error)
	Artifact(ctx context.Context, accountID, id string) (*models.Artifact, error)
	// LatestRelease returns the newest release build of a project, or a not_found error.
	LatestRelease(ctx context.Context, accountID, projectID string) (*models.Artifact, error)
}

// ErrNoProject means that a job's project is not its account's.
var ErrNoProject = &models.Error{Code: models.CodeNotFound, Message: "no such project", Pointer: "/project_id"}

// ownProject is a project, which has to be the account's.
func (s *Service) ownProject(ctx context.Context, accountID, projectID string) (*models.Project, error) {
	if !models.ValidID(projectID) {
		return nil, ErrNoProject
	}
	p, err := s.Intake.Project(ctx, accountID, projectID)
	if models.CodeOf(err) == models.CodeNotFound {
		return nil, ErrNoProject
	}
	return p, err
}

// ownInput is an error if the input names a revision or an artifact that is not the project's. Otherwise the job would fail
// later, and its owner would learn of the mistake only then.
func (s *Service) ownInput(ctx context.Context, req JobRequest, input Payload) error {
	var err error
	var project, what, pointer string
	switch in := input.(type) {
	case BuildInput:
		if in.RevisionID == "" {
			return nil
		}
		var rev *models.Revision
		if rev, err = s.Intake.Revision(ctx, req.AccountID, in.RevisionID); err == nil {
			project = rev.ProjectID
		}
		what, pointer = "revision", "/input/revision_id"
	case ExportInput:
		if in.ArtifactID == "" {
			return nil
		}
		var a *models.Artifact
		what, pointer = "artifact", "/input/artifact_id"
		if a, err = s.Intake.Artifact(ctx, req.AccountID, in.ArtifactID); err == nil {
			if project = a.ProjectID; project == req.ProjectID {
				err = Exportable(a)
			}
			if err == nil && in.Format == models.ExportHTML && a.Format != models.FormatWeb {
				err = errNoPage
				pointer = "/input"
			}
		}
	default:
		return nil
	}
	if err == nil && project != req.ProjectID {
		err = models.NewError(models.CodeNotFound, "of another project")
	}
	if e, ok := errors.AsType[*models.Error](err); ok && e.Code != models.CodeNotFound {
		return e.At(pointer)
	}
	return missing(err, "the project has no such "+what, pointer)
}

// Exportable is an error unless an export can be made of the artifact.
func Exportable(a *models.Artifact) error {
	switch {
	case a.Kind != models.ArtifactBuild:
		return models.NewError(models.CodeNoArtifact, "the artifact is not a build")
	case a.Mode != models.ModeRelease:
		return models.NewError(models.CodeExportNeedsRelease, "a preview depends on this server; make a release build to export")
	}
	return nil
}

// missing says what of the request a not_found error is about.
func missing(err error, message, pointer string) error {
	if err != nil && models.CodeOf(err) == models.CodeNotFound {
		return &models.Error{Code: models.CodeNotFound, Message: message, Pointer: pointer}
	}
	return err
}
