package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// WebhookMessages removes messages that were made longer ago than keep, with their deliveries and the attempts of these, once none of them is under way.
func (s *Retention) WebhookMessages(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.byAge(ctx, "webhook_messages", "made_at",
		" AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.message_id = webhook_messages.id AND d.state IN ('pending', 'delivering'))", keep)
}

// WebhookTargets removes the URLs of jobs and pipelines that are gone, secrets that have stopped to sign, and what is known of hosts to which nothing was sent
// for longer than keep.
func (s *Retention) WebhookTargets(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	err := s.write(ctx, func(tx *tx) error {
		done = models.Pruning{Removed: make(map[string]int)}
		old := tx.dialect.nowPlus(micros(-keep))
		for _, r := range []struct{ table, id, which string }{
			{"webhook_targets", "holder_id", "created_at < %s AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = holder_id)" +
				" AND NOT EXISTS (SELECT 1 FROM pipelines p WHERE p.id = holder_id)"},
			{"webhook_secrets", "id", "expires_at < %s"},
			{"webhook_destinations", "id", "updated_at < %s AND NOT EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.id = webhook_destinations.id)" +
				" AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.destination = webhook_destinations.id)"},
		} {
			res := tx.Exec(fmt.Sprintf("DELETE FROM %[1]s WHERE %[2]s IN (SELECT %[2]s FROM %[1]s WHERE %[3]s LIMIT ?)",
				r.table, r.id, fmt.Sprintf(r.which, old)), streamStep)
			if res.Error != nil {
				return res.Error
			}
			done.Removed[r.table] = int(res.RowsAffected)
			done.More = done.More || res.RowsAffected == streamStep
		}
		return nil
	})
	return done, err
}
