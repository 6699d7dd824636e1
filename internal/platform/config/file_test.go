package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// written is an environment with a file of this text, and more variables as "NAME=value".
func written(t *testing.T, text string, more ...string) (getenv func(string) string, name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "spark.yaml")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	env := map[string]string{FileVariable: name}
	for _, one := range more {
		key, value, _ := strings.Cut(one, "=")
		env[key] = value
	}
	return func(key string) string { return env[key] }, name
}

const example = `
http:
  addr: 0.0.0.0:80
  max_connections: 12
  trusted_proxies: [10.0.0.0/8, "::1"]
  stall_timeout: 90s
keys:
  pepper: hunter2hunter2
worker:
  kinds: [build, export]
  concurrency: {build: 3, export: 1}
keep:
  jobs: 36h
limits: # nothing is set here
provider: fast
providers:
  - name: fast
    type: openai
    model: small
    base_url: http://localhost:11434/v1
  - {name: deep-thought, type: anthropic, model: large, api_key: hunter2, timeout: 1h}
`

func TestFile(t *testing.T) {
	t.Parallel()
	getenv, name := written(t, example, "SPARK_HTTP_MAX_CONNECTIONS=13", "SPARK_KEEP_EVENTS=2d", "SPARK_PROVIDERS_DEEP_THOUGHT_MODEL=larger",
		"SPARK_STALL_TIMEOUT=91s", "SPARK_LOG_LEVEL=")
	c, err := read(getenv)
	require.NoError(t, err)
	require.NoError(t, c.Validate())
	require.Equal(t, "0.0.0.0:80", c.HTTP.Addr)
	require.Equal(t, 13, c.HTTP.MaxConnections, "the environment overrides the file")
	require.Equal(t, 91*time.Second, c.HTTP.StallTimeout, "so does an older name")
	require.Equal(t, 1024, c.HTTP.MaxConnectionsPerAddress, "a default")
	require.Len(t, c.HTTP.TrustedProxies, 2)
	require.Equal(t, Kinds{models.KindBuild, models.KindExport}, c.Kinds)
	require.Equal(t, Concurrency{models.KindBuild: 3, models.KindExport: 1}, c.Concurrency)
	require.Equal(t, "info", c.LogLevel, "an empty variable is none")
	require.Len(t, c.Models(), 2)
	require.Equal(t, "larger", c.Models()[1].Model.Model)
	require.Equal(t, time.Hour, c.Models()[1].Timeout)
	require.Equal(t, time.Minute, c.Models()[1].IdleTimeout, "items of lists have defaults")
	require.True(t, c.HasProvider("fast"))
	require.True(t, c.HasProvider("builtin"))
	require.False(t, c.HasProvider("openai"))
	for setting, from := range map[string]string{"http.addr": name + ":3", "http.max_connections": "SPARK_HTTP_MAX_CONNECTIONS",
		"http.stall_timeout": "SPARK_STALL_TIMEOUT", "keep.events": "SPARK_KEEP_EVENTS", "http.header_timeout": "default",
		"providers[fast].base_url": name + ":20", "providers[deep-thought].model": "SPARK_PROVIDERS_DEEP_THOUGHT_MODEL"} {
		require.Equal(t, from, c.origins[setting].String(), setting)
	}
}

