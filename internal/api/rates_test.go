package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/rates"
	"github.com/spark-games/spark/models"
)

// limited is an API with limits by the minute.
func limited(t *testing.T, change func(*kernel.Rates)) *testAPI {
	t.Helper()
	return newTestAPI(t, func(o *Options) {
		o.Rates = &kernel.Rates{Limiter: &rates.Limiter{Shared: &rates.Own{}}, Accounts: o.Standings}
		for _, f := range o.Rates.Defaults.Fields() {
			*f.Value = new(int)
		}
		change(o.Rates)
	})
}

func TestRateOfAnAccount(t *testing.T) {
	t.Parallel()
	a := limited(t, func(*kernel.Rates) {})
	require.Empty(t, a.do("GET", "/v1/jobs", "").want(200).header.Get("RateLimit"), "there is no limit")
	// The account's own limit applies without a restart.
	a.do("PATCH", "/v1/admin/accounts/"+a.account, `{"limits":{"requests_per_minute":8,"requests_per_minute_per_key":7}}`, bearer(a.admin)).want(200)
	require.Eventually(t, func() bool { return a.do("GET", "/v1/jobs", "").header.Get("RateLimit") != "" }, 10*time.Second, 50*time.Millisecond)

	other := bearer(a.newKey(a.account, models.RoleUser))
	got := a.do("GET", "/v1/jobs", "", other).want(200)
	require.Contains(t, got.header.Get("RateLimit-Policy"), `"account";q=8;w=60`)
	// A submission counts as five.
	for range 8 {
		got = a.do("POST", "/v1/jobs", `{"kind":"analytics"}`, other)
	}
	p := got.problem(http.StatusTooManyRequests, models.CodeRateLimited)
	require.Contains(t, p.Detail, "requests a minute")
	require.NotEqual(t, "0", got.header.Get("Retry-After"))
	require.Regexp(t, `^"(account|key)";r=\d+;t=\d+$`, got.header.Get("RateLimit"))
	a.do("GET", "/v1/jobs", "", bearer(a.stranger)).want(200)
	require.Equal(t, 200, a.do("GET", "/healthz", "").status)
	o := decodeAs[openapi.AccountOverview](a.do("GET", "/v1/admin/accounts/"+a.account, "", bearer(a.newMaster())).want(200))
	require.Equal(t, 8, o.EffectiveLimits.RequestsPerMinute)
}

// A project counts as what is made with it: from a prompt as a submission, from a starter as a change of many files.
func TestRateOfProjects(t *testing.T) {
	t.Parallel()
	for body, cost := range map[string]int{
		`{"name":"Fox","engine":"phaser"}`:                                 1,
		`{"name":"Fox","engine":"phaser","from":{}}`:                       1,
		`{"name":"Fox","engine":"phaser","from":{"prompt":"a fox"}}`:       5,
		`{"name":"Fox","from":{"starter":"phaser"}}`:                       5,
		`{"name":"Fox","from":{"starter":"phaser","prompt":"a fox"}}`:      5,
		`{"name":"Fox","engine":"phaser","from":{"prompt":"a fox"},"x":1}`: 1, // it is refused before it is known what it asks for
	} {
		a := limited(t, func(r *kernel.Rates) { r.Defaults.RequestsPerMinute = new(1000) })
		got := a.do("POST", "/v1/projects", body)
		require.Equal(t, fmt.Sprintf(`"account";r=%d;t=1`, 1000-cost), got.header.Get("RateLimit"), body)
	}
	a := limited(t, func(r *kernel.Rates) { r.Defaults.RequestsPerMinute = new(12) })
	prompt := `{"name":"Fox","engine":"phaser","from":{"prompt":"a fox"}}`
	for range 2 {
		a.do("POST", "/v1/projects", prompt).want(201)
	}
	stored := a.stored()
	before := stored()
	a.do("POST", "/v1/projects", prompt).problem(429, models.CodeRateLimited)
	require.Equal(t, before, stored(), "what is refused makes nothing")
}

