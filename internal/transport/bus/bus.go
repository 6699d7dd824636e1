package bus

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/models"
)

// Bus sends hints between the processes of a platform over Redis publish/subscribe: there is work, a job has changed,
// a job is to stop, jobs are due, a stream goes on. Every hint has a slower fallback, so a lost one only costs time.
type Bus struct {
	redis *redisconn.Conn
	log   *zap.Logger

	OnWake    func(models.Kind)
	OnChanged func(jobID string)
	OnCancel  func(jobID string)
	OnDue     func(...models.Queue) // by what another process did
	OnStream  func(id string)       // of an account, a project or a pipeline

	name    string // of this process
	mu      sync.Mutex
	pending map[string]map[string]bool // topic → payloads to publish
	kick    chan struct{}
}

// The topics.
const (
	topicWake    = "wake"
	topicChanged = "changed"
	topicCancel  = "cancel"
	topicDue     = "due"
	topicStream  = "stream"
)

// New makes a bus. Set the functions that it calls before Run; nil is not called.
func New(r *redisconn.Conn, log *zap.Logger) *Bus {
	return &Bus{redis: r, log: log, name: models.NewID(), pending: make(map[string]map[string]bool), kick: make(chan struct{}, 1)}
}

// Wake sends the hint that a kind has work.
func (b *Bus) Wake(k models.Kind) { b.send(topicWake, string(k)) }

// Changed sends the hint that a job has new events.
func (b *Bus) Changed(jobIDs ...string) { b.send(topicChanged, jobIDs...) }

// Cancel sends the hint that a running job is to stop.
func (b *Bus) Cancel(jobID string) { b.send(topicCancel, jobID) }

// Due sends the hint that a queue has due jobs to the other processes.
func (b *Bus) Due(q models.Queue) { b.send(topicDue, b.name+":"+q.Name()) }

// Streamed sends the hint that the streams of accounts, projects and pipelines have new events.
func (b *Bus) Streamed(ids ...string) { b.send(topicStream, ids...) }

// send delivers hints to this process immediately and queues them for the others. It never blocks; while a publish is running,
// equal hints are merged.
func (b *Bus) send(topic string, payloads ...string) {
	if len(payloads) == 0 {
		return
	}
	b.mu.Lock()
	if b.pending[topic] == nil {
		b.pending[topic] = make(map[string]bool)
	}
	for _, p := range payloads {
		b.pending[topic][p] = true
	}
	b.mu.Unlock()
	select {
	case b.kick <- struct{}{}:
	default:
	}
	for _, p := range payloads {
		b.deliver(topic, p)
	}
}

func (b *Bus) deliver(topic, p string) {
	switch {
	case topic == topicWake && b.OnWake != nil:
		b.OnWake(models.Kind(p))
	case topic == topicChanged && b.OnChanged != nil:
		b.OnChanged(p)
	case topic == topicCancel && b.OnCancel != nil:
		b.OnCancel(p)
	case topic == topicStream && b.OnStream != nil:
		b.OnStream(p)
	case topic == topicDue && b.OnDue != nil:
		if part := strings.Split(p, ":"); len(part) == 3 && part[0] != b.name {
			b.OnDue(models.Queue{Kind: models.Kind(part[1]), Priority: models.Priority(part[2])})
		}
	}
}

// Run publishes and receives until ctx is done.
func (b *Bus) Run(ctx context.Context) {
	var receiving sync.WaitGroup
	receiving.Go(func() { b.receive(ctx) })
	b.publish(ctx)
	receiving.Wait()
}

func (b *Bus) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.kick:
		}
		b.mu.Lock()
		batch := b.pending
		b.pending = make(map[string]map[string]bool)
		b.mu.Unlock()
		pipe := b.redis.Client().Pipeline()
		for topic, payloads := range batch {
			all := make([]string, 0, len(payloads))
			for p := range payloads {
				all = append(all, p)
			}
			pipe.Publish(ctx, b.redis.Key(topic), strings.Join(all, " "))
		}
		if _, err := pipe.Exec(ctx); err != nil && ctx.Err() == nil {
			b.log.Debug("hints could not be published", zap.Error(err))
		}
	}
}

// receive listens for other processes. go-redis reconnects by itself; hints sent between two connections are missed.
func (b *Bus) receive(ctx context.Context) {
	topics := []string{topicWake, topicChanged, topicCancel, topicDue, topicStream}
	channels := make([]string, len(topics))
	for i, t := range topics {
		channels[i] = b.redis.Key(t)
	}
	sub := b.redis.Client().Subscribe(ctx, channels...)
	defer sub.Close()
	messages := sub.Channel(redis.WithChannelSize(1024), redis.WithChannelSendTimeout(10*time.Second))
	for {
		select {
		case <-ctx.Done():
			return
		case m, ok := <-messages:
			if !ok {
				return
			}
			topic := m.Channel[strings.LastIndexByte(m.Channel, ':')+1:]
			for p := range strings.FieldsSeq(m.Payload) {
				b.deliver(topic, p)
			}
		}
	}
}
