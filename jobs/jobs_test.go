package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/spark-games/spark/models"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTableIsComplete(t *testing.T) {
	t.Parallel()
	for _, k := range models.Kinds() {
		p := PolicyOf(k)
		require.Positive(t, p.Timeout, k)
		require.Positive(t, p.MaxFailures, k)
		require.Positive(t, p.Concurrency, k)
	}
	for _, p := range models.Priorities() {
		require.Positive(t, Weights[p], p)
	}
}

func TestBackoffGrowsAndIsBounded(t *testing.T) {
	t.Parallel()
	p := Policy{BackoffBase: time.Second, BackoffMax: 30 * time.Second}
	for n, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 4: 8 * time.Second, 6: 30 * time.Second, 1000: 30 * time.Second} {
		for range 50 {
			d := p.Backoff(n)
			require.GreaterOrEqual(t, d, want/2)
			require.LessOrEqual(t, d, want)
		}
	}
}

func TestFairShares(t *testing.T) {
	t.Parallel()
	a := func(id string, weight, busy int) AccountLoad {
		return AccountLoad{AccountID: id, Weight: weight, Busy: busy}
	}
	for name, c := range map[string]struct {
		accounts []AccountLoad
		room     int
		want     []Share
	}{
		"no room":            {[]AccountLoad{a("a", 1, 0)}, 0, nil},
		"nobody":             {nil, 5, nil},
		"one takes all":      {[]AccountLoad{a("a", 1, 9)}, 3, []Share{{AccountID: "a", N: 3}}},
		"equal":              {[]AccountLoad{a("a", 1, 0), a("b", 1, 0)}, 4, []Share{{AccountID: "a", N: 2}, {AccountID: "b", N: 2}}},
		"the idle first":     {[]AccountLoad{a("flood", 1, 6), a("quiet", 1, 0)}, 4, []Share{{AccountID: "quiet", N: 4}}},
		"catching up":        {[]AccountLoad{a("flood", 1, 2), a("quiet", 1, 0)}, 6, []Share{{AccountID: "quiet", N: 4}, {AccountID: "flood", N: 2}}},
		"by weight":          {[]AccountLoad{a("a", 3, 0), a("b", 1, 0)}, 4, []Share{{AccountID: "a", N: 3}, {AccountID: "b", N: 1}}},
		"weight zero is one": {[]AccountLoad{a("a", 0, 0), a("b", 1, 0)}, 2, []Share{{AccountID: "a", N: 1}, {AccountID: "b", N: 1}}},
		"halves decide":      {[]AccountLoad{a("a", 4, 10), a("b", 1, 2)}, 1, []Share{{AccountID: "b", N: 1}}},
	} {
		// Accounts that are equally busy for their weights come in any order.
		require.ElementsMatch(t, c.want, FairShares(c.accounts, c.room), name)
	}
	for range 100 {
		shares := FairShares([]AccountLoad{a("quiet", 1, 0), a("flood", 1, 2)}, 4)
		require.Equal(t, "quiet", shares[0].AccountID, "the less busy stands first in Redis")
	}
}

func TestChanceDecidesBetweenEqualAccounts(t *testing.T) {
	t.Parallel()
	got := make(map[string]int)
	for range 3000 {
		for _, s := range FairShares([]AccountLoad{{AccountID: "a"}, {AccountID: "b"}, {AccountID: "c"}}, 2) {
			require.Equal(t, 1, s.N)
			got[s.AccountID]++
		}
	}
	for _, id := range []string{"a", "b", "c"} {
		require.InDelta(t, 2000, got[id], 300, "11 standard deviations") // sqrt(3000 * 2/3 * 1/3) = 26
	}
}

func TestInterleave(t *testing.T) {
	t.Parallel()
	d := func(id string) Dispatch { return Dispatch{JobID: id} }
	got := interleave([][]Dispatch{{d("a1"), d("a2"), d("a3")}, {d("b1")}, nil, {d("c1"), d("c2")}})
	require.Equal(t, []Dispatch{d("a1"), d("b1"), d("c1"), d("a2"), d("c2"), d("a3")}, got)
}

// wait and final are errors of handlers that speak for themselves.
type wait struct{ error }

func (w wait) Unwrap() error { return w.error }

func (wait) RetryAfter() time.Duration { return time.Hour }

type final struct{ error }

func (f final) Unwrap() error { return f.error }

func (final) Permanent() bool { return true }

func TestJudge(t *testing.T) {
	t.Parallel()
	job := &models.Job{Kind: models.KindBuild, MaxFailures: 3}
	last := &models.Job{Kind: models.KindBuild, MaxFailures: 3, Failures: 2}
	patient := &models.Job{Kind: models.KindBuild, MaxFailures: 3, Outages: maxOutages - 1}
	spent := &models.Job{Kind: models.KindBuild, MaxFailures: 3, Failures: 1, Outages: maxOutages - 1}
	passing := models.NewError(models.CodeSandboxFailed, "bad luck")
	outage := models.NewError(models.CodeUnavailable, "no room")
	for name, c := range map[string]struct {
		job   *models.Job
		cause error
		err   error
		want  Verdict
		code  models.Code
	}{
		"success":               {job, nil, nil, Succeeded, ""},
		"passing error":         {job, nil, passing, Retry, models.CodeSandboxFailed},
		"passing, last try":     {last, nil, passing, Failed, models.CodeSandboxFailed},
		"permanent by code":     {job, nil, models.NewError(models.CodeCompileFailed, "x"), Failed, models.CodeCompileFailed},
		"permanent by itself":   {job, nil, final{passing}, Failed, models.CodeSandboxFailed},
		"outage, last try":      {last, nil, outage, Retry, models.CodeUnavailable},
		"outages use up no try": {spent, nil, passing, Retry, models.CodeSandboxFailed},
		"endless outage":        {patient, nil, outage, Failed, models.CodeUnavailable},
		"unknown error":         {job, nil, errors.New("secret detail"), Retry, models.CodeInternal},
		"cancelled":             {job, ErrCancelled, context.Canceled, Cancelled, ""},
		"timeout":               {job, ErrTimeout, context.DeadlineExceeded, Failed, models.CodeTimeout},
		"worker stops":          {job, ErrWorkerStops, context.Canceled, HandBack, ""},
		"lease lost":            {job, ErrLeaseLost, context.Canceled, Lost, ""},
		"success despite cause": {job, ErrWorkerStops, nil, Succeeded, ""},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		if c.cause != nil {
			cancel(c.cause)
		}
		out := judge(ctx, c.job, nil, c.err)
		cancel(nil)
		require.Equal(t, c.want, out.Verdict, name)
		if c.code != "" {
			require.Equal(t, c.code, out.Err.Code, name)
			require.NotContains(t, out.Err.Message, "secret", name)
		}
	}
	require.Equal(t, maxRetryAfter, judge(t.Context(), job, nil, wait{passing}).Delay)
}

func TestLogTailKeepsTheEnd(t *testing.T) {
	t.Parallel()
	var tail logTail
	for i := range 10_000 {
		tail.add(fmt.Sprintf("line %d\n", i))
	}
	tail.add(strings.Repeat("x", 10*LogTailBytes))
	s := tail.String()
	require.LessOrEqual(t, len(s), LogTailBytes)
	require.NotContains(t, s, "line 1\n")
	require.Contains(t, s, "line 9999\nxxx")
}
