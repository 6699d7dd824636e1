package store

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// endpoint is a webhook endpoint of a project's account.
func endpoint(t *testing.T, s *Store, p *models.Project, change ...func(*models.WebhookEndpoint)) *models.WebhookEndpoint {
	t.Helper()
	e := &models.WebhookEndpoint{ID: models.WebhookEndpointPrefix + models.NewID(), AccountID: p.AccountID, URL: "https://example.com/hook",
		Events: models.WebhookEvents{"job.*"}, Payload: models.WebhookThin}
	for _, f := range change {
		f(e)
	}
	require.NoError(t, s.Webhooks.CreateEndpoint(t.Context(), e, []models.WebhookSecret{{ID: models.WebhookSecretPrefix + models.NewID(),
		Kind: models.WebhookSymmetric, Sealed: []byte("sealed")}}, 0))
	return e
}

// delivered is a test message to an endpoint.
func delivered(t *testing.T, s *Store, p *models.Project, e *models.WebhookEndpoint) *models.WebhookDelivery {
	t.Helper()
	d, err := s.Webhooks.SendTest(t.Context(), e.ID, &models.WebhookMessage{ID: models.WebhookMessagePrefix + models.NewID(), AccountID: p.AccountID,
		Type: "job.succeeded", Data: models.JSON(`{}`), CreatedAt: time.Now()})
	require.NoError(t, err)
	return d
}

