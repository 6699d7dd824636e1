package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sparkapi "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// cutting sends each request with the next of the cuts, and those after them whole.
type cutting struct {
	cuts []int
	sent atomic.Int32
}

func (c *cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	if n := int(c.sent.Add(1)) - 1; n < len(c.cuts) {
		r = r.Clone(r.Context())
		r.Header.Set("Cut-After", strconv.Itoa(c.cuts[n]))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// The Go client over connections that break: what it asks for has one effect, and it follows without a gap.
func TestGoClient(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	server := startCutter(t, d.url, nil)
	ctx, cancel := context.WithTimeout(t.Context(), jobWithin)
	defer cancel()
	through := func(cuts ...int) (*sparkapi.Client, *cutting) {
		c := &cutting{cuts: cuts}
		spark, err := sparkapi.New(server, sparkapi.WithKey(d.key), sparkapi.WithHTTPClient(&http.Client{Transport: c}),
			sparkapi.WithRetry(sparkapi.Retry{Tries: 5, FirstPause: 20 * time.Millisecond, LongestPause: 10 * time.Second, StreamPatience: time.Minute}))
		require.NoError(t, err)
		return spark, c
	}

	user := models.NewID()
	spark, cuts := through(0, 0, 40)
	made, err := spark.SubmitPipeline(ctx, nil, sparkapi.NewPipeline{
		NewProject: &sparkapi.NewPipelineProject{Name: "made by the client", Engine: "phaser"}, EndUser: &user,
		Steps: []sparkapi.NewStep{{Kind: models.KindGeneration, Input: json.RawMessage(`{"prompt":"a platformer with a fox","seed":3}`)},
			{Kind: models.KindBuild, Input: json.RawMessage(`{"mode":"release"}`)}}})
	require.NoError(t, err)
	require.EqualValues(t, 4, cuts.sent.Load(), "requests")
	jobs := 0
	for job, err := range spark.ListJobsAll(ctx, &sparkapi.ListJobsParams{EndUser: &user, Limit: new(1)}) {
		require.NoError(t, err)
		require.Equal(t, made.ID, *job.PipelineID)
		jobs++
	}
	require.Equal(t, 2, jobs)

	spark, cuts = through(0, 10, 250, 700, 1, 900)
	generation, build := made.Jobs[0].ID, made.Jobs[1].ID
	var seqs []int64
	var last models.EventType
	for event, err := range spark.FollowJob(ctx, generation, 0) {
		require.NoError(t, err)
		seqs, last = append(seqs, event.Seq), event.Type
	}
	require.Greater(t, cuts.sent.Load(), int32(6))
	for i, seq := range seqs {
		require.EqualValues(t, i+1, seq)
	}
	require.Equal(t, models.EventSucceeded, last)

	spark, _ = through(0, 400, 30, 2000)
	var positions []int64
	ended := map[string]bool{}
	for event, err := range spark.FollowPipeline(ctx, made.ID, 0) {
		require.NoError(t, err)
		positions = append(positions, event.Position)
		ended[*event.JobID] = ended[*event.JobID] || event.Type == models.EventSucceeded
	}
	require.True(t, slices.IsSorted(positions))
	require.Equal(t, len(positions), len(slices.Compact(slices.Clone(positions))))
	require.Equal(t, map[string]bool{generation: true, build: true}, ended)

	job, err := spark.WaitForJob(ctx, build)
	require.NoError(t, err)
	require.Equal(t, models.StateSucceeded, job.State)
}
