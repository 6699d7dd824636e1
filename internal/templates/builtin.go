package templates

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

//go:embed builtin/*.json
var files embed.FS

// names are those of the templates that every account has, in the order in which they came, each with its version, which counts its changes.
var names = []struct {
	name    string
	version int
}{{"make", 1}, {"make-and-export", 1}, {"build-and-export", 1}, {"review-and-export", 1}}

// builtIn are the templates that every account has, newest first. Their ids are older than all others, so that lists have them at their end.
var builtIn = read()

// since is when the program had the first of them.
var since = time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)

func read() []models.Template {
	all := make([]models.Template, len(names))
	for i, n := range names {
		raw, err := files.ReadFile("builtin/" + n.name + ".json")
		if err != nil {
			panic("templates: " + err.Error())
		}
		t := models.Template{ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", i+1), Version: n.version, CreatedAt: since, UpdatedAt: since}
		var written struct {
			Name        *string                `json:"name"`
			Description *string                `json:"description"`
			Parameters  *models.Parameters     `json:"parameters"`
			Steps       *[]models.TemplateStep `json:"steps"`
		}
		written.Name, written.Description, written.Parameters, written.Steps = &t.Name, &t.Description, &t.Parameters, &t.Steps
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&written); err != nil || t.Name != n.name {
			panic(fmt.Sprintf("templates: the built-in template %s: %v", n.name, err))
		}
		all[len(names)-1-i] = t
	}
	return all
}

// BuiltIn are the templates that every account has.
func BuiltIn() []models.Template { return append([]models.Template(nil), builtIn...) }

func builtInOf(name string) (*models.Template, bool) {
	for i := range builtIn {
		if builtIn[i].Name == name {
			t := builtIn[i]
			return &t, true
		}
	}
	return nil, false
}
