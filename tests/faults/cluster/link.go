package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/spark-games/spark/tests/services/server"
)

// Link is the network between two processes, which can be cut and slowed.
type Link struct {
	From, To string
	proxy    *toxiproxy.Proxy
}

func newLink(ctx context.Context, s *toxiproxy.ApiServer, from, to, upstream string) (*Link, error) {
	port, err := server.FreePort(ctx) // not one of the system's choice, which it could give away while the link is refused
	if err != nil {
		return nil, err
	}
	l := &Link{From: from, To: to}
	l.proxy = toxiproxy.NewProxy(s, l.Name(), net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), upstream)
	return l, l.proxy.Start()
}

func newToxiproxy() *toxiproxy.ApiServer {
	return toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
}

// Name is like "worker-1>redis".
func (l *Link) Name() string { return l.From + ">" + l.To }

// Addr is where the process that the link begins at connects to.
func (l *Link) Addr() string { return l.proxy.Listen }

// Cut makes everything that is sent disappear, in both directions; connections stay open.
func (l *Link) Cut() error {
	return l.toxics("timeout", map[string]any{"timeout": 0})
}

// Slow delays everything that is sent.
func (l *Link) Slow(delay, jitter time.Duration) error {
	return l.toxics("latency", map[string]any{"latency": delay.Milliseconds(), "jitter": jitter.Milliseconds()})
}

// Refuse breaks the connections and refuses new ones.
func (l *Link) Refuse() { l.proxy.Stop() }

// Heal undoes what was done to the link. Connections that were cut break, since what was sent on them is missing.
func (l *Link) Heal(ctx context.Context) error {
	l.proxy.Toxics.ResetToxics(ctx)
	l.proxy.Lock()
	down := !l.proxy.Enabled
	l.proxy.Unlock()
	if down {
		return l.proxy.Start()
	}
	return nil
}

func (l *Link) toxics(kind string, attributes map[string]any) error {
	for _, direction := range []string{"upstream", "downstream"} {
		raw, err := json.Marshal(map[string]any{"type": kind, "stream": direction, "attributes": attributes})
		if err != nil {
			return err
		}
		if _, err := l.proxy.Toxics.AddToxicJson(bytes.NewReader(raw)); err != nil {
			return fmt.Errorf("%s: %w", l.Name(), err)
		}
	}
	return nil
}
