package build

import (
	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// The bounds of a summary: whoever follows a job's events sees what is wrong, and finds the rest in its output.
const (
	firstErrors    = 3
	summaryTextMax = 300
)

// withDiagnostics has a build's error tell what the compiler said.
func withDiagnostics(err error, found []engines.Diagnostic) error {
	if len(found) == 0 {
		return err
	}
	e := *models.AsError(err)
	e.Diagnostics, e.Cause = summarize(found), err
	return &e
}

func summarize(found []engines.Diagnostic) *models.DiagnosticsSummary {
	s := &models.DiagnosticsSummary{First: []string{}}
	for _, d := range found {
		if d.Severity != "error" {
			s.Warnings++
			continue
		}
		if s.Errors++; len(s.First) < firstErrors {
			s.First = append(s.First, models.Shorten(d.Place()+d.Text, summaryTextMax))
		}
	}
	return s
}
