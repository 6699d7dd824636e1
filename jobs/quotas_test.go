package jobs

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// used is an intake that knows what was used.
type used struct {
	Intake
	spent map[string]models.Spent // by end user
	asked int
}

func (u *used) Spent(_ context.Context, _, endUser string) (models.Spent, error) {
	u.asked++
	return u.spent[endUser], nil
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := &used{spent: map[string]models.Spent{"": {Jobs: 6, Tokens: 99, BuildMillis: 9 * 60_000}, "fox": {Jobs: 1}, "wolf": {Jobs: 3}}}
		s := &Service{Intake: in, Accounts: standings{}, Defaults: models.Limits{JobsPerDay: new(10), TokensPerDay: new(100), BuildMinutesPerDay: new(10),
			JobsPerDayPerEndUser: new(3)}}
		admit := func(endUser string, kinds ...models.Kind) models.Code {
			if _, err := s.admit(t.Context(), "a", endUser, kinds...); err != nil {
				return models.CodeOf(err)
			}
			return ""
		}
		const full = models.CodeQuotaExceeded
		build, gen := models.KindBuild, models.KindGeneration
		require.Empty(t, admit("fox", build, gen))
		require.Equal(t, full, admit("fox", build), "its own quota, with what it has just submitted")
		require.Equal(t, full, admit("wolf", build))
		require.Equal(t, full, admit("", build, build, build), "all or nothing")
		require.Empty(t, admit("", build, build))
		require.Equal(t, full, admit("", models.KindExport))
		require.Equal(t, 3, in.asked)

		// What is counted later does not give back what was accepted a moment ago; but what was taken back does.
		time.Sleep(2 * time.Second)
		require.Equal(t, full, admit("", models.KindExport))
		s.spending.add("a", "", -1)
		require.Empty(t, admit("", models.KindExport))
		require.Equal(t, full, admit("", models.KindExport))

		// What was remembered in the last moments of a day is forgotten in the first ones of the next.
		in.spent = map[string]models.Spent{}
		time.Sleep(settled + time.Second)
		require.Empty(t, admit("", models.KindExport))

		in.spent = map[string]models.Spent{"": {Jobs: 1, Tokens: 100, BuildMillis: 10 * 60_000}}
		time.Sleep(48 * time.Hour)
		require.Empty(t, admit("", models.KindExport), "another day")
		require.Equal(t, full, admit("", gen), "all tokens are used")
		require.Equal(t, full, admit("", build), "all minutes are used")

		lost := models.Job{State: models.StateFailed, Kind: build}
		require.Equal(t, full, models.CodeOf(s.admitRetry(t.Context(), "a", lost)), "a retry builds, too")
		lost.Kind = models.KindExport
		require.NoError(t, s.admitRetry(t.Context(), "a", lost, lost, lost, lost, lost, lost, lost, lost, lost, lost, lost))
		require.NoError(t, s.admitRetry(t.Context(), "a", models.Job{State: models.StateSucceeded, Kind: build}))

		_, err := s.admit(t.Context(), "a", "", gen)
		var late interface{ RetryAfter() time.Duration }
		require.ErrorAs(t, err, &late)
		require.Equal(t, models.DayEnds(time.Now()), time.Now().Add(late.RetryAfter()).UTC())
		require.ErrorContains(t, err, "tokens_per_day is 100, of which 100 are used")
	})
}
