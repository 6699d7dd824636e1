package generation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

func TestTransient(t *testing.T) {
	t.Parallel()
	failure := func(code models.Code, final bool) error {
		return fmt.Errorf("wrapped: %w", &generation.Failure{Err: models.NewError(code, "m"), Final: final})
	}
	tests := []struct {
		err  error
		want bool
	}{
		{nil, false},
		{failure(models.CodeProviderFailed, false), true},
		{failure(models.CodeProviderFailed, true), false},
		// The failure's own word stands, whatever its code.
		{failure(models.CodeProviderConfig, false), true},
		{models.NewError(models.CodeProviderTruncated, "m"), true},
		{models.NewError(models.CodeProviderOutput, "m"), true},
		{models.NewError(models.CodeProviderConfig, "m"), false},
		{models.NewError(models.CodeProviderRefused, "m"), false},
		{errors.New("anything else"), true},
	}
	for _, tt := range tests {
		if got := generation.Transient(tt.err); got != tt.want {
			t.Errorf("Transient(%v) = %v", tt.err, got)
		}
	}
}

func TestFailureIsFoundByItsMethods(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("generate: %w", &generation.Failure{
		Err: models.NewError(models.CodeProviderFailed, "busy"), After: time.Minute,
	})
	var wait interface{ RetryAfter() time.Duration }
	if !errors.As(err, &wait) || wait.RetryAfter() != time.Minute || models.CodeOf(err) != models.CodeProviderFailed {
		t.Errorf("error = %v", err)
	}
}
