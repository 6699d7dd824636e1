package store

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// What is used of a quota is told at 80 and at 100 percent, once each a day, however many look at the same time.
func TestQuotasAreToldOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, quiet := tenant(t, s), tenant(t, s)
		_, err := s.Accounts.PutPlan(t.Context(), &models.Plan{Name: "small", Limits: models.Limits{JobsPerDay: new(10)}})
		require.NoError(t, err)
		_, err = s.Accounts.ChangeAccount(t.Context(), p.AccountID, func(a *models.Account) error { a.Plan = "small"; return nil })
		require.NoError(t, err)
		_, err = s.Accounts.ChangeAccount(t.Context(), quiet.AccountID, func(a *models.Account) error { a.JobsPerDay = new(0); return nil })
		require.NoError(t, err)
		defaults := models.Limits{JobsPerDay: new(1), JobsPerDayPerEndUser: new(8), BuildMinutesPerDay: new(1000)}
		look := func() {
			t.Helper()
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					if _, _, err := s.Spending.TellQuotas(t.Context(), defaults); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			sequence(t, s)
		}
		told := func(p *models.Project) (got [][]any) {
			t.Helper()
			events, err := s.Stream.After(t.Context(), p.AccountID, models.Place{}, 0, 1000)
			require.NoError(t, err)
			for _, e := range events {
				if e.Type != models.EventQuota {
					continue
				}
				var d struct {
					Quota   string
					Percent int
					Limit   int
					Used    int
					EndUser *string `json:"end_user"`
				}
				require.NoError(t, json.Unmarshal(e.Data, &d))
				whose := ""
				if d.EndUser != nil {
					whose = *d.EndUser
				}
				got = append(got, []any{d.Quota, d.Percent, d.Limit, d.Used, whose})
			}
			return got
		}
		submitFor(t, s, p, "fox", 7)
		submitFor(t, s, quiet, "", 20)
		sequence(t, s)
		look()
		require.ElementsMatch(t, [][]any{{"jobs_per_day_per_end_user", 80, 8, 7, "fox"}}, told(p))
		submitFor(t, s, p, "fox", 1)
		sequence(t, s)
		look()
		look()
		want := [][]any{{"jobs_per_day_per_end_user", 80, 8, 7, "fox"}, {"jobs_per_day", 80, 10, 8, ""}, {"jobs_per_day_per_end_user", 100, 8, 8, "fox"}}
		require.ElementsMatch(t, want, told(p))
		require.NoError(t, s.db.w.Exec("UPDATE spent SET build_millis = ? WHERE account_id = ? AND end_user = ''", 1000*60_000, p.AccountID).Error)
		submitFor(t, s, p, "", 2)
		sequence(t, s)
		look()
		want = append(want, []any{"jobs_per_day", 100, 10, 10, ""}, []any{"build_minutes_per_day", 80, 1000, 1000, ""}, []any{"build_minutes_per_day", 100, 1000, 1000, ""})
		require.ElementsMatch(t, want, told(p))
		require.Empty(t, told(quiet))

		// Another day.
		require.NoError(t, s.db.w.Exec("UPDATE quota_notices SET day = '2020-01-01'").Error)
		require.NoError(t, s.Retention.ForgetSpent(t.Context()))
		var kept int
		require.NoError(t, s.db.w.Raw("SELECT count(*) FROM quota_notices").Scan(&kept).Error)
		require.Zero(t, kept)
	})
}

// Of what runs it is told when so much of it ran at once.
func TestQuotasOfWhatRunsAreTold(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, quiet := tenant(t, s), tenant(t, s)
		_, err := s.Accounts.ChangeAccount(t.Context(), p.AccountID, func(a *models.Account) error {
			a.MaxRunning, a.MaxRunningPerEndUser = new(5), new(2)
			return nil
		})
		require.NoError(t, err)
		look := func(want int) {
			t.Helper()
			told, more, err := s.Spending.TellQuotas(t.Context(), models.Limits{MaxRunning: new(100), MaxRunningPerEndUser: new(0)})
			require.NoError(t, err)
			require.False(t, more)
			require.Equal(t, want, told)
		}
		submitFor(t, s, quiet, "bear", 10)
		submitFor(t, s, p, "fox", 2)
		submitFor(t, s, p, "", 2)
		look(0) // they wait
		release(t, s, p)
		release(t, s, quiet)
		look(3)
		look(0)
		sequence(t, s)
		events, err := s.Stream.After(t.Context(), p.AccountID, models.Place{}, 0, 1000)
		require.NoError(t, err)
		var got []string
		for _, e := range events {
			if e.Type == models.EventQuota {
				got = append(got, string(e.Data))
			}
		}
		require.Len(t, got, 3)
		for _, want := range []string{`"max_running"`, `"max_running_per_end_user"`} {
			require.Contains(t, strings.Join(got, " "), want)
		}
	})
}

// What happened to accounts is removed when it is old, and not before it is in the stream; and what schedules did is, too.
func TestEventsOfAccountsAreRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		require.NoError(t, s.db.write(t.Context(), func(tx *tx) error {
			return tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: p.AccountID, Type: models.EventQuota, Data: models.JSON(`{}`)})
		}))
		done, err := s.Retention.AccountEvents(t.Context(), -time.Hour)
		require.NoError(t, err)
		require.Zero(t, done.Removed["account_events"])
		require.False(t, done.Oldest.IsZero())
		require.Equal(t, 1, sequence(t, s))
		require.Zero(t, sequence(t, s))
		done, err = s.Retention.AccountEvents(t.Context(), time.Hour)
		require.NoError(t, err)
		require.Zero(t, done.Removed["account_events"])
		done, err = s.Retention.AccountEvents(t.Context(), -time.Hour)
		require.NoError(t, err)
		require.Equal(t, 1, done.Removed["account_events"])

		a := &models.AccountSchedule{ID: models.NewID(), AccountID: p.AccountID, Name: "x", Cron: "@daily", TimeZone: "UTC", Target: models.JSON(`{}`),
			Overlap: models.ConcurrencySkip, Misfire: models.MisfireSkip, NextRunAt: time.Now().UTC().Truncate(time.Second), CountedFrom: time.Now()}
		require.NoError(t, s.Schedules.Create(t.Context(), a, 1))
		require.Equal(t, models.CodeLimitReached, models.CodeOf(s.Schedules.Create(t.Context(), a, 1)))
		f := &models.Firing{ID: models.NewID(), AccountID: p.AccountID, ScheduleID: a.ID, DueAt: a.NextRunAt, FiredAt: time.Now(), Outcome: models.FiringMissed,
			Was: a.NextRunAt, Next: a.NextRunAt.Add(time.Hour)}
		won, paused, err := s.Schedules.Fire(t.Context(), f, 10)
		require.NoError(t, err)
		require.Equal(t, []bool{true, false}, []bool{won, paused})
		won, _, err = s.Schedules.Fire(t.Context(), f, 10)
		require.NoError(t, err)
		require.False(t, won, "its time has come already")
		done, err = s.Retention.Firings(t.Context(), time.Hour)
		require.NoError(t, err)
		require.Zero(t, done.Removed["firings"])
		done, err = s.Retention.Firings(t.Context(), -time.Hour)
		require.NoError(t, err)
		require.Equal(t, 1, done.Removed["firings"])
	})
}
