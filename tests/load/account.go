package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// account is what the requests are about: a project with files and revisions, and jobs that wait.
type account struct {
	client  *http.Client
	url     string
	key     string
	project string
	files   []string
	jobs    []string
}

const (
	seedFiles = 40
	seedJobs  = 400
)

// keptAlive is how many connections the driver keeps.
const keptAlive = 512

// seed makes the account's things. Jobs that are due in a day are there to be read and to be watched.
func seed(ctx context.Context, url, key string) (*account, error) {
	a := &account{url: url, key: key, client: &http.Client{Timeout: time.Minute,
		Transport: &http.Transport{MaxIdleConns: keptAlive, MaxIdleConnsPerHost: keptAlive, DisableCompression: true}}}
	var project struct{ ID string }
	if err := a.post(ctx, "/v1/projects", map[string]any{"name": "load", "engine": "phaser"}, "", http.StatusCreated, &project); err != nil {
		return nil, err
	}
	a.project = project.ID
	for n := range seedFiles {
		name := fmt.Sprintf("src/part%d.js", n)
		text := strings.Repeat(fmt.Sprintf("export const part%d = () => %d;\n", n, n), 100)
		if err := a.put(ctx, "/v1/projects/"+a.project+"/files/"+name, text); err != nil {
			return nil, err
		}
		a.files = append(a.files, name)
	}
	tomorrow := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	for range seedJobs {
		var job struct{ ID string }
		err := a.post(ctx, "/v1/jobs", map[string]any{"kind": "build", "project_id": a.project, "run_at": tomorrow}, "", http.StatusAccepted, &job)
		if err != nil {
			return nil, err
		}
		a.jobs = append(a.jobs, job.ID)
	}
	return a, nil
}

func (a *account) get(ctx context.Context, path string) error {
	return a.do(ctx, http.MethodGet, path, nil, "", "", http.StatusOK, nil)
}

func (a *account) put(ctx context.Context, path, text string) error {
	return a.do(ctx, http.MethodPut, path, []byte(text), "application/octet-stream", "", http.StatusOK, nil)
}

func (a *account) post(ctx context.Context, path string, body any, idempotencyKey string, want int, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return a.do(ctx, http.MethodPost, path, raw, "application/json", idempotencyKey, want, into)
}

func (a *account) do(ctx context.Context, method, path string, body []byte, mediaType, idempotencyKey string, want int, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, a.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.key)
	if mediaType != "" {
		req.Header.Set("Content-Type", mediaType)
	}
	if idempotencyKey != "" {
		req.Header.Set("Idempotency-Key", idempotencyKey)
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != want {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 1000)) // for the message alone
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, said)
	}
	if into == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	return json.NewDecoder(resp.Body).Decode(into)
}
