// Package cases holds small projects as people bring them, each of which stands for a kind of project that did not play.
package cases

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spark-games/spark/models"
)

//go:embed all:web
var all embed.FS

// Case is one project. Its page says in globalThis.__result what came of it.
type Case struct {
	Name string `json:"-"`
	// Engine, and its version if it is not the current one.
	Engine  string `json:"engine"`
	Version string `json:"version"`
	// Want is what the page says in every form of the game: a preview, a release, an unpacked zip and a single page. Forms says what
	// it says in those that differ.
	Want  string            `json:"want"`
	Forms map[string]string `json:"forms"`
	// Page is the page that is looked at, if it is not the first.
	Page string `json:"page"`
	// Refused are parts of the errors of forms that cannot be.
	Refused map[string]string `json:"refused"`
	// Tells are parts of what the builds tell about the project.
	Tells []string `json:"tells"`
	// Fails is part of the error of a project that is refused.
	Fails string `json:"fails"`
	// Complains are parts of what the browser complains of and has to: all else fails the test.
	Complains []string `json:"complains"`
	// Copy are files of npm's packages of Phaser 3 that the project has a copy of, by the project's path.
	Copy map[string]string `json:"copy"`
	// Rename gives files the names that a Go module cannot have.
	Rename map[string]string `json:"rename"`
	Files  []models.File     `json:"-"`
}

// Web are the cases of web engines.
func Web() ([]Case, error) {
	dirs, err := fs.ReadDir(all, "web")
	if err != nil {
		return nil, err
	}
	var list []Case
	for _, d := range dirs {
		c, err := read("web/" + d.Name())
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func read(dir string) (Case, error) {
	var c Case
	err := fs.WalkDir(all, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(all, name)
		if err != nil {
			return err
		}
		short := strings.TrimPrefix(name, dir+"/")
		if short == "case.json" {
			if err := json.Unmarshal(data, &c); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		}
		c.Files = append(c.Files, models.File{Path: short, Data: data})
		return nil
	})
	for i, f := range c.Files {
		if name, ok := c.Rename[f.Path]; ok {
			c.Files[i].Path = name
		}
	}
	c.Name = strings.TrimPrefix(dir, "web/")
	return c, err
}
