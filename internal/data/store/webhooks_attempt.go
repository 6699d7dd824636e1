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
	err = s.statement(ctx, func(tx *tx) error {
		return tx.Raw(fmt.Sprintf(`UPDATE webhook_deliveries SET state = 'delivering', lease_owner = ?, lease_until = %s,
				attempts = attempts + 1, tried = tried + 1
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
	err = q.Raw("SELECT * FROM webhook_secrets WHERE account_id = ? AND endpoint_id = ? AND "+signing(s.dialect)+" ORDER BY id DESC",
		c.AccountID, c.EndpointID).Scan(&c.Secrets).Error
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
func (s *Deliveries) Record(ctx context.Context, c *models.WebhookClaim, owner string, f models.WebhookFinding,
	jitter float64) (done models.WebhookRecorded, err error) {
	if err := needAccount(c.AccountID); err != nil {
		return models.WebhookRecorded{}, err
	}
	err = s.write(ctx, func(tx *tx) (err error) {
		done = models.WebhookRecorded{}
		if f.Taken() {
			return tx.recordTaken(c, owner, f, &done)
		}
		return tx.recordFailed(c, owner, f, jitter, &done)
	})
	if err != nil {
		return models.WebhookRecorded{}, err
	}
	done.Dispatches, err = s.refill(ctx, c)
	if err != nil { // the next look hands over what is due
		return done, nil //nolint:nilerr // the attempt is recorded
	}
	return done, nil
}

// recordTaken locks the destination only if it has failed before: a receiver that works takes several at once, and their commits need not wait for one
// another.
func (tx *tx) recordTaken(c *models.WebhookClaim, owner string, f models.WebhookFinding, done *models.WebhookRecorded) error {
	now := tx.dialect.now()
	err := tx.Exec(fmt.Sprintf(`UPDATE webhook_destinations SET failures = 0, failing_since = NULL, paused_until = NULL, last_success_at = %[1]s,
		updated_at = %[1]s WHERE id = ? AND (failures > 0 OR last_success_at IS NULL OR last_success_at < %[2]s)
			AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = ? AND `+hasIt+")",
		now, tx.dialect.nowPlus(micros(-successNoted))), c.Destination, c.ID, c.No, owner).Error
	if err != nil {
		return err
	}
	return tx.endAttempt(c, owner, f, models.WebhookDelivered, "NULL", now, done)
}

// hasIt is the condition of a delivery that a worker still has.
const hasIt = "dispatch_no = ? AND state = 'delivering' AND lease_owner = ?"

// successNoted is how exactly the time of the last success is noted.
const successNoted = 5 * time.Second

func (tx *tx) recordFailed(c *models.WebhookClaim, owner string, f models.WebhookFinding, jitter float64, done *models.WebhookRecorded) error {
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
	state, next, finished := models.WebhookFailed, "NULL", tx.dialect.now()
	ended := f.Gone || f.Attempt.Failure == models.WebhookNoEndpoint
	if after, again := models.WebhookRetry(c.Attempts, jitter, f.RetryAfter); again && !ended {
		state, next, finished = models.WebhookPending, tx.dialect.nowPlus(micros(after)), "NULL"
	}
	if err := tx.endAttempt(c, owner, f, state, next, finished, done); err != nil || done.Stale || !f.Attempt.Failure.OfReceiver() {
		return err
	}
	return tx.follow(c, place[0], f, done)
}

// endAttempt writes what a delivery is after an attempt, if the worker still has it, and the attempt.
func (tx *tx) endAttempt(c *models.WebhookClaim, owner string, f models.WebhookFinding, state models.WebhookDeliveryState, next, finished string,
	done *models.WebhookRecorded) error {
	res := tx.Exec(fmt.Sprintf(`UPDATE webhook_deliveries SET state = ?, next_attempt_at = %s, finished_at = %s, dispatched_at = NULL, lease_owner = '',
		lease_until = NULL, last_status = ?, failure = ? WHERE id = ? AND `+hasIt, next, finished),
		state, f.Attempt.Status, f.Attempt.Failure, c.ID, c.No, owner)
	if res.Error != nil {
		return res.Error
	}
	if done.Stale = res.RowsAffected == 0; done.Stale {
		return nil
	}
	return tx.insertAttempt(c, f.Attempt)
}

// refill hands over what is due for the destination of an attempt, once half of its room is free: several at once.
func (s *Deliveries) refill(ctx context.Context, c *models.WebhookClaim) (all []models.WebhookDispatch, err error) {
	var needed bool
	err = s.read(ctx).Raw(fmt.Sprintf(`SELECT
		(SELECT count(*) FROM webhook_deliveries WHERE account_id = ? AND destination = ? AND dispatched_at IS NOT NULL) <= ?
		AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE destination = ? AND state = 'pending' AND dispatched_at IS NULL AND next_attempt_at <= %s)`,
		s.dialect.now()), c.AccountID, c.Destination, flyingPerDestination/2, c.Destination).Scan(&needed).Error
	if err != nil || !needed {
		return nil, s.wrap(err)
	}
	err = s.write(ctx, func(tx *tx) (err error) {
		all, err = tx.dispatch([]string{c.Destination})
		return err
	})
	return all, err
}

func (tx *tx) insertAttempt(c *models.WebhookClaim, a models.WebhookAttempt) error {
	return tx.Exec(`INSERT INTO webhook_attempts (id, account_id, delivery_id, destination, no, at, latency_ms, status, failure, message, response)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, models.WebhookAttemptPrefix+models.NewID(), c.AccountID, c.ID, c.Destination, c.Tried,
		tx.dialect.timestamp(a.At), a.LatencyMS, a.Status, a.Failure, cleanText(a.Message), cleanText(a.Response)).Error
}

// follow notes that the destination of an attempt has failed, and disables its endpoint if that is gone or has failed for too long.
func (tx *tx) follow(c *models.WebhookClaim, was standing, f models.WebhookFinding, done *models.WebhookRecorded) error {
	now, failures := tx.dialect.now(), was.Failures+1
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
		WHERE id = ? AND account_id = ? AND state = 'enabled' RETURNING project_id, url`, tx.dialect.now()),
		done.Disabled, c.EndpointID, c.AccountID).Scan(&was).Error
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
