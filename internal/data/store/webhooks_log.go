package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// deliveryColumns are those of a WebhookDelivery.
const deliveryColumns = `d.id, d.account_id, d.message_id, d.endpoint_id, d.url, d.destination, d.state, d.attempts, d.next_attempt_at, d.last_status,
	d.failure, d.created_at, d.finished_at, m.project_id, m.job_id, m.type, m.seq`

func utcDelivery(d *models.WebhookDelivery) {
	d.CreatedAt = d.CreatedAt.UTC()
	for _, t := range []**time.Time{&d.NextAttemptAt, &d.FinishedAt} {
		if *t != nil {
			u := (*t).UTC()
			*t = &u
		}
	}
}

// Deliveries lists the deliveries of an account, newest first.
func (s *Webhooks) Deliveries(ctx context.Context, accountID string, f models.WebhookDeliveryFilter, p models.Page) ([]models.WebhookDelivery, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	where, args := "d.account_id = ?", []any{accountID}
	for _, c := range []struct{ column, value string }{
		{"d.endpoint_id", f.EndpointID}, {"m.project_id", f.ProjectID}, {"m.job_id", f.JobID}, {"d.message_id", f.MessageID}, {"m.type", f.Type},
		{"d.state", string(f.State)},
	} {
		if c.value != "" {
			where, args = where+" AND "+c.column+" = ?", append(args, c.value)
		}
	}
	if !f.Since.IsZero() {
		where, args = where+" AND d.id >= ?", append(args, models.WebhookDeliveryPrefix+models.FirstID(f.Since))
	}
	if !f.Until.IsZero() {
		where, args = where+" AND d.id < ?", append(args, models.WebhookDeliveryPrefix+models.FirstID(f.Until))
	}
	if p.Before != "" {
		where, args = where+" AND d.id < ?", append(args, p.Before)
	}
	var all []models.WebhookDelivery
	err := s.read(ctx).Raw("SELECT "+deliveryColumns+" FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id WHERE "+where+
		" ORDER BY d.id DESC LIMIT ?", append(args, p.Limit)...).Scan(&all).Error
	for i := range all {
		utcDelivery(&all[i])
	}
	return all, s.wrap(err)
}

const oneDelivery = "SELECT " + deliveryColumns +
	" FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id WHERE d.id = ? AND d.account_id = ?"

// Delivery reads a delivery of an account.
func (s *Webhooks) Delivery(ctx context.Context, accountID, id string) (*models.WebhookDelivery, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	return s.delivery(s.read(ctx).Raw(oneDelivery, id, accountID).Scan)
}

func (d *db) delivery(scan func(any) *gorm.DB) (*models.WebhookDelivery, error) {
	var found []models.WebhookDelivery
	if err := scan(&found).Error; err != nil {
		return nil, d.wrap(err)
	}
	if len(found) == 0 {
		return nil, models.NewError(models.CodeNotFound, "no such delivery")
	}
	utcDelivery(&found[0])
	return &found[0], nil
}

// Message reads a message of an account.
func (s *Webhooks) Message(ctx context.Context, accountID, id string) (*models.WebhookMessage, error) {
	m, err := one[models.WebhookMessage](s.db, s.of(ctx, accountID).Where("id = ?", id), "webhook message")
	if err != nil {
		return nil, err
	}
	m.CreatedAt = m.CreatedAt.UTC()
	return m, nil
}

// Attempts lists the attempts of a delivery of an account, newest first.
func (s *Webhooks) Attempts(ctx context.Context, accountID, deliveryID string, p models.Page) ([]models.WebhookAttempt, error) {
	if _, err := s.Delivery(ctx, accountID, deliveryID); err != nil {
		return nil, err
	}
	var all []models.WebhookAttempt
	err := page(s.of(ctx, accountID), p).Where("delivery_id = ?", deliveryID).Find(&all).Error
	for i := range all {
		all[i].At = all[i].At.UTC()
	}
	return all, s.wrap(err)
}

