package store

import (
	"github.com/spark-games/spark/models"
)

// Deliveries moves webhooks: from the stream of events to deliveries, and these through their attempts.
type Deliveries struct{ *db }

func (tx *tx) insertMessages(all []models.WebhookMessage) error {
	recs := newRecords("id text", "account_id text", "project_id text", "pipeline_id text", "job_id text", "type text", "position bigint", "seq bigint",
		"job_kind text", "attempt integer", "data json", "test boolean", "created_at timestamptz")
	for _, m := range all {
		recs.add(m.ID, m.AccountID, m.ProjectID, m.PipelineID, m.JobID, m.Type, m.Position, m.Seq, string(m.JobKind), m.Attempt, m.Data, m.Test,
			tx.dialect.timestamp(m.CreatedAt))
	}
	with, args := recs.with(tx.dialect)
	return tx.Exec(with+` INSERT INTO webhook_messages (id, account_id, project_id, pipeline_id, job_id, type, position, seq, job_kind, attempt, data, test,
		created_at) SELECT * FROM r`, args...).Error
}

// insertDeliveries stores new deliveries, which are due at once, and their destinations.
func (tx *tx) insertDeliveries(all []models.WebhookDelivery) error {
	recs, known := newRecords("id text", "account_id text", "message_id text", "endpoint_id text", "url text", "destination text"), make(map[string]bool)
	places := newRecords("id text", "account_id text")
	for _, d := range all {
		recs.add(d.ID, d.AccountID, d.MessageID, d.EndpointID, d.URL, d.Destination)
		if !known[d.Destination] {
			known[d.Destination] = true
			places.add(d.Destination, d.AccountID)
		}
	}
	with, args := places.with(tx.dialect)
	// Without those that are there: a conflict would wait for whoever has locked the row.
	err := tx.Exec(with+` INSERT INTO webhook_destinations (id, account_id) SELECT * FROM r
		WHERE NOT EXISTS (SELECT 1 FROM webhook_destinations p WHERE p.id = r.id) ON CONFLICT (id) DO NOTHING`, args...).Error
	if err != nil {
		return err
	}
	with, args = recs.with(tx.dialect)
	return tx.Exec(with+` INSERT INTO webhook_deliveries (id, account_id, message_id, endpoint_id, url, destination, next_attempt_at)
		SELECT id, account_id, message_id, endpoint_id, url, destination, `+tx.dialect.now()+" FROM r", args...).Error
}
