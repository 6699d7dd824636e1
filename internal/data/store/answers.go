package store

import (
	"context"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Answers is what requests with idempotency keys were answered. The claim of such a request is written in the transaction of its effect,
// which is the first one of its context: see db.write, and insert for submissions, which share transactions.
type Answers struct {
	*db
	keep *batcher[*models.Answer]
}

func newAnswers(d *db) *Answers {
	a := &Answers{db: d}
	a.keep = newBatcher(batching[*models.Answer]{most: maxBatch, key: func(a *models.Answer) string { return a.AccountID + " " + a.Key }, write: a.store})
	return a
}

// Answer is what is known of the request of an account with a key, or CodeNotFound.
func (s *Answers) Answer(ctx context.Context, accountID, key string) (*models.Answer, error) {
	return one[models.Answer](s.db, s.of(ctx, accountID).Where("key = ?", key).Select("*, "+s.dialect.age("created_at")+" AS age"), "answer")
}

// Keep stores the answer of a request whose claim was stored.
func (s *Answers) Keep(ctx context.Context, a *models.Answer) error {
	if err := needAccount(a.AccountID); err != nil {
		return err
	}
	return s.keep.do(ctx, a)
}

func (s *Answers) store(ctx context.Context, batch []*models.Answer) error {
	recs := newRecords("account_id text", "key text", "status integer", "location text", "etag text", "body text")
	for _, a := range batch {
		recs.add(a.AccountID, a.Key, a.Status, a.Location, a.ETag, a.Body)
	}
	return s.statement(ctx, func(tx *tx) error {
		with, args := recs.with(tx.dialect)
		return tx.Exec(with+` UPDATE answers SET status = r.status, location = r.location, etag = r.etag, body = r.body
			FROM r WHERE answers.account_id = r.account_id AND answers.key = r.key`, args...).Error
	})
}

// claim notes requests with idempotency keys, and names those whose key is another's. No two of them have the same. It never waits for
// another that is under way: its batch, or its connection, is others' too.
func (tx *tx) claim(claims ...*models.Claim) (refused map[*models.Claim]bool, err error) {
	recs := newRecords("account_id text", "key text", "operation text", "fingerprint text", "resource text")
	refused = make(map[*models.Claim]bool)
	for _, c := range claims {
		if err := needAccount(c.AccountID); err != nil {
			return nil, err
		}
		recs.add(c.AccountID, c.Key, c.Operation, c.Fingerprint, c.Resource())
		refused[c] = true
	}
	with, args := recs.with(tx.dialect)
	free := tx.dialect.lockName("r.account_id || ' claims ' || r.key", passLocked)
	if free == "" {
		free = "true"
	}
	var made []struct{ AccountID, Key string }
	err = tx.Raw(with+`, free AS MATERIALIZED (SELECT * FROM r WHERE `+free+`)
		INSERT INTO answers (account_id, key, operation, fingerprint, resource)
		SELECT account_id, key, operation, fingerprint, resource FROM free WHERE true ON CONFLICT DO NOTHING RETURNING account_id, key`, args...).
		Scan(&made).Error
	for _, m := range made {
		for _, c := range claims {
			if c.AccountID == m.AccountID && c.Key == m.Key {
				delete(refused, c)
			}
		}
	}
	return refused, err
}

// claimAll notes the requests of a batch. Those that are refused have an error.
func (tx *tx) claimAll(batch []*submission) error {
	var claims []*models.Claim
	seen := make(map[string]bool)
	for _, b := range batch {
		b.err = nil
		if b.Claim == nil {
			continue
		}
		key := b.Claim.AccountID + " " + b.Claim.Key
		if seen[key] {
			b.err = models.ErrTwin
			continue
		}
		seen[key] = true
		claims = append(claims, b.Claim)
	}
	if len(claims) == 0 {
		return nil
	}
	refused, err := tx.claim(claims...)
	for _, b := range batch {
		if b.Claim != nil && refused[b.Claim] {
			b.err = models.ErrTwin
		}
	}
	return err
}

// disclaim takes the claims of submissions back that have no effect, because of something else than another's claim.
func (tx *tx) disclaim(batch []*submission) error {
	var which []string
	var args []any
	for _, b := range batch {
		if b.Claim != nil && b.err != nil && models.CodeOf(b.err) != models.CodeIdempotencyInFlight {
			which = append(which, "(account_id = ? AND key = ?)")
			args = append(args, b.Claim.AccountID, b.Claim.Key)
		}
	}
	if which == nil {
		return nil
	}
	return tx.Exec("DELETE FROM answers WHERE "+strings.Join(which, " OR "), args...).Error
}

// Answers removes answers that were given longer ago than keep.
func (s *Retention) Answers(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	cutoff := s.dialect.nowPlus(micros(-keep))
	err := s.write(ctx, func(tx *tx) error {
		res := tx.Exec(`DELETE FROM answers WHERE (account_id, key) IN
			(SELECT account_id, key FROM answers WHERE created_at < `+cutoff+` ORDER BY created_at LIMIT ?)`, streamStep)
		done.Removed["answers"], done.More = int(res.RowsAffected), res.RowsAffected == streamStep
		return res.Error
	})
	if err != nil {
		return models.Pruning{}, err
	}
	var oldest []struct{ CreatedAt time.Time }
	err = s.read(ctx).Raw("SELECT created_at FROM answers ORDER BY created_at LIMIT 1").Scan(&oldest).Error
	if err == nil && len(oldest) > 0 {
		done.Oldest = oldest[0].CreatedAt.UTC()
	}
	return done, s.wrap(err)
}
