package models

// Place is where something is: in a project, and perhaps in a pipeline and a job. What is not in one has "" there.
type Place struct {
	ProjectID  string `json:"project,omitempty"`
	PipelineID string `json:"pipeline,omitempty"`
	JobID      string `json:"job,omitempty"`
}

// IsZero reports whether it is nowhere in particular.
func (p Place) IsZero() bool { return p == Place{} }

// Holds reports whether another place is in this one, which is a project, a pipeline or a job.
func (p Place) Holds(other Place) bool {
	switch {
	case p.JobID != "":
		return p.JobID == other.JobID
	case p.PipelineID != "":
		return p.PipelineID == other.PipelineID
	}
	return p.ProjectID != "" && p.ProjectID == other.ProjectID
}

// Resource is what the place is: its job, else its pipeline, else its project.
func (p Place) Resource() (kind ResourceKind, id string) {
	switch {
	case p.JobID != "":
		return ResourceJob, p.JobID
	case p.PipelineID != "":
		return ResourcePipeline, p.PipelineID
	}
	return ResourceProject, p.ProjectID
}

// ResourceKind is a kind of thing that has a place.
type ResourceKind string

// The kinds of resources.
const (
	ResourceProject  ResourceKind = "project"
	ResourcePipeline ResourceKind = "pipeline"
	ResourceJob      ResourceKind = "job"
	ResourceArtifact ResourceKind = "artifact"
	ResourceSchedule ResourceKind = "schedule"
	// ResourceOperation is in the project that its filter names, if any.
	ResourceOperation ResourceKind = "operation"
	// ResourceWebhook is in the project that its endpoint is narrowed to, and ResourceDelivery in that of what it tells.
	ResourceWebhook  ResourceKind = "webhook"
	ResourceDelivery ResourceKind = "webhook_delivery"
)
