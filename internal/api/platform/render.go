package platform

import (
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func showUsage(u *models.Usage) openapi.Usage {
	return openapi.Usage{EndUser: kernel.OrNull(u.EndUser), Kind: u.Kind, Period: u.Period, Start: u.Start.UTC(), Jobs: u.Jobs, Failures: u.Failures,
		P50Ms: u.P50Millis, P95Ms: u.P95Millis, TokensIn: u.TokensIn, TokensOut: u.TokensOut, Bytes: u.Bytes}
}

func showEngine(e *models.EngineStatus) openapi.Engine {
	outputs := e.Outputs
	if outputs == nil {
		outputs = []string{}
	}
	return openapi.Engine{Name: e.Name, Title: e.Title, Version: e.Version, Default: e.Default, Outputs: outputs, Available: e.Available,
		Reason: e.Reason, Isolation: kernel.OrNull(e.Isolation), Notice: e.Notice, Image: kernel.OrNull(e.Image), Pool: showSandboxes(e.Sandboxes)}
}

func showSandboxes(c models.SandboxCounts) openapi.PoolCounts {
	return openapi.PoolCounts{Creating: c.Creating, Warm: c.Warm, Leased: c.Leased, Running: c.Running, Draining: c.Draining, Waiting: c.Waiting}
}
