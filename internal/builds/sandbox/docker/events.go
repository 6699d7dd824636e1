package docker

import (
	"context"
	"fmt"

	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"
)

// Event is an event of a container.
type Event struct {
	ID   string
	What string // Died, OutOfMemory or Destroyed
}

// The kinds of events.
const (
	Died        = string(events.ActionDie)
	OutOfMemory = string(events.ActionOOM)
	Destroyed   = string(events.ActionDestroy)
)

// Watch calls hear for every event of the containers that carry a label, until the context ends or the daemon goes
// away. begun is called when the daemon has accepted: what happens from then on is heard.
func (d *Daemon) Watch(ctx context.Context, label string, begun func(), hear func(Event)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	messages, errs := d.cli.Events(ctx, events.ListOptions{Filters: filters.NewArgs(
		filters.Arg("type", string(events.ContainerEventType)), filters.Arg("label", label),
		filters.Arg("event", Died), filters.Arg("event", OutOfMemory), filters.Arg("event", Destroyed))})
	select {
	case err := <-errs:
		return fmt.Errorf("docker: events: %w", err)
	default:
		begun()
	}
	for {
		select {
		case m := <-messages:
			hear(Event{ID: m.Actor.ID, What: string(m.Action)})
		case err := <-errs:
			return fmt.Errorf("docker: events: %w", err)
		}
	}
}
