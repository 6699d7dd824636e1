// Package config is the only reader of the environment and of spark.yaml: typed, validated, explained, and printable with secrets
// redacted.
//
// Every setting has one dotted name, which is its place in the file; its variable is derived from it, and what the environment says
// overrides the file. To add a setting, add a field to Config. To add a list, add a slice of structs whose fields are settings; if the
// struct has a Name with `set:"name"`, each item has one of its own, which is part of the names of its settings and variables:
// providers[fast].api_key, SPARK_PROVIDERS_FAST_API_KEY.
package config

import (
	"cmp"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// Prefix begins the name of every variable.
const Prefix = "SPARK_"

// Load reads the file and the environment. The error names every setting that is wrong, with its place, and no secret.
func Load() (*Config, error) {
	c, err := read(os.Getenv)
	if err == nil {
		err = c.Validate()
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Peek is as much of the configuration as can be read, for who can do without the rest.
func Peek(getenv func(string) string) *Config {
	c, _ := read(getenv)
	return c
}

// Default is the configuration of which nothing is set.
func Default() *Config {
	c := &Config{origins: make(map[string]Origin)}
	setDefaults(reflect.ValueOf(c).Elem())
	return c
}

// read is the configuration as it is written down. With an error, what could be read is there.
func read(getenv func(string) string) (*Config, error) {
	c := Default()
	var problems Problems
	collect := func(err error) {
		if some, ok := errors.AsType[Problems](err); ok {
			problems = append(problems, some...)
		}
	}
	collect(c.readFile(getenv))
	collect(c.readEnvironment(getenv))
	var err error
	if c.DataDir, err = filepath.Abs(cmp.Or(c.DataDir, "spark-data")); err != nil {
		problems = append(problems, c.problem("data_dir", err.Error()))
	}
	return c, problems.orNil()
}

// readEnvironment reads the variables of all settings. An empty one is as good as none.
func (c *Config) readEnvironment(getenv func(string) string) error {
	var problems Problems
	for _, s := range c.settings() {
		var from, text string
		for _, name := range s.readable() {
			value := getenv(name)
			if value != "" && !slices.Contains(s.vars, name) {
				value = FileScheme + value
			}
			switch {
			case value == "":
			case from != "" && value != text:
				why := "sets the same as " + from + ", which has another value: remove one of them"
				problems = append(problems, Problem{Origin{Variable: name}, s.name, why})
			case from == "":
				from, text = name, value
			}
		}
		if from == "" {
			continue
		}
		if err := setText(s.field, text); err != nil {
			problems = append(problems, Problem{Origin{Variable: from}, s.name, err.Error()})
			continue
		}
		c.origins[s.name] = Origin{Variable: from}
	}
	return problems.orNil()
}

// IsSet reports whether the file or the environment sets a setting.
func (c *Config) IsSet(name string) bool { _, ok := c.origins[name]; return ok }

// settings lists all that there are, with those of the items of lists.
func (c *Config) settings() []*setting { return settings(reflect.ValueOf(c).Elem(), root) }

// Override sets a value from the command line, which overrides the environment; "" changes nothing.
func (c *Config) Override(addr, dataDir string) (err error) {
	c.HTTP.Addr = cmp.Or(addr, c.HTTP.Addr)
	if dataDir != "" {
		if c.DataDir, err = filepath.Abs(dataDir); err != nil {
			return err
		}
	}
	return c.Validate()
}

// Getenv reads one variable that is not part of the platform's configuration, such as the client's key.
func Getenv(name string) string { return os.Getenv(name) }

// Scheme is that of the API's own address.
func (c *Config) Scheme() string {
	if c.TLS.On() {
		return "https"
	}
	return "http"
}

// Database is the URL of the database, with the default filled in.
func (c *Config) Database() string {
	if u := c.DatabaseURL.Reveal(); u != "" {
		return u
	}
	return "sqlite://" + c.DatabaseFile()
}

// DatabaseFile is the file of the default database.
func (c *Config) DatabaseFile() string { return filepath.Join(c.DataDir, "spark.db") }

// Public is PublicURL as browsers write it in an Origin, in lower case and without a default port; nil if it is not set.
func (c *Config) Public() (*url.URL, error) {
	if c.HTTP.PublicURL == "" {
		return nil, nil //nolint:nilnil // none is set
	}
	u, err := url.Parse(strings.TrimSuffix(c.HTTP.PublicURL, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.String() != u.Scheme+"://"+u.Host {
		return nil, errors.New(`is not like "https://games.example.com"`)
	}
	u.Host = strings.ToLower(u.Host)
	for _, port := range []string{":", map[string]string{"http": ":80", "https": ":443"}[u.Scheme]} {
		u.Host = strings.TrimSuffix(u.Host, port)
	}
	return u, nil
}

// Blobs is the folder of the blob store.
func (c *Config) Blobs() string { return orIn(c.BlobDir, c.DataDir, "blobs") }

// Toolchains is the folder of the engines' packages.
func (c *Config) Toolchains() string {
	if c.ToolchainDir != "" {
		return c.ToolchainDir
	}
	if cache, err := os.UserCacheDir(); err == nil {
		return filepath.Join(cache, "spark", "toolchains")
	}
	return filepath.Join(c.DataDir, "toolchains")
}

// WebhooksKeyFile holds the key that the platform makes for itself if webhooks.key is not set.
func (c *Config) WebhooksKeyFile() string { return filepath.Join(c.DataDir, "webhooks-key") }

// PepperFile and KeyFile hold the secrets that the platform makes for itself.
func (c *Config) PepperFile() string { return filepath.Join(c.DataDir, "pepper") }

// SigningKeyFile is the default file of the private key that signs provenance.
func (c *Config) SigningKeyFile() string { return filepath.Join(c.DataDir, "signing-key.pem") }

// KeyFile holds the local user's API key.
func (c *Config) KeyFile() string { return filepath.Join(c.DataDir, "api-key") }

func orIn(set, dir, name string) string {
	if set != "" {
		return set
	}
	return filepath.Join(dir, name)
}