// Everything that is wrong is told, with its line.
func TestFileRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"http: {max_conections: 5}":                   "FILE:1: http.max_conections: no such setting; did you mean http.max_connections?",
		"\n\nmax_waiting: 5":                          "FILE:3: max_waiting: no such setting; did you mean limits.max_waiting?",
		"http.addr: x:1":                              "FILE:1: http.addr: write the parts of a name below one another: http: {addr: …}",
		"quux: 5":                                     "FILE:1: quux: no such setting; there are: anthropic, assets, aws, blob",
		"http:\n  stall_timeout: 20":                  `FILE:2: http.stall_timeout: "20" has no unit: write "20s" for seconds, or "20m" for minutes`,
		"http:\n  stall_timeout: soon":                `FILE:2: http.stall_timeout: "soon" is no time such as`,
		"http:\n  stall_timeout: -1s":                 "FILE:2: http.stall_timeout: is not positive",
		"http:\n  max_connections: many":              `FILE:2: http.max_connections: "many" is not a whole number`,
		"database:\n  migrate: perhaps":               `FILE:2: database.migrate: "perhaps" is not true or false`,
		"database:\n  url: mysql://u:hunter2@x":       "FILE:2: database.url: begins with",
		"keep: {jobs: 7}":                             `FILE:1: keep.jobs: "7" is neither a number of days`,
		"http: [1]":                                   "FILE:1: http: must be a mapping of settings",
		"metrics: 5":                                  "FILE:1: metrics: must be a mapping of settings",
		"- http":                                      "FILE:1: must be a mapping of settings",
		"http: {addr: [a, b]}":                        "FILE:1: http.addr: must be one value",
		"worker: {kinds: {a: b}}":                     "FILE:1: worker.kinds: must be one value",
		"worker: {concurrency: {build: 1, build: 2}}": `FILE:1: worker.concurrency: "build" is there twice`,
		"http: {addr: }":                              `FILE:1: http.addr: has no value: leave it out for the default, or write ""`,
		"http: {addr: 'a:1', addr: 'a:1'}":            "FILE:1: http.addr: is there twice",
		"http: {}\nhttp: {}":                          "FILE:2: http: is there twice",
		"http: &a {addr: 'a:1'}":                      "FILE:1: http: anchors and aliases are not used here",
		"keep: {jobs: &a 7d, events: *a}":             "FILE:1: keep.jobs: anchors and aliases are not used here",
		"http: {addr: !!binary YTox}":                 "FILE:1: http.addr: tags are not used here",
		"http: {<<: {addr: 'a:1'}}":                   "FILE:1: http: anchors",
		"? [a]\n: b":                                  "FILE:1: a setting's name is a word",
		"http: {}\n---\nhttp: {}":                     "FILE:2: the file has a second document",
		"http: {":                                     "FILE:1: did not find expected node content",
		"http:\n\taddr: x":                            "FILE:2: found character that cannot start any token",
		"provider: fsat\nproviders: [{name: fast, type: openai, model: m}]": `FILE:1: provider: there is no provider "fsat"; did you mean fast?`,
		"provider: openai":                                 "openai.model (SPARK_OPENAI_MODEL): is required when openai is the default provider",
		"providers: {fast: {}}":                            `FILE:1: providers: must be a list of at most 1000, each beginning with "- "`,
		"providers: [{type: openai}]":                      "FILE:1: providers[0].name: must be there",
		"providers: [{name: 'A b', type: openai}]":         "FILE:1: providers[0].name: must be there, as lower-case letters",
		"providers:\n- {name: a, type: x, model: m}":       "FILE:2: providers[a].type: is openai or anthropic",
		"providers:\n- {name: a, type: openai}":            "providers[a].model (SPARK_PROVIDERS_A_MODEL): is required",
		"providers:\n- {name: openai, type: openai}":       "FILE:2: providers[openai].name: is the provider that the settings openai.model",
		"providers:\n- {name: a}\n- {name: a}":             `FILE:3: providers[1].name: "a" is there twice`,
		"providers:\n- {name: a, mdoel: x}":                "FILE:2: providers[a].mdoel: no such setting; did you mean providers[a].model?",
		"providers: [a]":                                   "FILE:1: providers[0]: must be a mapping of settings",
		"data_dir: \"a\\0b\"":                              "FILE:1: data_dir: has a NUL",
		"http: {trusted_proxies: [[a]]}":                   "FILE:1: http.trusted_proxies: has an entry that is empty, or is more than one value",
		"log: {format: xml}":                               "FILE:1: log.format: is auto, json or console",
		strings.Repeat("#", maxFile) + "\n":                "FILE: it is larger than 1 MiB",
		"a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: *c": "FILE:1: a: no such setting",
	} {
		getenv, name := written(t, text)
		c, err := read(getenv)
		if err == nil {
			err = c.Validate()
		}
		require.ErrorContains(t, err, strings.ReplaceAll(want, "FILE", name), models.Shorten(text, 100))
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestFileIsThere(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# nothing\n", "---\n", "http:\n", "null\n"} {
		getenv, _ := written(t, text)
		_, err := read(getenv)
		require.NoError(t, err, text)
	}
	_, err := read(func(name string) string { return map[string]string{FileVariable: "/no/such/file"}[name] })
	require.ErrorContains(t, err, "/no/such/file: no such file or directory (SPARK_CONFIG)")
	dir := t.TempDir()
	_, err = read(func(name string) string { return map[string]string{FileVariable: dir}[name] })
	require.ErrorContains(t, err, "it is no regular file")
	_, err = read(func(string) string { return "" })
	require.NoError(t, err, "without a file")
}

