// Package config is the only reader of the environment: typed, validated, and printable with secrets redacted.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/spark-games/spark/models"
)

// Config is everything that can be set. docs/configuration.md says what each does.
type Config struct {
	Addr        string `env:"ADDR" envDefault:"127.0.0.1:8080"`
	MetricsAddr string `env:"METRICS_ADDR" envDefault:"127.0.0.1:0"` // of a worker or scheduler; "" serves none

	PublicURL string `env:"PUBLIC_URL"` // that browsers use, behind a proxy; "" is the address itself

	HTTP HTTP `envPrefix:""`

	// DataDir holds everything that an all-in-one platform stores, and by default the blobs of every process.
	DataDir      string        `env:"DATA_DIR"`
	DatabaseURL  models.Secret `env:"DATABASE_URL"` // "" is SQLite in the data folder
	Migrate      bool          `env:"MIGRATE"`      // at the start, as "spark migrate" does; an all-in-one platform always does
	RedisURL     models.Secret `env:"REDIS_URL"`    // "" is an embedded one, which only an all-in-one platform may use
	BlobDir      string        `env:"BLOB_DIR"`
	ToolchainDir string        `env:"TOOLCHAIN_DIR"`
	EnginesDir   string        `env:"ENGINES_DIR"` // of the YAML files of custom engines; "" is none
	KeyPepper    models.Secret `env:"KEY_PEPPER"`  // "" is made once and kept in the data folder

	// MasterKey is that of a platform that keeps its own users, or several with commas between.
	MasterKey models.Secret `env:"MASTER_KEY"`

	SigningKeyFile string `env:"SIGNING_KEY_FILE"` // of artifacts' provenance; "" is made once, when all is in one process
	BuilderID      string `env:"BUILDER_ID"`       // URL; "" is the default

	Kinds       Kinds       `env:"KINDS"`       // of jobs that a worker runs; "" is all
	Concurrency Concurrency `env:"CONCURRENCY"` // "build=2,generation=16"; the rest keep their defaults
	Window      int         `env:"DISPATCH_WINDOW" envDefault:"4096"`

	Limits Limits `envPrefix:""`

	Keep Keep `envPrefix:"KEEP_"`

	ShutdownTimeout time.Duration `env:"SHUTDOWN_TIMEOUT" envDefault:"20s"`

	LogLevel  string `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat string `env:"LOG_FORMAT" envDefault:"auto"` // json, console; auto is console on a terminal

	Sandbox Sandbox `envPrefix:""`

	FrameAncestors string  `env:"FRAME_ANCESTORS" envDefault:"*"`
	CORSOrigins    Origins `env:"CORS_ORIGINS"` // of pages that may call the API; none by default

	Provider  string   `env:"PROVIDER" envDefault:"builtin"` // of generations that name none
	OpenAI    Provider `envPrefix:"OPENAI_"`
	Anthropic Provider `envPrefix:"ANTHROPIC_"`
}

// Limits are those of each account; 0 is none.
type Limits struct {
	MaxRunning           int `env:"MAX_RUNNING"`              // jobs in Redis or with a worker
	MaxRunningPerEndUser int `env:"MAX_RUNNING_PER_END_USER"` // the same of each of its end users
	MaxWaiting           int `env:"MAX_WAITING"`              // jobs that have not started
}

// HTTP limits the connections to the API.
type HTTP struct {
	MaxConnections           int           `env:"MAX_CONNECTIONS" envDefault:"4096"`             // 0 is no limit
	MaxConnectionsPerAddress int           `env:"MAX_CONNECTIONS_PER_ADDRESS" envDefault:"1024"` // 0 is no limit
	TrustedProxies           Prefixes      `env:"TRUSTED_PROXIES"`                               // whose X-Forwarded-For is trusted
	HeaderTimeout            time.Duration `env:"HEADER_TIMEOUT" envDefault:"10s"`
	StallTimeout             time.Duration `env:"STALL_TIMEOUT" envDefault:"20s"` // without progress
}

// Keep says how long things are kept that would accumulate; 0 is for ever. docs/retention.md says what is never removed.
type Keep struct {
	Events      Age `env:"EVENTS" envDefault:"7d"`       // of a job that has ended
	Jobs        Age `env:"JOBS" envDefault:"30d"`        // that have ended, and their pipelines
	RollupJobs  Age `env:"ROLLUP_JOBS" envDefault:"2d"`  // the same of analytics
	Previews    Age `env:"PREVIEWS" envDefault:"30d"`    // of which the project has a newer one
	Releases    Age `env:"RELEASES" envDefault:"90d"`    // the same of release builds
	Revisions   Age `env:"REVISIONS" envDefault:"0"`     // that are not current
	UnusedFiles Age `env:"UNUSED_FILES" envDefault:"1d"` // that nothing refers to
	// DeletedProjects is how long a deleted project can be restored.
	DeletedProjects Age `env:"DELETED_PROJECTS" envDefault:"30d"`
}

// leastKept is the shortest time that anything may be kept, and leastUnused the shortest for files, which jobs and requests store
// some time before they refer to them.
const (
	leastKept   = time.Hour
	leastUnused = 6 * time.Hour
)

func (k Keep) validate(bad func(name, why string)) {
	for name, age := range map[string]Age{"EVENTS": k.Events, "JOBS": k.Jobs, "ROLLUP_JOBS": k.RollupJobs, "PREVIEWS": k.Previews, "RELEASES": k.Releases,
		"REVISIONS": k.Revisions, "DELETED_PROJECTS": k.DeletedProjects} {
		if age != 0 && time.Duration(age) < leastKept {
			bad("KEEP_"+name, `is less than "1h"; "0" keeps for ever`)
		}
	}
	if k.UnusedFiles != 0 && time.Duration(k.UnusedFiles) < leastUnused {
		bad("KEEP_UNUSED_FILES", `is less than "6h"; "0" keeps for ever`)
	}
}

// Sandbox says where builds run.
type Sandbox struct {
	Mode       string `env:"SANDBOX" envDefault:"auto"` // auto, docker, local
	Min        string `env:"SANDBOX_MIN"`               // docker, confined, open; "" is confined for separate processes, open for all in one
	DockerHost string `env:"DOCKER_HOST"`               // "" is the default one
	PoolMax    int    `env:"POOL_MAX"`                  // containers; 0 is two for each build slot, plus two
	PoolWarm   int    `env:"POOL_WARM" envDefault:"1"`  // containers kept ready for each engine in use
	PoolReuse  bool   `env:"POOL_REUSE"`                // a container may run several jobs of one account
	Runtime    string `env:"SANDBOX_RUNTIME"`           // of the daemon, "runsc"; "" is its default
	UserNS     string `env:"SANDBOX_USERNS"`            // "host" opts out of the daemon's remapping of users
}

// Provider configures one language model; it is enabled when Model is set.
type Provider struct {
	Model       string        `env:"MODEL"`
	BaseURL     string        `env:"BASE_URL"`
	APIKey      models.Secret `env:"API_KEY"`
	MaxTokens   int           `env:"MAX_TOKENS"`
	Output      string        `env:"OUTPUT"` // schema, json, tool or text; "" is schema
	Timeout     time.Duration `env:"TIMEOUT"`
	IdleTimeout time.Duration `env:"IDLE_TIMEOUT"`
}

// Prefix begins the name of every variable.
const Prefix = "SPARK_"

// Load reads the environment. The error names every variable that is wrong, and no secret.
func Load() (*Config, error) {
	c, err := env.ParseAsWithOptions[Config](env.Options{Prefix: Prefix})
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if c.DataDir == "" {
		c.DataDir = "spark-data"
	}
	if c.DataDir, err = filepath.Abs(c.DataDir); err != nil {
		return nil, fmt.Errorf("configuration: %sDATA_DIR: %w", Prefix, err)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &c, nil
}

// Override sets a value from the command line, which overrides the environment; "" changes nothing.
func (c *Config) Override(addr, dataDir string) (err error) {
	c.Addr = cmp.Or(addr, c.Addr)
	if dataDir != "" {
		if c.DataDir, err = filepath.Abs(dataDir); err != nil {
			return err
		}
	}
	return c.Validate()
}

// Getenv reads one variable that is not part of the platform's configuration, such as the client's key.
func Getenv(name string) string { return os.Getenv(name) }

// Validate lists what is wrong.
func (c *Config) Validate() error {
	var errs []error
	bad := func(name, why string) { errs = append(errs, fmt.Errorf("%s%s: %s", Prefix, name, why)) }
	for name, addr := range map[string]string{"ADDR": c.Addr, "METRICS_ADDR": c.MetricsAddr} {
		if _, _, err := net.SplitHostPort(addr); err != nil && addr != "" {
			bad(name, `is not "host:port"`)
		}
	}
	if !oneOf(c.DatabaseURL, "postgres://", "postgresql://", "sqlite://") {
		bad("DATABASE_URL", `begins with "postgres://" or "sqlite://"`)
	}
	if !oneOf(c.RedisURL, "redis://", "rediss://", "unix://") {
		bad("REDIS_URL", `begins with "redis://", "rediss://" or "unix://"`)
	}
	if u, err := url.Parse(c.BuilderID); err != nil || c.BuilderID != "" && !u.IsAbs() {
		bad("BUILDER_ID", "is not an absolute URL")
	}
	if _, err := c.Public(); err != nil {
		bad("PUBLIC_URL", err.Error())
	}
	if c.HTTP.MaxConnections < 0 {
		bad("MAX_CONNECTIONS", "is negative")
	}
	if c.HTTP.MaxConnectionsPerAddress < 0 {
		bad("MAX_CONNECTIONS_PER_ADDRESS", "is negative")
	}
	if c.HTTP.HeaderTimeout <= 0 {
		bad("HEADER_TIMEOUT", "is not positive")
	}
	if c.HTTP.StallTimeout <= 0 {
		bad("STALL_TIMEOUT", "is not positive")
	}
	if c.Window < 1 || c.Window > 10_000 {
		bad("DISPATCH_WINDOW", "is between 1 and 10000")
	}
	for name, n := range map[string]int{"MAX_RUNNING": c.Limits.MaxRunning, "MAX_RUNNING_PER_END_USER": c.Limits.MaxRunningPerEndUser,
		"MAX_WAITING": c.Limits.MaxWaiting} {
		if n < 0 {
			bad(name, "is negative")
		}
	}
	c.Keep.validate(bad)
	if c.ShutdownTimeout < 0 {
		bad("SHUTDOWN_TIMEOUT", "is negative")
	}
	if c.LogFormat != "auto" && c.LogFormat != "json" && c.LogFormat != "console" {
		bad("LOG_FORMAT", "is auto, json or console")
	}
	if c.Sandbox.Mode != "auto" && c.Sandbox.Mode != "docker" && c.Sandbox.Mode != "local" {
		bad("SANDBOX", "is auto, docker or local")
	}
	switch c.Sandbox.Min {
	case "", "confined", "open":
	case "docker":
		if c.Sandbox.Mode == "local" {
			bad("SANDBOX_MIN", "is docker, and SPARK_SANDBOX allows local processes only")
		}
	default:
		bad("SANDBOX_MIN", "is docker, confined or open")
	}
	if c.Sandbox.PoolMax < 0 || c.Sandbox.PoolMax > 1000 {
		bad("POOL_MAX", "is between 0 and 1000")
	}
	if c.Sandbox.PoolWarm < 0 || c.Sandbox.PoolWarm > 100 {
		bad("POOL_WARM", "is between 0 and 100")
	}
	switch c.Provider {
	case "builtin":
	case "openai":
		if c.OpenAI.Model == "" {
			bad("OPENAI_MODEL", "is required when openai is the default provider")
		}
	case "anthropic":
		if c.Anthropic.Model == "" {
			bad("ANTHROPIC_MODEL", "is required when anthropic is the default provider")
		}
	default:
		bad("PROVIDER", "is builtin, openai or anthropic")
	}
	if len(errs) > 0 {
		return fmt.Errorf("configuration: %w", errors.Join(errs...))
	}
	return nil
}

// oneOf reports whether a URL is empty or begins with one of the schemes.
func oneOf(url models.Secret, schemes ...string) bool {
	return url.Reveal() == "" || slices.ContainsFunc(schemes, func(s string) bool { return strings.HasPrefix(url.Reveal(), s) })
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
	if c.PublicURL == "" {
		return nil, nil //nolint:nilnil // none is set
	}
	u, err := url.Parse(strings.TrimSuffix(c.PublicURL, "/"))
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

// PepperFile and KeyFile hold the secrets that the platform makes for itself.
func (c *Config) PepperFile() string { return filepath.Join(c.DataDir, "pepper") }

// SigningKey is the default file of the private key that signs provenance.
func (c *Config) SigningKey() string { return filepath.Join(c.DataDir, "signing-key.pem") }

// KeyFile holds the local user's API key.
func (c *Config) KeyFile() string { return filepath.Join(c.DataDir, "api-key") }

func orIn(set, dir, name string) string {
	if set != "" {
		return set
	}
	return filepath.Join(dir, name)
}

// Kinds is a comma-separated list of kinds of jobs.
type Kinds []models.Kind

// UnmarshalText implements encoding.TextUnmarshaler; it serves flags and the environment.
func (k *Kinds) UnmarshalText(text []byte) error {
	*k = nil
	for name := range strings.SplitSeq(string(text), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !models.Kind(name).Valid() {
			return fmt.Errorf("unknown kind %q: it is generation, build, export or analytics", name)
		}
		*k = append(*k, models.Kind(name))
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (k Kinds) MarshalText() ([]byte, error) {
	names := make([]string, len(k))
	for i, kind := range k {
		names[i] = string(kind)
	}
	return []byte(strings.Join(names, ",")), nil
}

// OrAll is the list, or every kind if it is empty.
func (k Kinds) OrAll() []models.Kind {
	if len(k) == 0 {
		return models.Kinds()
	}
	return k
}

// Concurrency is a list of slots by kind: "build=2,generation=16".
type Concurrency map[models.Kind]int

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Concurrency) UnmarshalText(text []byte) error {
	*c = make(Concurrency)
	for pair := range strings.SplitSeq(string(text), ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, number, _ := strings.Cut(pair, "=")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if kind := models.Kind(strings.TrimSpace(name)); !kind.Valid() || err != nil || n < 1 || n > 1000 {
			return fmt.Errorf(`%q is not "kind=slots" with 1 to 1000 slots`, pair)
		}
		(*c)[models.Kind(strings.TrimSpace(name))] = n
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (c Concurrency) MarshalText() ([]byte, error) {
	var pairs []string
	for _, k := range models.Kinds() {
		if n, ok := c[k]; ok {
			pairs = append(pairs, fmt.Sprintf("%s=%d", k, n))
		}
	}
	return []byte(strings.Join(pairs, ",")), nil
}
