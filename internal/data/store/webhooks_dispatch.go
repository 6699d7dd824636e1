package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// What is in Redis or being made at once, at most.
const (
	flyingPerDestination = 8
	flyingPerAccount     = 64
	dispatchStep         = 200 // destinations of one statement
)

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

func destinationsOf(all []models.WebhookDelivery) []string {
	set := make(map[string]bool)
	for _, d := range all {
		set[d.Destination] = true
	}
	return sorted(set)
}

// dispatch hands over what is due for some destinations, as far as these and their accounts have room. The rows of the destinations are locked before
// anything of them. Those that somebody else has locked are passed over, so that nobody waits for an endpoint that is being replayed or removed; the
// next look at what is due finds them.
func (tx *tx) dispatch(destinations []string) (all []models.WebhookDispatch, err error) {
	for some := range slices.Chunk(destinations, dispatchStep) {
		found, err := tx.dispatchSome(some)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (tx *tx) dispatchSome(destinations []string) ([]models.WebhookDispatch, error) {
	var places []struct {
		ID        string
		AccountID string
		Failures  int
		Flying    int
		OfAccount int
	}
	var free []string
	err := tx.Raw("SELECT id FROM webhook_destinations WHERE id IN ? ORDER BY id"+tx.dialect.lock(passLocked), destinations).Scan(&free).Error
	if err != nil || len(free) == 0 {
		return nil, err
	}
	err = tx.Raw(`SELECT p.id, p.account_id, p.failures,
			(SELECT count(*) FROM webhook_deliveries d WHERE d.account_id = p.account_id AND d.destination = p.id AND d.dispatched_at IS NOT NULL) AS flying,
			(SELECT count(*) FROM webhook_deliveries d WHERE d.account_id = p.account_id AND d.dispatched_at IS NOT NULL) AS of_account
		FROM webhook_destinations p WHERE p.id IN ? AND (p.paused_until IS NULL OR p.paused_until <= `+tx.dialect.now()+`) ORDER BY p.id`, free).
		Scan(&places).Error
	if err != nil {
		return nil, err
	}
	var parts []string
	var args []any
	slow, room := make(map[string]bool), make(map[string]int)
	for _, p := range places {
		slow[p.ID] = p.Failures > 0
		if _, known := room[p.AccountID]; !known {
			room[p.AccountID] = flyingPerAccount - p.OfAccount
		}
		limit := flyingPerDestination
		if p.Failures >= models.WebhookBreaks {
			limit = 1
		}
		n := min(limit-p.Flying, room[p.AccountID])
		if n <= 0 {
			continue
		}
		room[p.AccountID] -= n
		parts = append(parts, fmt.Sprintf(`SELECT id FROM (SELECT id FROM webhook_deliveries
			WHERE destination = ? AND state = 'pending' AND dispatched_at IS NULL AND next_attempt_at <= %s
			ORDER BY next_attempt_at, id LIMIT ?) AS d%d`, tx.dialect.now(), len(parts)))
		args = append(args, p.ID, n)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	var due []string
	if err := tx.Raw(strings.Join(parts, " UNION ALL "), args...).Scan(&due).Error; err != nil || len(due) == 0 {
		return nil, err
	}
	var rows []struct {
		ID          string
		DispatchNo  int64
		Destination string
	}
	err = tx.Raw(fmt.Sprintf(`UPDATE webhook_deliveries SET dispatch_no = dispatch_no + 1, dispatched_at = %s
		WHERE id IN ? AND state = 'pending' AND dispatched_at IS NULL RETURNING id, dispatch_no, destination`, tx.dialect.now()), due).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	all := make([]models.WebhookDispatch, len(rows))
	for i, r := range rows {
		all[i] = models.WebhookDispatch{DeliveryID: r.ID, No: r.DispatchNo, Slow: slow[r.Destination]}
	}
	slices.SortFunc(all, func(a, b models.WebhookDispatch) int { return strings.Compare(a.DeliveryID, b.DeliveryID) })
	return all, nil
}

// waitingPlaces are the destinations for which something waits, each once: it steps from one to the next in the index, however much waits.
const waitingPlaces = `WITH RECURSIVE w(destination) AS (
		SELECT min(destination) FROM webhook_deliveries WHERE state = 'pending' AND dispatched_at IS NULL
		UNION ALL SELECT (SELECT min(d.destination) FROM webhook_deliveries d
			WHERE d.state = 'pending' AND d.dispatched_at IS NULL AND d.destination > w.destination)
		FROM w WHERE w.destination IS NOT NULL)
	SELECT p.id FROM w JOIN webhook_destinations p ON p.id = w.destination
	WHERE (p.paused_until IS NULL OR p.paused_until <= %[1]s) AND EXISTS (SELECT 1 FROM webhook_deliveries d
		WHERE d.destination = p.id AND d.state = 'pending' AND d.dispatched_at IS NULL AND d.next_attempt_at <= %[1]s) ORDER BY p.id`

// Due hands over what has become due, as far as there is room.
func (s *Deliveries) Due(ctx context.Context) (all []models.WebhookDispatch, err error) {
	var places []string
	if err := s.read(ctx).Raw(fmt.Sprintf(waitingPlaces, s.dialect.now())).Scan(&places).Error; err != nil || len(places) == 0 {
		return nil, s.wrap(err)
	}
	for some := range slices.Chunk(places, dispatchStep) {
		var found []models.WebhookDispatch
		err := s.write(ctx, func(tx *tx) (err error) {
			found, err = tx.dispatch(some)
			return err
		})
		if err != nil {
			return all, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Withdraw takes back what could not be handed over. It is due as before.
func (s *Deliveries) Withdraw(ctx context.Context, all []models.WebhookDispatch) error {
	return s.write(ctx, func(tx *tx) error {
		for _, d := range all {
			err := tx.Exec("UPDATE webhook_deliveries SET dispatched_at = NULL WHERE id = ? AND dispatch_no = ? AND state = 'pending'",
				d.DeliveryID, d.No).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Repair has deliveries be due again whose worker is gone, and such that were handed over longer ago than grace and that no worker has begun.
func (s *Deliveries) Repair(ctx context.Context, grace time.Duration) (lost, missing int, err error) {
	err = s.write(ctx, func(tx *tx) error {
		res := tx.Exec(fmt.Sprintf(`UPDATE webhook_deliveries SET state = 'pending', dispatched_at = NULL, lease_owner = '', lease_until = NULL,
				next_attempt_at = %[1]s
			WHERE dispatched_at IS NOT NULL AND state = 'delivering' AND lease_until < %[1]s`, tx.dialect.now()))
		if lost = int(res.RowsAffected); res.Error != nil {
			return res.Error
		}
		res = tx.Exec("UPDATE webhook_deliveries SET dispatched_at = NULL WHERE state = 'pending' AND dispatched_at < " + tx.dialect.nowPlus(micros(-grace)))
		missing = int(res.RowsAffected)
		return res.Error
	})
	return lost, missing, err
}
