package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// webhookCursor is how far the fan-out of webhooks has come in the stream.
const webhookCursor = "webhooks"

// streamEntry is an event of the stream, and what a message says of its job.
type streamEntry struct {
	models.StreamEvent
	Kind       models.Kind
	HappenedAt *time.Time // to the account
	EventAt    *time.Time
}

// FanOut makes deliveries of up to so many events of the stream, and moves the cursor past them in the same transaction, unless another process is at it.
// Types are the names of the types that are told; others are passed over. Some of the deliveries are dispatched at once. The URL of a job or a
// pipeline gets what ends a job.
func (s *Deliveries) FanOut(ctx context.Context, most int, types map[models.EventType]string) (done models.WebhookFanOut, err error) {
	err = s.write(ctx, func(tx *tx) error {
		done = models.WebhookFanOut{}
		var cursor []int64
		err := tx.Raw("SELECT position FROM event_cursors WHERE name = ?"+tx.dialect.lock(passLocked), webhookCursor).Scan(&cursor).Error
		if err != nil || len(cursor) == 0 {
			return err
		}
		events, to, err := tx.streamAfter(cursor[0], most, types, &done)
		if err != nil || to == cursor[0] {
			return err
		}
		messages, deliveries, err := tx.match(events, types)
		if err != nil {
			return err
		}
		done.Messages, done.Deliveries = len(messages), len(deliveries)
		if len(deliveries) > 0 {
			if err := tx.insertMessages(messages); err != nil {
				return err
			}
			if err := tx.insertDeliveries(deliveries); err != nil {
				return err
			}
			if done.Dispatches, err = tx.dispatch(destinationsOf(deliveries)); err != nil {
				return err
			}
		}
		return tx.Exec("UPDATE event_cursors SET position = ? WHERE name = ?", to, webhookCursor).Error
	})
	if err != nil {
		return models.WebhookFanOut{}, err
	}
	return done, nil
}

// streamAfter reads events of some types after a position, and the position up to which it has looked.
func (tx *tx) streamAfter(from int64, most int, types map[models.EventType]string, done *models.WebhookFanOut) (events []streamEntry, to int64, err error) {
	var span struct {
		Newest int64
		N      int
	}
	err = tx.Raw(`SELECT coalesce(max(position), 0) AS newest, count(*) AS n
		FROM (SELECT position FROM event_stream WHERE position > ? ORDER BY position LIMIT ?) AS next`, from, most).Scan(&span).Error
	if err != nil {
		return nil, 0, err
	}
	to, done.Events, done.More = max(span.Newest, from), span.N, span.N == most
	names := []string{""} // of those that went before their position
	for t := range types {
		names = append(names, string(t))
	}
	if span.N > 0 {
		err = tx.Raw(`SELECT s.position, s.account_id, s.project_id, s.pipeline_id, s.job_id, s.seq, coalesce(e.type, a.type, '') AS type,
				coalesce(e.attempt, 0) AS attempt, coalesce(e.data, a.data) AS data, e.created_at AS event_at, a.created_at AS happened_at,
				coalesce(j.kind, '') AS kind
			FROM event_stream s LEFT JOIN job_events e ON e.job_id = s.job_id AND e.seq = s.seq
				LEFT JOIN account_events a ON s.seq = 0 AND a.id = s.job_id LEFT JOIN jobs j ON j.id = s.job_id
			WHERE s.position > ? AND s.position <= ? AND coalesce(e.type, a.type, '') IN ? ORDER BY s.position`, from, to, names).Scan(&events).Error
	}
	if err != nil {
		return nil, 0, err
	}
	for _, e := range events {
		if e.Type == "" { // removed with its job, before it was looked at
			done.Lost++
		}
	}
	var forgotten int64 // after the events were read: what is forgotten only now was among them
	if err := tx.Raw("SELECT forgotten FROM event_bounds").Scan(&forgotten).Error; err != nil {
		return nil, 0, err
	}
	if forgotten > from {
		done.Lost, to = done.Lost+forgotten-from, max(to, forgotten)
	}
	return events, to, nil
}

// match makes the messages of events that somebody wants, and their deliveries.
func (tx *tx) match(events []streamEntry, types map[models.EventType]string) (messages []models.WebhookMessage,
	deliveries []models.WebhookDelivery, err error) {
	accounts, holders := make(map[string]bool), make(map[string]bool)
	for _, e := range events {
		accounts[e.AccountID] = true
		if e.Type.Terminal() && e.Seq > 0 {
			holders[e.JobID] = true
			if e.PipelineID != "" {
				holders[e.PipelineID] = true
			}
		}
	}
	var all []models.WebhookEndpoint
	err = inChunks(sorted(accounts), func(some []string) error {
		var found []models.WebhookEndpoint
		err := tx.Raw("SELECT id, account_id, project_id, events, state FROM webhook_endpoints WHERE state = 'enabled' AND account_id IN ? ORDER BY id", some).
			Scan(&found).Error
		all = append(all, found...)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	endpoints, targets := make(map[string][]models.WebhookEndpoint), make(map[string]models.WebhookTarget)
	for _, e := range all {
		endpoints[e.AccountID] = append(endpoints[e.AccountID], e)
	}
	err = inChunks(sorted(holders), func(some []string) error {
		var found []models.WebhookTarget
		err := tx.Raw("SELECT holder_id, account_id, url FROM webhook_targets WHERE holder_id IN ?", some).Scan(&found).Error
		for _, t := range found {
			targets[t.HolderID] = t
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, e := range events {
		if e.Type == "" {
			continue
		}
		m := messageOf(e, types[e.Type])
		before := len(deliveries)
		to := func(endpointID, address, destination string) {
			deliveries = append(deliveries, models.WebhookDelivery{ID: models.WebhookDeliveryPrefix + models.NewID(), AccountID: e.AccountID, MessageID: m.ID,
				EndpointID: endpointID, URL: address, Destination: destination})
		}
		for _, w := range endpoints[e.AccountID] {
			if m.Type != "" && w.Wants(e.ProjectID, m.Type) {
				to(w.ID, "", w.ID)
			}
		}
		told := make(map[string]bool)
		for _, holder := range []string{e.JobID, e.PipelineID} {
			t, found := targets[holder]
			if found && e.Type.Terminal() && e.Seq > 0 && m.Type != "" && t.AccountID == e.AccountID && !told[t.URL] {
				told[t.URL] = true
				to("", t.URL, targetDestination(t))
			}
		}
		if len(deliveries) > before {
			messages = append(messages, m)
		}
	}
	return messages, deliveries, nil
}

func messageOf(e streamEntry, name string) models.WebhookMessage {
	m := models.WebhookMessage{ID: models.WebhookMessagePrefix + models.NewID(), AccountID: e.AccountID, ProjectID: e.ProjectID, PipelineID: e.PipelineID,
		JobID: e.JobID, Type: name, Position: e.Position, Seq: e.Seq, JobKind: e.Kind, Attempt: e.Attempt, Data: e.Data}
	if e.Seq == 0 {
		m.JobID = ""
	}
	for _, at := range []*time.Time{e.EventAt, e.HappenedAt} {
		if at != nil {
			m.CreatedAt = at.UTC()
		}
	}
	return m
}

// targetDestination is what the URLs of one host share, of an account.
func targetDestination(t models.WebhookTarget) string {
	host := t.URL
	if u, err := url.Parse(t.URL); err == nil {
		host = u.Scheme + "://" + strings.ToLower(u.Host)
	}
	sum := sha256.Sum256([]byte(t.AccountID + " " + host))
	return "url_" + hex.EncodeToString(sum[:16])
}
