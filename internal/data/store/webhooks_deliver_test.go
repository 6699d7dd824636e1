package store

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func finding(failure models.WebhookFailure) models.WebhookFinding {
	return models.WebhookFinding{Attempt: models.WebhookAttempt{At: time.Now(), Status: 500, Failure: failure, Response: "no \x00 \xff"},
		Gone: failure == models.WebhookAnswer410}
}

// taken claims a dispatch as a worker.
func taken(t *testing.T, s *Store, d models.WebhookDispatch, owner string) *models.WebhookClaim {
	t.Helper()
	c, ok, err := s.Deliveries.Claim(t.Context(), d, owner, time.Minute)
	require.NoError(t, err)
	require.True(t, ok)
	return c
}

func TestWebhookAttempts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		e := endpoint(t, s, p)
		sent := delivered(t, s, p, e)
		due, err := s.Deliveries.Due(ctx)
		require.NoError(t, err)
		require.Equal(t, []models.WebhookDispatch{{DeliveryID: sent.ID, No: 1}}, due)
		again, err := s.Deliveries.Due(ctx)
		require.NoError(t, err)
		require.Empty(t, again)

		c := taken(t, s, due[0], "one")
		require.Equal(t, e.ID, c.Endpoint.ID)
		require.Len(t, c.Secrets, 1)
		require.Equal(t, sent.MessageID, c.Message.ID)
		_, ok, err := s.Deliveries.Claim(ctx, due[0], "two", time.Minute)
		require.NoError(t, err)
		require.False(t, ok, "another worker has it")

		done, err := s.Deliveries.Record(ctx, c, "two", finding(""), 0)
		require.NoError(t, err)
		require.True(t, done.Stale)
		done, err = s.Deliveries.Record(ctx, c, "one", finding(models.WebhookStatus), 0)
		require.NoError(t, err)
		require.Equal(t, models.WebhookRecorded{}, done)
		d, err := s.Webhooks.Delivery(ctx, p.AccountID, sent.ID)
		require.NoError(t, err)
		require.Equal(t, models.WebhookPending, d.State)
		require.WithinDuration(t, time.Now().Add(5*time.Second), *d.NextAttemptAt, 3*time.Second)
		require.Equal(t, models.WebhookStatus, d.Failure)
		done, err = s.Deliveries.Record(ctx, c, "one", finding(""), 0)
		require.NoError(t, err)
		require.True(t, done.Stale, "each attempt is recorded once")

		// The worker of the second attempt is killed: another one makes it again, with the same webhook-id.
		soon := func() []models.WebhookDispatch {
			t.Helper()
			require.NoError(t, s.db.w.Exec("UPDATE webhook_deliveries SET next_attempt_at = "+s.db.dialect.now()).Error)
			require.NoError(t, s.db.w.Exec("UPDATE webhook_destinations SET paused_until = NULL").Error)
			due, err := s.Deliveries.Due(ctx)
			require.NoError(t, err)
			return due
		}
		due = soon()
		require.Equal(t, []models.WebhookDispatch{{DeliveryID: sent.ID, No: 2, Slow: true}}, due)
		killed, ok, err := s.Deliveries.Claim(ctx, due[0], "killed", 0)
		require.NoError(t, err)
		require.True(t, ok)
		lost := 0
		require.Eventually(t, func() bool {
			n, missing, err := s.Deliveries.Repair(ctx, time.Hour)
			require.NoError(t, err)
			require.Zero(t, missing)
			lost += n
			return lost == 1
		}, 10*time.Second, 5*time.Millisecond)
		due = soon()
		require.Len(t, due, 1)
		c = taken(t, s, due[0], "three")
		require.Equal(t, killed.Message.ID, c.Message.ID)
		done, err = s.Deliveries.Record(ctx, killed, "killed", finding(""), 0)
		require.NoError(t, err)
		require.True(t, done.Stale)
		_, err = s.Deliveries.Record(ctx, c, "three", finding(""), 0)
		require.NoError(t, err)
		d, err = s.Webhooks.Delivery(ctx, p.AccountID, sent.ID)
		require.NoError(t, err)
		require.Equal(t, models.WebhookDelivered, d.State)
		require.Equal(t, 3, d.Attempts)
		require.NotNil(t, d.FinishedAt)
		attempts, err := s.Webhooks.Attempts(ctx, p.AccountID, sent.ID, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, attempts, 2)
		require.Equal(t, 3, attempts[0].No)
		require.True(t, strings.HasPrefix(attempts[0].Response, "no \uFFFD"))
		health, err := s.Webhooks.Health(ctx, p.AccountID, e.ID)
		require.NoError(t, err)
		require.EqualValues(t, 1, health.Delivered)
		require.EqualValues(t, 1, health.Failed)
		require.Zero(t, health.Failures)
		require.NotNil(t, health.LastSuccessAt)

		// A task that Redis has lost is handed over again.
		_, err = s.Webhooks.Replay(ctx, p.AccountID, sent.ID)
		require.NoError(t, err)
		due = soon()
		require.Len(t, due, 1)
		require.NoError(t, s.Deliveries.Withdraw(ctx, due))
		due = soon()
		require.Len(t, due, 1)
		require.NoError(t, s.db.w.Exec("UPDATE webhook_deliveries SET dispatched_at = ?", s.db.dialect.timestamp(time.Now().Add(-time.Hour))).Error)
		_, missing, err := s.Deliveries.Repair(ctx, time.Minute)
		require.NoError(t, err)
		require.Equal(t, 1, missing)
		_, ok, err = s.Deliveries.Claim(ctx, due[0], "late", time.Minute)
		require.NoError(t, err)
		require.False(t, ok)
		require.Len(t, soon(), 1)
	})
}

