package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// listen opens the address of a setting. If another program uses it, the error names a free one.
func listen(ctx context.Context, setting, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case !errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen on %s (%s): %w", addr, setting, err)
	}
	hint := "choose another"
	if free := nextFree(ctx, addr); free != "" {
		hint = free + " is free"
	}
	return nil, fmt.Errorf("the address %s is in use, perhaps by another Spark: stop the program that listens there, or set %s (%s)", addr, setting, hint)
}

// nextFree is the next free address on the same host; "" if none is near.
func nextFree(ctx context.Context, addr string) string {
	const near = 100
	host, text, err := net.SplitHostPort(addr)
	port, perr := strconv.Atoi(text)
	if err != nil || perr != nil {
		return ""
	}
	var lc net.ListenConfig
	for p := port + 1; p <= min(port+near, 65535); p++ {
		next := net.JoinHostPort(host, strconv.Itoa(p))
		if l, err := lc.Listen(ctx, "tcp", next); err == nil {
			_ = l.Close()
			return next
		}
	}
	return ""
}
