package config

import (
	"time"

	"github.com/spark-games/spark/models"
)

// Config is everything that can be set. A field with the tag `set` is a setting, or a group or a list of them; tree.go says what the tags
// mean. docs/configuration.md says more about what each does.
type Config struct {
	HTTP HTTP `set:"http"`
	TLS  TLS  `set:"tls"`

	MetricsAddr string     `set:"metrics.addr" default:"127.0.0.1:0" help:"address where a worker or a scheduler serves /metrics, /healthz and /readyz"`
	MetricsTLS  MetricsTLS `set:"metrics"`

	// DataDir holds everything that an all-in-one platform stores, and by default the blobs of every process.
	DataDir      string        `set:"data_dir" help:"data folder of an all-in-one platform"`
	DatabaseURL  models.Secret `set:"database.url" help:"postgres://… or sqlite:///path/file.db; without it, SQLite in the data folder"`
	Migrate      bool          `set:"database.migrate" old:"MIGRATE" help:"bring the database's schema up to date at the start"`
	RedisURL     models.Secret `set:"redis.url" help:"redis://…; without it an embedded one, for an all-in-one platform"`
	RedisTLS     RedisTLS      `set:"redis"`
	BlobDir      string        `set:"blob.dir" help:"folder of the content-addressed files"`
	ToolchainDir string        `set:"toolchain.dir" help:"where the engines' packages are installed"`
	EnginesDir   string        `set:"engines.dir" help:"folder whose *.yaml files declare custom engines"`

	Keys Keys `set:"keys"`

	Issuers []Issuer `set:"oidc.issuers" help:"OpenID Connect providers that people sign in with"`
	Session Session  `set:"session"`

	SigningKey models.Secret `set:"provenance.signing_key" old:"SIGNING_KEY" help:"PEM of the ed25519 key that signs the provenance of artifacts"`
	BuilderID  string        `set:"provenance.builder_id" old:"BUILDER_ID" help:"URL that identifies this platform as the builder in provenance"`

	Kinds       Kinds       `set:"worker.kinds" old:"KINDS" help:"kinds of jobs that a worker runs; without it, all"`
	Concurrency Concurrency `set:"worker.concurrency" old:"CONCURRENCY" help:"slots of a worker by kind; kinds that are left out keep their defaults"`
	Window      int         `set:"dispatch.window" default:"4096" help:"how many jobs of a queue wait in Redis ahead of the workers, at most"`

	Limits Limits `set:"limits"`
	Keep   Keep   `set:"keep"`
	Assets Assets `set:"assets"`

	ShutdownTimeout time.Duration `set:"shutdown_timeout" default:"20s" help:"how long a stop may take; jobs get three quarters of it to finish"`

	LogLevel  string `set:"log.level" default:"info" help:"debug, info, warn or error"`
	LogFormat string `set:"log.format" default:"auto" help:"json, console, or auto: console on a terminal"`

	Outbound Outbound `set:"outbound"`
	Webhooks Webhooks `set:"webhooks"`

	Sandbox Sandbox `set:"sandbox"`
	Pool    Pool    `set:"pool"`

	Provider  string          `set:"provider" default:"builtin" help:"the model provider of generations that name none"`
	OpenAI    Model           `set:"openai"`
	Anthropic Model           `set:"anthropic"`
	Providers []NamedProvider `set:"providers" help:"language models that generations choose by name"`

	// SecretsEvery is how often secrets in Vault and AWS are read again.
	SecretsEvery time.Duration `set:"secrets.refresh" default:"5m" help:"how often secrets that are kept in Vault or AWS are read again"`
	Vault        Vault         `set:"vault"`
	AWS          AWS           `set:"aws"`

	file    string            // that was read; "" for none
	origins map[string]Origin // of the settings that are not defaults, by name
}