func TestRateOfAnEndUser(t *testing.T) {
	t.Parallel()
	a := limited(t, func(r *kernel.Rates) { r.Defaults.RequestsPerMinutePerEndUser = new(11) })
	submit := func(user string) answer {
		return a.do("POST", "/v1/jobs", fmt.Sprintf(`{"kind":"analytics","end_user":%q}`, user))
	}
	submit("fox").want(202)
	submit("fox").want(202)
	refused := submit("fox")
	refused.problem(429, models.CodeRateLimited)
	require.Equal(t, `"end user";q=11;w=60`, refused.header.Get("RateLimit-Policy"))
	require.Regexp(t, `^"end user";r=1;t=\d+$`, refused.header.Get("RateLimit"))
	submit("wolf").want(202)
	// Its browser tokens count for it, too.
	p := a.newProject()
	fox := bearer(a.token(fmt.Sprintf(`{"access":"read","project_id":%q,"end_user":"fox"}`, p.ID)))
	a.do("GET", "/v1/projects/"+p.ID, "", fox).want(200)
	for range 11 {
		if a.do("GET", "/v1/projects/"+p.ID, "", fox).status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("the end user is not limited")
}

// Whoever guesses keys is told to wait; whoever has one at the same address is not concerned.
func TestRateOfRefusals(t *testing.T) {
	t.Parallel()
	a := limited(t, func(r *kernel.Rates) { r.Refusals = 3 })
	for range 3 {
		a.do("GET", "/v1/jobs", "", bearer("spark_"+strings.Repeat("x", 38))).problem(401, models.CodeUnauthorized)
	}
	refused := a.do("GET", "/v1/jobs", "", bearer("spark_"+strings.Repeat("y", 38)))
	refused.problem(429, models.CodeRateLimited)
	require.Equal(t, `"address";q=3;w=60`, refused.header.Get("RateLimit-Policy"))
	a.do("GET", "/v1/jobs", "", "Authorization: ").problem(429, models.CodeRateLimited)
	a.do("GET", "/v1/jobs", "").want(200)
	a.do("GET", "/v1/admin/plans", "").problem(403, models.CodeForbidden)
}

func TestQuotaOfADay(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.do("PATCH", "/v1/admin/accounts/"+a.account, `{"limits":{"jobs_per_day":3,"jobs_per_day_per_end_user":2,"tokens_per_day":1000}}`, bearer(a.admin)).want(200)
	submit := func(user string) answer {
		return a.do("POST", "/v1/jobs", fmt.Sprintf(`{"kind":"analytics","end_user":%q}`, user))
	}
	submit("fox").want(202)
	submit("fox").want(202)
	refused := submit("fox")
	refused.problem(429, models.CodeQuotaExceeded)
	seconds, err := time.ParseDuration(refused.header.Get("Retry-After") + "s")
	require.NoError(t, err)
	require.WithinDuration(t, models.DayEnds(time.Now()), time.Now().Add(seconds), time.Minute)
	submit("wolf").want(202)
	submit("bear").problem(429, models.CodeQuotaExceeded)

	a.sequence()
	o := decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account?end_user=fox", "").want(200))
	got := make(map[string][3]int64)
	for _, q := range o.Quotas {
		got[q.Name] = [3]int64{q.Limit, q.Used, q.Left}
	}
	require.Equal(t, map[string][3]int64{"jobs_per_day": {3, 3, 0}, "tokens_per_day": {1000, 0, 1000}, "jobs_per_day_per_end_user": {2, 2, 0}}, got)
	require.Len(t, decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account", "").want(200)).Quotas, 2)
}

// What was refused, or skipped, has not used up a quota, and a retry is no new job.
func TestQuotaCountsWhatWasAccepted(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.do("PATCH", "/v1/admin/accounts/"+a.account, `{"limits":{"jobs_per_day":4}}`, bearer(a.admin)).want(200)
	p := a.newProject()
	failed := a.claim(a.submit(models.KindBuild))
	failed.fail()
	for range 5 {
		a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"build"}`, models.NewID())).problem(404, models.CodeNotFound)
	}
	skip := fmt.Sprintf(`{"project_id":%q,"kind":"build","concurrency_key":"k","concurrency_policy":"skip"}`, p.ID)
	a.do("POST", "/v1/jobs", skip).want(202)
	for range 5 {
		a.do("POST", "/v1/jobs", skip).want(200)
	}
	a.do("POST", "/v1/jobs", `{"kind":"analytics"}`).want(202)
	a.do("POST", "/v1/jobs", `{"kind":"analytics"}`).want(202)
	a.do("POST", "/v1/jobs", `{"kind":"analytics"}`).problem(429, models.CodeQuotaExceeded)
	a.do("POST", "/v1/jobs/"+failed.job.ID+"/retry", "").want(202) // it was counted when it was submitted
}
