//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// job is the part of a job that the findings read.
type job struct {
	ID, State string
	Error     *struct{ Code, Message string }
	Output    struct {
		ArtifactID string `json:"artifact_id"`
		PlayURL    string `json:"play_url"`
		Bytes      int64
	}
}

// do submits a job and waits for its end, or for its first failure if it would be retried.
func (p *platform) do(ctx context.Context, request string) (j job, err error) {
	a, err := p.ask(ctx, p.key, "POST", "/v1/jobs", request)
	for {
		if err != nil {
			return j, err
		}
		j = job{}
		if err := json.Unmarshal([]byte(a.body), &j); err != nil || j.ID == "" {
			return j, fmt.Errorf("no job: %d %s", a.status, a.body)
		}
		if j.State == "succeeded" || j.State == "failed" || j.State == "cancelled" || j.Error != nil {
			return j, nil
		}
		select {
		case <-ctx.Done():
			return j, context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
		a, err = p.ask(ctx, p.key, "GET", "/v1/jobs/"+j.ID, "")
	}
}

// page is a game that names one picture many times.
const (
	pictures     = 150
	pictureBytes = 7 << 20
	mostExport   = 4 * pictureBytes
)

// game makes a project whose page names a large file often.
func (p *platform) game(ctx context.Context) (id string, err error) {
	if id, err = p.project(ctx); err != nil {
		return "", err
	}
	var page strings.Builder
	page.WriteString(`<!doctype html><html><head></head><body><script type="module" src="main.js"></script>`)
	for i := range pictures {
		fmt.Fprintf(&page, `<img src="assets/big.png?%d">`, i)
	}
	for path, content := range map[string]string{"index.html": page.String(), "main.js": "console.log('played')",
		"assets/big.png": strings.Repeat("picture", pictureBytes/7)} {
		a, err := p.ask(ctx, p.key, "PUT", "/v1/projects/"+id+"/files/"+path, content, "Content-Type", "application/octet-stream")
		if err != nil || a.status != 200 {
			return "", fmt.Errorf("no file %s: %d %s %w", path, a.status, a.body, err)
		}
	}
	return id, nil
}

// greedyExport exports a game to one file: each file is in it once, and the platform does not hold all of them in memory.
func greedyExport(ctx context.Context, p *platform) (string, error) {
	id, err := p.game(ctx)
	if err != nil {
		return "", err
	}
	build, err := p.do(ctx, fmt.Sprintf(`{"kind":"build","project_id":%q,"input":{"mode":"release"}}`, id))
	if err != nil || build.State != "succeeded" {
		return "", fmt.Errorf("no release: %+v %w", build, err)
	}
	if err := p.resetPeak(); err != nil {
		return "", err
	}
	before, err := p.peakMemory()
	if err != nil {
		return "", err
	}
	export, err := p.do(ctx, fmt.Sprintf(`{"kind":"export","project_id":%q,"input":{"format":"html","artifact_id":%q}}`, id, build.Output.ArtifactID))
	if err != nil {
		return "", err
	}
	after, err := p.peakMemory()
	if err != nil {
		return "", err
	}
	if after-before > mostMemory || export.Output.Bytes > mostExport {
		return fmt.Sprintf("%s with %d MiB of memory and a file of %d MiB", export.State, (after-before)>>20, export.Output.Bytes>>20), nil
	}
	return "", nil
}

// lowered starts a platform that requires containers, on a machine configured to build in processes: nothing is built.
func (w *world) lowered(ctx context.Context) (string, error) {
	other, err := w.start(ctx)
	if err != nil {
		return "", err
	}
	p := &platform{program: other.program, dir: filepath.Join(w.dir, "demanding", "data"), settings: []string{"SPARK_SANDBOX_MIN=docker"}}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return "", err
	}
	if err := p.run(ctx); err != nil {
		if strings.Contains(err.Error(), "SPARK_SANDBOX_MIN") {
			return "", nil // it does not even start
		}
		return "", err
	}
	id, err := p.project(ctx)
	var build job
	if err == nil {
		var a answer
		a, err = p.ask(ctx, p.key, "PUT", "/v1/projects/"+id+"/files/main.js", "1", "Content-Type", "application/octet-stream")
		if err == nil && a.status != 200 {
			err = fmt.Errorf("no file: %d %s", a.status, a.body)
		}
	}
	if err == nil {
		build, err = p.do(ctx, fmt.Sprintf(`{"kind":"build","project_id":%q,"input":{"mode":"preview"}}`, id))
	}
	if err = errors.Join(err, p.end()); err != nil {
		return "", err
	}
	if build.Error == nil || build.Error.Code != "sandbox_unavailable" {
		return fmt.Sprintf("the build is %+v", build), nil
	}
	return "", nil
}
