package reads

import (
	"context"
	"fmt"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Told is everything that a user learns from a build of a project: the output, the diagnostics, and the error. The log is
// returned separately, because it contains durations. The returned error is a failure of the machine, not of the project.
func Told(ctx context.Context, r engines.Runner, e engines.Engine, mode engines.Mode, project []models.File) (told, log string, err error) {
	plan, err := web.Plan(engines.BuildRequest{Title: "A game", Files: project, Mode: mode}, nil)
	if err != nil {
		return "", "", err
	}
	sink := engines.NewSpool("")
	defer sink.Close()
	res, err := r.Run(ctx, engines.RunRequest{Account: "attacker", JobID: "reads", Engine: e, Plan: plan, Files: project, Sink: sink})
	if err != nil && models.CodeOf(err) != models.CodeCompileFailed {
		if res != nil {
			err = fmt.Errorf("%w: %s", err, res.LogTail)
		}
		return "", "", err
	}
	var b strings.Builder
	fmt.Fprintln(&b, err)
	for _, d := range res.Diagnostics {
		fmt.Fprintf(&b, "%+v\n", d)
	}
	if res.Outputs == nil {
		return b.String(), res.LogTail, nil
	}
	for _, f := range res.Outputs.Manifest() {
		data, err := engines.ReadOutput(res.Outputs, f.Path, f.Size)
		if err != nil {
			return "", "", err
		}
		fmt.Fprintf(&b, "%s\n%s\n", f.Path, data)
	}
	return b.String(), res.LogTail, nil
}
