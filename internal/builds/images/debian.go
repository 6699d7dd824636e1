package images

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// debian writes a root file system of packages. They are only unpacked: nothing of them is run, there is no shell unless the
// list asks for one, and programs find their libraries in the usual folders.
func debian(ctx context.Context, image engines.Image, platform string, w *layerWriter, leave leaver) error {
	program, err := exec.LookPath("mmdebstrap")
	if err != nil {
		return models.WrapError(models.CodeEngineUnavailable,
			"this engine's image is made with mmdebstrap, which is not installed here (Debian: package mmdebstrap)", err)
	}
	_, arch, _ := strings.Cut(platform, "/") // Debian calls the two that there are as Go does
	cmd := exec.CommandContext(ctx, program, "--variant=extract", "--quiet", "--architectures="+arch,
		"--include="+strings.Join(image.Packages, ","), image.Suite, "-")
	cmd.Env = append(cmd.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", epoch.Unix()))
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	w.archive(out, leave)
	if w.err != nil {
		_ = cmd.Process.Kill() // it would wait for its reader
	} else {
		_, w.err = drain(out)
	}
	if err := errors.Join(w.err, cmd.Wait()); err != nil {
		text := said.String()
		return models.WrapError(models.CodeEngineUnavailable, "the engine's Debian packages could not be downloaded",
			fmt.Errorf("mmdebstrap: %w: %s", err, text[max(0, len(text)-2000):]))
	}
	return nil
}
