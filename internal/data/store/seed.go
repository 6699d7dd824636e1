package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// seed adds what the platform needs in its database besides the schema, unless it exists: the account that owns its jobs, the
// platform's id, and the schedule of the usage rollup. An administrator's changes are kept.
func (d *db) seed(ctx context.Context) error {
	return d.write(ctx, func(tx *tx) error {
		err := tx.Exec("INSERT INTO accounts (id, name) VALUES (?, 'system') ON CONFLICT DO NOTHING", models.SystemAccountID).Error
		if err != nil {
			return err
		}
		err = tx.Exec("INSERT INTO platform_id (id, value) VALUES (1, ?) ON CONFLICT (id) DO NOTHING", models.NewID()).Error
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO schedules (id, account_id, name, cron, kind, priority, input, catch_up, next_run_at)
			VALUES ('00000000-0000-7000-8000-000000000001', ?, 'usage-rollup', '*/5 * * * *', 'analytics', 'low', '{}', 'once', ?)
			ON CONFLICT DO NOTHING`, models.SystemAccountID, time.Now().UTC().Truncate(time.Minute)).Error
	})
}
