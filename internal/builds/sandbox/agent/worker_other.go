//go:build !linux

package agent

import (
	"errors"
	"syscall"
)

// selfPath is not used: there are no containers of this system.
const selfPath = ""

func hide() error { return nil }

func prepareWorker() error { return errors.New("a worker needs a container of Linux") }

func (Surroundings) stepAttr() *syscall.SysProcAttr { return nil }

func (Surroundings) killStrays() {}
