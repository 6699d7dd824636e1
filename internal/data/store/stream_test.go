package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/logger"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// sequence gives all committed events their positions, and returns how many they were.
func sequence(t *testing.T, s *Store) (events int) {
	t.Helper()
	for {
		_, n, more, err := s.Stream.Sequence(t.Context(), 100)
		require.NoError(t, err)
		events += n
		if !more {
			return events
		}
	}
}

// streamed is what the stream of an account has after a position: "type of the job" for the jobs named.
func streamed(t *testing.T, s *Store, account string, after int64, names map[string]string) (all []string) {
	t.Helper()
	events, err := s.Stream.After(t.Context(), account, models.Place{}, after, 1000)
	require.NoError(t, err)
	for _, e := range events {
		all = append(all, fmt.Sprint(e.Type, " ", names[e.JobID]))
	}
	return all
}

func TestEventsGetPositionsAfterTheirCommit(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p, other := tenant(t, s), tenant(t, s)
		a, b := submit1(t, s, p), newJob(p, models.KindAnalytics, models.StateQueued)
		b.ProjectID = ""
		require.NoError(t, s.Jobs.Submit(ctx, jobs.Submission{Jobs: []*models.Job{b}}))
		theirs := submit1(t, s, other)
		names := map[string]string{a.ID: "a", b.ID: "b", theirs.ID: "theirs"}
		require.Empty(t, streamed(t, s, p.AccountID, 0, names))
		at, err := s.Stream.Position(ctx)
		require.NoError(t, err)
		require.Zero(t, at)

		streams, n, more, err := s.Stream.Sequence(ctx, 100)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{p.AccountID, p.ID, other.AccountID, other.ID}, streams)
		require.Equal(t, 3, n)
		require.False(t, more)
		require.Equal(t, []string{"queued a", "queued b"}, streamed(t, s, p.AccountID, 0, names))
		require.Equal(t, []string{"queued theirs"}, streamed(t, s, other.AccountID, 0, names))
		at, err = s.Stream.Position(ctx)
		require.NoError(t, err)

		claimed := claim(t, s, p, a)
		_, err = s.Ledger.Finish(ctx, claimed.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
		require.NoError(t, err)
		_, _, err = s.Jobs.Cancel(ctx, p.AccountID, b.ID, "over")
		require.NoError(t, err)
		require.Equal(t, 3, sequence(t, s))
		require.Equal(t, []string{"started a", "succeeded a", "cancelled b"}, streamed(t, s, p.AccountID, at, names))
		require.Zero(t, sequence(t, s))

		events, err := s.Stream.After(ctx, p.AccountID, models.Place{ProjectID: p.ID}, 0, 2)
		require.NoError(t, err)
		require.Len(t, events, 2)
		require.Equal(t, models.StreamEvent{
			Event:    models.Event{JobID: a.ID, Seq: 1, Type: models.EventQueued, Data: models.JSON(`{"state":"queued"}`), CreatedAt: events[0].CreatedAt},
			Position: events[0].Position, AccountID: p.AccountID, ProjectID: p.ID,
		}, events[0])
		require.WithinDuration(t, time.Now(), events[0].CreatedAt, time.Minute)
		require.Equal(t, models.EventStarted, events[1].Type)
		events, err = s.Stream.After(ctx, other.AccountID, models.Place{ProjectID: p.ID}, 0, 10)
		require.NoError(t, err)
		require.Empty(t, events, "another account's project")
		_, err = s.Stream.After(ctx, "", models.Place{ProjectID: p.ID}, 0, 10)
		require.ErrorIs(t, err, errNoAccount)
		require.Equal(t, 0, count(t, s, "event_outbox", "true"))
	})
}

// A transaction that commits late comes late in the stream, although it began first; nothing appears behind what was read.
func TestALateCommitComesLate(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	p := tenant(t, s)
	late := s.db.w.Begin()
	l := newJob(p, models.KindBuild, models.StateQueued)
	_, err := (&tx{DB: late, dialect: s.db.dialect}).insertJobs(&jobs.Submission{Jobs: []*models.Job{l}})
	require.NoError(t, err)
	early := submit1(t, s, p)
	names := map[string]string{l.ID: "late", early.ID: "early"}
	require.Equal(t, 1, sequence(t, s))
	require.Equal(t, []string{"queued early"}, streamed(t, s, p.AccountID, 0, names))
	at, err := s.Stream.Position(t.Context())
	require.NoError(t, err)
	require.NoError(t, late.Commit().Error)
	require.Equal(t, 1, sequence(t, s))
	require.Equal(t, []string{"queued late"}, streamed(t, s, p.AccountID, at, names))
}

// While one process gives positions, another does nothing; what the first has not committed, the next does.
func TestOneSequencerAtATime(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	p := tenant(t, s)
	j := submit1(t, s, p)
	first := s.db.w.Begin()
	found, err := (&tx{DB: first, dialect: s.db.dialect}).sequence(100)
	require.NoError(t, err)
	require.Equal(t, []sequenced{{AccountID: p.AccountID, ProjectID: p.ID, Events: 1, Notes: 1}, {Notes: 1}}, found)
	another := submit1(t, s, p)
	require.Zero(t, sequence(t, s))
	require.NoError(t, first.Rollback().Error) // as when its process dies
	require.Equal(t, 2, sequence(t, s))
	require.Equal(t, []string{"queued 1", "queued 2"}, streamed(t, s, p.AccountID, 0, map[string]string{j.ID: "1", another.ID: "2"}))
}

// Followers that read any number of events at a time, while jobs of several accounts go through their lives and two sequencers take
// turns, see each event once, and those of a job in order.
func TestFollowersMissNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		const accounts, writers, each = 3, 4, 12
		ctx, stop := context.WithCancel(t.Context())
		var written, sequencers, followers sync.WaitGroup
		for range 2 {
			sequencers.Go(func() {
				for ctx.Err() == nil {
					if _, _, _, err := s.Stream.Sequence(ctx, 1+rand.IntN(5)); err != nil && ctx.Err() == nil {
						t.Error(err)
						return
					}
				}
			})
		}
		over := make(chan struct{})
		seen := make([]map[string]int64, accounts) // the last seq of each job
		for i := range accounts {
			p := tenant(t, s)
			seen[i] = make(map[string]int64)
			for range writers {
				written.Go(func() {
					for range each {
						life(t, s, p)
					}
				})
			}
			followers.Go(func() {
				after := int64(0)
				for last := false; ; {
					events, err := s.Stream.After(t.Context(), p.AccountID, []models.Place{{}, {ProjectID: p.ID}}[rand.IntN(2)], after, 1+rand.IntN(10))
					if err != nil {
						t.Error(err)
						return
					}
					for _, e := range events {
						if e.Position <= after || e.Seq != seen[i][e.JobID]+1 || e.AccountID != p.AccountID {
							t.Errorf("after %d, seq %d of the job: %+v", after, seen[i][e.JobID], e)
							return
						}
						seen[i][e.JobID], after = e.Seq, e.Position
					}
					switch {
					case len(events) > 0:
						last = false
					case last:
						return
					default:
						select {
						case <-over: // once more: what was sequenced before it was over
							last = true
						default:
						}
					}
				}
			})
		}
		written.Wait()
		stop()
		sequencers.Wait()
		sequence(t, s)
		close(over)
		followers.Wait()
		for i := range accounts {
			require.Len(t, seen[i], writers*each)
			for job, seq := range seen[i] {
				require.Equal(t, int64(3), seq, job)
			}
		}
	})
}

// life takes a job from its submission to its end.
func life(t *testing.T, s *Store, p *models.Project) {
	j := newJob(p, models.KindBuild, models.StateQueued)
	err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}, Direct: true})
	if err == nil {
		j, err = s.Ledger.Claim(t.Context(), j.ID, 1, "worker", lease)
	}
	if err == nil {
		_, err = s.Ledger.Finish(t.Context(), j.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
	}
	if err != nil {
		t.Error(err)
	}
}

func TestOldPositionsExpire(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		for range 3 {
			submit1(t, s, p)
		}
		sequence(t, s)
		all3, err := s.Stream.After(ctx, p.AccountID, models.Place{}, 0, 10)
		require.NoError(t, err)
		require.Len(t, all3, 3)
		require.NoError(t, s.db.w.Exec("UPDATE event_stream SET at = "+s.db.dialect.nowPlus(micros(-8*day))+" WHERE position <= ?", all3[1].Position).Error)
		require.Equal(t, map[string]int{"positions": 2}, all(t, s.Retention.Stream, 7*day))
		done, err := s.Retention.Stream(ctx, 7*day)
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), done.Oldest, time.Minute)

		_, err = s.Stream.After(ctx, p.AccountID, models.Place{}, all3[0].Position, 10)
		require.Equal(t, models.CodeCursorExpired, models.CodeOf(err))
		_, err = s.Stream.After(ctx, p.AccountID, models.Place{}, all3[2].Position+1, 10)
		require.Equal(t, models.CodeCursorExpired, models.CodeOf(err), "not given yet")
		for _, from := range []int64{0, all3[1].Position} {
			left, err := s.Stream.After(ctx, p.AccountID, models.Place{}, from, 10)
			require.NoError(t, err)
			require.Equal(t, all3[2:], left)
		}

		// Positions go on, also after all of them are forgotten.
		require.NoError(t, s.db.w.Exec("UPDATE event_stream SET at = "+s.db.dialect.nowPlus(micros(-8*day))).Error)
		require.Equal(t, map[string]int{"positions": 1}, all(t, s.Retention.Stream, 7*day))
		at, err := s.Stream.Position(ctx)
		require.NoError(t, err)
		require.Equal(t, all3[2].Position, at)
		submit1(t, s, p)
		require.Equal(t, 1, sequence(t, s))
		next, err := s.Stream.After(ctx, p.AccountID, models.Place{}, at, 10)
		require.NoError(t, err)
		require.Len(t, next, 1)
		require.Greater(t, next[0].Position, at)

		// An event may go before its position, with a job that is kept for a shorter time.
		require.NoError(t, s.db.w.Exec("DELETE FROM job_events").Error)
		_, err = s.Stream.After(ctx, p.AccountID, models.Place{}, at, 10)
		require.Equal(t, models.CodeCursorExpired, models.CodeOf(err))
	})
}

// A look at the outbox costs what it takes, and a reader what it reads, whatever there is beside.
func TestStreamsAreReadByIndexes(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	p := tenant(t, s)
	require.NoError(t, s.db.w.Exec(`INSERT INTO event_stream (account_id, project_id, pipeline_id, job_id, seq, at)
		SELECT CASE WHEN n % 1000 = 0 THEN @account ELSE 'account ' || n % 10 END, CASE WHEN n % 2000 = 0 THEN @project ELSE 'project ' || n % 100 END, '', 'job ' || n, 1, now()
		FROM generate_series(1, 30000) AS n`, map[string]any{"account": p.AccountID, "project": p.ID}).Error)
	require.NoError(t, s.db.w.Exec("INSERT INTO event_outbox (events) SELECT '[]' FROM generate_series(1, 5000)").Error)
	require.NoError(t, s.db.w.Exec("ANALYZE").Error)
	seen := &statements{Interface: logger.Discard}
	stream := &Stream{s.db.logged(seen), s.db.logged(seen)}
	for project, index := range map[string]string{"": "event_stream_by_account", p.ID: "event_stream_by_project"} {
		seen.all = nil
		_, err := stream.After(t.Context(), p.AccountID, models.Place{ProjectID: project}, 1, 200)
		require.Equal(t, models.CodeCursorExpired, models.CodeOf(err), "there are no such events")
		require.Contains(t, planOf(t, s, seen.all[0]), index)
		require.NotContains(t, planOf(t, s, seen.all[1]), "Seq Scan on event_stream")
	}
	seen.all = nil
	_, _, _, err := stream.Sequence(t.Context(), 10)
	require.NoError(t, err)
	require.NotContains(t, planOf(t, s, seen.all[0]), "Seq Scan on event_outbox o")
}
