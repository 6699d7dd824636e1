package inbound

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// A peer's budget is its patience plus what its bytes are worth: earlier speed adds nothing, and slowness alone subtracts
// nothing.
func TestBudget(t *testing.T) {
	t.Parallel()
	b := budget{Pace{Patience: 10 * time.Second, Rate: 1000}, 10 * time.Second}
	for _, step := range []struct {
		waited time.Duration
		bytes  int
		left   time.Duration
	}{
		{0, 1 << 20, 10 * time.Second},                // fast: no more than all
		{4 * time.Second, 0, 6 * time.Second},         // stopped
		{2 * time.Second, 2000, 6 * time.Second},      // at the rate
		{2 * time.Second, 1000, 5 * time.Second},      // slower
		{6 * time.Second, 1, -999 * time.Millisecond}, // over
	} {
		b.spend(step.waited, step.bytes)
		if b.left != step.left {
			t.Errorf("after %s and %d bytes: %s left, want %s", step.waited, step.bytes, b.left, step.left)
		}
	}
}

func TestGateCounts(t *testing.T) {
	t.Parallel()
	var refused []Reason
	g := &Gate{Total: 4, PerAddress: 2, Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Refused: func(why Reason) { refused = append(refused, why) }}
	enter := func(addr string, want bool) func() {
		t.Helper()
		leave, ok := g.connect(netip.MustParseAddr(addr))
		if ok != want {
			t.Errorf("%s: %v", addr, ok)
		}
		return leave
	}
	one := enter("192.0.2.1", true)
	enter("192.0.2.1", true)
	enter("192.0.2.1", false)
	six := enter("2001:db8:1:2::1", true)
	enter("2001:db8:1:2:ffff::2", true)
	enter("192.0.2.9", false) // in all
	one()
	six()
	enter("2001:db8:1:2:3::4", true) // one of its network has left
	enter("2001:db8:1:2:3::5", false)
	enter("10.0.0.1", true)
	if want := []Reason{TooManyOfAddress, TooManyConnections, TooManyOfAddress}; !slices.Equal(refused, want) {
		t.Error(refused)
	}

	// Behind a proxy, requests count by the address that it forwards.
	behind := func(peer, forwarded string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = peer
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		return r
	}
	var leave func()
	for i, want := range []bool{true, true, false} {
		l, ok := g.Admit(behind("10.0.0.1:1", "198.51.100.7"))
		if ok != want {
			t.Errorf("request %d: %v", i, ok)
		}
		if ok {
			leave = l
		}
	}
	leave()
	if _, ok := g.Admit(behind("10.0.0.1:1", "6.6.6.6, 198.51.100.7, 10.1.1.1")); !ok {
		t.Error("a request has ended, and there is no room")
	}
	for range 5 {
		if _, ok := g.Admit(behind("192.0.2.77:1", "198.51.100.7")); !ok {
			t.Error("an address that somebody wrote counts")
		}
		if _, ok := g.Admit(behind("10.0.0.1:1", "")); !ok {
			t.Error("a proxy's own requests are counted")
		}
	}
}

// Clients that a proxy does not name count together: they neither escape the limit nor take the place of others, and the proxy's own
// requests go on.
func TestGateCountsUnknownClients(t *testing.T) {
	t.Parallel()
	var refused []Reason
	g := &Gate{PerAddress: 2, Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Refused: func(why Reason) { refused = append(refused, why) }}
	admit := func(want bool, peer string, forwarded ...string) func() {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = peer+":1", forwarded
		leave, ok := g.Admit(r)
		if ok != want {
			t.Errorf("%s with %q: %v", peer, forwarded, ok)
		}
		return leave
	}
	first := admit(true, "10.0.0.1", "unknown")
	admit(true, "10.0.0.1", "192.0.2.1, _hidden")
	for _, entry := range []string{"", ",", "unknown", "192.0.2.2,", "192.0.2.3, nonsense", "_other", strings.Repeat(",", 10_000)} {
		admit(false, "10.0.0.1", entry)
		admit(false, "10.0.0.1", "192.0.2.4", entry)
	}
	admit(true, "10.0.0.2", "unknown")           // another proxy
	admit(true, "10.0.0.1", "192.0.2.1")         // a client that it names
	admit(true, "10.0.0.1")                      // its own
	admit(false, "10.0.0.3", "x, 10.0.0.1")      // by whom it came
	admit(true, "10.0.0.1", "x", "192.0.2.2:80") // what the client wrote itself
	first()
	admit(true, "10.0.0.1", "unknown")
	if !slices.Contains(refused, TooManyUnknown) || slices.Contains(refused, TooManyRequests) {
		t.Error(refused)
	}
}

