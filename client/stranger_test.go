package client_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A module elsewhere can use the client, and gets none of the platform with it.
func TestStrangersModule(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod": "module stranger.example/app\n\ngo 1.26\n\nrequire github.com/spark-games/spark v0.0.0\n\nreplace github.com/spark-games/spark => " + root + "\n",
		"go.sum": string(sums),
		"main.go": `package main

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/client"
)

func main() {
	spark, err := client.New("http://127.0.0.1:1", client.WithRetry(client.Retry{Tries: 1}))
	if err != nil {
		panic(err)
	}
	for job, err := range spark.ListJobsAll(context.Background(), nil) {
		fmt.Println(job.ID, job.State.Terminal(), err != nil)
	}
}
`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	if out := run("run", "."); out != " false true\n" {
		t.Errorf("it said %q", out)
	}
	for line := range strings.Lines(run("list", "-deps", ".")) {
		if pkg := strings.TrimSpace(line); strings.HasPrefix(pkg, "github.com/spark-games/spark/") && pkg != "github.com/spark-games/spark/client" &&
			!strings.HasPrefix(pkg, "github.com/spark-games/spark/models") || strings.Contains(pkg, "gorm") || strings.Contains(pkg, "gin-gonic") {
			t.Errorf("the client brings %s with it", pkg)
		}
	}
}
