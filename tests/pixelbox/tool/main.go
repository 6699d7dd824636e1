// Command tool is Pixelbox, a game engine of a fictional studio: it checks a program line by line, and writes it into a page
// with a canvas.
package main

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

var (
	mistake  = regexp.MustCompile(`= =`)
	imported = regexp.MustCompile(`\bimport\b`)
)

const page = `<!doctype html>
<meta charset="utf-8">
<title>%s</title>
<canvas id="box" width="320" height="240"></canvas>
<script src="game.js"></script>
`

func main() {
	if err := build(os.Args[1], os.Getenv("OUT"), os.Getenv("TITLE"), os.Args[2]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func build(project, out, title, mode string) error {
	const source = "src/main.js"
	raw, err := os.ReadFile(filepath.Join(project, source))
	if err != nil {
		return err
	}
	if strings.HasPrefix(string(raw), "// forever") {
		time.Sleep(time.Hour) // a build that does not end
	}
	var kept []string
	for i, line := range strings.Split(string(raw), "\n") {
		if at := mistake.FindStringIndex(line); at != nil {
			return fmt.Errorf("%s:%d:%d: an expression is missing", source, i+1, at[1])
		}
		if at := imported.FindStringIndex(line); at != nil {
			return fmt.Errorf("%s:%d:%d: nothing can be imported", source, i+1, at[0]+1)
		}
		if mode == "release" && strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		kept = append(kept, line)
	}
	settings, err := os.ReadFile(filepath.Join(project, "studio.json"))
	if err != nil {
		return err
	}
	fmt.Printf("building %d lines with %s", len(kept), settings)
	for name, text := range map[string]string{"index.html": fmt.Sprintf(page, html.EscapeString(title)), "game.js": strings.Join(kept, "\n")} {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
