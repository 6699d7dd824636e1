package fleet

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// Workers' reports of an engine are merged: it is available if at least one of them can build with it.
func TestMergeEngines(t *testing.T) {
	t.Parallel()
	own := []models.EngineStatus{{Name: "phaser", Version: "4.2.1", Default: true}, {Name: "three", Version: "1", Default: true}}
	reports := []models.WorkerReport{
		{Worker: "a", Engines: []models.EngineStatus{
			{Name: "phaser", Version: "4.2.1", Default: true, Reason: "no npm", Sandboxes: models.SandboxCounts{Warm: 1}},
			{Name: "three", Version: "1", Default: true, Reason: "no npm"},
			{Name: "unity", Version: "6000.0", Default: true, Reason: "no image", Outputs: []string{"web"}},
			{Name: "unity", Version: "2022.3", Available: true},
		}},
		{Worker: "b", Engines: []models.EngineStatus{
			{Name: "phaser", Version: "5.0.0", Default: true, Available: true}, // a newer release than this process
			{Name: "phaser", Version: "4.2.1", Available: true, Image: "sha256:1", Sandboxes: models.SandboxCounts{Warm: 2, Running: 1, Waiting: 3}},
			{Name: "three", Version: "1", Default: true, Reason: "no Docker"},
			{Name: "unity", Version: "6000.1", Default: true, Available: true},
		}},
		{Worker: "c"},
	}
	require.Equal(t, []models.EngineStatus{
		{Name: "phaser", Version: "4.2.1", Default: true, Available: true, Image: "sha256:1", Sandboxes: models.SandboxCounts{Warm: 3, Running: 1, Waiting: 3}},
		{Name: "phaser", Version: "5.0.0", Available: true},
		{Name: "three", Version: "1", Default: true, Reason: "no npm; no Docker"},
		{Name: "unity", Version: "6000.0", Default: true, Reason: "no image", Outputs: []string{"web"}},
		{Name: "unity", Version: "6000.1", Available: true},
		{Name: "unity", Version: "2022.3", Available: true},
	}, mergeEngines(own, reports))
	require.Equal(t, "no worker runs that could build with it", mergeEngines(own, nil)[0].Reason)
}
