package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

func (tx *tx) insertWebhookSecret(k *models.WebhookSecret) error {
	err := tx.Raw("INSERT INTO webhook_secrets (id, account_id, endpoint_id, kind, sealed) VALUES (?, ?, ?, ?, ?) RETURNING created_at",
		k.ID, k.AccountID, k.EndpointID, k.Kind, k.Sealed).Scan(&k.CreatedAt).Error
	k.CreatedAt = k.CreatedAt.UTC()
	return err
}

// signing is the condition of secrets that sign.
func signing(d dialect) string { return "(expires_at IS NULL OR expires_at > " + d.now() + ")" }

// Secrets are those that sign for an endpoint of an account, or by default for the account for "", newest first.
func (s *Webhooks) Secrets(ctx context.Context, accountID, endpointID string) ([]models.WebhookSecret, error) {
	if endpointID != "" {
		if _, err := s.Endpoint(ctx, accountID, endpointID); err != nil {
			return nil, err
		}
	}
	var all []models.WebhookSecret
	err := s.of(ctx, accountID).Where("endpoint_id = ? AND "+signing(s.dialect), endpointID).Order("id DESC").Find(&all).Error
	utcSecrets(all)
	return all, s.wrap(err)
}

func utcSecrets(all []models.WebhookSecret) {
	for i := range all {
		all[i].CreatedAt = all[i].CreatedAt.UTC()
		if end := all[i].ExpiresAt; end != nil {
			u := end.UTC()
			all[i].ExpiresAt = &u
		}
	}
}

// DefaultSecrets are the account's default ones. If it has none, the one that is given becomes it.
func (s *Webhooks) DefaultSecrets(ctx context.Context, fresh *models.WebhookSecret) ([]models.WebhookSecret, error) {
	all, err := s.Secrets(ctx, fresh.AccountID, "")
	if err != nil || len(all) > 0 {
		return all, err
	}
	err = s.write(ctx, func(tx *tx) error {
		if err := tx.lockAccount(fresh.AccountID); err != nil {
			return err
		}
		all = nil
		err := tx.Raw("SELECT * FROM webhook_secrets WHERE account_id = ? AND endpoint_id = '' AND "+signing(tx.dialect), fresh.AccountID).Scan(&all).Error
		if err != nil || len(all) > 0 {
			return err
		}
		k := *fresh
		k.EndpointID = ""
		if err := tx.insertWebhookSecret(&k); err != nil {
			return err
		}
		all = []models.WebhookSecret{k}
		return nil
	})
	utcSecrets(all)
	return all, err
}

// maxWebhookSecrets limits the secrets of one kind that sign at once: each is one more signature in the header.
const maxWebhookSecrets = 5

// RotateSecret has a new secret sign for an endpoint of an account, or by default for the account for "". Others of its kind sign for so much longer, or as
// long as they would have.
func (s *Webhooks) RotateSecret(ctx context.Context, accountID, endpointID string, fresh *models.WebhookSecret, overlap time.Duration) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		on := resource{accountID, "webhook", endpointID}
		if endpointID == "" {
			on = resource{accountID, "account", accountID}
			if err := tx.lockAccount(accountID); err != nil {
				return err
			}
		} else if _, err := tx.lockEndpoint(accountID, endpointID); err != nil {
			return err
		}
		var n int
		err := tx.Raw("SELECT count(*) FROM webhook_secrets WHERE account_id = ? AND endpoint_id = ? AND kind = ? AND "+signing(tx.dialect),
			accountID, endpointID, fresh.Kind).Scan(&n).Error
		if err != nil {
			return err
		}
		if n >= maxWebhookSecrets && overlap > 0 {
			return models.NewError(models.CodeLimitReached, fmt.Sprintf("%d secrets of the kind sign already, the most that may: wait until one expires, "+
				"or rotate without an overlap", maxWebhookSecrets))
		}
		end := tx.dialect.nowPlus(micros(overlap))
		err = tx.Exec(fmt.Sprintf(`UPDATE webhook_secrets SET expires_at = %[1]s WHERE account_id = ? AND endpoint_id = ? AND kind = ?
			AND (expires_at IS NULL OR expires_at > %[1]s)`, end), accountID, endpointID, fresh.Kind).Error
		if err != nil {
			return err
		}
		fresh.AccountID, fresh.EndpointID = accountID, endpointID
		if err := tx.insertWebhookSecret(fresh); err != nil {
			return err
		}
		return tx.record("webhook.rotate_secret", on, details{"kind": string(fresh.Kind)})
	})
}
