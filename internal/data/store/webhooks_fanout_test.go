package store

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

var toldTypes = map[models.EventType]string{models.EventSucceeded: "job.succeeded", models.EventFailed: "job.failed",
	models.EventWebhookDisabled: "webhook.endpoint_disabled"}

// endedJob is a job of a project that has succeeded, whose events have positions.
func endedJob(t *testing.T, s *Store, p *models.Project) *models.Job {
	t.Helper()
	job := claim(t, s, p, submit1(t, s, p))
	_, err := s.Ledger.Finish(t.Context(), job.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
	require.NoError(t, err)
	sequenceAll(t, s)
	return job
}

func sequenceAll(t *testing.T, s *Store) {
	t.Helper()
	for more := true; more; {
		var err error
		_, _, more, err = s.Stream.Sequence(t.Context(), 100)
		require.NoError(t, err)
	}
}

func fanOut(t *testing.T, s *Store) models.WebhookFanOut {
	t.Helper()
	var all models.WebhookFanOut
	for more := true; more; {
		done, err := s.Deliveries.FanOut(t.Context(), 100, toldTypes)
		require.NoError(t, err)
		all.Messages += done.Messages
		all.Deliveries += done.Deliveries
		all.Lost += done.Lost
		all.Dispatches = append(all.Dispatches, done.Dispatches...)
		more = done.More
	}
	return all
}

func TestWebhooksFanOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p, other := tenant(t, s), tenant(t, s)
		second := &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "game", Engine: "phaser"}
		require.NoError(t, s.Projects.CreateProject(ctx, second))
		all := endpoint(t, s, p)
		mine := endpoint(t, s, p, func(e *models.WebhookEndpoint) { e.ProjectID = p.ID })
		for _, change := range []func(*models.WebhookEndpoint){
			func(e *models.WebhookEndpoint) { e.ProjectID = second.ID },
			func(e *models.WebhookEndpoint) { e.Events = models.WebhookEvents{"job.failed"} },
			func(e *models.WebhookEndpoint) { e.State, e.Reason = models.WebhookDisabled, models.WebhookRequested },
		} {
			endpoint(t, s, p, change)
		}
		endpoint(t, s, other)
		job := endedJob(t, s, p)
		require.NoError(t, s.db.w.Exec("INSERT INTO webhook_targets (holder_id, account_id, url) VALUES (?, ?, 'https://example.com/own')",
			job.ID, p.AccountID).Error)
		done := fanOut(t, s)
		require.Equal(t, 1, done.Messages)
		require.Equal(t, 3, done.Deliveries)
		require.Len(t, done.Dispatches, 3)
		require.Zero(t, done.Lost)
		list, err := s.Webhooks.Deliveries(ctx, p.AccountID, models.WebhookDeliveryFilter{JobID: job.ID}, models.Page{Limit: 10})
		require.NoError(t, err)
		to := make(map[string]models.WebhookDelivery)
		for _, d := range list {
			to[d.EndpointID] = d
			require.Equal(t, list[0].MessageID, d.MessageID, "one message for all")
		}
		require.Contains(t, to, all.ID)
		require.Contains(t, to, mine.ID)
		require.Equal(t, "https://example.com/own", to[""].URL)
		m, err := s.Webhooks.Message(ctx, p.AccountID, list[0].MessageID)
		require.NoError(t, err)
		require.Equal(t, "job.succeeded", m.Type)
		require.Equal(t, job.ID, m.JobID)
		require.Equal(t, models.KindBuild, m.JobKind)
		require.Positive(t, m.Seq)
		require.WithinDuration(t, time.Now(), m.CreatedAt, time.Minute)

		require.Zero(t, fanOut(t, s).Messages, "each event is told once")
	})
}

// However many processes look at the stream at once, each event becomes one message.
func TestWebhooksFanOutTwins(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		endpoint(t, s, p)
		for range 5 {
			endedJob(t, s, p)
		}
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				for range 10 {
					if _, err := s.Deliveries.FanOut(t.Context(), 3, toldTypes); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		list, err := s.Webhooks.Deliveries(t.Context(), p.AccountID, models.WebhookDeliveryFilter{}, models.Page{Limit: 100})
		require.NoError(t, err)
		require.Len(t, list, 5)
	})
}

// Events that retention has removed before they were told are counted, and the fan-out goes on after them.
func TestWebhooksTellWhatIsLost(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		endpoint(t, s, p)
		endedJob(t, s, p)
		require.NoError(t, s.db.w.Exec("UPDATE event_stream SET at = ?", s.db.dialect.timestamp(time.Now().Add(-time.Hour))).Error)
		_, err := s.Retention.Stream(t.Context(), time.Minute)
		require.NoError(t, err)
		done := fanOut(t, s)
		require.Positive(t, done.Lost)
		require.Zero(t, done.Messages)
		endedJob(t, s, p)
		done = fanOut(t, s)
		require.Zero(t, done.Lost)
		require.Equal(t, 1, done.Messages)
	})
}

// The URL of a pipeline, stored with it, is told of the end of each of its jobs, and of nothing else.
func TestWebhookTargetsAreStoredWithTheJobs(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}
		var all []*models.Job
		for range 2 {
			j := newJob(p, models.KindBuild, models.StateQueued)
			j.PipelineID = pipeline.ID
			all = append(all, j)
		}
		require.NoError(t, s.Jobs.Submit(ctx, jobs.Submission{Pipeline: pipeline, Jobs: all,
			Targets: []models.WebhookTarget{{HolderID: pipeline.ID, AccountID: p.AccountID, URL: "https://example.com/p"}}}))
		for _, j := range all {
			_, _, err := s.Jobs.Cancel(ctx, p.AccountID, j.ID, "test")
			require.NoError(t, err)
		}
		sequenceAll(t, s)
		done, err := s.Deliveries.FanOut(ctx, 100, map[models.EventType]string{models.EventCancelled: "job.cancelled", models.EventQueued: "job.queued"})
		require.NoError(t, err)
		require.Equal(t, 2, done.Messages)
		require.Equal(t, 2, done.Deliveries)
		list, err := s.Webhooks.Deliveries(ctx, p.AccountID, models.WebhookDeliveryFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, list, 2)
		require.Equal(t, list[0].Destination, list[1].Destination)
		require.Empty(t, list[0].EndpointID)
		c := taken(t, s, done.Dispatches[0], "w")
		require.Nil(t, c.Endpoint)
		require.Equal(t, "https://example.com/p", c.URL)
	})
}
