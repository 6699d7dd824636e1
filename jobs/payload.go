package jobs

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

// MaxPromptBytes bounds a prompt.
const MaxPromptBytes = 32 << 10

// MaxInputBytes bounds the encoded input of a job.
const MaxInputBytes = 64 << 10

// Payload is the typed input of a job.
type Payload interface {
	// Validate says what is wrong with the payload: a *models.Error that points into it.
	Validate() error
}

// GenerationInput asks for a revision of a project's files from a prompt.
type GenerationInput struct {
	Prompt string `json:"prompt"`
	// Seed makes a generation repeatable where the provider can; 0 lets the prompt decide.
	Seed int64 `json:"seed,omitempty"`
	// Provider names a configured provider; "" is the platform's default.
	Provider string `json:"provider,omitempty"`
	// FromScratch ignores the project's current files.
	FromScratch bool `json:"from_scratch,omitempty"`
}

// Validate implements Payload.
func (in GenerationInput) Validate() error {
	switch {
	case strings.TrimSpace(in.Prompt) == "":
		return models.FieldError("/prompt", "a prompt is required")
	case len(in.Prompt) > MaxPromptBytes:
		return models.FieldError("/prompt", "a prompt is at most 32 KiB")
	case !utf8.ValidString(in.Prompt) || strings.ContainsRune(in.Prompt, 0):
		return models.FieldError("/prompt", "a prompt is UTF-8 text without NUL")
	case len(in.Provider) > 64:
		return models.FieldError("/provider", "unknown provider")
	}
	return nil
}

// BuildInput asks for an artifact from a revision. Without RevisionID it is the one that the pipeline's generation
// wrote, or the project's current one.
type BuildInput struct {
	Mode       string `json:"mode,omitempty"` // models.ModePreview or models.ModeRelease; "" is the former, unless an export waits for it
	RevisionID string `json:"revision_id,omitempty"`
	// NoCache builds even if an earlier build of the same input could be reused.
	NoCache bool `json:"no_cache,omitempty"`
}

// Validate implements Payload.
func (in BuildInput) Validate() error {
	if in.Mode != "" && in.Mode != models.ModePreview && in.Mode != models.ModeRelease {
		return models.FieldError("/mode", `the mode is "preview" or "release"`)
	}
	return optionalID("/revision_id", in.RevisionID)
}

// ExportInput asks for a file to ship from a release artifact. Without ArtifactID it is the one that the pipeline's
// build made, or the project's newest release.
type ExportInput struct {
	Format     string `json:"format,omitempty"` // "zip" (default) or "html"
	ArtifactID string `json:"artifact_id,omitempty"`
}

// Validate implements Payload.
func (in ExportInput) Validate() error {
	if in.Format != "" && in.Format != models.ExportZip && in.Format != models.ExportHTML {
		return models.FieldError("/format", `the format is "zip" or "html"`)
	}
	return optionalID("/artifact_id", in.ArtifactID)
}

// AnalyticsInput asks for usage rollups to be brought up to date. Without Since it continues from the end of the last rollup.
type AnalyticsInput struct {
	Since *time.Time `json:"since,omitempty"`
}

// Validate implements Payload.
func (in AnalyticsInput) Validate() error { return nil }

func optionalID(pointer, id string) error {
	if id != "" && !models.ValidID(id) {
		return models.FieldError(pointer, "not an id")
	}
	return nil
}
