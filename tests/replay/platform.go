//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/services/process"
)

// platform is "spark dev" on a temporary folder.
type platform struct {
	*process.Process
	program, dir, url, key string
	settings               []string // beside the usual ones
}

var devURL = regexp.MustCompile(`Spark is running at (http://\S+)`)

// start starts the platform, once for all findings.
func (w *world) start(ctx context.Context) (*platform, error) {
	if w.platform != nil {
		return w.platform, nil
	}
	p := &platform{program: filepath.Join(w.dir, "spark"), dir: filepath.Join(w.dir, "data")}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", p.program, "github.com/spark-games/spark/cmd/spark")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the platform: %w\n%s", err, out)
	}
	// A folder that existed before, readable by everyone.
	if err := errors.Join(os.MkdirAll(p.dir, 0o755), os.WriteFile(filepath.Join(p.dir, "spark.db"), nil, 0o644)); err != nil {
		return nil, err
	}
	if err := p.run(ctx); err != nil {
		return nil, err
	}
	w.platform = p
	w.closers = append(w.closers, p.end)
	return p, nil
}

// run starts the process and waits until it answers.
func (p *platform) run(ctx context.Context) error {
	log, err := os.Create(filepath.Join(filepath.Dir(p.dir), "platform.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	p.Process, err = process.Start(process.Spec{Path: p.program, Args: []string{"dev"}, Dir: filepath.Dir(p.dir), Stdout: log, Stderr: log,
		Env: p.environment()})
	if err != nil {
		return err
	}
	for {
		over := false
		select {
		case <-p.Done():
			over = true
		default:
		}
		said, err := os.ReadFile(log.Name())
		if err != nil {
			return err
		}
		if over {
			return fmt.Errorf("the platform ended: %s", said)
		}
		if m := devURL.FindSubmatch(said); m != nil {
			p.url = string(m[1])
			break
		}
		select {
		case <-p.Done():
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("the platform does not start: %s", said), p.end())
		case <-time.After(50 * time.Millisecond):
		}
	}
	key, err := os.ReadFile(filepath.Join(p.dir, "api-key"))
	p.key = strings.TrimSpace(string(key))
	return err
}

func (p *platform) environment() []string {
	env := []string{"SPARK_SANDBOX=local", "SPARK_DATA_DIR=" + p.dir, "SPARK_ADDR=127.0.0.1:0"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "SPARK_") {
			env = append(env, v)
		}
	}
	return append(env, p.settings...)
}

func (p *platform) end() error {
	select {
	case <-p.Done():
		return nil
	default:
		return p.Stop(syscall.SIGTERM, 30*time.Second)
	}
}

// answer is the platform's response to a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; headers are pairs of names and values.
func (p *platform) ask(ctx context.Context, key, method, path, body string, headers ...string) (a answer, err error) {
	req, err := http.NewRequestWithContext(ctx, method, p.url+path, strings.NewReader(body))
	if err != nil {
		return a, err
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if strings.HasPrefix(body, "{") {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return answer{res.StatusCode, res.Header, string(data)}, err
}

// stranger is an ordinary key of another account, which the API does not create yet.
func (p *platform) stranger(ctx context.Context) (string, error) {
	pepper, err := os.ReadFile(filepath.Join(p.dir, "pepper"))
	if err != nil {
		return "", err
	}
	s, err := store.Open(ctx, "sqlite://"+filepath.Join(p.dir, "spark.db"))
	if err != nil {
		return "", err
	}
	defer s.Close()
	plain, prefix := auth.NewKey()
	account := &models.Account{ID: models.NewID(), Name: "somebody else", Weight: 1}
	return plain, errors.Join(s.Accounts.CreateAccount(ctx, account), s.Accounts.CreateAPIKey(ctx, &models.APIKey{ID: models.NewID(),
		AccountID: account.ID, Name: "a key", Role: models.RoleUser, Prefix: prefix,
		Hash: auth.Hash([]byte(strings.TrimSpace(string(pepper))), plain)}))
}

// peakMemory is the most memory that the process has held, in bytes, since resetPeak.
func (p *platform) peakMemory() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the system does not report how much memory the platform uses")
}

func (p *platform) resetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.PID()), []byte("5"), 0)
}
