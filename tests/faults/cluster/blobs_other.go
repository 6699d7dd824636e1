//go:build !linux

package cluster

import "errors"

func boundFolder(string) bool { return false }

func unboundFolder(string) error { return nil }

// Bounded reports whether the blob store can be made full.
func (c *Cluster) Bounded() bool { return false }

// FillBlobs leaves no room in the blob store.
func (c *Cluster) FillBlobs() error { return errors.ErrUnsupported }

// EmptyBlobs makes room again.
func (c *Cluster) EmptyBlobs() error { return errors.ErrUnsupported }
