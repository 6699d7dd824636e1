package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// Environment returns where a plan would run. It starts nothing, but makes sure of the engine's image as Run would. The
// errors are those of Run.
func (r *DockerRunner) Environment(ctx context.Context, job engines.RunRequest) (engines.Environment, error) {
	spec, blobs, key, err := r.prepare(ctx, job)
	if err != nil {
		return engines.Environment{}, err
	}
	return inContainer(spec, key, blobs), nil
}

func inContainer(spec protocol.Spec, key pool.Key, modules []engines.ModuleBlob) engines.Environment {
	return engines.Environment{Kind: engines.InDocker, Isolation: engines.Contained, Digest: key.Image, Limits: spec.Plan.Limits, Modules: modules}
}

// Environment returns where a plan would run. It starts nothing, but makes sure of the engine's toolchain as Run would. The
// errors are those of Run.
func (r *LocalRunner) Environment(ctx context.Context, job engines.RunRequest) (engines.Environment, error) {
	spec, blobs, err := r.prepare(ctx, job)
	if err != nil {
		return engines.Environment{}, err
	}
	return r.inProcess(ctx, job.Engine, spec, blobs), nil
}

// inProcess is the zero Environment when one of its parts cannot be made out: a build is worth more than its name.
func (r *LocalRunner) inProcess(ctx context.Context, e engines.Engine, spec protocol.Spec, modules []engines.ModuleBlob) engines.Environment {
	agent, err := r.agent()
	if err != nil {
		return engines.Environment{}
	}
	if len(e.Toolchain().Programs) > 0 {
		return engines.Environment{} // the machine may change them at any time
	}
	toolchain, err := r.opts.Toolchains.Digest(ctx, e)
	if err != nil {
		return engines.Environment{}
	}
	isolation, err := r.Isolation()
	if err != nil {
		return engines.Environment{}
	}
	return engines.Environment{Kind: engines.InProcess, Isolation: isolation.Level, Digest: toolchain, Agent: agent,
		Limits: spec.Plan.Limits, Modules: modules}
}

// digestOf names an agent by its program and its arguments.
func digestOf(command []string) (string, error) {
	f, err := os.Open(command[0])
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	if len(command) > 2 { // beside the word that makes a program an agent
		fmt.Fprintf(h, "%q", command[1:])
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