// HTTP is the API's address, and what limits the connections to it.
type HTTP struct {
	Addr string `set:"addr" old:"ADDR" default:"127.0.0.1:8080" help:"address of the API"`
	// PublicURL is what browsers use, behind a proxy; "" is the address itself.
	PublicURL                string        `set:"public_url" old:"PUBLIC_URL" help:"the address that browsers use, if it is not that of the API"`
	MaxConnections           int           `set:"max_connections" old:"MAX_CONNECTIONS" default:"4096" help:"concurrent connections; 0 for no limit"`
	MaxConnectionsPerAddress int           `set:"max_connections_per_address" old:"MAX_CONNECTIONS_PER_ADDRESS" default:"1024" help:"the same from one address"`
	MaxStreams               int           `set:"max_streams" default:"10000" help:"event streams that are open and requests that wait; 0 for no limit"`
	MaxStreamsPerAccount     int           `set:"max_streams_per_account" default:"5000" help:"the same of one account"`
	TrustedProxies           Prefixes      `set:"trusted_proxies" old:"TRUSTED_PROXIES" help:"addresses and networks whose X-Forwarded-For is trusted"`
	HeaderTimeout            time.Duration `set:"header_timeout" old:"HEADER_TIMEOUT" default:"10s" help:"how long the headers of a request may take"`
	StallTimeout             time.Duration `set:"stall_timeout" old:"STALL_TIMEOUT" default:"20s" help:"how long a client may keep the API waiting"`
	FrameAncestors           string        `set:"frame_ancestors" old:"FRAME_ANCESTORS" default:"*" help:"pages that may embed games"`
	CORSOrigins              Origins       `set:"cors_origins" old:"CORS_ORIGINS" help:"origins of pages that may call the API from a browser; none by default"`
}

// Keys are the platform's own secrets about API keys.
type Keys struct {
	Pepper models.Secret `set:"pepper" old:"KEY_PEPPER" help:"secret with which API keys are hashed; without it, made once and kept in the data folder"`
	// AcceptedPeppers are read by Accepted.
	AcceptedPeppers models.Secret `set:"accepted_peppers" help:"further peppers, with commas between, that keys were or will be hashed with"`
	Master          models.Secret `set:"master" old:"MASTER_KEY" help:"key of a platform that keeps its own users, or several with commas between"`
}

// Accepted are the peppers that are accepted besides the current one.
func (k Keys) Accepted() []string { return words(k.AcceptedPeppers.Reveal()) }

// Limits are those of each account; 0 is none.
type Limits struct {
	MaxRunning           int `set:"max_running" old:"MAX_RUNNING" help:"how many jobs of one account are in Redis or running; 0 is any number"`
	MaxRunningPerEndUser int `set:"max_running_per_end_user" old:"MAX_RUNNING_PER_END_USER" help:"the same for each end user of an account"`
	MaxWaiting           int `set:"max_waiting" old:"MAX_WAITING" help:"how many jobs of one account may wait; 0 is any number"`

	RequestsPerMinute            int `set:"requests_per_minute" help:"how many requests one account may make in a minute, with all its keys; 0 is any number"`
	RequestsPerMinutePerKey      int `set:"requests_per_minute_per_key" help:"the same for each key"`
	RequestsPerMinutePerEndUser  int `set:"requests_per_minute_per_end_user" help:"how many submissions for one end user, and requests with its browser tokens"`
	JobsPerDay                   int `set:"jobs_per_day" help:"how many jobs one account may submit in a day (UTC); 0 is any number"`
	JobsPerDayPerEndUser         int `set:"jobs_per_day_per_end_user" help:"the same for each end user"`
	TokensPerDay                 int `set:"tokens_per_day" help:"how many tokens of language models one account may use in a day"`
	TokensPerDayPerEndUser       int `set:"tokens_per_day_per_end_user" help:"the same for each end user"`
	BuildMinutesPerDay           int `set:"build_minutes_per_day" help:"how many minutes the builds of one account may run in a day"`
	BuildMinutesPerDayPerEndUser int `set:"build_minutes_per_day_per_end_user" help:"the same for each end user"`

	MaxStorageMB       int `set:"max_storage_mb" help:"how many MiB of files one account may store; 0 is any number"`
	MaxSchedules       int `set:"max_schedules" default:"100" help:"how many schedules one account may have; 0 is any number"`
	MinScheduleSeconds int `set:"min_schedule_seconds" default:"60" help:"how many seconds are between two times of a schedule at least"`

	RefusalsPerMinute int `set:"refusals_per_minute_per_address" default:"600" help:"after so many requests with no valid key, an address is told to wait"`
}