// A destination that fails gets single probes with growing pauses, and one that works a few at once.
func TestWebhookBreaker(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		dead, fine := endpoint(t, s, p), endpoint(t, s, p)
		for range flyingPerDestination + 3 {
			delivered(t, s, p, dead)
			delivered(t, s, p, fine)
		}
		due, err := s.Deliveries.Due(ctx)
		require.NoError(t, err)
		require.Len(t, due, 2*flyingPerDestination)
		failed := 0
		for _, d := range due {
			c := taken(t, s, d, "w")
			if c.EndpointID == fine.ID {
				continue
			}
			done, err := s.Deliveries.Record(ctx, c, "w", finding(models.WebhookTimeout), 0)
			require.NoError(t, err)
			if failed++; failed >= models.WebhookBreaks {
				require.Empty(t, done.Dispatches, "it is paused")
			}
		}
		health, err := s.Webhooks.Health(ctx, p.AccountID, dead.ID)
		require.NoError(t, err)
		require.NotNil(t, health.PausedUntil)
		require.Equal(t, flyingPerDestination, health.Failures)
		due, err = s.Deliveries.Due(ctx)
		require.NoError(t, err)
		require.Empty(t, due, "one is paused, and the other has no room")
		require.NoError(t, s.db.w.Exec("UPDATE webhook_deliveries SET dispatched_at = NULL, state = 'pending' WHERE destination = ?", dead.ID).Error)
		require.NoError(t, s.db.w.Exec("UPDATE webhook_destinations SET paused_until = NULL").Error)
		due, err = s.Deliveries.Due(ctx)
		require.NoError(t, err)
		require.Len(t, due, 1, "a probe")
		require.True(t, due[0].Slow)
		done, err := s.Deliveries.Record(ctx, taken(t, s, due[0], "w"), "w", finding(""), 0)
		require.NoError(t, err)
		require.NotEmpty(t, done.Dispatches, "it is back, and gets the next at once")
	})
}

