package httpapi

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// What the API shows of the domain.

func showProject(p *models.Project) Project {
	return Project{ID: p.ID, Name: p.Name, Engine: p.Engine, EngineVersion: orNull(p.EngineVersion), RevisionID: orNull(p.RevisionID),
		CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC()}
}

func showRevision(r *models.Revision) Revision {
	return Revision{ID: r.ID, ProjectID: r.ProjectID, ParentID: orNull(r.ParentID), JobID: orNull(r.JobID),
		Title: r.Title, Digest: r.Digest, FilesCount: len(r.Manifest), Bytes: r.Manifest.Bytes(), CreatedAt: r.CreatedAt.UTC()}
}

func showJob(j *models.Job) Job {
	shown := Job{
		ID: j.ID, ProjectID: orNull(j.ProjectID), PipelineID: orNull(j.PipelineID),
		Kind: j.Kind, Priority: j.Priority, State: j.State,
		Attempt: j.Attempt, Progress: j.Progress, Stage: j.Stage,
		Input: rawJSON(j.Input), Output: rawJSON(j.Output),
		CancelRequested: j.CancelRequestedAt != nil,
		TokensIn:        j.TokensIn, TokensOut: j.TokensOut,
		CreatedAt: j.CreatedAt.UTC(), StartedAt: utc(j.StartedAt), FinishedAt: utc(j.FinishedAt),
	}
	if j.ErrorCode != "" {
		shown.Error = &JobError{Code: j.ErrorCode, Message: j.ErrorMessage, LogTail: strings.ToValidUTF8(j.LogTail, "\uFFFD")}
	}
	return shown
}

func showEvent(e *models.Event) JobEvent {
	return JobEvent{JobID: e.JobID, Seq: e.Seq, Type: e.Type, Attempt: e.Attempt,
		Data: rawJSON(e.Data), CreatedAt: e.CreatedAt.UTC()}
}

func showPipeline(p *models.Pipeline, jobs []Job) Pipeline {
	return Pipeline{ID: p.ID, ProjectID: p.ProjectID, CreatedAt: p.CreatedAt.UTC(), Jobs: jobs}
}

func showArtifact(a *models.Artifact) Artifact {
	shown := Artifact{
		ID: a.ID, ProjectID: a.ProjectID, RevisionID: a.RevisionID, JobID: a.JobID,
		Kind: a.Kind, Engine: a.Engine, EngineVersion: a.EngineVersion, Mode: a.Mode, Format: a.Format, Title: a.Title,
		Digest: a.Digest, FilesCount: len(a.Manifest), Bytes: a.Bytes,
		Cached: a.Cached(), CachedFrom: orNull(a.CachedFrom),
		DownloadURL: "/v1/artifacts/" + a.ID + "/download", CreatedAt: a.CreatedAt.UTC(),
	}
	if playable(a) {
		play := "/play/" + a.ID + "/"
		shown.PlayURL = &play
	}
	return shown
}

func showArtifactWithFiles(a *models.Artifact) ArtifactWithFiles {
	s := showArtifact(a)
	return ArtifactWithFiles{
		ID: s.ID, ProjectID: s.ProjectID, RevisionID: s.RevisionID, JobID: s.JobID,
		Kind: s.Kind, Engine: s.Engine, EngineVersion: s.EngineVersion, Mode: s.Mode, Format: s.Format, Title: s.Title,
		Digest: s.Digest, FilesCount: s.FilesCount, Bytes: s.Bytes,
		Cached: s.Cached, CachedFrom: s.CachedFrom,
		PlayURL: s.PlayURL, DownloadURL: s.DownloadURL, CreatedAt: s.CreatedAt,
		Files: entries(a.Manifest),
	}
}

func showUsage(u *models.Usage) Usage {
	return Usage{Kind: u.Kind, Period: u.Period, Start: u.Start.UTC(), Jobs: u.Jobs, Failures: u.Failures,
		P50Ms: u.P50Millis, P95Ms: u.P95Millis, TokensIn: u.TokensIn, TokensOut: u.TokensOut, Bytes: u.Bytes}
}

func showEngine(e *models.EngineStatus) Engine {
	outputs := e.Outputs
	if outputs == nil {
		outputs = []string{}
	}
	return Engine{Name: e.Name, Title: e.Title, Version: e.Version, Default: e.Default, Outputs: outputs, Available: e.Available,
		Reason: e.Reason, Image: orNull(e.Image), Pool: showBoxes(e.Boxes)}
}

func showBoxes(c models.BoxCounts) PoolCounts {
	return PoolCounts{Creating: c.Creating, Warm: c.Warm, Leased: c.Leased, Running: c.Running, Draining: c.Draining, Waiting: c.Waiting}
}

// entries is the manifest as a list that is never null.
func entries(m models.Manifest) []FileEntry {
	if m == nil {
		return []FileEntry{}
	}
	return m
}

// orNull is nil for "".
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// rawJSON is the value as it is, or null.
func rawJSON(j models.JSON) json.RawMessage {
	if len(j) == 0 {
		return nil
	}
	return json.RawMessage(j)
}
