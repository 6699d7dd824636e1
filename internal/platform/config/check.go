package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/spark-games/spark/internal/platform/suggest"
	"github.com/spark-games/spark/models"
)

// Report explains a configuration.
type Report struct {
	File     string      `json:"file,omitempty"` // that was read
	Settings []Explained `json:"settings"`
	Problems []string    `json:"problems"` // with which no program starts
	Notes    []string    `json:"notes"`    // what may be a mistake
}

// Explained is one setting.
type Explained struct {
	Name      string   `json:"name"`
	Variables []string `json:"variables,omitempty"` // any of which sets it, the derived one first
	Value     string   `json:"value"`               // a secret's is "[redacted]"
	From      string   `json:"from"`                // "default", "spark.yaml:12", or a variable
	Help      string   `json:"help"`
}

// Check reads the configuration and explains it, whether it is valid or not. environ has the names of all variables that are set.
func Check(getenv func(string) string, environ []string) Report {
	c, err := read(getenv)
	if err == nil {
		err = c.Validate()
	}
	r := Report{File: c.file, Problems: []string{}, Notes: c.strangers(environ)}
	problems, _ := errors.AsType[Problems](err)
	for _, p := range problems {
		r.Problems = append(r.Problems, p.String())
	}
	for _, s := range c.settings() {
		r.Settings = append(r.Settings, c.explain(s))
	}
	return r
}

func (c *Config) explain(s *setting) Explained {
	e := Explained{Name: s.name, Variables: s.vars, From: c.origins[s.name].String(), Help: s.help}
	if s.list {
		e.Value = namesIn(s.field)
		return e
	}
	e.Value = textOf(s.field)
	if secret, ok := reflect.TypeAssert[models.Secret](s.field); ok && IsReference(secret.Reveal()) {
		e.Value = secret.Reveal() // where it is kept is no secret
	}
	return e
}

// namesIn is what the items of a list are called, or how many there are.
func namesIn(list reflect.Value) string {
	var names []string
	for i := range list.Len() {
		if name := list.Index(i).FieldByName("Name"); name.IsValid() {
			names = append(names, name.String())
		}
	}
	if len(names) == 0 {
		return fmt.Sprint(list.Len())
	}
	return strings.Join(names, ",")
}

// clientVariables are those that the command line reads, and that tests and build tools do.
var clientVariables = []string{"SPARK_SERVER", "SPARK_KEY", "SPARK_ACCOUNT", FileVariable}

// strangers notes variables that look like settings and are none. They stop nobody: a Kubernetes service of the name "spark" makes
// such variables for every process.
func (c *Config) strangers(environ []string) []string {
	notes := []string{}
	var known []string
	for _, s := range c.settings() {
		known = append(known, s.readable()...)
	}
	for _, name := range slices.Sorted(slices.Values(environ)) {
		if !strings.HasPrefix(name, Prefix) || slices.Contains(known, name) || slices.Contains(clientVariables, name) {
			continue
		}
		note := name + " sets nothing"
		if near := suggest.Nearest(strings.TrimPrefix(name, Prefix), trimmed(known)); near != "" {
			note += "; did you mean " + Prefix + near + "?"
		}
		notes = append(notes, note)
	}
	return notes
}

func trimmed(names []string) []string {
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = strings.TrimPrefix(name, Prefix)
	}
	return short
}

// Environ are the names of the variables that are set.
func Environ() []string {
	var names []string
	for _, one := range os.Environ() {
		name, _, _ := strings.Cut(one, "=")
		names = append(names, name)
	}
	return names
}
