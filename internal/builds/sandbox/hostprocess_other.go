//go:build !linux

package sandbox

import "errors"

// hostProcess is for workers on Linux, on the daemon's machine.
type hostProcess struct{}

func holdProcess(int, string) (*hostProcess, error) {
	return nil, errors.New("containers have no processes on this system")
}

func (*hostProcess) kill()                 {}
func (*hostProcess) died() <-chan struct{} { return nil }
func (*hostProcess) close()                {}
