package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	httpapi "github.com/spark-games/spark/internal/api"
	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/landing"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/rates"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/schedules"
	"github.com/spark-games/spark/internal/templates"
	"github.com/spark-games/spark/internal/transport/budget"
	"github.com/spark-games/spark/internal/transport/queue"
)

// usesEvery is how often is written down which keys were used.
const usesEvery = time.Minute

// refusalsEvery is how often refused attempts are written to the audit.
const refusalsEvery = 5 * time.Second

// adminRoot is where asynqmon is served.
const adminRoot = "/admin/queues"

// api is the role that answers requests.
type api struct {
	*parts
	peppers  *auth.Peppers
	sessions *landing.Sessions // nil if nobody can sign in
}

func newAPI(ctx context.Context, p *parts) (_ *api, err error) {
	a := &api{parts: p}
	if a.peppers, err = p.openKeys(ctx); err != nil {
		return nil, err
	}
	adopt := func(ctx context.Context) error {
		return newKeyring(p.cfg, p.store.Accounts).AdoptMaster(ctx, a.peppers, p.cfg.Keys.Master.Reveal())
	}
	p.rotations.on("keys.master", func() { p.rotated("keys.master", adopt(context.WithoutCancel(ctx))) })
	rotate := func() { p.rotated("keys.pepper", a.rotatePeppers(context.WithoutCancel(ctx), adopt)) }
	p.rotations.on("keys.pepper", rotate)
	p.rotations.on("keys.accepted_peppers", rotate)
	return a, adopt(ctx)
}

// rotatePeppers takes over what the configuration has now. Master keys are hashed again with the current pepper.
func (a *api) rotatePeppers(ctx context.Context, adopt func(context.Context) error) error {
	now, _, err := newKeyring(a.cfg, a.store.Accounts).Open(ctx)
	if err != nil {
		return err
	}
	all := now.All()
	a.peppers.Rotate(all[0], all[1:]...)
	return adopt(ctx)
}