func TestVariables(t *testing.T) {
	t.Parallel()
	env := map[string]string{"SPARK_ADDR": "a:1", "SPARK_HTTP_ADDR": "a:2"}
	_, err := read(func(name string) string { return env[name] })
	require.EqualError(t, err, "configuration: SPARK_ADDR: sets the same as SPARK_HTTP_ADDR, which has another value: remove one of them")
	env["SPARK_ADDR"] = "a:2"
	_, err = read(func(name string) string { return env[name] })
	require.NoError(t, err)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	getenv, name := written(t, example+"  - {name: wrong, type: openai}\n", "SPARK_DATABASE_URL=postgres://u:hunter2@db/x")
	r := Check(getenv, []string{"SPARK_DATABASE_URL", "SPARK_MAX_CONECTIONS", "SPARK_SERVICE_HOST", "SPARK_KEY", "HOME"})
	require.Equal(t, name, r.File)
	require.Equal(t, []string{"providers[wrong].model (SPARK_PROVIDERS_WRONG_MODEL): is required"}, r.Problems)
	require.Equal(t, "SPARK_MAX_CONECTIONS sets nothing; did you mean SPARK_MAX_CONNECTIONS?", r.Notes[0])
	require.Len(t, r.Notes, 2)
	shown := make(map[string]Explained)
	for _, s := range r.Settings {
		shown[s.Name] = s
		require.NotContains(t, s.Value, "hunter2")
	}
	require.Equal(t, "[redacted]", shown["keys.pepper"].Value)
	require.Equal(t, "SPARK_DATABASE_URL", shown["database.url"].From)
	require.Equal(t, "fast,deep-thought,wrong", shown["providers"].Value)
	require.Equal(t, "build=3,export=1", shown["worker.concurrency"].Value)
	require.Equal(t, "36h0m0s", shown["keep.jobs"].Value)
	require.Equal(t, []string{"SPARK_HTTP_MAX_CONNECTIONS", "SPARK_MAX_CONNECTIONS"}, shown["http.max_connections"].Variables)
}

// full is a configuration with an item in each list, so that all settings are there.
func full(t *testing.T) []*setting {
	t.Helper()
	c := &Config{}
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		fieldsOf(v, func(sf reflect.StructField, field reflect.Value) {
			switch shapeOf(sf.Type) {
			case list:
				field.Set(reflect.MakeSlice(sf.Type, 1, 1))
				fill(field.Index(0))
			case group:
				fill(field)
			}
		})
	}
	fill(reflect.ValueOf(c).Elem())
	return c.settings()
}