// What a trusted proxy says last of the protocol counts, and nobody else's word.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	g := &Gate{Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, tt := range []struct {
		peer  string
		proto []string
		want  bool
	}{
		{"10.0.0.1:1", []string{"https"}, true},
		{"10.0.0.1:1", []string{"http, HTTPS "}, true},
		{"10.0.0.1:1", []string{"http", "https"}, true},
		{"10.0.0.1:1", []string{"https, http"}, false},
		{"10.0.0.1:1", []string{"https", "http"}, false},
		{"10.0.0.1:1", []string{"https,"}, false},
		{"10.0.0.1:1", []string{""}, false},
		{"10.0.0.1:1", nil, false},
		{"192.0.2.1:1", []string{"https"}, false},
		{"@", []string{"https"}, false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-Proto"] = tt.peer, tt.proto
		if got := g.HTTPS(r); got != tt.want {
			t.Errorf("%s says %q: %v", tt.peer, tt.proto, got)
		}
	}
	if !g.HTTPS(httptest.NewRequest(http.MethodGet, "https://spark.example/", nil)) {
		t.Error("TLS is none")
	}
}

func TestListenerClosesWhatIsTooMany(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &Gate{PerAddress: 1}
	counted := g.Listener(l)
	accepted := make(chan net.Conn)
	go func() {
		defer close(accepted)
		for {
			c, err := counted.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	dial := func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	dial()
	first := <-accepted
	if n, err := dial().Read(make([]byte, 1)); err == nil {
		t.Errorf("the second connection of an address stays open: %d", n)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	_ = first.Close() // counts once
	dial()
	_ = (<-accepted).Close()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	<-accepted
	if g.open != 0 || len(g.byClient) != 0 {
		t.Errorf("%d connections are still counted, %v", g.open, g.byClient)
	}
}

func TestForwarded(t *testing.T) {
	t.Parallel()
	trusted := func(a netip.Addr) bool { return netip.MustParsePrefix("10.0.0.0/8").Contains(a) }
	for _, tt := range []struct{ headers, want string }{
		{"", "10.0.0.1 unknown"},
		{" \t", "10.0.0.1 unknown"},
		{"192.0.2.1", "192.0.2.1"},
		{"192.0.2.1:1234", "192.0.2.1"},
		{"[2001:db8::1]:80", "2001:db8::1"},
		{"[2001:db8::1]", "2001:db8::1"},
		{"2001:db8::1", "2001:db8::1"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"6.6.6.6, 192.0.2.1, 10.2.3.4", "192.0.2.1"},
		{"6.6.6.6|192.0.2.1|10.2.3.4", "192.0.2.1"},
		{"::ffff:192.0.2.1%eth0", "192.0.2.1"},
		{"fe80::1%eth0", "fe80::1"},
		{"[fe80::1%25eth0]:443", "fe80::1"},
		{"192.0.2.1, nonsense", "10.0.0.1 unknown"},
		{"192.0.2.1, nonsense, 10.9.9.9", "10.9.9.9 unknown"},
		{"192.0.2.1, unknown", "10.0.0.1 unknown"},
		{"192.0.2.1|_SEVKISEK", "10.0.0.1 unknown"},
		{`"[2001:db8::1]:80"`, "10.0.0.1 unknown"},
		{"[192.0.2.1]", "10.0.0.1 unknown"},
		{"[2001:db8::1", "10.0.0.1 unknown"},
		{"2001:db8::1]", "10.0.0.1 unknown"},
		{"192.0.2.1:99999", "10.0.0.1 unknown"},
		{"192.0.2.1:http", "10.0.0.1 unknown"},
		{"192.0.2.01", "10.0.0.1 unknown"},
		{"192.0.2.1,", "10.0.0.1 unknown"},
		{"192.0.2.1|", "10.0.0.1 unknown"},
		{"192.0.2.1,, 10.6.6.6", "10.6.6.6 unknown"},
		{"10.5.5.5, 10.6.6.6", "10.5.5.5"},
		{",,", "10.0.0.1 unknown"},
		{strings.Repeat("10.6.6.6, ", 5_000) + "10.7.7.7", "10.6.6.6"},
	} {
		if got := show(forwarded(netip.MustParseAddr("10.0.0.1"), strings.Split(tt.headers, "|"), trusted)); got != tt.want {
			t.Errorf("%.80q: %s, want %s", tt.headers, got, tt.want)
		}
	}
	if got := show(forwarded(netip.MustParseAddr("10.0.0.1"), nil, trusted)); got != "10.0.0.1" {
		t.Errorf("without the header: %s", got)
	}
}

func show(c client) string {
	if c.unknown {
		return c.addr.String() + " unknown"
	}
	return c.addr.String()
}

// FuzzForwarded: whatever a client writes before what a trusted proxy wrote changes nothing, and what a proxy writes is an address
// that is not trusted, or the proxy's.
func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{"", "1.2.3.4", "[::1]:80, 10.0.0.2", ",", "for=1.2.3.4;by=x", "::ffff:1.2.3.4%eth0", "::ffff:10.0.0.3", "unknown", "_x", "[", "1.2.3.4:5",
		strings.Repeat(",", 1000)} {
		f.Add(seed)
	}
	trusted := func(a netip.Addr) bool { return netip.MustParsePrefix("10.0.0.0/8").Contains(a) }
	peer := netip.MustParseAddr("10.0.0.1")
	f.Fuzz(func(t *testing.T, written string) {
		if got := show(forwarded(peer, []string{written, "192.0.2.1"}, trusted)); got != "192.0.2.1" {
			t.Errorf("%q makes it %s", written, got)
		}
		if got := show(forwarded(peer, []string{written + ", 192.0.2.1, 10.0.0.9"}, trusted)); got != "192.0.2.1" {
			t.Errorf("%q makes it %s", written, got)
		}
		if got := show(forwarded(peer, []string{written + ", 192.0.2.1, unknown"}, trusted)); got != "10.0.0.1 unknown" {
			t.Errorf("%q makes it %s", written, got)
		}
		got := forwarded(peer, []string{written}, trusted)
		if got.addr != plain(got.addr) || !got.addr.IsValid() || got.unknown && !trusted(got.addr) {
			t.Errorf("%q gives %s", written, show(got))
		}
		if last := written[strings.LastIndexByte(written, ',')+1:]; !got.unknown && got.addr == peer && !strings.Contains(last, "10.") && !strings.Contains(last, ":") {
			t.Errorf("%q is taken for the proxy's own", written)
		}
	})
}

// served runs a handler at a pace over real sockets. done receives what the handler returned.
func served(t *testing.T, p Pace, handler func(w http.ResponseWriter, r *http.Request) error) (addr string, done chan error) {
	t.Helper()
	done = make(chan error, 1)
	srv := httptest.NewServer(p.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { done <- handler(w, r) })))
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String(), done
}