func TestWebhookEndpointsAreDisabled(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		failure  models.WebhookFailure
		since    time.Duration
		failures int
		want     models.WebhookReason
	}{
		"gone":                {models.WebhookAnswer410, 0, 0, models.WebhookGone},
		"for too long":        {models.WebhookStatus, 121 * time.Hour, 9, models.WebhookFailures},
		"not for long enough": {models.WebhookStatus, 119 * time.Hour, 100, ""},
		"not often enough":    {models.WebhookStatus, 121 * time.Hour, 8, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, s *Store) {
				ctx := t.Context()
				p := tenant(t, s)
				e := endpoint(t, s, p)
				delivered(t, s, p, e)
				due, err := s.Deliveries.Due(ctx)
				require.NoError(t, err)
				waits := delivered(t, s, p, e)
				if tt.since > 0 {
					require.NoError(t, s.db.w.Exec("UPDATE webhook_destinations SET failures = ?, failing_since = ?", tt.failures,
						s.db.dialect.timestamp(time.Now().Add(-tt.since))).Error)
				}
				done, err := s.Deliveries.Record(ctx, taken(t, s, due[0], "w"), "w", finding(tt.failure), 0)
				require.NoError(t, err)
				require.Equal(t, tt.want, done.Disabled)
				got, err := s.Webhooks.Endpoint(ctx, p.AccountID, e.ID)
				require.NoError(t, err)
				require.Equal(t, tt.want, got.Reason)
				if tt.want == "" {
					require.Equal(t, models.WebhookEnabled, got.State)
					return
				}
				require.Equal(t, models.WebhookDisabled, got.State)
				d, err := s.Webhooks.Delivery(ctx, p.AccountID, waits.ID)
				require.NoError(t, err)
				require.Equal(t, models.WebhookFailed, d.State)
				sequenceAll(t, s)
				events, err := s.Stream.After(ctx, p.AccountID, models.Place{}, 0, 100)
				require.NoError(t, err)
				require.Equal(t, models.EventWebhookDisabled, events[len(events)-1].Type)
			})
		})
	}
}

func TestWebhookRetries(t *testing.T) {
	t.Parallel()
	var all time.Duration
	for attempts := 1; ; attempts++ {
		after, ok := models.WebhookRetry(attempts, 0, 0)
		if !ok {
			require.Equal(t, 10, attempts)
			break
		}
		later, _ := models.WebhookRetry(attempts, 1, 0)
		require.Equal(t, after+after/5, later)
		all += after
	}
	require.InDelta(t, 72, all.Hours(), 2)
	first, _ := models.WebhookRetry(1, 0, 0)
	require.Equal(t, 5*time.Second, first)
	asked, _ := models.WebhookRetry(1, 0, time.Minute)
	require.Equal(t, time.Minute, asked)
	asked, _ = models.WebhookRetry(1, 0, 1000*time.Hour)
	require.Equal(t, models.MaxWebhookRetryAfter, asked)
	require.Zero(t, models.WebhookPause(4))
	require.Equal(t, 5*time.Second, models.WebhookPause(5))
	require.Equal(t, 5*time.Minute, models.WebhookPause(1000))
}

func TestWebhooksAreRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		e := endpoint(t, s, p)
		sent, waits := delivered(t, s, p, e), delivered(t, s, p, e)
		require.NoError(t, s.db.w.Exec("UPDATE webhook_deliveries SET state = 'delivered' WHERE id = ?", sent.ID).Error)
		done, err := s.Retention.WebhookMessages(ctx, 0)
		require.NoError(t, err)
		require.Equal(t, 1, done.Removed["webhook_messages"])
		_, err = s.Webhooks.Delivery(ctx, p.AccountID, sent.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.Webhooks.Delivery(ctx, p.AccountID, waits.ID)
		require.NoError(t, err, "it is under way")
		job := submit1(t, s, p)
		for _, holder := range []string{job.ID, models.NewID()} {
			require.NoError(t, s.db.w.Exec("INSERT INTO webhook_targets (holder_id, account_id, url) VALUES (?, ?, 'x')", holder, p.AccountID).Error)
		}
		done, err = s.Retention.WebhookTargets(ctx, -time.Hour)
		require.NoError(t, err)
		require.Equal(t, 1, done.Removed["webhook_targets"])
	})
}