// again has a delivery begin anew.
const again = `UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = %s, dispatched_at = NULL, lease_owner = '', lease_until = NULL,
	finished_at = NULL WHERE state IN ('pending', 'delivered', 'failed') AND `

// Replay has a delivery of an account begin anew, with the same webhook-id, at once. One that is just being made is a conflict, as is one to an endpoint that
// is disabled.
func (s *Webhooks) Replay(ctx context.Context, accountID, id string) (d *models.WebhookDelivery, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *tx) error {
		if d, err = s.delivery(tx.Raw(oneDelivery, id, accountID).Scan); err != nil {
			return err
		}
		if d.EndpointID != "" {
			if err := tx.enabledEndpoint(accountID, d.EndpointID); err != nil {
				return err
			}
		}
		res := tx.Exec(fmt.Sprintf(again, tx.dialect.now())+"id = ?", id)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeConflict, "the delivery is being made just now: wait for how it ends")
		}
		if res.Error != nil {
			return res.Error
		}
		if d, err = s.delivery(tx.Raw(oneDelivery, id, accountID).Scan); err != nil {
			return err
		}
		return tx.record("webhook.replay", resource{accountID, "webhook_delivery", id})
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// enabledEndpoint is a conflict if an endpoint is disabled.
func (tx *tx) enabledEndpoint(accountID, id string) error {
	e, err := tx.lockEndpoint(accountID, id)
	if err == nil && e.State == models.WebhookDisabled {
		err = models.NewError(models.CodeConflict, "the webhook endpoint is disabled: enable it first")
	}
	return err
}

// maxReplays limits how many deliveries begin anew at once.
const maxReplays = 10_000

// ReplaySince has the deliveries to an endpoint of an account that were made at a time or later begin anew, the oldest 10,000 of them: those that have
// failed, or with all also those that were taken. It returns how many they are.
func (s *Webhooks) ReplaySince(ctx context.Context, accountID, endpointID string, since time.Time, all bool) (n int, err error) {
	if err := needAccount(accountID); err != nil {
		return 0, err
	}
	err = s.write(ctx, func(tx *tx) error {
		if err := tx.enabledEndpoint(accountID, endpointID); err != nil {
			return err
		}
		states := []models.WebhookDeliveryState{models.WebhookFailed}
		if all {
			states = append(states, models.WebhookDelivered)
		}
		res := tx.Exec(fmt.Sprintf(again, tx.dialect.now())+`id IN (SELECT id FROM webhook_deliveries
			WHERE endpoint_id = ? AND endpoint_id <> '' AND account_id = ? AND created_at >= ? AND state IN ? ORDER BY id LIMIT ?)`,
			endpointID, accountID, tx.dialect.timestamp(since), states, maxReplays)
		if n = int(res.RowsAffected); res.Error != nil {
			return res.Error
		}
		return tx.record("webhook.replay", resource{accountID, "webhook", endpointID}, details{"count": fmt.Sprint(n)})
	})
	return n, err
}

// SendTest stores a message that has not happened, for an endpoint of an account, which is due at once whether it wants its type or not.
func (s *Webhooks) SendTest(ctx context.Context, endpointID string, m *models.WebhookMessage) (d *models.WebhookDelivery, err error) {
	if err := needAccount(m.AccountID); err != nil {
		return nil, err
	}
	m.Test = true
	err = s.write(ctx, func(tx *tx) error {
		if err := tx.enabledEndpoint(m.AccountID, endpointID); err != nil {
			return err
		}
		made := &models.WebhookDelivery{ID: models.WebhookDeliveryPrefix + models.NewID(), AccountID: m.AccountID, MessageID: m.ID, EndpointID: endpointID,
			Destination: endpointID}
		if err := tx.insertMessages([]models.WebhookMessage{*m}); err != nil {
			return err
		}
		if err := tx.insertDeliveries([]models.WebhookDelivery{*made}); err != nil {
			return err
		}
		if d, err = s.delivery(tx.Raw(oneDelivery, made.ID, m.AccountID).Scan); err != nil {
			return err
		}
		return tx.record("webhook.test", resource{m.AccountID, "webhook", endpointID})
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}