func send(t *testing.T, addr, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

const short = 50 * time.Millisecond

// A body that stops arriving ends the request and its connection.
func TestStoppedBodyIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"", "x"} {
		addr, done := served(t, Pace{short, DefaultRate}, func(_ http.ResponseWriter, r *http.Request) error {
			_, err := io.ReadAll(r.Body)
			return err
		})
		c := send(t, addr, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"+sent)
		if err := <-done; err == nil {
			t.Error("half a body was accepted as complete")
		}
		if _, err := io.ReadAll(c); err != nil { // to its end
			t.Error(err)
		}
	}
}

// A response that needs no body is sent immediately, and the connection ends.
func TestAnswerBeforeTheBody(t *testing.T) {
	t.Parallel()
	addr, done := served(t, Pace{time.Hour, DefaultRate}, func(w http.ResponseWriter, _ *http.Request) error {
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	})
	c := send(t, addr, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
	got, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 401 ") || !strings.Contains(string(got), "Connection: close") {
		t.Errorf("%s %v", got, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A client that stops reading does not get the complete response.
func TestStoppedReaderIsGivenUp(t *testing.T) {
	t.Parallel()
	addr, done := served(t, Pace{short, 1 << 30}, func(w http.ResponseWriter, _ *http.Request) error {
		for {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return err
			}
		}
	})
	send(t, addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if err := <-done; err == nil {
		t.Error("the answer was taken")
	}
}

// A stream that is silent for longer than the patience continues: nobody is waiting for its reader.
func TestSilentStreamGoesOn(t *testing.T) {
	t.Parallel()
	addr, done := served(t, Pace{short, DefaultRate}, func(w http.ResponseWriter, r *http.Request) error {
		ctl := http.NewResponseController(w)
		_, _ = io.WriteString(w, "one\n")
		if err := ctl.Flush(); err != nil {
			return err
		}
		select {
		case <-time.After(3 * short):
		case <-r.Context().Done():
			return r.Context().Err()
		}
		_, err := io.WriteString(w, "two\n")
		return err
	})
	res, err := http.Get("http://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); string(got) != "one\ntwo\n" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A connection continues after a request with a body, however long it was idle in between.
func TestConnectionIsKept(t *testing.T) {
	t.Parallel()
	p := Pace{time.Hour, DefaultRate}
	srv := httptest.NewServer(p.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, r.RemoteAddr)
	})))
	t.Cleanup(srv.Close)
	var first string
	for range 3 {
		res, err := srv.Client().Post(srv.URL, "text/plain", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if first == "" {
			first = string(got)
		}
		if err != nil || string(got) != first {
			t.Errorf("%s after %s: %v", got, first, err)
		}
	}
}
