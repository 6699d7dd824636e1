package config

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/internal/platform/suggest"
	"github.com/spark-games/spark/models"
)

// Validate lists what is wrong.
func (c *Config) Validate() error {
	var problems Problems
	bad := func(setting, why string) { problems = append(problems, c.problem(setting, why)) }
	c.checkAddresses(bad)
	c.checkNumbers(bad)
	c.Keep.check(bad)
	c.Sandbox.check(bad)
	c.Outbound.check(bad)
	if c.LogFormat != "auto" && c.LogFormat != "json" && c.LogFormat != "console" {
		bad("log.format", "is auto, json or console")
	}
	c.checkProviders(bad)
	c.checkReferences(bad)
	c.TLS.check(bad)
	c.MetricsTLS.check(bad)
	c.RedisTLS.check(c.RedisURL.Reveal(), bad)
	c.checkSignIn(bad)
	return problems.orNil()
}

func (c *Config) checkAddresses(bad func(setting, why string)) {
	for _, a := range []struct{ setting, addr string }{{"http.addr", c.HTTP.Addr}, {"metrics.addr", c.MetricsAddr}, {"tls.redirect_addr", c.TLS.RedirectAddr}} {
		if _, _, err := net.SplitHostPort(a.addr); err != nil && a.addr != "" {
			bad(a.setting, `is not "host:port"`)
		}
	}
	if !oneOf(c.DatabaseURL, "postgres://", "postgresql://", "sqlite://") {
		bad("database.url", `begins with "postgres://" or "sqlite://"`)
	}
	if !oneOf(c.RedisURL, "redis://", "rediss://", "unix://") {
		bad("redis.url", `begins with "redis://", "rediss://" or "unix://"`)
	}
	if u, err := url.Parse(c.BuilderID); err != nil || c.BuilderID != "" && !u.IsAbs() {
		bad("provenance.builder_id", "is not an absolute URL")
	}
	if _, err := c.Public(); err != nil {
		bad("http.public_url", err.Error())
	}
}

func (c *Config) checkNumbers(bad func(setting, why string)) {
	for _, n := range []struct {
		setting    string
		value      int
		least, top int
	}{
		{"http.max_connections", c.HTTP.MaxConnections, 0, 10_000_000},
		{"http.max_connections_per_address", c.HTTP.MaxConnectionsPerAddress, 0, 10_000_000},
		{"http.max_streams", c.HTTP.MaxStreams, 0, 10_000_000},
		{"http.max_streams_per_account", c.HTTP.MaxStreamsPerAccount, 0, 10_000_000},
		{"dispatch.window", c.Window, 1, 10_000},
		{"limits.max_running", c.Limits.MaxRunning, 0, 1 << 30},
		{"limits.max_running_per_end_user", c.Limits.MaxRunningPerEndUser, 0, 1 << 30},
		{"limits.max_waiting", c.Limits.MaxWaiting, 0, 1 << 30},
		{"limits.requests_per_minute", c.Limits.RequestsPerMinute, 0, 1 << 30},
		{"limits.requests_per_minute_per_key", c.Limits.RequestsPerMinutePerKey, 0, 1 << 30},
		{"limits.requests_per_minute_per_end_user", c.Limits.RequestsPerMinutePerEndUser, 0, 1 << 30},
		{"limits.jobs_per_day", c.Limits.JobsPerDay, 0, 1 << 30},
		{"limits.jobs_per_day_per_end_user", c.Limits.JobsPerDayPerEndUser, 0, 1 << 30},
		{"limits.tokens_per_day", c.Limits.TokensPerDay, 0, 1 << 30},
		{"limits.tokens_per_day_per_end_user", c.Limits.TokensPerDayPerEndUser, 0, 1 << 30},
		{"limits.build_minutes_per_day", c.Limits.BuildMinutesPerDay, 0, 1 << 30},
		{"limits.build_minutes_per_day_per_end_user", c.Limits.BuildMinutesPerDayPerEndUser, 0, 1 << 30},
		{"limits.max_storage_mb", c.Limits.MaxStorageMB, 0, 1 << 30},
		{"limits.max_schedules", c.Limits.MaxSchedules, 0, 1 << 30},
		{"webhooks.max_endpoints", c.Webhooks.MaxEndpoints, 0, 1 << 30},
		{"limits.min_schedule_seconds", c.Limits.MinScheduleSeconds, 0, 1 << 30},
		{"limits.refusals_per_minute_per_address", c.Limits.RefusalsPerMinute, 0, 1 << 30},
		{"assets.max_mb", c.Assets.MaxMB, 1, 64},
		{"assets.max_uploads", c.Assets.MaxUploads, 1, 10_000},
		{"pool.max", c.Pool.Max, 0, 1000},
		{"pool.warm", c.Pool.Warm, 0, 100},
	} {
		if n.value < n.least || n.value > n.top {
			bad(n.setting, fmt.Sprintf("is between %d and %d", n.least, n.top))
		}
	}
	if c.HTTP.HeaderTimeout <= 0 {
		bad("http.header_timeout", "is not positive")
	}
	if c.Assets.UploadExpiry < leastKept {
		bad("assets.upload_expiry", `is less than "1h"`)
	}
	if c.HTTP.StallTimeout <= 0 {
		bad("http.stall_timeout", "is not positive")
	}
	if c.ShutdownTimeout < 0 {
		bad("shutdown_timeout", "is negative")
	}
}