// Assets bound what is uploaded for games.
type Assets struct {
	MaxMB        int           `set:"max_mb" default:"64" help:"how many MiB an asset has at most; 64 at most"`
	MaxUploads   int           `set:"max_uploads" default:"20" help:"how many uploads in parts an account may have open"`
	UploadExpiry time.Duration `set:"upload_expiry" default:"24h" help:"how long an upload in parts is kept, and then what has become of it"`
}

// Keep says how long things are kept that would accumulate; 0 is for ever. docs/retention.md says what is never removed.
type Keep struct {
	Events          Age `set:"events" default:"7d" help:"how long events of jobs that have ended are kept"`
	Jobs            Age `set:"jobs" default:"30d" help:"jobs that have ended, and their pipelines"`
	RollupJobs      Age `set:"rollup_jobs" default:"2d" help:"jobs that have summed usage up"`
	Previews        Age `set:"previews" default:"30d" help:"previews of which the project has a newer one"`
	Releases        Age `set:"releases" default:"90d" help:"releases of which the project has a newer one"`
	Revisions       Age `set:"revisions" default:"0" help:"revisions that are not current"`
	UnusedFiles     Age `set:"unused_files" default:"1d" help:"files that nothing refers to"`
	DeletedProjects Age `set:"deleted_projects" default:"30d" help:"how long a deleted project can be restored"`
	DeletedAccounts Age `set:"deleted_accounts" default:"30d" help:"how long a deleted account can be restored"`
	Webhooks        Age `set:"webhooks" default:"30d" help:"messages of webhooks and what came of their deliveries"`
	Audit           Age `set:"audit" default:"0" help:"entries of the audit; it takes a signing key"`
}

// Sandbox says where builds run.
type Sandbox struct {
	Mode       string `set:"mode" old:"SANDBOX" default:"auto" help:"where builds run: docker, local, or auto"`
	Min        string `set:"min" help:"the lowest isolation level allowed: docker, confined or open"`
	DockerHost string `set:"docker_host" old:"DOCKER_HOST" help:"the Docker daemon, unix:///path or tcp://host:port"`
	Runtime    string `set:"runtime" help:"runtime of the containers, such as runsc"`
	UserNS     string `set:"userns" help:"user namespace of the containers"`
}

// Pool says how many containers a worker has.
type Pool struct {
	Max   int  `set:"max" help:"the most containers; 0 is two for each build slot, plus two"`
	Warm  int  `set:"warm" default:"1" help:"containers kept ready for each engine in use"`
	Reuse bool `set:"reuse" help:"a container may run several jobs of the same account"`
}

// Model is a language model and how it is reached.
type Model struct {
	Model       string        `set:"model" help:"the model's name; the provider is enabled when it is set"`
	BaseURL     string        `set:"base_url" help:"root of a compatible API; without it, the vendor's"`
	APIKey      models.Secret `set:"api_key" help:"required for the vendor's own API"`
	MaxTokens   int           `set:"max_tokens" help:"the most tokens of an answer; 0 is the model's, or 32000"`
	Output      string        `set:"output" help:"how the answer is structured: schema, json, tool or text"`
	Timeout     time.Duration `set:"timeout" default:"15m" help:"limit for one generation"`
	IdleTimeout time.Duration `set:"idle_timeout" default:"60s" help:"limit between two chunks of the answer"`
}

// NamedProvider is a model that generations choose by its name.
type NamedProvider struct {
	Name string `set:"name" help:"what generations and the setting provider call it"`
	Type string `set:"type" help:"whose API it speaks: openai or anthropic"`
	Model
}
