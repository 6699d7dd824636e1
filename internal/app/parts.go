package app

import (
	"context"
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/assets"
	"github.com/spark-games/spark/internal/builds/fleet"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/internal/platform/secrets"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/internal/templates"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/internal/webhooks"
	"github.com/spark-games/spark/internal/webhooks/deliver"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// parts are what the roles of a process share.
type parts struct {
	cfg   *config.Config
	log   *zap.Logger
	group lifecycle.Group

	registry *prometheus.Registry // of the process; each role adds its metrics
	metrics  *telemetry.Platform

	secrets   *secrets.Keeper
	rotations rotations

	allInOne bool // all roles are in this process, which may use embedded stores

	engines    *engines.Registry
	toolchains *toolchain.Installer

	store *store.Store
	blobs *blob.Folder
	// platform is the database's id, which ties a blob folder to this platform.
	platform string

	redis      *redisconn.Conn
	fleet      *fleet.Registry
	known      *fleet.Engines
	bus        *bus.Bus
	hub        *bus.Hub
	transport  *queue.Transport
	dispatcher *jobs.Dispatcher
	sequencer  *jobs.Sequencer // which schedulers run
	pump       *deliver.Pump   // of webhooks, which schedulers run

	health   *health
	accounts *accounts.Directory
	service  *jobs.Service
	projects *projects.Service
	assets   *assets.Service
	uploads  *assets.Uploads
}

// open connects. Everything that it has opened is closed with the group, also after an error.
func (p *parts) open(ctx context.Context) (err error) {
	if err := p.openSecrets(ctx); err != nil {
		return err
	}
	if p.engines, err = allEngines(p.cfg); err != nil {
		return err
	}
	p.toolchains = toolchain.New(p.cfg.Toolchains(), p.log.Named("toolchain"))
	p.group.OnStop("toolchains", func(context.Context) error { p.toolchains.Close(); return nil })
	if err := os.MkdirAll(p.cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	embedded := p.cfg.RedisURL.Reveal() == ""
	redisURL, err := p.redisURL(embedded)
	if err != nil {
		return err
	}
	if err := p.openStores(ctx); err != nil {
		return err
	}
	if p.alone() {
		if err := p.store.Backlog.ExpireLeases(ctx); err != nil {
			return err
		}
	}
	return p.connect(redisURL)
}

// openStores opens the database and the blobs.
func (p *parts) openStores(ctx context.Context) (err error) {
	if p.store, err = p.openDatabase(ctx); err != nil {
		return err
	}
	p.group.OnStop("store", func(context.Context) error { return p.store.Close() })
	if p.platform, err = p.store.Platform.ID(ctx); err != nil {
		return err
	}
	if p.blobs, err = blob.Open(p.cfg.Blobs(), p.blobDamaged); err != nil {
		return err
	}
	return p.blobs.Adopt(p.platform)
}

// openDatabase opens the database. Only a platform that is alone with its database migrates it whatever jobs have leases, because
// they are its predecessor's; another one does it if it is told to.
func (p *parts) openDatabase(ctx context.Context) (*store.Store, error) {
	url, rotating := p.cfg.Database(), store.Rotating(p.cfg.Database)
	if p.alone() {
		return store.Open(ctx, url, rotating)
	}
	if p.cfg.Migrate || p.allInOne {
		applied, err := store.Migrate(ctx, url)
		if err != nil {
			return nil, err
		}
		if len(applied) > 0 {
			p.log.Info("migrated the database", zap.Int64s("migrations", applied))
		}
	}
	return store.OpenMigrated(ctx, url, rotating)
}

// alone reports whether this process holds the lock of the data folder with its database, which no other one uses then.
func (p *parts) alone() bool {
	return p.cfg.RedisURL.Reveal() == "" && p.cfg.DatabaseURL.Reveal() == ""
}

// connect makes the parts that send hints and dispatch jobs. The connection to Redis is made when it is needed.
func (p *parts) connect(redisURL string) (err error) {
	secured, err := p.redisTLS()
	if err != nil {
		return fmt.Errorf("TLS of Redis: %w", err)
	}
	if p.redis, err = redisconn.Open(redisURL, p.log.Named("redis"), secured...); err != nil {
		return err
	}
	p.group.OnStop("redis", func(context.Context) error { return p.redis.Close() })
	p.fleet = fleet.NewRegistry(bus.NewPresence(p.redis))
	p.known = &fleet.Engines{Registry: p.fleet, Known: p.engines, Log: p.log}
	p.hub = &bus.Hub{}
	p.bus = bus.New(p.redis, p.log.Named("bus"))
	p.transport = queue.NewTransport(p.redis, p.bus.Wake)
	p.group.OnStop("transport", func(context.Context) error { return p.transport.Close() })
	limits := p.cfg.Limits
	p.store.Backlog.Caps = jobs.Caps{Account: limits.MaxRunning, EndUser: limits.MaxRunningPerEndUser}
	p.dispatcher = &jobs.Dispatcher{Backlog: p.store.Backlog, Transport: p.transport, MaxWindow: p.cfg.Window,
		Every: lookEvery, Log: p.log.Named("dispatcher"), Dispatched: p.metrics.Dispatched, Full: p.bus.Due}
	p.sequencer = &jobs.Sequencer{Store: p.store.Stream, Every: streamEvery, Pause: streamPause, Log: p.log.Named("sequencer"), Streamed: p.bus.Streamed}
	p.bus.OnDue = p.dispatcher.Hint
	p.pump = p.newPump()
	p.bus.OnStream = func(accountID string) {
		p.hub.Changed(accountID)
		p.pump.Hint()
	}
	p.bus.OnChanged = func(id string) {
		p.dispatcher.JobChanged(id)
		p.sequencer.Hint()
		p.hub.Changed(id)
	}
	p.health = newHealth(map[string]func(context.Context) error{"database": p.store.Ping, "redis": p.redis.Ping, "blobs": p.blobs.Ping},
		p.metrics.Dependency, p.log.Named("health"))
	p.accounts = accounts.NewDirectory(p.store.Accounts)
	p.service = &jobs.Service{Intake: p.records(), Providers: p.cfg.HasProvider, Outputs: p.outputs, Ready: p.health.ready, Changed: p.changed,
		Accounts: p.accounts, Defaults: p.limits(), Direct: p.dispatcher, Templates: templates.Directory{Store: p.store.Templates},
		CancelRunning: func(_ context.Context, id string) { p.bus.Cancel(id) }}
	guard := openGuard(p.cfg)
	p.service.WebhookURL = func(raw, pointer string) (string, error) { return webhooks.CheckURL(guard, raw, pointer) }
	p.projects = &projects.Service{Store: p.store.Projects, Blobs: p.blobs, Engines: p.known.Status, CancelJobs: p.cancelJobs,
		Room: p.service.Room, RoomFor: p.service.RoomFor,
		Recognize: p.recognize, Starter: p.starter}
	p.assets = &assets.Service{Store: p.store.Assets, Blobs: p.blobs, RoomFor: p.service.RoomFor, MaxBytes: int64(p.cfg.Assets.MaxMB) << 20}
	p.uploads = &assets.Uploads{Assets: p.assets, Store: p.store.Uploads, Staged: p.blobs, Open: p.cfg.Assets.MaxUploads, Expiry: p.cfg.Assets.UploadExpiry}
	p.projects.Asset = p.assets.Content
	return nil
}

// limits are those of accounts that have none of their own.
func (p *parts) limits() models.Limits {
	l := p.cfg.Limits
	return models.Limits{MaxRunning: &l.MaxRunning, MaxRunningPerEndUser: &l.MaxRunningPerEndUser, MaxWaiting: &l.MaxWaiting,
		RequestsPerMinute: &l.RequestsPerMinute, RequestsPerMinutePerKey: &l.RequestsPerMinutePerKey,
		RequestsPerMinutePerEndUser:  &l.RequestsPerMinutePerEndUser,
		MaxStorageMB:                 &l.MaxStorageMB,
		MaxSchedules:                 &l.MaxSchedules,
		MinScheduleSeconds:           &l.MinScheduleSeconds,
		JobsPerDay:                   &l.JobsPerDay,
		JobsPerDayPerEndUser:         &l.JobsPerDayPerEndUser,
		TokensPerDay:                 &l.TokensPerDay,
		TokensPerDayPerEndUser:       &l.TokensPerDayPerEndUser,
		BuildMinutesPerDay:           &l.BuildMinutesPerDay,
		BuildMinutesPerDayPerEndUser: &l.BuildMinutesPerDayPerEndUser}
}

// blobDamaged logs a stored file whose content has changed.
func (p *parts) blobDamaged(digest string, err error) {
	p.metrics.BlobDamaged()
	p.log.Error("a stored file is damaged and is not served; storing the same content again repairs it", zap.String("blob", digest), zap.Error(err))
}

// changed notifies others of a commit: those who watch the jobs, and the dispatcher.
func (p *parts) changed(jobIDs []string, queues []models.Queue) {
	p.bus.Changed(jobIDs...)
	p.dispatcher.Notify(queues...)
}

// records is the part of the store that submissions and handlers need: jobs, and what they refer to.
type records struct {
	*store.Jobs
	*store.Projects
	*store.Artifacts
	*store.Provenance
	*store.Spending
}

func (p *parts) records() records {
	return records{p.store.Jobs, p.store.Projects, p.store.Artifacts, p.store.Provenance, p.store.Spending}
}

// usage is the part of the store that the rollup of usage needs.
type usage struct {
	*store.Usage
	*store.Platform
}
