package kernel

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Refusals gathers the attempts that were refused, and writes them to the audit now and then: alike ones as one entry. Each actor has room for some
// entries, which comes back slowly; what has no room is counted in one entry for the rest. So nobody fills the audit or the memory, or pushes out what
// others have tried. The zero value of the other fields is ready; nil gathers nothing.
type Refusals struct {
	Store    RefusalStore
	Every    time.Duration
	Log      *zap.Logger
	Observer RefusalObserver

	mu     sync.Mutex
	actors map[refused]*attempts
}

// RefusalStore is the audit.
type RefusalStore interface {
	// Refusals writes entries.
	Refusals(ctx context.Context, all []models.Refusal) error
	// Others are those of some attempts whose resource is there, and another account's.
	Others(ctx context.Context, asked []models.Refusal) ([]models.Refusal, error)
}

// RefusalObserver counts, for metrics.
type RefusalObserver interface {
	// RefusalsWritten reports how many attempts were written, and how many of them in entries for the rest.
	RefusalsWritten(attempts, rest int)
	RefusalsFailed()
}

// ActionRest is the action of an entry for the attempts of an actor for which there was no room.
const ActionRest = "refusals.rest"

const (
	refusedRoom  = 20               // entries of an actor at once
	refusedAgain = 10 * time.Second // until there is room for one more
	nobodysRoom  = 60               // of all without a valid credential together
	nobodysAgain = 5 * time.Second
	mostRefused  = 4096 // actors; those beyond count as nobody
	mostMissing  = 20   // different resources of an actor that may be another account's, in one interval
	refusedBatch = 500  // entries of one transaction
	refusedEnd   = 5 * time.Second
)

// refused is who was refused: a key or a user in an account, or nobody.
type refused struct{ account, key, user string }

var nobody = refused{account: models.SystemAccountID}

// alike is what attempts of an actor have in common that are one entry.
type alike struct {
	action, kind, id, endUser, address string
	code                               models.Code
}

// attempts are those of an actor.
type attempts struct {
	room    float64
	at      time.Time // of room
	kept    map[alike]*models.Refusal
	missing map[alike]*models.Refusal // whose resource was not found, so that it is to be seen whether they are refusals
	rest    models.Refusal
}

func whose(r *models.Refusal) (refused, alike) {
	who := refused{r.AccountID, r.Actor.KeyID, r.Actor.UserID}
	same := alike{r.Action, r.ResourceKind, r.ResourceID, r.Actor.EndUser, "", r.Code}
	if who == nobody {
		same.address = r.Actor.Address
	}
	return who, same
}

// limits are an actor's room, and how long it takes for one more.
func (who refused) limits() (most float64, again time.Duration) {
	if who == nobody {
		return nobodysRoom, nobodysAgain
	}
	return refusedRoom, refusedAgain
}

// take takes room for an entry, if there is some.
func (a *attempts) take(who refused, now time.Time) bool {
	a.refill(who, now)
	if a.room < 1 {
		return false
	}
	a.room--
	return true
}

func (a *attempts) refill(who refused, now time.Time) (full bool) {
	most, again := who.limits()
	a.room = min(most, a.room+float64(max(0, now.Sub(a.at)))/float64(again))
	a.at = now
	return a.room == most
}

// of are the attempts of an actor, or those of nobody if there are too many actors.
func (r *Refusals) of(who refused, now time.Time) (*attempts, refused) {
	if r.actors == nil {
		r.actors = make(map[refused]*attempts)
	}
	if r.actors[who] == nil && len(r.actors) >= mostRefused {
		who = nobody
	}
	a := r.actors[who]
	if a == nil {
		most, _ := who.limits()
		a = &attempts{room: most, at: now, kept: make(map[alike]*models.Refusal), missing: make(map[alike]*models.Refusal)}
		r.actors[who] = a
	}
	return a, who
}

// merge adds attempts to those that are alike.
func merge(into, more *models.Refusal) {
	into.Count += more.Count
	into.Actor.RequestID = ""
	if more.First.Before(into.First) {
		into.First = more.First
	}
	if more.Last.After(into.Last) {
		into.Last = more.Last
	}
}

// add notes attempts. Those that are paid have had room before.
func (r *Refusals) add(one models.Refusal, paid bool, now time.Time) {
	key, same := whose(&one)
	a, who := r.of(key, now)
	switch had := a.kept[same]; {
	case who != key: // one of too many
	case one.Action == ActionRest:
	case had != nil:
		merge(had, &one)
		return
	case paid || a.rest.Count == 0 && a.take(who, now):
		a.kept[same] = &one
		return
	}
	if a.rest.Count > 0 {
		merge(&a.rest, &one)
		return
	}
	a.rest = models.Refusal{Actor: models.Actor{Kind: one.Actor.Kind, AccountID: who.account, KeyID: who.key, UserID: who.user},
		AccountID: who.account, Action: ActionRest, Count: one.Count, First: one.First, Last: one.Last}
	if who == nobody {
		a.rest.Actor = models.Actor{Kind: models.ActorNobody}
	}
}

// ask notes attempts at a resource that was not found.
func (r *Refusals) ask(one models.Refusal, now time.Time) {
	key, same := whose(&one)
	a, _ := r.of(key, now)
	switch had := a.missing[same]; {
	case had != nil:
		merge(had, &one)
	case len(a.missing) < mostMissing:
		a.missing[same] = &one
	default:
		r.add(one, false, now)
	}
}