// leastKept is the shortest time that anything may be kept, and leastUnused the shortest for files, which jobs and requests store
// some time before they refer to them.
const (
	leastKept   = time.Hour
	leastUnused = 6 * time.Hour
)

func (k Keep) check(bad func(setting, why string)) {
	for _, one := range []struct {
		name string
		age  Age
	}{{"events", k.Events}, {"jobs", k.Jobs}, {"rollup_jobs", k.RollupJobs}, {"previews", k.Previews}, {"releases", k.Releases},
		{"revisions", k.Revisions}, {"deleted_projects", k.DeletedProjects}, {"deleted_accounts", k.DeletedAccounts}, {"audit", k.Audit},
		{"webhooks", k.Webhooks}} {
		if one.age != 0 && time.Duration(one.age) < leastKept {
			bad("keep."+one.name, `is less than "1h"; "0" keeps for ever`)
		}
	}
	if k.UnusedFiles != 0 && time.Duration(k.UnusedFiles) < leastUnused {
		bad("keep.unused_files", `is less than "6h"; "0" keeps for ever`)
	}
}

func (s Sandbox) check(bad func(setting, why string)) {
	if s.Mode != "auto" && s.Mode != "docker" && s.Mode != "local" {
		bad("sandbox.mode", "is auto, docker or local")
	}
	switch s.Min {
	case "", "confined", "open":
	case "docker":
		if s.Mode == "local" {
			bad("sandbox.min", "is docker, and sandbox.mode (SPARK_SANDBOX) allows local processes only")
		}
	default:
		bad("sandbox.min", "is docker, confined or open")
	}
}

// checkProviders checks what refers to a model provider, and that no two have one name.
func (c *Config) checkProviders(bad func(setting, why string)) {
	for i, p := range c.Providers {
		at := path{name: "providers"}.item(i, reflect.ValueOf(p)).name
		switch p.Name {
		case Builtin:
			bad(at+".name", "is the provider that comes with the program")
		case OpenAI, Anthropic:
			bad(at+".name", fmt.Sprintf("is the provider that the settings %s.model, %s.api_key and so on set", p.Name, p.Name))
		}
		if p.Type != OpenAI && p.Type != Anthropic {
			bad(at+".type", "is openai or anthropic")
		}
		if p.Model.Model == "" {
			bad(at+".model", "is required")
		}
	}
	if (c.Provider == OpenAI || c.Provider == Anthropic) && !c.HasProvider(c.Provider) {
		bad(c.Provider+".model", "is required when "+c.Provider+" is the default provider")
		return
	}
	if !c.HasProvider(c.Provider) {
		names := []string{Builtin, OpenAI, Anthropic}
		for _, p := range c.Providers {
			names = append(names, p.Name)
		}
		why := fmt.Sprintf("there is no provider %q", short(c.Provider))
		if near := suggest.Nearest(c.Provider, names); near != "" {
			bad("provider", why+"; did you mean "+near+"?")
			return
		}
		bad("provider", why+"; there are: "+strings.Join(names, ", "))
	}
}

// minRefresh keeps processes from asking for their secrets all the time.
const minRefresh = 10 * time.Second

// oneOf reports whether a URL is empty, is kept elsewhere, or begins with one of the schemes.
func oneOf(url models.Secret, schemes ...string) bool {
	return url.Reveal() == "" || IsReference(url.Reveal()) || slices.ContainsFunc(schemes, func(s string) bool { return strings.HasPrefix(url.Reveal(), s) })
}
