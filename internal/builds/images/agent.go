package images

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/models"
)

// agentFile is a static agent.
type agentFile struct {
	data   []byte
	digest string
}

// AgentName is the agent's name, beside this one and in an image.
const AgentName = "engine-agent"

// agentFor returns the agent for a platform. It is read, or built, once.
func (m *Maker) agentFor(ctx context.Context, platform string) (*agentFile, error) {
	m.mu.Lock()
	agent := m.agent
	m.mu.Unlock()
	if agent != nil {
		return agent, nil
	}
	agent, err := lifecycle.Do(ctx, &m.group, "agent", makeTimeout, func(ctx context.Context) (*agentFile, error) {
		data, err := m.readAgent(ctx, platform)
		if err != nil {
			return nil, models.WrapError(models.CodeEngineUnavailable,
				"the engine's image needs the program engine-agent, which is not beside this one (\"make build\" makes it)", err)
		}
		sum := sha256.Sum256(data)
		return &agentFile{data, hex.EncodeToString(sum[:])}, nil
	})
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.agent = agent
	return m.agent, nil
}

// readAgent takes the configured agent, or the one beside this program, as in a release, or builds it from the sources, as in
// development. Sources override a program beside this one, which may be older.
func (m *Maker) readAgent(ctx context.Context, platform string) ([]byte, error) {
	if m.opts.Agent != "" {
		return readStatic(m.opts.Agent, platform)
	}
	if dir, ok := sources(); ok {
		return BuildAgent(ctx, dir, platform)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	data, err := readStatic(filepath.Join(filepath.Dir(self), AgentName), platform)
	if err != nil {
		return nil, fmt.Errorf("neither is it beside %s, nor are the sources here: %w", filepath.Base(self), err)
	}
	return data, nil
}

// machines are the ELF machines of the platforms.
var machines = map[string]elf.Machine{"linux/amd64": elf.EM_X86_64, "linux/arm64": elf.EM_AARCH64}

// readStatic reads a program and checks that it runs without any libraries.
func readStatic(name, platform string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s is not a Linux program: %w", name, err)
	}
	if want, ok := machines[platform]; !ok || f.Machine != want {
		return nil, fmt.Errorf("%s is a program for %s and not for %s", name, f.Machine, platform)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return nil, fmt.Errorf("%s is not static: build it with CGO_ENABLED=0", name)
		}
	}
	return data, nil
}

const module = "module github.com/spark-games/spark\n"

// sources finds the module's root, from the working folder up.
func sources() (dir string, ok bool) {
	if _, err := exec.LookPath("go"); err != nil {
		return "", false
	}
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(data, []byte(module)) {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return "", false
}

// BuildAgent builds the agent for a platform, such as "linux/amd64", from the sources in dir. Agents in images must be built
// only by it: the same sources and the same Go must give the same bytes everywhere, because those are part of every image's
// recipe.
func BuildAgent(ctx context.Context, dir, platform string) ([]byte, error) {
	goos, goarch, _ := strings.Cut(platform, "/")
	tmp, err := os.MkdirTemp("", "spark-agent-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	out := filepath.Join(tmp, AgentName)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", out, "./cmd/"+AgentName)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=", "GOWORK=off", "GOAMD64=v1", "GOARM64=v8.0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("build the agent: %w", err), errors.New(string(said)))
	}
	return readStatic(out, platform)
}
