// Package recent remembers for a moment what was looked up, so that a busy caller costs one query a second instead of one a request.
package recent

import (
	"container/list"
	"sync"
	"time"
)

// Cache holds values by their keys. It evicts the least recently used first, and expires every entry. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	// Now is the clock; change it before use.
	Now func() time.Time

	most int
	life time.Duration

	mu     sync.Mutex
	byKey  map[K]*list.Element
	recent *list.List // of *entry[K, V], newest use first
}

type entry[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

// New makes a cache of so many entries at most, each of which lives for so long.
func New[K comparable, V any](most int, life time.Duration) *Cache[K, V] {
	return &Cache[K, V]{Now: time.Now, most: most, life: life, byKey: make(map[K]*list.Element), recent: list.New()}
}

// Get returns a value that has not expired.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.byKey[key]
	if !ok {
		return value, false
	}
	e := el.Value.(*entry[K, V])
	if !c.Now().Before(e.until) {
		c.drop(el)
		return value, false
	}
	c.recent.MoveToFront(el)
	return e.value, true
}

// Put stores a value.
func (c *Cache[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.byKey[key]; ok {
		c.drop(el)
	}
	c.byKey[key] = c.recent.PushFront(&entry[K, V]{key, value, c.Now().Add(c.life)})
	if c.recent.Len() > c.most {
		c.drop(c.recent.Back())
	}
}

// Load returns a value that has not expired, or looks it up. While one caller looks an expired value up again, the others go on with
// the old one: an entry lives for twice its life at most, and a busy one is looked up once in that time, not by all at once.
func (c *Cache[K, V]) Load(key K, find func() (V, error)) (V, error) {
	c.mu.Lock()
	el, ok := c.byKey[key]
	if ok {
		e := el.Value.(*entry[K, V])
		now := c.Now()
		c.recent.MoveToFront(el)
		if now.Before(e.until) {
			defer c.mu.Unlock()
			return e.value, nil
		}
		if now.Before(e.until.Add(c.life)) {
			e.until = e.until.Add(c.life) // for the others
		}
	}
	c.mu.Unlock()
	value, err := find()
	if err != nil {
		c.Forget(key)
		return value, err
	}
	c.Put(key, value)
	return value, nil
}

// Forget drops a value.
func (c *Cache[K, V]) Forget(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.byKey[key]; ok {
		c.drop(el)
	}
}

func (c *Cache[K, V]) drop(el *list.Element) {
	c.recent.Remove(el)
	delete(c.byKey, el.Value.(*entry[K, V]).key)
}
