package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/models"
)

// Webhooks is what wakes the servers of webhooks, in the place of a kind of jobs.
const Webhooks models.Kind = "webhooks"

// The queues of webhooks: those to destinations that have just failed have slots of their own, so that these hold up nobody else.
const (
	webhooksPrompt = "webhooks:prompt"
	webhooksSlow   = "webhooks:slow"
)

type webhookPayload struct {
	Delivery string `json:"delivery"`
	No       int64  `json:"no"`
}

// EnqueueWebhooks hands deliveries to the workers.
func (t *Transport) EnqueueWebhooks(ctx context.Context, all []models.WebhookDispatch) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(enqueueAtOnce)
	for _, d := range all {
		g.Go(func() error {
			body, _ := json.Marshal(webhookPayload{d.DeliveryID, d.No}) // a string and a number always encode
			queue := webhooksPrompt
			if d.Slow {
				queue = webhooksSlow
			}
			_, err := t.client.EnqueueContext(gctx, asynq.NewTask("webhook", body),
				asynq.TaskID(d.DeliveryID+"."+strconv.FormatInt(d.No, 10)), asynq.Queue(queue), asynq.MaxRetry(0), asynq.Timeout(neverTimesOut))
			if errors.Is(err, asynq.ErrTaskIDConflict) {
				return nil // it is already enqueued
			}
			return err
		})
	}
	err := g.Wait()
	t.wake(Webhooks)
	return err
}

// readWebhook is the inverse of EnqueueWebhooks for what is in Redis, which is not trusted to hold only our tasks.
func readWebhook(body []byte, queue string) (models.WebhookDispatch, error) {
	var p webhookPayload
	if err := json.Unmarshal(body, &p); err != nil {
		return models.WebhookDispatch{}, fmt.Errorf("task payload: %w", err)
	}
	if !models.ValidWebhookID(models.WebhookDeliveryPrefix, p.Delivery) || p.No < 1 {
		return models.WebhookDispatch{}, fmt.Errorf("task in queue %q is no webhook", queue)
	}
	return models.WebhookDispatch{DeliveryID: p.Delivery, No: p.No, Slow: strings.HasSuffix(queue, webhooksSlow)}, nil
}

// WebhookServer takes the tasks of webhooks: so many at once, and so many of slow ones besides.
type WebhookServer struct {
	servers []*asynq.Server
	clients []*redis.Client
	waiters []*waiter
	log     *zap.Logger
	close   func() error
}

// NewWebhookServer makes the servers of both queues.
func NewWebhookServer(r *redisconn.Conn, prompt, slow int, log *zap.Logger) *WebhookServer {
	s := &WebhookServer{log: log}
	for _, of := range []struct {
		queue string
		slots int
	}{{webhooksPrompt, prompt}, {webhooksSlow, slow}} {
		c, w := r.NewClient(), newWaiter(1)
		c.AddHook(w)
		redisconn.Coalesce(c)
		s.clients, s.waiters = append(s.clients, c), append(s.waiters, w)
		s.servers = append(s.servers, asynq.NewServerFromRedisClient(c, asynq.Config{
			Concurrency: of.slots, Queues: map[string]int{of.queue: 1}, TaskCheckInterval: afterWake, DelayedTaskCheckInterval: time.Minute,
			ShutdownTimeout: time.Second, LogLevel: asynq.WarnLevel,
			Logger: asynqLog{log.Named("asynq").WithOptions(zap.AddCallerSkip(1)).Sugar()},
		}))
	}
	s.close = sync.OnceValue(func() error {
		var errs []error
		for _, c := range s.clients {
			errs = append(errs, c.Close())
		}
		return errors.Join(errs...)
	})
	return s
}

// Start begins to take tasks. execute returns when nothing of its task runs any more.
func (s *WebhookServer) Start(execute func(models.WebhookDispatch)) error {
	handler := asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		queue, _ := asynq.GetQueueName(ctx)
		d, err := readWebhook(t.Payload(), queue)
		if err != nil {
			s.log.Warn("dropped a task that is not ours", zap.Error(err))
			return nil
		}
		execute(d)
		return nil // the outcome is in the database; asynq must not retry
	})
	for _, server := range s.servers {
		if err := server.Start(handler); err != nil {
			return err
		}
	}
	return nil
}

// Wake signals that there may be work.
func (s *WebhookServer) Wake() {
	for _, w := range s.waiters {
		w.wake()
	}
}

// Quiet stops taking tasks; running ones continue.
func (s *WebhookServer) Quiet() {
	for i := range s.servers {
		s.waiters[i].stop()
		s.servers[i].Stop()
	}
}

// Close ends the servers after Quiet. It may be called several times.
func (s *WebhookServer) Close() error {
	for _, server := range s.servers {
		server.Shutdown()
	}
	return s.close()
}
