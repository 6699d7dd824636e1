package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func projectName(o makeOptions) string {
	name := o.name
	if name == "" && strings.TrimSpace(o.prompt) == "" {
		name = o.template
	}
	if name == "" {
		name = strings.Join(strings.Fields(clean(o.prompt)), " ")
	}
	return cut(name, 80)
}

// createProject makes a project with an engine, "phaser", or with one version of it, "phaser@4.2.1".
func (a *api) createProject(ctx context.Context, name, engine string) (apiclient.Project, error) {
	return a.createProjectFrom(ctx, name, projectSource{engine: engine})
}

func (a *api) submitMake(ctx context.Context, projectID string, o makeOptions, format string) (apiclient.Pipeline, error) {
	generation := map[string]any{"prompt": o.prompt}
	if o.seed != 0 {
		generation["seed"] = o.seed
	}
	if o.provider != "" {
		generation["provider"] = o.provider
	}
	build := map[string]any{"mode": "release"}
	if o.noCache {
		build["no_cache"] = true
	}
	p, err := a.SubmitPipeline(ctx, nil, apiclient.NewPipeline{ProjectID: &projectID, Steps: []apiclient.NewStep{
		{Kind: models.KindGeneration, Input: json.RawMessage(models.ToJSON(generation))},
		{Kind: models.KindBuild, Input: json.RawMessage(models.ToJSON(build))},
		{Kind: models.KindExport, Input: json.RawMessage(models.ToJSON(map[string]string{"format": format}))},
	}})
	if err == nil && len(p.Jobs) != 3 {
		err = fmt.Errorf("the server made %d jobs of 3 steps", len(p.Jobs))
	}
	return p, err
}

func (a *api) artifactOf(ctx context.Context, jobID string) (apiclient.Artifact, error) {
	l, err := a.ListArtifacts(ctx, &apiclient.ListArtifactsParams{JobID: &jobID})
	if err != nil {
		return apiclient.Artifact{}, err
	}
	if len(l.Data) != 1 {
		return apiclient.Artifact{}, fmt.Errorf("job %s succeeded and left %d artifacts", jobID, len(l.Data))
	}
	return l.Data[0], nil
}

// stageOf is the progress that an event reports.
func stageOf(ev apiclient.JobEvent) (fraction float64, stage string, ok bool) {
	switch ev.Type {
	case models.EventProgress:
		var p struct {
			Progress float64 `json:"progress"`
			Stage    string  `json:"stage"`
		}
		if json.Unmarshal(ev.Data, &p) != nil {
			return 0, "", false
		}
		return min(max(p.Progress, 0), 1), p.Stage, true
	case models.EventQueued, models.EventBlocked:
		return 0, "waiting", true
	case models.EventStarted:
		return 0, "started", true
	case models.EventRetrying:
		return 0, "failed, will be retried", true
	case models.EventSucceeded:
		return 1, "done", true
	}
	return 0, "", false
}

// failedJob explains why a job did not succeed: its message, then the compiler's messages, or else the end of its log.
func failedJob(job apiclient.Job) error {
	var b strings.Builder
	fmt.Fprintf(&b, "the %s %s", job.Kind, job.State)
	if job.Error != nil {
		fmt.Fprintf(&b, ": %s [%s]", clean(job.Error.Message), clean(string(job.Error.Code)))
	}
	diagnostics := diagnosticsOf(job)
	for _, d := range diagnostics {
		b.WriteString("\n  " + d)
	}
	if len(diagnostics) == 0 && job.Error != nil && job.Error.LogTail != "" {
		b.WriteString("\n" + indent(models.CleanText(lastLines(job.Error.LogTail, 20))))
	}
	return &jobError{job, b.String()}
}

func diagnosticsOf(job apiclient.Job) []string {
	var out struct {
		Diagnostics []struct {
			Severity, File, Text string
			Line, Column         int
		} `json:"diagnostics"`
	}
	if json.Unmarshal(job.Output, &out) != nil {
		return nil
	}
	var lines []string
	for _, d := range out.Diagnostics {
		at := clean(d.File)
		if d.Line > 0 {
			at += fmt.Sprintf(":%d:%d", d.Line, d.Column)
		}
		if at != "" {
			at += ": "
		}
		lines = append(lines, at+clean(d.Severity)+": "+clean(d.Text))
	}
	return lines
}

func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(lines[max(len(lines)-n, 0):], "\n")
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }
