package kernel

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// written is an audit that keeps what it is given, unless it is away.
type written struct {
	all      []models.Refusal
	others   map[string]bool
	away     bool
	attempts int
	rest     int
	failed   int
}

func (w *written) Refusals(_ context.Context, all []models.Refusal) error {
	if w.away {
		return errors.New("away")
	}
	w.all = append(w.all, all...)
	return nil
}

func (w *written) Others(_ context.Context, asked []models.Refusal) (others []models.Refusal, err error) {
	for _, one := range asked {
		if w.others[one.ResourceID] {
			others = append(others, one)
		}
	}
	return others, nil
}

func (w *written) RefusalsWritten(attempts, rest int) { w.attempts += attempts; w.rest += rest }
func (w *written) RefusalsFailed()                    { w.failed++ }

// sum counts the attempts of entries.
func (w *written) sum() (n int) {
	for _, one := range w.all {
		n += one.Count
	}
	return n
}

func gathering(w *written) *Refusals {
	return &Refusals{Store: w, Every: 5 * time.Second, Log: zap.NewNop(), Observer: w}
}

func by(account, key, action string) models.Refusal {
	return models.Refusal{Actor: models.Actor{Kind: models.ActorKey, AccountID: account, KeyID: key, RequestID: "r"}, AccountID: account, Action: action,
		Code: models.CodeForbidden}
}

// Whatever callers without a key try, they make few entries and take little memory, and no one else's attempts go under.
func TestRefusalsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &written{}
		r := gathering(w)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { r.Run(ctx); close(ended) }()
		const each, rounds = 1000, 60
		for i := range rounds { // five minutes
			for k := range each {
				r.hold(models.Refusal{Actor: models.Actor{Kind: models.ActorNobody, Address: fmt.Sprintf("192.0.%d.%d", i, k)}, Action: "listJobs",
					Code: models.CodeUnauthorized}, false)
			}
			if i == 30 {
				r.hold(by("a", "k", "listAudit"), false)
				r.hold(by("a", "k", "listAudit"), false)
			}
			time.Sleep(5 * time.Second)
		}
		synctest.Wait()
		require.LessOrEqual(t, len(w.all), nobodysRoom+int(rounds*5*time.Second/nobodysAgain)+2)
		require.Len(t, r.actors, 1, "an actor whose room is back is forgotten")
		stop()
		<-ended
		require.Equal(t, each*rounds+2, w.sum(), "none is lost, also at the end")
		require.Equal(t, each*rounds+2, w.attempts)
		require.Greater(t, w.rest, 50000)
		var own []models.Refusal
		for _, one := range w.all {
			if one.AccountID == "a" {
				own = append(own, one)
			}
		}
		require.Len(t, own, 1)
		require.Equal(t, 2, own[0].Count)
		require.Empty(t, own[0].Actor.RequestID, "it is that of one attempt alone")
	})
}

// Many keys take a limited amount of memory, and each a limited number of entries.
func TestRefusedActorsAreBounded(t *testing.T) {
	t.Parallel()
	w := &written{}
	r := gathering(w)
	for i := range mostRefused + 1000 {
		for range 2 {
			r.hold(by("a", fmt.Sprint(i), "listAudit"), false)
		}
	}
	for i := range 3 * refusedRoom {
		r.hold(by("a", "0", fmt.Sprint("action ", i)), false)
	}
	require.LessOrEqual(t, len(r.actors), mostRefused+1)
	r.Write(t.Context(), true)
	require.Equal(t, 2*(mostRefused+1000)+3*refusedRoom, w.sum())
	require.Equal(t, mostRefused+1+refusedRoom-1+1, len(w.all), "one of each key, those of the first key and its rest, and that of the others")
}

// What was not found is an attempt if it is another account's, and what cannot be written is written later.
func TestRefusalsThatWait(t *testing.T) {
	t.Parallel()
	w := &written{others: map[string]bool{"theirs": true}, away: true}
	r := gathering(w)
	for _, id := range []string{"theirs", "none", "theirs"} {
		one := by("a", "k", "getProject")
		one.Code, one.ResourceKind, one.ResourceID = models.CodeNotFound, "project", id
		r.hold(one, true)
	}
	for i := range 3 * refusedRoom {
		r.hold(by("b", "k", fmt.Sprint("action ", i)), false)
	}
	for range 3 {
		r.Write(t.Context(), false)
	}
	require.Empty(t, w.all)
	require.Equal(t, 3, w.failed)
	w.away = false
	r.Write(t.Context(), true)
	require.Equal(t, 2+3*refusedRoom, w.sum())
	for _, one := range w.all {
		require.NotEqual(t, "none", one.ResourceID)
	}
	r.Write(t.Context(), true)
	require.Equal(t, 2+3*refusedRoom, w.sum(), "each once")
}
