package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/platform/config"
)

// client finds the server and the key, and talks to it.
type client struct {
	deps                Deps
	serverFlag, keyFlag string
	accountFlag         string
}

// api is a connection to a server.
type api struct {
	*apiclient.Client
	server, key string
	http        *http.Client
}

// close closes idle connections.
func (a *api) close() { a.http.CloseIdleConnections() }

// answerWithin is how long a command waits for a server that it can do without.
const answerWithin = 2 * time.Second

// account is the id of the account to act for; "" leaves it to the key.
func (c *client) account() string { return cmp.Or(c.accountFlag, c.deps.Getenv("SPARK_ACCOUNT")) }

// configured is the server and key that flags or the environment name; the server is "" if they name none.
func (c *client) configured() (server, key string) {
	server, key = c.serverFlag, c.keyFlag
	if server == "" {
		server = c.deps.Getenv("SPARK_SERVER")
	}
	if key == "" {
		key = c.deps.Getenv("SPARK_KEY")
	}
	return server, key
}

// local is the server that runs on this machine's data folder, if there is a key of one.
func (c *client) local() (server, key string) {
	cfg := config.Peek(c.deps.Getenv)
	addr := cfg.HTTP.Addr
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		addr = net.JoinHostPort("localhost", port)
	}
	raw, err := os.ReadFile(cfg.KeyFile())
	if err != nil {
		return "", ""
	}
	return cfg.Scheme() + "://" + addr, strings.TrimSpace(string(raw))
}

// signedIn is configured with what somebody has signed in to where nothing is named. A key that is named is not for that server.
func (c *client) signedIn() (server, key string, err error) {
	if server, key = c.configured(); key != "" {
		return server, key, nil
	}
	all, err := c.credentials()
	if err != nil {
		return "", "", err
	}
	if one := all.find(server, c.account()); one != nil {
		return cmp.Or(server, one.Server), one.Key, nil
	}
	return server, "", nil
}

// connect returns the configured server, or the one that somebody has signed in to, or the local one.
func (c *client) connect() (*api, error) {
	server, key, err := c.signedIn()
	if err != nil {
		return nil, err
	}
	localServer, localKey := c.local()
	if server == "" {
		server = localServer
	}
	if key == "" && sameServer(server, localServer) {
		key = localKey // the local key is for the local server only
	}
	if server == "" {
		return nil, usagef("no server: sign in with 'spark login --server …', give --server and --key, " +
			"set SPARK_SERVER and SPARK_KEY, or start one here with 'spark dev'")
	}
	return dial(server, key, apiclient.WithAccount(c.account()))
}

// connected is ran for a command that talks to a server.
func (c *client) connected(run func(cmd *cobra.Command, args []string, a *api) error) func(*cobra.Command, []string) error {
	return ran(func(cmd *cobra.Command, args []string) error {
		a, err := c.connect()
		if err != nil {
			return err
		}
		defer a.close()
		return run(cmd, args, a)
	})
}

func sameServer(a, b string) bool {
	return b != "" && strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}

func dial(server, key string, options ...apiclient.Option) (*api, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, usagef("%q is not the URL of a server", server)
	}
	// No overall timeout: event streams are long. A server that does not answer at all is noticed.
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	httpClient := &http.Client{Transport: &reaching{transport, server}, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the key stays with the server that it was given for
	}}
	options = append(options, apiclient.WithHTTPClient(httpClient), apiclient.WithRetry(retry))
	if key != "" {
		options = append(options, apiclient.WithKey(key))
	}
	inner, err := apiclient.New(server, options...)
	if err != nil {
		return nil, usagef("%q is not the URL of a server", server)
	}
	return &api{inner, strings.TrimRight(server, "/"), key, httpClient}, nil
}

// retry is for people, who would rather hear that a server is down than wait for it; a job that is followed may be waited for longer.
var retry = apiclient.Retry{Tries: 3, FirstPause: 200 * time.Millisecond, LongestPause: 3 * time.Second, StreamPatience: 30 * time.Second}

// reaching says of which server it is that it cannot be reached.
type reaching struct {
	*http.Transport
	server string
}

// RoundTrip implements http.RoundTripper.
func (r *reaching) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := r.Transport.RoundTrip(req)
	if err != nil && req.Context().Err() == nil {
		err = &unreachableError{r.server, err}
	}
	return res, err
}

// maxAnswer limits a JSON response.
const maxAnswer = 64 << 20

// as decodes a response body: a.GetJob(ctx, id, nil).
func as[T any](raw []byte, err error) (v T, _ error) {
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	return v, nil
}

// body reads a successful response to its end.
func (a *api) body(res *http.Response, err error) ([]byte, error) {
	if res, err = a.check(res, err); err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, connectionError(a.server, err)
	}
	return raw, nil
}

// check returns successful responses, whose body the caller closes, and an error for all others.
func (a *api) check(res *http.Response, err error) (*http.Response, error) {
	if err != nil {
		return nil, connectionError(a.server, err)
	}
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return res, nil
	}
	defer res.Body.Close()
	var p apiclient.Problem
	raw, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err := json.Unmarshal(raw, &p); err == nil && p.Code != "" {
		p.Status = res.StatusCode
		return nil, &apiclient.Error{Problem: p}
	}
	return nil, fmt.Errorf("%s does not speak Spark's API: it answered %s", a.server, res.Status)
}

// answers reports whether the server is there and accepts the key, soon enough.
func (c *client) answers(ctx context.Context, a *api) bool {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.deps.AnswerWithin, answerWithin))
	defer cancel()
	_, err := a.ListEngines(ctx)
	return err == nil
}

var errNoEmbedded = errors.New("this program cannot run the platform itself")

func (a *api) job(ctx context.Context, id string) (apiclient.Job, error) {
	return a.GetJob(ctx, id, nil)
}
