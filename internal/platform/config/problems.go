package config

import (
	"fmt"
	"slices"
	"strings"
)

// Origin is where a value comes from; the zero Origin is a default.
type Origin struct {
	Variable string // of the environment
	File     string
	Line     int
}

// String is "default", "SPARK_HTTP_ADDR" or "spark.yaml:12".
func (o Origin) String() string {
	switch {
	case o.Variable != "":
		return o.Variable
	case o.File != "" && o.Line > 0:
		return fmt.Sprintf("%s:%d", o.File, o.Line)
	case o.File != "":
		return o.File
	}
	return "default"
}

// Problem is something that is wrong with the configuration.
type Problem struct {
	Origin
	Setting string // "http.addr"; "" for the file as a whole
	Text    string
}

// String names the place and the setting, where they say different things: a variable is enough.
func (p Problem) String() string {
	var parts []string
	if p.Origin != (Origin{}) {
		parts = append(parts, p.Origin.String())
	}
	if p.Setting != "" && p.Variable == "" {
		parts = append(parts, p.Setting)
	}
	return strings.Join(append(parts, p.Text), ": ")
}

// Problems are all that is wrong, one a line. As an error it is never empty.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return "configuration: " + strings.Join(lines, "\n")
}

// orNil is the problems as an error, in the order of the file.
func (p Problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return a.Line - b.Line })
	return p
}

// problem is what is wrong with a setting's value, with where that comes from. A setting that nobody has set is named by its variable
// as well.
func (c *Config) problem(setting, text string) Problem {
	origin, set := c.origins[setting]
	if !set {
		for _, s := range c.settings() {
			if s.name == setting && !s.list {
				setting += " (" + s.vars[0] + ")"
			}
		}
	}
	return Problem{Origin: origin, Setting: setting, Text: text}
}
