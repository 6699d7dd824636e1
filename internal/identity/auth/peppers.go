package auth

import (
	"context"
	"sync/atomic"

	"github.com/spark-games/spark/models"
)

// Peppers are what keys are hashed with: the current one, and those that are accepted besides, because keys were hashed with them
// before or will be. A key that comes with an accepted one is hashed again with the current one. It is safe for concurrent use.
type Peppers struct{ all atomic.Pointer[[][]byte] }

// NewPeppers makes peppers of which the first is the current one.
func NewPeppers(current []byte, accepted ...[]byte) *Peppers {
	p := &Peppers{}
	p.Rotate(current, accepted...)
	return p
}

// Rotate replaces them.
func (p *Peppers) Rotate(current []byte, accepted ...[]byte) {
	all := append([][]byte{current}, accepted...)
	p.all.Store(&all)
}

// Current is the pepper of new keys.
func (p *Peppers) Current() []byte { return (*p.all.Load())[0] }

// All are the peppers, the current one first.
func (p *Peppers) All() [][]byte { return *p.all.Load() }

// Checks are the check values of all peppers, the current one's first.
func (p *Peppers) Checks() [][]byte {
	var checks [][]byte
	for _, pepper := range p.All() {
		checks = append(checks, PepperCheck(pepper))
	}
	return checks
}

// Seal gives a key the hash of its text, under the current pepper.
func (p *Peppers) Seal(k *models.APIKey, plain string) {
	k.Hash, k.Pepper = Hash(p.Current(), plain), PepperCheck(p.Current())
}

// Find is the key with a text, under any pepper, or CodeNotFound.
func (p *Peppers) Find(ctx context.Context, keys interface {
	APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error)
}, plain string) (key *models.APIKey, err error) {
	for _, pepper := range p.All() {
		if key, err = keys.APIKeyByHash(ctx, Hash(pepper, plain)); models.CodeOf(err) != models.CodeNotFound {
			return key, err
		}
	}
	return nil, err
}
