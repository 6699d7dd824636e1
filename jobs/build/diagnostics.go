package build

import (
	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Limits of a summary: a job's events show the first mistakes, and the output has the rest.
const (
	firstErrors    = 3
	summaryTextMax = 300
)

// withDiagnostics adds a summary of the compiler's messages to a build's error.
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
