package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"
)

// site is what is served at an address.
type site struct {
	name    string
	setting string // that has the address
	address string
	through func(net.Listener) net.Listener // limits connections
	handler http.Handler
	before  func()      // is called when the stop begins
	tls     *tls.Config // nil is plain HTTP
	serving func()      // is called when it answers; nil does nothing
}

// serve listens and answers until the group stops; requests under way are finished first.
func (p *parts) serve(ctx context.Context, s site) (addr string, err error) {
	l, err := listen(ctx, s.setting, s.address)
	if err != nil {
		return "", err
	}
	l = s.through(l)
	srv := &http.Server{Handler: s.handler, TLSConfig: s.tls, HTTP2: p.http2(),
		ReadHeaderTimeout: p.cfg.HTTP.HeaderTimeout, WriteTimeout: p.cfg.HTTP.StallTimeout,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: zap.NewStdLog(p.log.Named("http"))}
	failed := make(chan error, 1)
	go func() {
		if s.tls != nil {
			failed <- srv.ServeTLS(l, "", "")
			return
		}
		failed <- srv.Serve(l)
	}()
	if s.serving != nil {
		s.serving()
	}
	name := s.name
	p.group.OnStop(name, func(ctx context.Context) error {
		s.before()
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

// http2 has a connection given up whose peer does not take what is sent, or does not answer any more: the time limits of
// requests are those of their streams.
func (p *parts) http2() *http.HTTP2Config {
	return &http.HTTP2Config{WriteByteTimeout: p.cfg.HTTP.StallTimeout, SendPingTimeout: time.Minute, PingTimeout: p.cfg.HTTP.StallTimeout}
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