// Each setting is on the page that people read, with its older variable, and the page has no others.
func TestDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../../docs/configuration.md")
	require.NoError(t, err)
	page := string(raw)
	names, vars := make(map[string]bool), make(map[string]bool)
	for _, s := range full(t) {
		name := strings.ReplaceAll(s.name, "[0]", "[]")
		names[name] = true
		require.NotEmpty(t, s.help, s.name)
		require.LessOrEqual(t, len(s.help), 100, s.name)
		require.True(t, strings.Contains(page, "| `"+name+"`"), s.name)
		for i, v := range s.vars {
			vars[v] = true
			if i > 0 {
				require.True(t, strings.Contains(page, "`"+v+"`"), v)
			}
		}
		if s.def != "" {
			row := regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(name) + "`.*$").FindString(page)
			require.Contains(t, row, "`"+s.def+"`")
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.\\[\\]]+)`").FindAllStringSubmatch(page, -1) {
		require.True(t, names[row[1]], "%s is documented and does not exist", row[1])
	}
}

// Each setting is read from a file by its name.
func TestEachSettingIsReadFromAFile(t *testing.T) {
	t.Parallel()
	for _, s := range full(t) {
		if s.list || strings.Contains(s.name, "[") { // those of items are read by the other tests
			continue
		}
		parts := strings.Split(s.name, ".")
		text := strings.Join(parts, ": {") + ": [{}]" + strings.Repeat("}", len(parts)-1) // a value that no setting takes
		getenv, name := written(t, text)
		_, err := read(getenv)
		require.ErrorContains(t, err, name+":1: "+s.name+": ", text)
		require.NotContains(t, err.Error(), "no such setting", text)
	}
	getenv, _ := written(t, "redis: {url: 'rediss://x', ca_file: a}\nmetrics: {addr: 'x:1', cert_file: b}\ntls: {acme: {dir: c}}")
	c, err := read(getenv)
	require.NoError(t, err)
	require.Equal(t, []string{"rediss://x", "a", "x:1", "b", "c"}, []string{c.RedisURL.Reveal(), c.RedisTLS.CAFile, c.MetricsAddr, c.MetricsTLS.CertFile, c.TLS.ACME.Folder})
}

// No two settings have one variable.
func TestVariablesAreUnique(t *testing.T) {
	t.Parallel()
	of := make(map[string]string)
	for _, s := range full(t) {
		for _, v := range s.vars {
			require.Empty(t, of[v], "%s is %s and %s", v, of[v], s.name)
			of[v] = s.name
		}
	}
	require.Greater(t, len(of), 60)
}

// told is a configuration with its secrets.
func (c *Config) told() string {
	var lines []string
	for _, s := range c.settings() {
		text := textOf(s.field)
		if secret, ok := reflect.TypeAssert[models.Secret](s.field); ok {
			text = secret.Reveal()
		}
		lines = append(lines, s.name+"="+text+" "+c.origins[s.name].String())
	}
	return strings.Join(lines, "\n")
}

// A secret may be elsewhere: in a file that a variable or a setting names, or in a vault.
func TestReferences(t *testing.T) {
	t.Parallel()
	getenv, name := written(t, "keys: {pepper_file: /run/pepper, master: 'vault://secret/spark#master'}\nopenai: {model: m, api_key_file: k}",
		"SPARK_DATABASE_URL_FILE=/run/database", "SPARK_SIGNING_KEY_FILE=key.pem", "SPARK_REDIS_URL=awssm://spark#redis")
	c, err := read(getenv)
	require.NoError(t, err)
	require.NoError(t, c.Validate(), "the form of what is elsewhere is checked when it is there")
	got := make(map[string]string)
	for _, r := range c.References() {
		got[r.Setting] = r.Source + " " + r.Origin.String()
		r.Secret.Rotate("hunter2")
	}
	require.Equal(t, map[string]string{"keys.pepper": "file:///run/pepper " + name + ":1", "keys.master": "vault://secret/spark#master " + name + ":1",
		"openai.api_key": "file://k " + name + ":2", "database.url": "file:///run/database SPARK_DATABASE_URL_FILE",
		"provenance.signing_key": "file://key.pem SPARK_SIGNING_KEY_FILE", "redis.url": "awssm://spark#redis SPARK_REDIS_URL"}, got)
	require.Equal(t, "hunter2", c.Keys.Pepper.Reveal())
	require.Empty(t, c.References())
	require.ErrorContains(t, c.Validate(), "SPARK_DATABASE_URL_FILE: begins with")

	for text, want := range map[string]string{
		"keys: {pepper: a, pepper_file: b}":            "FILE:1: keys.pepper_file: sets the same as keys.pepper",
		"keys: {pepper_file: a, pepper: b}":            "FILE:1: keys.pepper: sets the same as pepper_file",
		"keys: {pepper_file: [a]}":                     "FILE:1: keys.pepper_file: must be the name of a file",
		"log: {level_file: a}":                         "FILE:1: log.level_file: no such setting; did you mean log.level?",
		"keys: {pepper: 'vault://secret/spark'}":       "FILE:1: keys.pepper: names no field",
		"keys: {pepper: 'awssm://#x'}":                 "FILE:1: keys.pepper: names no secret",
		"vault: {token: 'vault://secret/spark#token'}": "FILE:1: vault.token: is what opens the vault",
		"vault: {auth: github}":                        "FILE:1: vault.auth: is token, kubernetes or approle",
		"vault: {auth: kubernetes}":                    "vault.role (SPARK_VAULT_ROLE): is required by vault.auth: kubernetes",
		"secrets: {refresh: 1s}":                       "FILE:1: secrets.refresh: is less than 10s",
	} {
		getenv, name := written(t, text)
		c, err := read(getenv)
		if err == nil {
			err = c.Validate()
		}
		require.ErrorContains(t, err, strings.ReplaceAll(want, "FILE", name), text)
	}
}

// FuzzFile: no file makes the reader panic, take long, or tell a secret; a valid one gives the same when it is read again.
func FuzzFile(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("http: {addr: !!binary YTox, <<: *a}\n---\n"))
	f.Add([]byte("a: &a [x]\nb: [*a, *a]"))
	f.Add([]byte("providers: [{name: a}, {name: a}, 5]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func() (*Config, error) {
			c := &Config{origins: make(map[string]Origin)}
			setDefaults(reflect.ValueOf(c).Elem())
			return c, c.parse("f", data)
		}
		c, err := read()
		again, againErr := read()
		if (err == nil) != (againErr == nil) || err == nil && c.told() != again.told() {
			t.Errorf("%v, %v", err, againErr)
		}
		if err == nil {
			_ = c.Validate()
		}
	})
}
