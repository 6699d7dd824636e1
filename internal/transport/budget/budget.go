// Package budget keeps in Redis what callers have spent of their limits, for package rates.
package budget

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Ledger is what callers have spent. It is safe for concurrent use.
type Ledger struct {
	client redis.Scripter
	prefix string
}

// New makes a ledger whose keys begin with a prefix.
func New(client redis.Scripter, prefix string) *Ledger { return &Ledger{client, prefix} }

//go:embed spend.lua
var spendSource string

var spend = redis.NewScript(spendSource)

var errAnswer = errors.New("the script's answer is not what it should be")

// Spend implements rates.Ledger in one script, which runs alone, by Redis' own clock.
func (l *Ledger) Spend(ctx context.Context, callers []string, costs []time.Duration, most time.Duration) (spent []time.Duration, ok bool, err error) {
	keys, args := make([]string, len(callers)), make([]any, 0, len(callers)+1)
	args = append(args, most.Microseconds())
	for i, c := range callers {
		keys[i] = l.prefix + c
		args = append(args, costs[i].Microseconds())
	}
	answer, err := spend.Run(ctx, l.client, keys, args...).Int64Slice()
	if err != nil {
		return nil, false, fmt.Errorf("spend of limits: %w", err)
	}
	if len(answer) != len(callers)+1 {
		return nil, false, errAnswer
	}
	for _, micros := range answer[1:] {
		spent = append(spent, time.Duration(micros)*time.Microsecond)
	}
	return spent, answer[0] == 1, nil
}
