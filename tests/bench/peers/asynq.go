package peers

import (
	"context"
	"errors"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// asynqQueue is the queue that the asynq peer uses.
const asynqQueue = "bench"

// Asynq is asynq without anything around it. It keeps nothing of a finished task, and nothing of it is durable.
type Asynq struct {
	tally
	Env *Env

	url       string
	redis     *redis.Client
	client    *asynq.Client
	inspector *asynq.Inspector

	serving *redis.Client
	server  *asynq.Server
}

// Setup implements Peer.
func (p *Asynq) Setup(ctx context.Context) (err error) {
	if p.url, err = p.Env.NewRedis(ctx); err != nil {
		return err
	}
	options, err := redis.ParseURL(p.url)
	if err != nil {
		return err
	}
	p.redis = redis.NewClient(options)
	p.client, p.inspector = asynq.NewClientFromRedisClient(p.redis), asynq.NewInspectorFromRedisClient(p.redis)
	return nil
}

// Submit implements Peer.
func (p *Asynq) Submit(ctx context.Context, l Load) (int, error) {
	return drive(ctx, l, func(ctx context.Context, since time.Time) error {
		_, err := p.client.EnqueueContext(ctx, asynq.NewTask("noop", payload(since)), asynq.Queue(asynqQueue))
		return err
	})
}

// Work implements Peer.
func (p *Asynq) Work(_ context.Context, slots int) error {
	options, err := redis.ParseURL(p.url)
	if err != nil {
		return err
	}
	p.serving = redis.NewClient(options)
	p.server = asynq.NewServerFromRedisClient(p.serving, asynq.Config{
		Concurrency: slots, Queues: map[string]int{asynqQueue: 1}, LogLevel: asynq.FatalLevel,
		// As short as in Spark's own server; with the default of a second, an idle server starts a task half a second late on average.
		TaskCheckInterval: 2 * time.Millisecond,
	})
	return p.server.Start(asynq.HandlerFunc(func(_ context.Context, t *asynq.Task) error {
		since, err := readPayload(t.Payload())
		if err != nil {
			return err
		}
		p.started(since)
		p.ended()
		return nil
	}))
}

// Counts implements Peer.
func (p *Asynq) Counts(context.Context) (Counts, error) {
	info, err := p.inspector.GetQueueInfo(asynqQueue)
	if errors.Is(err, asynq.ErrQueueNotFound) {
		return Counts{}, nil
	}
	if err != nil {
		return Counts{}, err
	}
	return Counts{Waiting: info.Size, Done: info.ProcessedTotal - info.FailedTotal}, nil
}

// Close implements Peer.
func (p *Asynq) Close() error {
	if p.server == nil {
		return p.redis.Close()
	}
	p.server.Shutdown()
	return errors.Join(p.serving.Close(), p.redis.Close())
}
