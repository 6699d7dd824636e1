package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client sends requests to a platform. It is safe for concurrent use.
type Client struct {
	server     string
	credential func(context.Context) (string, error)
	account    string
	http       *http.Client
	retry      Retry
	silence    time.Duration
}

// Option configures a client.
type Option func(*Client)

// WithKey authenticates with an API key.
func WithKey(key string) Option {
	return WithCredential(func(context.Context) (string, error) { return key, nil })
}

// WithCredential authenticates with what a function returns for each request: tokens end, and keys are replaced.
func WithCredential(get func(context.Context) (string, error)) Option {
	return func(c *Client) { c.credential = get }
}

// WithAccount names the account that a master key acts for.
func WithAccount(id string) Option { return func(c *Client) { c.account = id } }

// WithHTTPClient sends requests with an HTTP client of one's own. It should not limit the time of whole responses: streams are long.
func WithHTTPClient(h *http.Client) Option { return func(c *Client) { c.http = h } }

// WithRetry changes how requests are repeated.
func WithRetry(r Retry) Option { return func(c *Client) { c.retry = r } }

// New returns a client of the platform at an address, such as "https://spark.example.com".
func New(server string, options ...Option) (*Client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of a platform", server)
	}
	c := &Client{server: strings.TrimRight(server, "/"), retry: DefaultRetry, silence: silence}
	for _, o := range options {
		o(c)
	}
	if c.http == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.ResponseHeaderTimeout = 90 * time.Second // longer than any wait that a request may ask for
		c.http = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // the key is for this platform, and goes nowhere else
		}}
	}
	return c, nil
}

// CloseIdleConnections closes connections that no request uses.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }
