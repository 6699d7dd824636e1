package cluster

import (
	"bufio"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Counters adds up counters of processes that are killed and begin again at zero. What was counted since the last look before a kill
// is missing.
type Counters struct {
	Names []string // of metrics

	mu    sync.Mutex
	last  map[string]map[string]float64 // by node and metric
	total map[string]float64
}

// Run looks every second until ctx is done.
func (k *Counters) Run(ctx context.Context, nodes []*Node) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		var all sync.WaitGroup
		for _, n := range nodes {
			all.Go(func() { k.look(ctx, n) })
		}
		all.Wait()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Total is the sum of a metric over all nodes and labels.
func (k *Counters) Total(name string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return int(k.total[name])
}

func (k *Counters) look(ctx context.Context, n *Node) {
	now, err := k.scrape(ctx, n)
	if err != nil {
		return // it is down or frozen
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.last == nil {
		k.last, k.total = make(map[string]map[string]float64), make(map[string]float64)
	}
	before := k.last[n.Name]
	for name, v := range now {
		if v < before[name] {
			k.total[name] += v
		} else {
			k.total[name] += v - before[name]
		}
	}
	k.last[n.Name] = now
}

func (k *Counters) scrape(ctx context.Context, n *Node) (map[string]float64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.Addr()+"/metrics", http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	sums := make(map[string]float64)
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		for _, name := range k.Names {
			if rest, ok := strings.CutPrefix(lines.Text(), name); ok && rest != "" && (rest[0] == '{' || rest[0] == ' ') {
				v, err := strconv.ParseFloat(rest[strings.LastIndexByte(rest, ' ')+1:], 64)
				if err != nil {
					return nil, err
				}
				sums[name] += v
			}
		}
	}
	return sums, lines.Err()
}
