package sandbox

import (
	"context"
	"errors"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// sharedModules finds the modules that a preview loads instead of bundling them, and writes their addresses into the spec.
func sharedModules(ctx context.Context, from Modules, job engines.RunRequest, spec *protocol.Spec) ([]engines.ModuleBlob, error) {
	b := job.Plan.Bundle
	if b == nil || b.Mode != engines.Preview || len(b.Shared) == 0 || from == nil {
		return nil, nil
	}
	all, err := from.SharedModules(ctx, job.Engine)
	if err != nil {
		return nil, notReady(ctx, err)
	}
	var used []engines.ModuleBlob
	spec.ModuleURLs = make(map[string]string)
	for _, m := range b.Shared {
		for _, blob := range all {
			if blob.Specifier == m.Specifier {
				used = append(used, blob)
				spec.ModuleURLs[blob.Specifier] = blob.URL()
			}
		}
	}
	return used, nil
}

// notReady is the error of a run whose engine is not available.
func notReady(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	if _, ok := errors.AsType[*models.Error](err); ok {
		return err
	}
	return models.WrapError(models.CodeEngineUnavailable, "the engine is not available here", err)
}