func TestWebhookEndpoints(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		ctx := t.Context()
		first := endpoint(t, s, p, func(e *models.WebhookEndpoint) {
			e.Headers, e.Description, e.Events = []byte{0, 255, 'x'}, "a \x00 byte", models.WebhookEvents{"job.succeeded", "job.failed"}
		})
		second := endpoint(t, s, p, func(e *models.WebhookEndpoint) { e.ProjectID = p.ID })
		err := s.Webhooks.CreateEndpoint(ctx, &models.WebhookEndpoint{ID: "whe_3", AccountID: p.AccountID}, nil, 2)
		require.Equal(t, models.CodeLimitReached, models.CodeOf(err))
		err = s.Webhooks.CreateEndpoint(ctx, &models.WebhookEndpoint{ID: "whe_3", AccountID: other.AccountID, ProjectID: p.ID}, nil, 2)
		require.Equal(t, models.CodeInvalidRequest, models.CodeOf(err), "of another account")

		got, err := s.Webhooks.Endpoint(ctx, p.AccountID, first.ID)
		require.NoError(t, err)
		require.Equal(t, models.WebhookEndpoint{ID: first.ID, AccountID: p.AccountID, URL: first.URL, Description: "a \uFFFD byte", Events: first.Events,
			Headers: first.Headers, Payload: models.WebhookThin, State: models.WebhookEnabled, Version: 1, CreatedAt: first.CreatedAt,
			UpdatedAt: first.UpdatedAt}, *got)
		_, err = s.Webhooks.Endpoint(ctx, other.AccountID, first.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		all, err := s.Webhooks.Endpoints(ctx, p.AccountID, "", models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, all, 2)
		of, err := s.Webhooks.Endpoints(ctx, p.AccountID, p.ID, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, of, 1)
		require.Equal(t, second.ID, of[0].ID)

		waits := delivered(t, s, p, first)
		changed, err := s.Webhooks.ChangeEndpoint(ctx, p.AccountID, first.ID, func(e *models.WebhookEndpoint) error {
			e.State, e.Reason, e.URL = models.WebhookDisabled, models.WebhookRequested, "https://example.com/other"
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 2, changed.Version)
		ended, err := s.Webhooks.Delivery(ctx, p.AccountID, waits.ID)
		require.NoError(t, err)
		require.Equal(t, models.WebhookFailed, ended.State)
		require.Equal(t, models.WebhookNoEndpoint, ended.Failure)
		_, err = s.Webhooks.Replay(ctx, p.AccountID, waits.ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		changed, err = s.Webhooks.ChangeEndpoint(ctx, p.AccountID, first.ID, func(e *models.WebhookEndpoint) error {
			e.State = models.WebhookEnabled
			return nil
		})
		require.NoError(t, err)
		require.Empty(t, changed.Reason)
		again, err := s.Webhooks.Replay(ctx, p.AccountID, waits.ID)
		require.NoError(t, err)
		require.Equal(t, models.WebhookPending, again.State)
		require.Equal(t, waits.MessageID, again.MessageID)
		require.Nil(t, again.FinishedAt)
		n, err := s.Webhooks.ReplaySince(ctx, p.AccountID, first.ID, time.Now().Add(-time.Hour), true)
		require.NoError(t, err)
		require.Zero(t, n, "it waits already")

		health, err := s.Webhooks.Health(ctx, p.AccountID, first.ID)
		require.NoError(t, err)
		require.Equal(t, models.WebhookHealth{Pending: 1}, *health)

		err = s.Webhooks.DeleteEndpoint(ctx, p.AccountID, first.ID, 2)
		require.Equal(t, models.CodePreconditionFailed, models.CodeOf(err))
		require.NoError(t, s.Webhooks.DeleteEndpoint(ctx, p.AccountID, first.ID, 3))
		for _, err := range []error{
			s.Webhooks.DeleteEndpoint(ctx, p.AccountID, first.ID, 0),
			s.Webhooks.DeleteEndpoint(ctx, other.AccountID, second.ID, 0),
		} {
			require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		}
		list, err := s.Webhooks.Deliveries(ctx, p.AccountID, models.WebhookDeliveryFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Empty(t, list)
	})
}

func TestWebhookSecretsRotate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		ctx := t.Context()
		e := endpoint(t, s, p)
		fresh := func(kind models.WebhookSecretKind) *models.WebhookSecret {
			return &models.WebhookSecret{ID: models.WebhookSecretPrefix + models.NewID(), AccountID: p.AccountID, Kind: kind, Sealed: []byte("s")}
		}
		of := func(endpointID string) []models.WebhookSecret {
			t.Helper()
			all, err := s.Webhooks.Secrets(ctx, p.AccountID, endpointID)
			require.NoError(t, err)
			return all
		}
		first := of(e.ID)
		require.Len(t, first, 1)
		require.Nil(t, first[0].ExpiresAt)
		require.NoError(t, s.Webhooks.RotateSecret(ctx, p.AccountID, e.ID, fresh(models.WebhookEd25519), 0))
		require.Len(t, of(e.ID), 2, "another kind replaces nothing")
		second := fresh(models.WebhookSymmetric)
		require.NoError(t, s.Webhooks.RotateSecret(ctx, p.AccountID, e.ID, second, time.Hour))
		all := of(e.ID)
		require.Len(t, all, 3)
		require.Equal(t, second.ID, all[0].ID)
		require.Equal(t, first[0].ID, all[2].ID)
		require.WithinDuration(t, time.Now().Add(time.Hour), *all[2].ExpiresAt, time.Minute)
		require.NoError(t, s.Webhooks.RotateSecret(ctx, p.AccountID, e.ID, fresh(models.WebhookSymmetric), 24*time.Hour))
		require.WithinDuration(t, time.Now().Add(time.Hour), *of(e.ID)[3].ExpiresAt, time.Minute, "it does not live longer")
		require.NoError(t, s.Webhooks.RotateSecret(ctx, p.AccountID, e.ID, fresh(models.WebhookSymmetric), 0))
		require.Len(t, of(e.ID), 2, "without an overlap the others end at once")
		for range maxWebhookSecrets - 1 {
			require.NoError(t, s.Webhooks.RotateSecret(ctx, p.AccountID, e.ID, fresh(models.WebhookSymmetric), time.Hour))
		}
		err := s.Webhooks.RotateSecret(ctx, p.AccountID, e.ID, fresh(models.WebhookSymmetric), time.Hour)
		require.Equal(t, models.CodeLimitReached, models.CodeOf(err))

		require.Empty(t, of(""))
		mine := fresh(models.WebhookSymmetric)
		got, err := s.Webhooks.DefaultSecrets(ctx, mine)
		require.NoError(t, err)
		require.Equal(t, mine.ID, got[0].ID)
		got, err = s.Webhooks.DefaultSecrets(ctx, fresh(models.WebhookSymmetric))
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, mine.ID, got[0].ID, "there is one already")
	})
}

func TestWebhookEventsMatch(t *testing.T) {
	t.Parallel()
	for patterns, want := range map[string]bool{
		"": true, "*": true, "job.*": true, "job.succeeded": true, "quota.* job.succeeded": true,
		"job.failed": false, "job": false, "jo*": false, "pipeline.*": false, "job.succeeded.*": false,
	} {
		require.Equal(t, want, models.WebhookEvents(strings.Fields(patterns)).Match("job.succeeded"), patterns)
	}
}
