package bundle

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"

	"github.com/spark-games/spark/engines"
)

// maxEnvValue is the size of the largest value of a .env file, in bytes: values can repeat one another.
const maxEnvValue = 64 << 10

// readEnv is import.meta.env as Vite has it: the mode, and of the project's .env files what begins with VITE_. Later files count more.
func (p *project) readEnv() map[string]any {
	mode := p.mode()
	all := map[string]string{}
	for _, name := range []string{".env", ".env.local", ".env." + mode, ".env." + mode + ".local"} {
		if err := parseEnv(string(p.files[name]), all); err != nil {
			p.fail(name, err.Error())
		}
	}
	env := map[string]any{"MODE": mode, "DEV": mode == "development", "PROD": mode == "production", "SSR": false, "BASE_URL": "./"}
	for key, value := range all {
		if strings.HasPrefix(key, "VITE_") {
			env[key] = value
		}
	}
	return env
}

// mode is what libraries call the plan's.
func (p *project) mode() string {
	if p.in.Bundle.Mode == engines.Release {
		return "production"
	}
	return "development"
}

// envLine is a line of a .env file, with a value that may be in quotes and then of several lines.
var envLine = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*("(?:[^"\\]|\\[^\x00])*"|'[^']*'|` + "`[^`]*`" + `|[^#\r\n]*)`)

var doubleQuoted = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\"`, `"`)

// parseEnv adds the values of a .env file to what is known, which they may refer to by $NAME and ${NAME}, unless in single quotes.
func parseEnv(text string, known map[string]string) error {
	for _, m := range envLine.FindAllStringSubmatch(text, -1) {
		key, value := m[1], strings.TrimSpace(m[2])
		quote := byte(0)
		if n := len(value); n > 1 && value[0] == value[n-1] && strings.IndexByte("\"'`", value[0]) >= 0 {
			quote, value = value[0], value[1:n-1]
		}
		if quote == '"' {
			value = doubleQuoted.Replace(value)
		}
		fits := len(value) <= maxEnvValue
		if quote != '\'' && fits {
			value, fits = expandEnv(value, known)
		}
		if !fits {
			return fmt.Errorf("the value of %s is longer than %d bytes", key, maxEnvValue)
		}
		known[key] = value
	}
	return nil
}

// expandEnv puts in what a value refers to, if that is not too long. A backslash before the dollar has it stay.
func expandEnv(value string, known map[string]string) (expanded string, fits bool) {
	size := len(value)
	parts := strings.Split(value, `\$`)
	for i, part := range parts {
		parts[i] = os.Expand(part, func(name string) string {
			if size += len(known[name]); size > maxEnvValue {
				return ""
			}
			return known[name]
		})
	}
	return strings.Join(parts, "$"), size <= maxEnvValue
}

// defines are the expressions that are known when the game is built.
func (p *project) defines() map[string]string {
	quoted := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic("strings and booleans are always JSON: " + err.Error())
		}
		return string(b)
	}
	all := map[string]string{}
	maps.Copy(all, p.in.Bundle.Define)
	maps.Copy(all, map[string]string{
		"process.env.NODE_ENV": quoted(p.mode()),
		"process.env":          fmt.Sprintf(`{"NODE_ENV":%q}`, p.mode()),
		"import.meta.env":      quoted(p.env),
		"import.meta.hot":      "undefined",
	})
	for key, v := range p.env {
		all["import.meta.env."+key] = quoted(v)
	}
	return all
}

var envInPage = regexp.MustCompile(`%(\w+)%`)

// withEnv is a page with the values of %MODE%, %VITE_TITLE% and the like.
func (p *project) withEnv(src []byte) []byte {
	return envInPage.ReplaceAllFunc(src, func(whole []byte) []byte {
		if v, ok := p.env[string(whole[1:len(whole)-1])]; ok {
			return []byte(fmt.Sprint(v))
		}
		return whole
	})
}
