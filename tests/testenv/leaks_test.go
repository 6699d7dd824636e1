package testenv

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// It is not parallel: another test's goroutines would count as leaks.
func TestLeaksAreFoundAndSlowEndsAreNone(t *testing.T) {
	before := goleak.IgnoreCurrent()
	stay := make(chan struct{})
	go func() { <-stay }()
	if leaks(0, before) == nil {
		t.Error("a goroutine that stays is no leak")
	}
	time.AfterFunc(time.Second, func() { close(stay) })
	if err := leaks(leaksWithin, before); err != nil {
		t.Errorf("a goroutine that ends late: %v", err)
	}
}
