package queue

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// afterWake is asynq's own pause between two rounds of requests; the waiter does most of the waiting.
const afterWake = 2 * time.Millisecond

// Server takes the tasks of one kind, at most Concurrency at once, and has the jobs of each executed.
type Server struct {
	kind   models.Kind
	asynq  *asynq.Server
	client *redis.Client
	waiter *waiter
	log    *zap.Logger
	closed atomic.Bool
	close  func() error // of the client
}

// errClosed is the error of a start after the end; asynq notices only when it had been started before.
var errClosed = errors.New("the server of the queue is closed")

// NewServer makes the server of a kind. execute must not return before everything that the job started has stopped: its
// return frees the slot.
func NewServer(r *redisconn.Conn, kind models.Kind, concurrency int, log *zap.Logger) *Server {
	queues := make(map[string]int)
	for _, p := range models.Priorities() {
		queues[models.Queue{Kind: kind, Priority: p}.Name()] = jobs.Weights[p]
	}
	s := &Server{kind: kind, client: r.NewClient(), waiter: newWaiter(len(queues)), log: log}
	s.client.AddHook(s.waiter)
	redisconn.Coalesce(s.client)
	s.close = sync.OnceValue(s.client.Close)
	s.asynq = asynq.NewServerFromRedisClient(s.client, asynq.Config{
		Concurrency:              concurrency,
		Queues:                   queues,
		TaskCheckInterval:        afterWake,
		DelayedTaskCheckInterval: time.Minute, // Spark's delays are in the database
		ShutdownTimeout:          time.Second, // by then the executor has finished
		Logger:                   asynqLog{log.Named("asynq").WithOptions(zap.AddCallerSkip(1)).Sugar()},
		LogLevel:                 asynq.WarnLevel,
	})
	return s
}

// Start begins to take tasks.
func (s *Server) Start(execute func([]jobs.Dispatch)) error {
	if s.closed.Load() {
		return errClosed
	}
	return s.asynq.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		queue, _ := asynq.GetQueueName(ctx)
		bundle, err := readTask(t.Payload(), queue)
		if err != nil {
			s.log.Warn("dropped a task that is not ours", zap.Error(err))
			return nil
		}
		execute(bundle)
		return nil // the job's outcome is in the database; asynq must not retry
	}))
}

// Wake signals that there may be work.
func (s *Server) Wake() { s.waiter.wake() }

// Open lists those of the server's queues that no administrator has paused.
func (s *Server) Open(ctx context.Context) ([]models.Queue, error) {
	var open []models.Queue
	for _, p := range models.Priorities() {
		q := models.Queue{Kind: s.kind, Priority: p}
		paused, err := s.client.Exists(ctx, pausedKey(q)).Result()
		if err != nil {
			return nil, err
		}
		if paused == 0 {
			open = append(open, q)
		}
	}
	return open, nil
}

// Pause takes no more tasks from Redis until Resume, and leaves them to other workers; running tasks continue. A task that was
// just being taken may still arrive.
func (s *Server) Pause() { s.waiter.pause() }

// Resume ends Pause.
func (s *Server) Resume() { s.waiter.resume() }

// Quiet stops taking tasks; running tasks continue.
func (s *Server) Quiet() {
	s.waiter.stop()
	s.asynq.Stop()
}

// Close ends the server after Quiet, when none of its jobs runs any more. It may be called several times.
func (s *Server) Close() error {
	s.closed.Store(true)
	s.asynq.Shutdown()
	return s.close()
}

// asynqLog passes asynq's messages on. Its fatal messages are logged as errors: only main ends the process.
type asynqLog struct{ *zap.SugaredLogger }

func (l asynqLog) Fatal(args ...any) { l.Error(args...) }
