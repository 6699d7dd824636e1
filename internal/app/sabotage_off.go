//go:build !faults

package app

// sabotage does nothing. In a build with the tag "faults" it can leave out what keeps jobs safe: see sabotage_on.go.
func (w *worker) sabotage() {}

func (s *scheduler) sabotage() {}
