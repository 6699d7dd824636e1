package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Claim takes a delivery that was handed over, for one attempt within a lease. Not ok means that the task is outdated, or somebody else has it.
func (s *Deliveries) Claim(ctx context.Context, d models.WebhookDispatch, owner string, lease time.Duration) (c *models.WebhookClaim, ok bool, err error) {
	var rows []struct {
		models.WebhookDelivery
		Tried int
	}
	err = s.write(ctx, func(tx *tx) error {
		return tx.Raw(fmt.Sprintf(`UPDATE webhook_deliveries SET state = 'delivering', lease_owner = ?, lease_until = %s, attempts = attempts + 1, tried = tried + 1
			WHERE id = ? AND dispatch_no = ? AND state = 'pending' AND dispatched_at IS NOT NULL
			RETURNING id, account_id, message_id, endpoint_id, url, destination, state, attempts, tried, created_at`,
			tx.dialect.nowPlus(micros(lease))), owner, d.DeliveryID, d.No).Scan(&rows).Error
	})
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	c = &models.WebhookClaim{WebhookDelivery: rows[0].WebhookDelivery, No: d.No, Tried: rows[0].Tried}
	q := s.read(ctx)
	var message []models.WebhookMessage
	var endpoint []models.WebhookEndpoint
	if err := q.Raw("SELECT * FROM webhook_messages WHERE id = ?", c.MessageID).Scan(&message).Error; err != nil {
		return nil, false, s.wrap(err)
	}
	if c.EndpointID != "" {
		if err := q.Raw("SELECT * FROM webhook_endpoints WHERE id = ? AND account_id = ?", c.EndpointID, c.AccountID).Scan(&endpoint).Error; err != nil {
			return nil, false, s.wrap(err)
		}
	}
	err = q.Raw("SELECT * FROM webhook_secrets WHERE account_id = ? AND endpoint_id = ? AND "+signing(s.dialect)+" ORDER BY id DESC", c.AccountID, c.EndpointID).
		Scan(&c.Secrets).Error
	if err != nil || len(message) == 0 { // removed meanwhile, with the delivery
		return nil, false, s.wrap(err)
	}
	c.Message = message[0]
	c.Message.CreatedAt = c.Message.CreatedAt.UTC()
	if len(endpoint) > 0 {
		c.Endpoint = &endpoint[0]
	}
	return c, true, nil
}

// standing is how a destination does.
type standing struct {
	Failures     int
	FailingSince *time.Time
	Failing      float64 // seconds
}

// Record stores what came of the attempt of a claim, and what follows from it: the next attempt, a pause of the destination, or that its endpoint is disabled.
// It hands over what is due for the destination. The jitter is from 0 to 1.
func (s *Deliveries) Record(ctx context.Context, c *models.WebhookClaim, owner string, f models.WebhookFinding, jitter float64) (done models.WebhookRecorded, err error) {
	if err := needAccount(c.AccountID); err != nil {
		return models.WebhookRecorded{}, err
	}
	err = s.write(ctx, func(tx *tx) error {
		done = models.WebhookRecorded{}
		var place []standing
		err := tx.Raw("SELECT failures, failing_since, coalesce("+tx.dialect.age("failing_since")+", 0) AS failing FROM webhook_destinations WHERE id = ?"+
			tx.dialect.lock(waitLocked), c.Destination).Scan(&place).Error
		if err != nil {
			return err
		}
		if len(place) == 0 { // removed, with its deliveries
			done.Stale = true
			return nil
		}
		state, next := models.WebhookDelivered, "NULL"
		if !f.Taken() {
			after, again := models.WebhookRetry(c.Attempts, jitter, f.RetryAfter)
			if state = models.WebhookFailed; again && !f.Gone {
				state, next = models.WebhookPending, tx.dialect.nowPlus(micros(after))
			}
		}
		finished := tx.dialect.now()
		if state == models.WebhookPending {
			finished = "NULL"
		}
		res := tx.Exec(fmt.Sprintf(`UPDATE webhook_deliveries SET state = ?, next_attempt_at = %s, finished_at = %s, dispatched_at = NULL, lease_owner = '',
			lease_until = NULL, last_status = ?, failure = ? WHERE id = ? AND dispatch_no = ? AND state = 'delivering' AND lease_owner = ?`, next, finished),
			state, f.Attempt.Status, f.Attempt.Failure, c.ID, c.No, owner)
		if res.Error != nil {
			return res.Error
		}
		if done.Stale = res.RowsAffected == 0; done.Stale {
			return nil
		}
		if err := tx.insertAttempt(c, f.Attempt); err != nil {
			return err
		}
		if err := tx.follow(c, place[0], f, &done); err != nil {
			return err
		}
		done.Dispatches, err = tx.dispatch([]string{c.Destination})
		return err
	})
	if err != nil {
		return models.WebhookRecorded{}, err
	}
	return done, nil
}

