package jobs

import (
	"context"
	"fmt"
	"slices"

	"github.com/spark-games/spark/models"
)

// releaseForExports makes a build that an export packs a release, and refuses one that is explicitly a preview: the export could
// only fail, after everything before it was paid for.
func releaseForExports(payloads []Payload, refs []texts, g *graph) error {
	for i, p := range payloads {
		if export, ok := p.(ExportInput); !ok || export.ArtifactID != "" {
			continue
		}
		at, ok := refs[i].source("artifact_id", g.index)
		if !ok {
			at, ok = nearestBuild(payloads, g.after, i)
		}
		if !ok {
			continue
		}
		build, ok := payloads[at].(BuildInput)
		if !ok {
			return models.FieldError(fmt.Sprintf("/steps/%d/input/artifact_id", i), "is the artifact of a step that builds")
		}
		if build.Mode == models.ModePreview {
			return &models.Error{Code: models.CodeExportNeedsRelease, Pointer: fmt.Sprintf("/steps/%d/input/mode", at),
				Message: "an export packs the result of this step, and a preview depends on this server; " +
					"make it a release, which is the default here"}
		}
		build.Mode = models.ModeRelease
		payloads[at] = build
	}
	return nil
}

// nearestBuild is the build that an export packs: of those that it waits for, directly or through others, one with the fewest
// steps in between, and of several the last. The handler finds the same one by its job (see export.Store).
func nearestBuild(payloads []Payload, after [][]int, step int) (int, bool) {
	seen := map[int]bool{step: true}
	for level := after[step]; len(level) > 0; {
		found := -1
		var next []int
		for _, i := range level {
			if seen[i] {
				continue
			}
			seen[i] = true
			if _, ok := payloads[i].(BuildInput); ok {
				found = max(found, i)
			}
			next = append(next, after[i]...)
		}
		if found >= 0 {
			return found, true
		}
		level = next
	}
	return 0, false
}

// checkExports refuses exports that could only fail, after everything before them was paid for: of which no build is known, and pages of games
// that do not run in a browser.
func (s *Service) checkExports(ctx context.Context, p *models.Project, isNew bool, payloads []Payload, refs []texts, g *graph) error {
	if p.Engine == "" { // a template is checked, for projects of any engine
		return nil
	}
	for i, payload := range payloads {
		export, ok := payload.(ExportInput)
		if !ok || export.ArtifactID != "" {
			continue
		}
		_, refers := refs[i].source("artifact_id", g.index)
		_, builds := nearestBuild(payloads, g.after, i)
		switch {
		case refers || builds:
			if err := s.playable(p, export); err != nil {
				return models.AsError(err).At(fmt.Sprintf("/steps/%d/input", i))
			}
		case len(g.after[i]) > 0:
			if err := s.released(ctx, p, isNew); err != nil {
				return models.AsError(err).At(fmt.Sprintf("/steps/%d", i))
			}
		}
	}
	return nil
}

// playable is an error if an export is a page, and the project's engine makes nothing for browsers.
func (s *Service) playable(p *models.Project, export ExportInput) error {
	if export.Format != models.ExportHTML || s.Outputs == nil {
		return nil
	}
	if made := s.Outputs(p.Engine, p.EngineVersion); len(made) > 0 && !slices.Contains(made, models.FormatWeb) {
		return errNoPage
	}
	return nil
}

var errNoPage = &models.Error{Code: models.CodeNotPlayable, Pointer: "/format",
	Message: "games of this engine do not run in a browser, so there is no page to make of them; export them as a zip"}

// released is an error if a project has no release that an export without a build would take.
func (s *Service) released(ctx context.Context, p *models.Project, isNew bool) error {
	none := isNew
	if !isNew {
		_, err := s.Intake.LatestRelease(ctx, p.AccountID, p.ID)
		if none = models.CodeOf(err) == models.CodeNotFound; !none && err != nil {
			return err
		}
	}
	if none {
		return models.NewError(models.CodeNoArtifact, "there is nothing to export: the project has no release, and no step before this one builds one")
	}
	return nil
}
