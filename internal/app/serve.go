package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"
)

// serve listens and answers until the group stops; requests under way are finished first. through limits connections, and before
// is called when the stop begins.
func (p *parts) serve(ctx context.Context, name, setting, address string, through func(net.Listener) net.Listener, handler http.Handler,
	before func()) (addr string, err error) {
	l, err := listen(ctx, setting, address)
	if err != nil {
		return "", err
	}
	l = through(l)
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: p.cfg.HTTP.HeaderTimeout, WriteTimeout: p.cfg.HTTP.StallTimeout,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: zap.NewStdLog(p.log.Named("http"))}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	p.group.OnStop(name, func(ctx context.Context) error {
		before()
		grace, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		err := srv.Shutdown(grace)
		if errors.Is(err, context.DeadlineExceeded) {
			err = srv.Close()
		}
		if serr := <-failed; !errors.Is(serr, http.ErrServerClosed) {
			err = errors.Join(err, serr)
		}
		return err
	})
	return reachable(l.Addr()), nil
}

// reachable is an address at which a browser on this machine can open the server.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return addr.String()
}

// everybody accepts all connections.
func everybody(l net.Listener) net.Listener { return l }