func (tx *tx) insertAttempt(c *models.WebhookClaim, a models.WebhookAttempt) error {
	return tx.Exec(`INSERT INTO webhook_attempts (id, account_id, delivery_id, destination, no, at, latency_ms, status, failure, message, response)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, models.WebhookAttemptPrefix+models.NewID(), c.AccountID, c.ID, c.Destination, c.Tried,
		tx.dialect.timestamp(a.At), a.LatencyMS, a.Status, a.Failure, cleanText(a.Message), cleanText(a.Response)).Error
}

// follow notes how the destination of an attempt does, and disables its endpoint if that is gone or has failed for too long.
func (tx *tx) follow(c *models.WebhookClaim, was standing, f models.WebhookFinding, done *models.WebhookRecorded) error {
	now := tx.dialect.now()
	if f.Taken() {
		return tx.Exec(fmt.Sprintf(`UPDATE webhook_destinations SET failures = 0, failing_since = NULL, paused_until = NULL, last_success_at = %[1]s,
			updated_at = %[1]s WHERE id = ?`, now), c.Destination).Error
	}
	failures := was.Failures + 1
	pause := max(models.WebhookPause(failures), min(f.RetryAfter, models.MaxWebhookRetryAfter))
	err := tx.Exec(fmt.Sprintf(`UPDATE webhook_destinations SET failures = ?, failing_since = coalesce(failing_since, %[1]s), last_failure_at = %[1]s,
		paused_until = %[2]s, updated_at = %[1]s WHERE id = ?`, now, tx.dialect.nowPlus(micros(pause))), failures, c.Destination).Error
	if err != nil || c.EndpointID == "" {
		return err
	}
	switch {
	case f.Gone:
		done.Disabled = models.WebhookGone
	case failures >= models.WebhookDisableFailures && was.Failing >= models.WebhookDisableAfter.Seconds():
		done.Disabled = models.WebhookFailures
	default:
		return nil
	}
	return tx.disableEndpoint(c, done, failures)
}

// disableEndpoint disables an endpoint, and tells the account so, unless it is disabled already.
func (tx *tx) disableEndpoint(c *models.WebhookClaim, done *models.WebhookRecorded, failures int) error {
	var was []models.WebhookEndpoint
	err := tx.Raw(fmt.Sprintf(`UPDATE webhook_endpoints SET state = 'disabled', reason = ?, version = version + 1, updated_at = %s
		WHERE id = ? AND account_id = ? AND state = 'enabled' RETURNING project_id, url`, tx.dialect.now()), done.Disabled, c.EndpointID, c.AccountID).Scan(&was).Error
	if err != nil {
		return err
	}
	if len(was) == 0 {
		done.Disabled = ""
		return nil
	}
	if err := tx.dropDeliveries(c.EndpointID); err != nil {
		return err
	}
	if err := tx.recordOf(nil, "webhook.disable", resource{c.AccountID, "webhook", c.EndpointID}, details{"reason": string(done.Disabled)}); err != nil {
		return err
	}
	return tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: c.AccountID, ProjectID: was[0].ProjectID, Type: models.EventWebhookDisabled,
		Data: models.ToJSON(map[string]any{"endpoint_id": c.EndpointID, "reason": done.Disabled, "failures": failures})})
}
