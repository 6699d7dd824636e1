package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Webhooks is the endpoints of accounts, what signs for them, and what was delivered. docs/decisions/0050-webhooks.md says how they work; what moves
// deliveries is in Deliveries.
type Webhooks struct{ *db }

// CreateEndpoint stores a new endpoint of an account with its secrets, unless the account has as many as most; 0 is any number. Without a state it is
// enabled.
func (s *Webhooks) CreateEndpoint(ctx context.Context, e *models.WebhookEndpoint, secrets []models.WebhookSecret, most int) error {
	if err := needAccount(e.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		if err := tx.lockAccount(e.AccountID); err != nil { // so that two count one another
			return err
		}
		var n int
		if err := tx.Raw("SELECT count(*) FROM webhook_endpoints WHERE account_id = ?", e.AccountID).Scan(&n).Error; err != nil {
			return err
		}
		if most > 0 && n >= most {
			return models.NewError(models.CodeLimitReached, fmt.Sprintf("the limit max_webhook_endpoints is %d, and the account has as many", most))
		}
		if err := tx.keepProject(e.AccountID, e.ProjectID); err != nil {
			return err
		}
		if e.State == "" {
			e.State = models.WebhookEnabled
		}
		var made models.WebhookEndpoint
		err := tx.Raw(`INSERT INTO webhook_endpoints (id, account_id, project_id, url, description, events, headers, payload, template, state, reason)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING version, created_at, updated_at`, e.ID, e.AccountID, e.ProjectID, e.URL,
			cleanText(e.Description), e.Events, e.Headers, e.Payload, e.Template, e.State, e.Reason).Scan(&made).Error
		if err != nil {
			return err
		}
		e.Version, e.CreatedAt, e.UpdatedAt = made.Version, made.CreatedAt.UTC(), made.UpdatedAt.UTC()
		for i := range secrets {
			secrets[i].AccountID, secrets[i].EndpointID = e.AccountID, e.ID
			if err := tx.insertWebhookSecret(&secrets[i]); err != nil {
				return err
			}
		}
		return tx.record("webhook.create", resource{e.AccountID, "webhook", e.ID})
	})
}

// keepProject is an error unless a project, if there is one, is the account's; it stays so until the transaction ends.
func (tx *tx) keepProject(accountID, id string) error {
	if id == "" {
		return nil
	}
	var found []string
	err := tx.Raw("SELECT id FROM projects WHERE id = ? AND account_id = ? AND "+notDeleted+tx.dialect.keep(), id, accountID).Scan(&found).Error
	if err == nil && len(found) == 0 {
		return models.FieldError("/project_id", "there is no such project")
	}
	return err
}

func utcEndpoint(e *models.WebhookEndpoint) {
	e.CreatedAt, e.UpdatedAt = e.CreatedAt.UTC(), e.UpdatedAt.UTC()
}

// Endpoint reads an endpoint of an account.
func (s *Webhooks) Endpoint(ctx context.Context, accountID, id string) (*models.WebhookEndpoint, error) {
	e, err := one[models.WebhookEndpoint](s.db, s.of(ctx, accountID).Where("id = ?", id), "webhook endpoint")
	if err != nil {
		return nil, err
	}
	utcEndpoint(e)
	return e, nil
}

// Endpoints lists the endpoints of an account, or those of one of its projects, newest first.
func (s *Webhooks) Endpoints(ctx context.Context, accountID, projectID string, p models.Page) ([]models.WebhookEndpoint, error) {
	q := page(s.of(ctx, accountID), p)
	if projectID != "" {
		q = q.Where("project_id = ?", projectID)
	}
	var all []models.WebhookEndpoint
	err := q.Find(&all).Error
	for i := range all {
		utcEndpoint(&all[i])
	}
	return all, s.wrap(err)
}

// ChangeEndpoint changes an endpoint by f, which may run several times and looks at the version if that matters, and returns it as it is then. One that
// becomes enabled begins anew: it has not failed, and nothing pauses it.
func (s *Webhooks) ChangeEndpoint(ctx context.Context, accountID, id string, f func(*models.WebhookEndpoint) error) (*models.WebhookEndpoint, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	var changed *models.WebhookEndpoint
	err := s.write(ctx, func(tx *tx) error {
		e, err := tx.lockEndpoint(accountID, id)
		if err != nil {
			return err
		}
		was, project := e.State, e.ProjectID
		if err := f(e); err != nil {
			return err
		}
		if e.ProjectID != project {
			if err := tx.keepProject(accountID, e.ProjectID); err != nil {
				return err
			}
		}
		if e.State == models.WebhookEnabled {
			e.Reason = ""
		}
		var now models.WebhookEndpoint
		err = tx.Raw(fmt.Sprintf(`UPDATE webhook_endpoints SET project_id = ?, url = ?, description = ?, events = ?, headers = ?, payload = ?, template = ?,
			state = ?, reason = ?, version = version + 1, updated_at = %s WHERE id = ? RETURNING version, updated_at`, tx.dialect.now()),
			e.ProjectID, e.URL, cleanText(e.Description), e.Events, e.Headers, e.Payload, e.Template, e.State, e.Reason, id).Scan(&now).Error
		if err != nil {
			return err
		}
		e.Version, e.UpdatedAt = now.Version, now.UpdatedAt.UTC()
		changed = e
		if e.State == models.WebhookEnabled && was != e.State {
			err = tx.Exec("UPDATE webhook_destinations SET failures = 0, failing_since = NULL, paused_until = NULL WHERE id = ?", id).Error
		}
		if e.State == models.WebhookDisabled && was != e.State {
			err = tx.dropDeliveries(id)
		}
		if err != nil {
			return err
		}
		return tx.record("webhook.change", resource{accountID, "webhook", id}, details{"state": string(e.State)})
	})
	return changed, err
}

