package egress_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/spark-games/spark/internal/platform/egress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// names is a DNS server of this machine, whose answers the test changes.
type names struct {
	addrs atomic.Pointer[[]netip.Addr]
	asked atomic.Int32
	conn  net.PacketConn
}

func newNames(t *testing.T) *names {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &names{conn: conn}
	done := make(chan struct{})
	go func() { defer close(done); n.serve() }()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return n
}

func (n *names) answer(addrs ...string) {
	list := make([]netip.Addr, len(addrs))
	for i, a := range addrs {
		list[i] = netip.MustParseAddr(a)
	}
	n.addrs.Store(&list)
}

func (n *names) serve() {
	buf := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:size]) != nil || len(m.Questions) != 1 {
			continue
		}
		n.asked.Add(1)
		q := m.Questions[0]
		reply := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
		for _, addr := range *n.addrs.Load() {
			head := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}
			switch {
			case addr.Is4() && q.Type == dnsmessage.TypeA:
				reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: addr.As4()}})
			case addr.Is6() && q.Type == dnsmessage.TypeAAAA:
				reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
			}
		}
		if packed, err := reply.Pack(); err == nil {
			_, _ = n.conn.WriteTo(packed, from)
		}
	}
}

func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", n.conn.LocalAddr().String())
	}}
}

// receiver counts what reaches a port, at all addresses of this machine.
func receiver(t *testing.T, handler http.HandlerFunc) (port uint16, connections *atomic.Int32) {
	l, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	connections = new(atomic.Int32)
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = l
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return uint16(l.Addr().(*net.TCPAddr).Port), connections
}

func at(host string, port uint16) string {
	return "http://" + net.JoinHostPort(host, strconv.Itoa(int(port))) + "/hook"
}

func get(t *testing.T, c *http.Client, url string) (int, error) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

// A name that stood for an address that is allowed stands for another by the next attempt.
func TestANameThatIsReboundIsRefused(t *testing.T) {
	t.Parallel()
	dns := newNames(t)
	port, connections := receiver(t, func(http.ResponseWriter, *http.Request) {})
	guard := egress.New(egress.Policy{HTTP: true, Ports: []uint16{port}, Allowed: prefixes("127.0.0.1/32"), Resolver: dns.resolver()})
	defer guard.CloseIdleConnections()
	c := guard.Client(10 * time.Second)
	hook := at("hook.example", port)

	dns.answer("127.0.0.1")
	status, err := get(t, c, hook)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	guard.CloseIdleConnections()
	require.EqualValues(t, 1, connections.Load())

	for _, addr := range []string{"127.0.0.2", "0.0.0.0", "10.0.0.1", "169.254.169.254", "::1", "::", "::ffff:127.0.0.2", "::ffff:169.254.169.254", "64:ff9b::7f00:2",
		"2002:7f00:2::", "2001:0:7f00:2::", "fd00:ec2::254", "fe80::1"} {
		dns.answer(addr)
		asked := dns.asked.Load()
		_, err := get(t, c, hook)
		require.Error(t, err, addr)
		require.NotNil(t, egress.RefusedBy(err), "%s: %v", addr, err)
		assert.Equal(t, egress.ReasonAddress, egress.RefusedBy(err).Reason)
		assert.NotContains(t, egress.RefusedBy(err).Error(), addr, "what a name stands for inside is nobody's business")
		assert.Greater(t, dns.asked.Load(), asked, "names are looked up each time")
	}
	assert.EqualValues(t, 1, connections.Load(), "nothing was connected to")

	dns.answer("127.0.0.2", "127.0.0.1") // the second is allowed, and only that is connected to
	status, err = get(t, c, hook)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status)
}

// The URL of a request is checked as when it was saved: the policy may be stricter by now.
func TestURLsAreCheckedWhenTheyAreUsed(t *testing.T) {
	t.Parallel()
	port, connections := receiver(t, func(http.ResponseWriter, *http.Request) {})
	c := egress.New(egress.Policy{}).Client(time.Second)
	for _, hook := range []string{at("127.0.0.1", port), at("localhost", port), at("[::1]", port), "https://127.0.0.1/"} {
		_, err := get(t, c, strings.ReplaceAll(strings.ReplaceAll(hook, "[[", "["), "]]", "]"))
		require.NotNil(t, egress.RefusedBy(err), "%v", err)
	}
	assert.Zero(t, connections.Load())
}

// A public address is reached at the ports of the policy only, also if a name led to it.
func TestPortsOfAddressesOutside(t *testing.T) {
	t.Parallel()
	dns := newNames(t)
	dns.answer("127.0.0.1")
	port, connections := receiver(t, func(http.ResponseWriter, *http.Request) {})
	guard := egress.New(egress.Policy{HTTP: true, Allowed: prefixes("127.0.0.1/32"), Resolver: dns.resolver()})
	_, err := get(t, guard.Client(time.Second), at("hook.example", port))
	require.NotNil(t, egress.RefusedBy(err))
	assert.Equal(t, egress.ReasonPort, egress.RefusedBy(err).Reason)
	assert.Zero(t, connections.Load())
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	inside, reached := receiver(t, func(http.ResponseWriter, *http.Request) {})
	port, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, at("127.0.0.1", inside), http.StatusTemporaryRedirect)
	})
	guard := egress.New(egress.Policy{Allowed: prefixes("127.0.0.0/8")})
	defer guard.CloseIdleConnections()
	status, err := get(t, guard.Client(10*time.Second), at("127.0.0.1", port))
	require.NoError(t, err)
	assert.Equal(t, http.StatusTemporaryRedirect, status)
	assert.Zero(t, reached.Load())
}

// A receiver that answers with headers without end, or not at all, costs bounded memory and time.
func TestReceiversThatAreHostile(t *testing.T) {
	t.Parallel()
	guard := egress.New(egress.Policy{Allowed: prefixes("127.0.0.0/8")})
	defer guard.CloseIdleConnections()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var sent atomic.Int64
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			w := bufio.NewWriter(conn)
			_, _ = w.WriteString("HTTP/1.1 200 OK\r\n")
			for {
				n, err := w.WriteString("X-Filler: " + strings.Repeat("x", 1000) + "\r\n")
				if sent.Add(int64(n)); err != nil {
					_ = conn.Close()
					break
				}
			}
		}
	}()
	defer l.Close()
	_, err = get(t, guard.Client(20*time.Second), at("127.0.0.1", uint16(l.Addr().(*net.TCPAddr).Port)))
	require.Error(t, err) // its text is of the limit, or of the connection that ends with it
	assert.Less(t, sent.Load(), int64(64<<20))

	release := make(chan struct{})
	port, _ := receiver(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	_, err = get(t, guard.Client(100*time.Millisecond), at("127.0.0.1", port))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// With a proxy it is the proxy that looks names up; addresses are refused all the same.
func TestAProxyThatIsConfigured(t *testing.T) {
	t.Parallel()
	var asked atomic.Pointer[string]
	port, _ := receiver(t, func(_ http.ResponseWriter, r *http.Request) { asked.Store(new(r.RequestURI)) })
	proxy, err := url.Parse("http://127.0.0.1:" + strconv.Itoa(int(port)))
	require.NoError(t, err)
	guard := egress.New(egress.Policy{HTTP: true, Proxy: proxy})
	defer guard.CloseIdleConnections()
	status, err := get(t, guard.Client(10*time.Second), "http://hook.example/a?b=c")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "http://hook.example/a?b=c", *asked.Load())
	_, err = get(t, guard.Client(10*time.Second), "http://169.254.169.254/")
	require.NotNil(t, egress.RefusedBy(err))
}
