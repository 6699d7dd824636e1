package auth

import (
	"container/list"
	"sync"
	"time"
)

// cache holds identities by the hash of their key. It evicts the least recently used first, and expires every entry.
type cache struct {
	most int
	life time.Duration
	now  func() time.Time

	mu     sync.Mutex
	byHash map[[32]byte]*list.Element
	recent *list.List // of *cached, newest use first
}

type cached struct {
	hash  [32]byte
	id    Identity
	until time.Time
}

func newCache(most int, life time.Duration, now func() time.Time) *cache {
	return &cache{most: most, life: life, now: now, byHash: make(map[[32]byte]*list.Element), recent: list.New()}
}

func (c *cache) get(hash [32]byte) (Identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.byHash[hash]
	if !ok {
		return Identity{}, false
	}
	e := el.Value.(*cached)
	if !c.now().Before(e.until) {
		c.drop(el)
		return Identity{}, false
	}
	c.recent.MoveToFront(el)
	return e.id, true
}

func (c *cache) put(hash [32]byte, id Identity) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.byHash[hash]; ok {
		c.drop(el)
	}
	c.byHash[hash] = c.recent.PushFront(&cached{hash, id, c.now().Add(c.life)})
	if c.recent.Len() > c.most {
		c.drop(c.recent.Back())
	}
}

func (c *cache) drop(el *list.Element) {
	c.recent.Remove(el)
	delete(c.byHash, el.Value.(*cached).hash)
}