func (tx *tx) lockEndpoint(accountID, id string) (*models.WebhookEndpoint, error) {
	// Whoever records an attempt locks in this order.
	err := tx.Raw("SELECT id FROM webhook_destinations WHERE id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), id, accountID).Scan(&[]string{}).Error
	if err != nil {
		return nil, err
	}
	var found []models.WebhookEndpoint
	err = tx.Raw("SELECT * FROM webhook_endpoints WHERE id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), id, accountID).Scan(&found).Error
	if err == nil && len(found) == 0 {
		err = models.NewError(models.CodeNotFound, "no such webhook endpoint")
	}
	if err != nil {
		return nil, err
	}
	utcEndpoint(&found[0])
	return &found[0], nil
}

// dropDeliveries ends what waits for an endpoint that gets nothing any more. What is under way ends by itself.
func (tx *tx) dropDeliveries(endpointID string) error {
	return tx.Exec(fmt.Sprintf(`UPDATE webhook_deliveries SET state = 'failed', failure = ?, next_attempt_at = NULL, dispatched_at = NULL, finished_at = %s
		WHERE destination = ? AND state = 'pending'`, tx.dialect.now()), models.WebhookNoEndpoint, endpointID).Error
}

// DeleteEndpoint removes an endpoint with its secrets and its deliveries, if it has a version; 0 is any.
func (s *Webhooks) DeleteEndpoint(ctx context.Context, accountID, id string, version int) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		e, err := tx.lockEndpoint(accountID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != e.Version {
			return models.NewError(models.CodePreconditionFailed, "the webhook endpoint has changed since: read it again")
		}
		if err := tx.removeEndpoint(id); err != nil {
			return err
		}
		return tx.record("webhook.delete", resource{accountID, "webhook", id})
	})
}

// removeEndpoint removes an endpoint and everything of it but the messages, which may have gone elsewhere, too.
func (tx *tx) removeEndpoint(id string) error {
	for _, sql := range []string{
		"DELETE FROM webhook_deliveries WHERE endpoint_id = ? AND endpoint_id <> ''", // and their attempts
		"DELETE FROM webhook_secrets WHERE endpoint_id = ? AND endpoint_id <> ''",
		"DELETE FROM webhook_destinations WHERE id = ?",
		"DELETE FROM webhook_endpoints WHERE id = ?",
	} {
		if err := tx.Exec(sql, id).Error; err != nil {
			return err
		}
	}
	return nil
}

// removeEndpointsOf removes the endpoints that are for a project alone.
func (tx *tx) removeEndpointsOf(projectID string) error {
	var ids []string
	if err := tx.Raw("SELECT id FROM webhook_endpoints WHERE project_id = ? AND project_id <> ''", projectID).Scan(&ids).Error; err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.removeEndpoint(id); err != nil {
			return err
		}
	}
	return nil
}

// Health is how an endpoint of an account has done in the last 24 hours.
func (s *Webhooks) Health(ctx context.Context, accountID, id string) (*models.WebhookHealth, error) {
	if _, err := s.Endpoint(ctx, accountID, id); err != nil {
		return nil, err
	}
	q, h := s.read(ctx), &models.WebhookHealth{}
	err := q.Raw("SELECT failures, failing_since, paused_until, last_success_at, last_failure_at FROM webhook_destinations WHERE id = ?", id).Scan(h).Error
	if err == nil {
		err = q.Raw("SELECT count(*) FROM webhook_deliveries WHERE destination = ? AND state IN ('pending', 'delivering')", id).Scan(&h.Pending).Error
	}
	now, clockErr := s.clock(ctx)
	if err == nil {
		err = clockErr
	}
	if err != nil {
		return nil, s.wrap(err)
	}
	for _, t := range []**time.Time{&h.FailingSince, &h.PausedUntil, &h.LastSuccessAt, &h.LastFailureAt} {
		if *t != nil {
			u := (*t).UTC()
			*t = &u
		}
	}
	if h.PausedUntil != nil && !h.PausedUntil.After(now) {
		h.PausedUntil = nil
	}
	day := models.WebhookAttemptPrefix + models.FirstID(now.Add(-24*time.Hour))
	var lately struct{ Delivered, Failed int64 }
	err = q.Raw(`SELECT count(*) FILTER (WHERE failure = '') AS delivered, count(*) FILTER (WHERE failure <> '') AS failed
		FROM webhook_attempts WHERE destination = ? AND id >= ?`, id, day).Scan(&lately).Error
	h.Delivered, h.Failed = lately.Delivered, lately.Failed
	if err == nil {
		var took []int64
		err = q.Raw(`SELECT latency_ms FROM (SELECT latency_ms FROM webhook_attempts WHERE destination = ? AND id >= ? ORDER BY id DESC LIMIT 1000) AS newest
			ORDER BY latency_ms`, id, day).Scan(&took).Error
		if n := len(took); n > 0 {
			h.P50LatencyMS, h.P95LatencyMS = took[n/2], took[n*95/100]
		}
	}
	return h, s.wrap(err)
}
