//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// overHTTP are the findings about the platform.
func overHTTP(w *world) []finding {
	on := func(fault int, what string, try func(context.Context, *platform) (string, error)) finding {
		return finding{fault, what, "http", func(ctx context.Context) (string, error) {
			p, err := w.start(ctx)
			if err != nil {
				return "", err
			}
			return try(ctx, p)
		}}
	}
	return []finding{
		{3, "a build has less isolation than required", "http", w.lowered},
		on(4, "a body of unknown fields takes quadratic time and memory", func(ctx context.Context, p *platform) (string, error) {
			var b strings.Builder
			for i := range 4000 {
				fmt.Fprintf(&b, `"field%d":%d,`, i, i)
			}
			return p.costly(ctx, "POST", "/v1/projects", "{"+strings.TrimSuffix(b.String(), ",")+"}")
		}),
		on(4, "a list of wrong items takes memory for each item", func(ctx context.Context, p *platform) (string, error) {
			id, err := p.project(ctx)
			if err != nil {
				return "", err
			}
			return p.costly(ctx, "PUT", "/v1/projects/"+id+"/files", `{"files":[1`+strings.Repeat(",1", 2<<20)+`]}`)
		}),
		on(5, "an export to one file takes memory for each reference", greedyExport),
		on(6, "a request whose body does not arrive gets no 401", unsentBody),
		on(7, "an ordinary key sees the queues", queues),
		on(9, "each request to /readyz writes", readyWrites),
		on(10, "a JSON object with a duplicate field is accepted", func(ctx context.Context, p *platform) (string, error) {
			return p.refused(ctx, "POST", "/v1/projects", `{"name":"a","name":"b","engine":"kaplay"}`)
		}),
		on(10, "the database is readable for everyone", func(_ context.Context, p *platform) (string, error) {
			info, err := os.Stat(filepath.Join(p.dir, "spark.db"))
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				return info.Mode().String(), nil
			}
			return "", err
		}),
		on(10, "If-None-Match matches a part of a tag, and never *", conditions),
		on(10, "If-Match on a file does not accept the file's ETag", fileTag),
		on(10, "a project without files has a tag that cannot match", emptyTag),
		on(10, "a damaged file is served as if it were intact", damaged),
		{8, "a lost pepper is replaced silently", "http", w.lostPepper},
	}
}

// project makes a project.
func (p *platform) project(ctx context.Context) (id string, err error) {
	a, err := p.ask(ctx, p.key, "POST", "/v1/projects", `{"name":"replayed","engine":"kaplay"}`)
	if err != nil {
		return "", err
	}
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(a.body), &made); err != nil || made.ID == "" {
		return "", fmt.Errorf("no project: %d %s", a.status, a.body)
	}
	return made.ID, nil
}

// Limits on the cost of a body that is within its size limit.
const (
	mostTime   = 5 * time.Second
	mostMemory = 256 << 20
)

// costly sends a body and measures its cost.
func (p *platform) costly(ctx context.Context, method, path, body string) (string, error) {
	if err := p.resetPeak(); err != nil {
		return "", err
	}
	before, err := p.peakMemory()
	if err != nil {
		return "", err
	}
	start := time.Now()
	a, err := p.ask(ctx, p.key, method, path, body)
	if err != nil {
		return "", err
	}
	took := time.Since(start)
	after, err := p.peakMemory()
	if err != nil {
		return "", err
	}
	if took > mostTime || after-before > mostMemory {
		return fmt.Sprintf("%d after %s and %d MiB", a.status, took, (after-before)>>20), nil
	}
	if a.status < 400 {
		return fmt.Sprintf("answered %d", a.status), nil
	}
	return "", nil
}

func (p *platform) refused(ctx context.Context, method, path, body string) (string, error) {
	a, err := p.ask(ctx, p.key, method, path, body)
	if err == nil && (a.status < 400 || a.status >= 500) {
		return fmt.Sprintf("answered %d", a.status), nil
	}
	return "", err
}

// unsentBody announces a body without a key, and sends one byte of it or none: the response must arrive nevertheless.
func unsentBody(ctx context.Context, p *platform) (string, error) {
	for _, sent := range []string{"", "{"} {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			return "", err
		}
		context.AfterFunc(ctx, func() { _ = c.Close() })
		_, err = fmt.Fprint(c, "POST /v1/projects HTTP/1.1\r\nHost: localhost\r\n"+
			"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"+sent)
		if err != nil {
			return "", err
		}
		if err := c.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			return "", err
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			return fmt.Sprintf("no answer within 10 s after %d bytes of the body: %v", len(sent), err), nil
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			return res.Status, nil
		}
	}
	return "", nil
}

func queues(ctx context.Context, p *platform) (string, error) {
	key, err := p.stranger(ctx)
	if err != nil {
		return "", err
	}
	for _, path := range []string{"/admin/queues", "/admin/queues/api/queues", "/admin/queues/api/redis_info"} {
		a, err := p.ask(ctx, key, "GET", path, "")
		if err != nil {
			return "", err
		}
		if a.status != http.StatusForbidden && a.status != http.StatusNotFound {
			return fmt.Sprintf("%s: %d", path, a.status), nil
		}
	}
	return "", nil
}