// start answers requests at the returned URL until the group stops.
func (a *api) start(ctx context.Context) (url string, err error) {
	admin, view := queue.NewAdmin(a.redis, adminRoot, false), queue.NewAdmin(a.redis, adminRoot, true)
	a.group.OnStop("admin page", func(context.Context) error { return errors.Join(admin.Close(), view.Close()) })
	a.group.Go("looks of watchers", a.lookForWatchers)
	a.watchHealth(ctx)
	a.known.LookAtIsolation(ctx)
	a.group.Go("isolation", a.known.WatchIsolation)

	gate := &inbound.Gate{Total: a.cfg.HTTP.MaxConnections, PerAddress: a.cfg.HTTP.MaxConnectionsPerAddress, Trusted: a.cfg.HTTP.TrustedProxies}
	metrics := telemetry.NewAPI(a.registry)
	a.assets.Uploaded = metrics.AssetUploaded
	seats := &inbound.Seats{Total: a.cfg.HTTP.MaxStreams, PerAccount: a.cfg.HTTP.MaxStreamsPerAccount,
		Refused: func(why inbound.Reason) { metrics.Refused(string(why)) }}
	gate.Refused = func(why inbound.Reason) { metrics.Refused(string(why)) }
	uses := &auth.Uses{Write: a.store.Accounts.KeysUsed, Every: usesEvery, Log: a.log.Named("keys")}
	a.group.Go("uses of keys", uses.Run)
	refusals := &kernel.Refusals{Store: a.store.Audit, Every: refusalsEvery, Log: a.log.Named("audit"), Observer: metrics}
	a.group.Go("refusals", refusals.Run)
	keys, holders := auth.NewAuthenticator(a.store.Accounts, a.peppers, uses), auth.NewHolders(a.store.Accounts, a.store.People, a.cfg.Session.Idle)
	public, err := a.cfg.Public()
	if err != nil {
		return "", err
	}
	limits := a.rates(metrics)
	people, err := a.newSignIn(ctx, pageLimits{gate, limits.Limiter})
	if err != nil {
		return "", err
	}
	hooks, err := a.newWebhooks(public)
	if err != nil {
		return "", err
	}
	stopping, stop := context.WithCancel(context.Background())
	submitter := counted{a.service, metrics}
	handler := httpapi.New(httpapi.Options{
		Projects: a.projects, Jobs: a.store.Jobs, Streams: a.store.Stream, Artifacts: a.store.Artifacts, Games: a.store.Artifacts,
		Provenance: a.store.Provenance, Usages: a.store.Usage, Blobs: a.blobs, Modules: a.blobs,
		Watcher: a.hub, Submitter: submitter, Keys: keys, Standings: a.accounts, Holders: holders, Places: a.store.Places,
		Rates: limits, Refusals: refusals,
		Tokens: &auth.Tokens{Holders: holders, Accounts: a.accounts, Peppers: a.peppers}, Answers: a.store.Answers, Spool: a.blobs.Spool,
		Audit: a.store.Audit, AllAudit: a.store.Platform.AuditEntries,
		Accounts: &accounts.Service{Store: a.store.Accounts, Peppers: a.peppers, Defaults: a.limits(), Erasure: a.store.Erasure,
			Exports: a.store.Exports, Contents: a.blobs,
			CancelJob: a.cancelJob},
		Schedules: &schedules.Service{Store: a.store.Schedules, Jobs: submitter, Accounts: a.accounts, Defaults: a.limits(), Clock: a.store.Schedules.Now},
		Templates: &templates.Service{Store: a.store.Templates, Checker: a.service},
		Uploads:   a.uploads,
		Webhooks:  hooks,
		People:    people.people, Sessions: people.sessions, CrossOrigin: people.crossOrigin, SignIn: people.pages,
		Engines: a.known.Status, Isolation: a.known.Isolation, Workers: a.fleet.Reports,
		Operations: a.store.Backlog, Bulk: a.store.Operations, Crew: a.store.Workers, TransportPaused: a.transport.Paused, Due: a.dispatcher.Notify,
		Checks:  a.health.checks,
		Metrics: a.registry, Observer: metrics, Log: a.log.Named("api"),
		Console: a.store.Platform, Queues: admin, QueuesReadOnly: view,
		Seats: seats, Gate: gate, Pace: inbound.Pace{Patience: a.cfg.HTTP.StallTimeout, Rate: inbound.DefaultRate},
		Landing: landing.New(landing.Options{
			Projects: a.projects, Submitter: submitter, Jobs: a.store.Jobs, Watcher: a.hub, Keys: keys, Sessions: a.sessions,
			Holders: holders, Limits: landingLimits{limits, gate, seats},
			Engines: a.known.Status, Isolation: a.known.Isolation, Log: a.log.Named("landing"), Version: version(), KeyFile: a.cfg.KeyFile(),
			Loopback: landing.IsLoopback(a.cfg.HTTP.Addr), PublicURL: public, HTTPS: gate.HTTPS, Stopping: stopping.Done(),
		}),
		Stopping: stopping, FrameAncestors: a.cfg.HTTP.FrameAncestors, Origins: a.cfg.HTTP.CORSOrigins,
	})
	s := site{name: "api", setting: "SPARK_ADDR", address: a.cfg.HTTP.Addr, through: gate.Listener, handler: handler, before: stop}
	var addr string
	if err = a.secure(ctx, &s, public); err == nil {
		addr, err = a.serve(ctx, s)
	}
	if err != nil {
		stop()
		return "", err
	}
	return a.cfg.Scheme() + "://" + addr, nil
}

// landingLimits are those of the landing page, which are the API's.
type landingLimits struct {
	*kernel.Rates
	gate  *inbound.Gate
	seats *inbound.Seats
}

// Refused implements landing.Limits.
func (l landingLimits) Refused(r *http.Request) error {
	return l.Rates.Refused(r.Context(), l.gate.Client(r))
}

// Stream implements landing.Limits.
func (l landingLimits) Stream(account string) (leave func(), ok bool) { return l.seats.Take(account) }

// rates limits requests, for all processes together.
func (a *api) rates(metrics *telemetry.API) *kernel.Rates {
	shared := budget.New(a.redis.Client(), a.redis.Key("spent:"))
	return &kernel.Rates{Limiter: &rates.Limiter{Shared: shared, Away: metrics.RatesAway}, Accounts: a.accounts, Defaults: a.limits(),
		Refusals: a.cfg.Limits.RefusalsPerMinute}
}
