package peers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// SparkHTTP is Spark's programs, to which jobs are submitted over HTTP. No worker runs: what workers do is measured without HTTP.
type SparkHTTP struct {
	Env *Env
	// Clients is how many connections are kept alive.
	Clients int
	// From is a database to start from; nil is an empty one.
	From *Database

	cluster *Cluster
	before  Counts // what the database held at the start
	client  *http.Client
	project string
}

var errNoWorker = errors.New("jobs that are submitted over HTTP are not run here")

// Setup implements Peer.
func (p *SparkHTTP) Setup(ctx context.Context) (err error) {
	if p.cluster, err = NewCluster(ctx, p.Env, p.From, "api", "scheduler"); err != nil {
		return err
	}
	p.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: p.Clients, MaxConnsPerHost: p.Clients}}
	var project struct {
		ID string `json:"id"`
	}
	err = p.post(ctx, "/v1/projects", []byte(`{"name":"bench","engine":"phaser"}`), http.StatusCreated, &project)
	if err != nil {
		return err
	}
	p.project = project.ID
	p.before, err = countJobs(ctx, "pgx", p.cluster.database.URL)
	return err
}

func (p *SparkHTTP) post(ctx context.Context, path string, body []byte, want int, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.cluster.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.cluster.Key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != want {
		return fmt.Errorf("POST %s answered %s: %s", path, resp.Status, answer)
	}
	return json.Unmarshal(answer, into)
}

// Submit implements Peer.
func (p *SparkHTTP) Submit(ctx context.Context, l Load) (int, error) {
	return drive(ctx, l, func(ctx context.Context, since time.Time) error {
		var job struct {
			ID string `json:"id"`
		}
		return p.post(ctx, "/v1/jobs", fmt.Appendf(nil, `{"kind":"analytics","project_id":%q,"input":%s}`, p.project, payload(since)),
			http.StatusAccepted, &job)
	})
}

// Work implements Peer.
func (p *SparkHTTP) Work(context.Context, int) error { return errNoWorker }

// Finished implements Peer.
func (p *SparkHTTP) Finished(context.Context, int) (int, error) { return 0, errNoWorker }

// Waits implements Peer.
func (p *SparkHTTP) Waits() ([]time.Duration, error) { return nil, errNoWorker }

// Counts implements Peer.
func (p *SparkHTTP) Counts(ctx context.Context) (Counts, error) {
	now, err := countJobs(ctx, "pgx", p.cluster.database.URL)
	return now.minus(p.before), err
}

// Close implements Peer.
func (p *SparkHTTP) Close() error {
	p.client.CloseIdleConnections()
	return p.cluster.Close()
}
