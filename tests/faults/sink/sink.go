// Package sink receives the webhooks of a platform under test: those of every end of a job, whatever is killed meanwhile.
package sink

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/webhooks/seal"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/models"
)

// End is the end of a job that was told.
type End struct {
	Job string
	Seq int64
}

// Sink is a receiver. Close it.
type Sink struct {
	server *httptest.Server

	mu   sync.Mutex
	keys map[string]*standard.Webhook // by account
	told map[End]int
	bad  []string // what was wrong with what came
}

const sealingKey = "what the faults suite seals with"

// Start starts a receiver.
func Start() *Sink {
	s := &Sink{keys: make(map[string]*standard.Webhook), told: make(map[End]int)}
	s.server = httptest.NewServer(s)
	return s
}

// Close ends it.
func (s *Sink) Close() { s.server.Close() }

// Env is what the programs need to reach it.
func (s *Sink) Env() []string {
	return []string{"SPARK_WEBHOOKS_KEY=" + sealingKey, "SPARK_OUTBOUND_ALLOW=127.0.0.0/8"}
}

// Register has an account tell it of the ends of jobs.
func (s *Sink) Register(ctx context.Context, db *store.Store, account string) error {
	key := signature.NewSymmetric()
	hook, err := standard.NewWebhook(key.Secret())
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.keys[account] = hook
	s.mu.Unlock()
	box, err := seal.New(models.NewSecret(sealingKey))
	if err != nil {
		return err
	}
	secret := models.WebhookSecret{ID: models.WebhookSecretPrefix + models.NewID(), Kind: models.WebhookSymmetric}
	if secret.Sealed, err = box.Seal(secret.ID, key.Bytes()); err != nil {
		return err
	}
	return db.Webhooks.CreateEndpoint(ctx, &models.WebhookEndpoint{ID: models.WebhookEndpointPrefix + models.NewID(), AccountID: account,
		URL: s.server.URL + "/" + account, Events: models.WebhookEvents{"job.succeeded", "job.failed", "job.cancelled"}, Payload: models.WebhookThin},
		[]models.WebhookSecret{secret}, 0)
}

// ServeHTTP implements http.Handler.
func (s *Sink) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // its sender was killed
	}
	account := strings.TrimPrefix(r.URL.Path, "/")
	var told struct {
		AccountID string `json:"account_id"`
		Data      struct {
			JobID string `json:"job_id"`
			Seq   int64  `json:"seq"`
		} `json:"data"`
	}
	err = json.Unmarshal(body, &told)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch hook := s.keys[account]; {
	case err != nil, hook == nil, told.AccountID != account:
		s.bad = append(s.bad, fmt.Sprintf("%s is told %.200q", account, body))
	case hook.VerifyIgnoringTimestamp(body, r.Header) != nil: // the programs' clocks are shifted
		s.bad = append(s.bad, fmt.Sprintf("%s is told %.200q without a valid signature", account, body))
	default:
		s.told[End{told.Data.JobID, told.Data.Seq}]++
	}
}

// Bad lists what was wrong with what came.
func (s *Sink) Bad() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.bad...)
}

// Missing are those of some ends that it was not told.
func (s *Sink) Missing(ends []End) (missing []End) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range ends {
		if s.told[e] == 0 {
			missing = append(missing, e)
		}
	}
	return missing
}

// Await waits until it was told all of some ends, or ctx is done. It does not wait out the pauses between attempts: they are over at once.
func (s *Sink) Await(ctx context.Context, url string, ends []End) (missing []End, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for {
		if missing = s.Missing(ends); len(missing) == 0 {
			return nil, nil
		}
		for _, sql := range []string{"UPDATE webhook_destinations SET paused_until = NULL",
			"UPDATE webhook_deliveries SET next_attempt_at = now() WHERE state = 'pending' AND dispatched_at IS NULL"} {
			if _, err := conn.Exec(ctx, sql); err != nil && ctx.Err() == nil {
				return missing, err
			}
		}
		select {
		case <-ctx.Done():
			return missing, nil
		case <-time.After(500 * time.Millisecond):
		}
	}
}