// note notes a request that was answered with a problem, if that refuses something.
func (r *Refusals) note(c *gin.Context, p *openapi.Problem) {
	if r == nil {
		return
	}
	found, _ := c.Get(operationKey)
	op, _ := found.(*openapi.Operation)
	act := models.ActFrom(c.Request.Context())
	if op == nil || act == nil {
		return
	}
	one := models.Refusal{Actor: act.Actor, AccountID: act.AccountID, Action: op.Audit, Code: p.Code}
	if one.Action == "" || one.Action == models.ActionSubmit {
		one.Action = op.ID
	}
	if id := c.Param("id"); models.ValidID(id) {
		one.ResourceKind, one.ResourceID = kindIn(op.Path), id
	}
	switch {
	case p.Status == http.StatusUnauthorized:
		if key := credential(c.Request, op); auth.Valid(key) { // one that was revoked or has expired, perhaps: its owner knows it by that
			one.ResourceKind, one.ResourceID = "key_prefix", auth.Prefix(key)
		}
	case p.Status == http.StatusForbidden, p.Code == models.CodeRateLimited:
	case p.Status == http.StatusNotFound && one.ResourceID != "":
	default:
		return
	}
	r.hold(one, p.Status == http.StatusNotFound)
}

// kindIn is what the {id} of a path is one of: "project" of "/v1/projects/{id}/files".
func kindIn(path string) string {
	before, _, _ := strings.Cut(path, "/{id}")
	return strings.TrimSuffix(before[strings.LastIndex(before, "/")+1:], "s")
}

// hold keeps one attempt for the next writing.
func (r *Refusals) hold(one models.Refusal, missing bool) {
	if one.AccountID == "" {
		one.AccountID = models.SystemAccountID
	}
	now := time.Now().UTC()
	one.Count, one.First, one.Last = 1, now, now
	r.mu.Lock()
	defer r.mu.Unlock()
	if missing {
		r.ask(one, now)
		return
	}
	r.add(one, false, now)
}

// RefusedPages notes what pages outside of the document refuse, under an action.
func (k *Kernel) RefusedPages(action string) gin.HandlerFunc {
	codes := map[int]models.Code{http.StatusUnauthorized: models.CodeUnauthorized, http.StatusForbidden: models.CodeForbidden,
		http.StatusTooManyRequests: models.CodeRateLimited}
	return func(c *gin.Context) {
		c.Next()
		status := c.Writer.Status()
		code, refuses := codes[status]
		if strings.Contains(c.Request.URL.Path, "/callback/") && status >= http.StatusBadRequest && status < http.StatusInternalServerError && !refuses {
			code, refuses = models.CodeUnauthorized, true // whoever cannot sign in
		}
		if act := models.ActFrom(c.Request.Context()); k.Refusals != nil && refuses && act != nil {
			k.Refusals.hold(models.Refusal{Actor: act.Actor, Action: action, Code: code}, false)
		}
	}
}

// Run writes until ctx is done, and once more then.
func (r *Refusals) Run(ctx context.Context) {
	tick := time.NewTicker(r.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			r.end(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			r.Write(ctx, false)
		}
	}
}

func (r *Refusals) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, refusedEnd)
	defer cancel()
	r.Write(ctx, true)
}

// Write writes what there is, at last also what has no room. What cannot be written is kept for the next time.
func (r *Refusals) Write(ctx context.Context, last bool) {
	if missing := r.takeMissing(); len(missing) > 0 {
		others, err := r.Store.Others(ctx, missing)
		if err != nil {
			r.failed(err)
		}
		now := time.Now().UTC()
		r.mu.Lock()
		for _, one := range others {
			r.add(one, false, now)
		}
		r.mu.Unlock()
	}
	batch := r.takeKept(time.Now().UTC(), last)
	for len(batch) > 0 {
		n := min(len(batch), refusedBatch)
		if err := r.Store.Refusals(ctx, batch[:n]); err != nil {
			r.failed(err)
			r.keep(batch)
			return
		}
		all, rest := 0, 0
		for _, one := range batch[:n] {
			all += one.Count
			if one.Action == ActionRest {
				rest += one.Count
			}
		}
		r.Observer.RefusalsWritten(all, rest)
		batch = batch[n:]
	}
}

func (r *Refusals) failed(err error) {
	r.Observer.RefusalsFailed()
	r.Log.Warn("refused attempts could not be written to the audit", zap.Error(err))
}

func (r *Refusals) takeMissing() (all []models.Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.actors {
		for _, one := range a.missing {
			all = append(all, *one)
		}
		clear(a.missing)
	}
	return all
}

func (r *Refusals) takeKept(now time.Time, last bool) (all []models.Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for who, a := range r.actors {
		for _, one := range a.kept {
			all = append(all, *one)
		}
		clear(a.kept)
		if a.rest.Count > 0 && (last || a.take(who, now)) {
			all = append(all, a.rest)
			a.rest = models.Refusal{}
		}
		if a.refill(who, now) && a.rest.Count == 0 && len(a.missing) == 0 {
			delete(r.actors, who)
		}
	}
	return all
}

// keep puts back what could not be written, as far as an actor may have at once.
func (r *Refusals) keep(batch []models.Refusal) {
	now := time.Now().UTC()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range batch {
		who, _ := whose(&one)
		a, _ := r.of(who, now)
		most, _ := who.limits()
		r.add(one, float64(len(a.kept)) < most, now)
	}
}