// readyWrites counts how often the database changes while /readyz is requested.
func readyWrites(ctx context.Context, p *platform) (string, error) {
	const looks, during = 300, 3 * time.Second
	log := filepath.Join(p.dir, "spark.db-wal") // which each write changes
	changes := 0
	var last time.Time
	start := time.Now()
	for range looks {
		if _, err := p.ask(ctx, "", "GET", "/readyz", ""); err != nil {
			return "", err
		}
		info, err := os.Stat(log)
		if err != nil {
			return "", err
		}
		if !info.ModTime().Equal(last) {
			changes++
		}
		last = info.ModTime()
		if pause := during / looks; time.Since(start) < during {
			time.Sleep(pause)
		}
	}
	if took := time.Since(start); float64(changes) > 8*took.Seconds()+8 {
		return fmt.Sprintf("%d requests in %s changed the database %d times", looks, took.Round(time.Millisecond), changes), nil
	}
	return "", nil
}

func conditions(ctx context.Context, p *platform) (string, error) {
	path, tag, err := p.file(ctx, "one")
	if err != nil {
		return "", err
	}
	inner := strings.Trim(tag, `"`)
	for condition, want := range map[string]int{tag: 304, "*": 304, `W/` + tag: 304, `"a", ` + tag: 304, `"x` + inner + `y"`: 200, `"other"`: 200} {
		a, err := p.ask(ctx, p.key, "GET", path, "", "If-None-Match", condition)
		if err != nil {
			return "", err
		}
		if a.status != want {
			return fmt.Sprintf("%s: %d, not %d", condition, a.status, want), nil
		}
	}
	return "", nil
}

// file makes a project with a file, and returns the file's path and its tag.
func (p *platform) file(ctx context.Context, content string) (path, tag string, err error) {
	id, err := p.project(ctx)
	if err != nil {
		return "", "", err
	}
	path = "/v1/projects/" + id + "/files/a.txt"
	if a, err := p.ask(ctx, p.key, "PUT", path, content, "Content-Type", "application/octet-stream"); err != nil || a.status != 200 {
		return "", "", fmt.Errorf("no file: %d %s %w", a.status, a.body, err)
	}
	a, err := p.ask(ctx, p.key, "GET", path, "")
	if err == nil && (a.status != 200 || a.header.Get("ETag") == "") {
		err = fmt.Errorf("no tag: %d %s", a.status, a.body)
	}
	return path, a.header.Get("ETag"), err
}

func fileTag(ctx context.Context, p *platform) (string, error) {
	path, tag, err := p.file(ctx, "one")
	if err != nil {
		return "", err
	}
	a, err := p.ask(ctx, p.key, "PUT", path, "two", "Content-Type", "application/octet-stream", "If-Match", tag)
	if err == nil && a.status != 200 {
		return fmt.Sprintf("%d %s", a.status, a.body), nil
	}
	return "", err
}

func emptyTag(ctx context.Context, p *platform) (string, error) {
	id, err := p.project(ctx)
	if err != nil {
		return "", err
	}
	a, err := p.ask(ctx, p.key, "GET", "/v1/projects/"+id+"/files", "")
	if err != nil {
		return "", err
	}
	tag := a.header.Get("ETag")
	if tag == "" || tag == `""` {
		return fmt.Sprintf("the tag is %q", tag), nil
	}
	a, err = p.ask(ctx, p.key, "PUT", "/v1/projects/"+id+"/files/a.txt", "one", "Content-Type", "application/octet-stream", "If-Match", tag)
	if err == nil && a.status != 200 {
		return fmt.Sprintf("%s does not match: %d", tag, a.status), nil
	}
	return "", err
}

// damaged changes a stored file on the disk.
func damaged(ctx context.Context, p *platform) (string, error) {
	content := "content that is damaged " + time.Now().String()
	path, _, err := p.file(ctx, content)
	if err != nil {
		return "", err
	}
	changed := false
	err = filepath.WalkDir(filepath.Join(p.dir, "blobs"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil || string(data) != content {
			return err
		}
		changed = true
		_ = os.Chmod(name, 0o600)
		return os.WriteFile(name, []byte(strings.ToUpper(content)), 0o600)
	})
	if err != nil || !changed {
		return "", fmt.Errorf("the stored file was not found: %w", err)
	}
	a, err := p.ask(ctx, p.key, "GET", path, "")
	if err == nil && a.status == 200 && strings.Contains(a.body, "CONTENT") {
		return "served with " + a.header.Get("ETag"), nil
	}
	return "", err
}

// lostPepper stops a platform, removes its pepper, and starts it again: it must refuse to start, and say what to do.
func (w *world) lostPepper(ctx context.Context) (string, error) {
	other, err := w.start(ctx)
	if err != nil {
		return "", err
	}
	p := &platform{program: other.program, dir: filepath.Join(w.dir, "without-pepper", "data")}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return "", err
	}
	if err := p.run(ctx); err != nil {
		return "", err
	}
	if err := p.end(); err != nil {
		return "", err
	}
	pepper := filepath.Join(p.dir, "pepper")
	if err := os.Rename(pepper, pepper+".away"); err != nil {
		return "", err
	}
	short, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err = p.run(short); err == nil {
		_ = p.end()
		return "it starts", nil
	}
	if !strings.Contains(err.Error(), "pepper") || short.Err() != nil {
		return err.Error(), nil
	}
	return "", nil
}
