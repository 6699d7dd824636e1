package build

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

func TestFailedBuildsErrorSumsUpItsDiagnostics(t *testing.T) {
	t.Parallel()
	cause := models.NewError(models.CodeCompileFailed, "the project does not compile")
	require.Equal(t, error(cause), withDiagnostics(cause, nil))
	found := []engines.Diagnostic{
		{Severity: "warning", Text: "unused"},
		{Severity: "error", File: "src/main.js", Line: 3, Column: 14, Text: "no such thing"},
		{Severity: "error", File: "src/main.js", Line: 4, Text: "and here"},
		{Severity: "error", File: "design.lua", Text: strings.Repeat("é", 500)},
		{Severity: "error", Text: "one too many"},
	}
	err := withDiagnostics(cause, found)
	require.ErrorIs(t, err, cause)
	e := models.AsError(err)
	require.Equal(t, cause.Code, e.Code)
	require.Equal(t, cause.Message, e.Message)
	require.Equal(t, 4, e.Diagnostics.Errors)
	require.Equal(t, 1, e.Diagnostics.Warnings)
	require.Len(t, e.Diagnostics.First, 3)
	require.Equal(t, []string{"src/main.js:3:14: no such thing", "src/main.js:4: and here"}, e.Diagnostics.First[:2])
	require.LessOrEqual(t, len(e.Diagnostics.First[2]), summaryTextMax+len(models.Shortened))
	require.Nil(t, cause.Diagnostics, "the error itself may be shared")
	require.Equal(t, models.CodeInternal, models.CodeOf(withDiagnostics(errors.New("x"), found)))
}
