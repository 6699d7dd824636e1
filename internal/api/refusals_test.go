package api

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// gathering has an API gather what it refuses.
func gathering(r **kernel.Refusals) func(*Options) {
	return func(o *Options) {
		*r = &kernel.Refusals{Store: o.Audit.(*store.Audit), Every: time.Hour, Log: zap.NewNop(), Observer: telemetry.NewAPI(prometheus.NewRegistry())}
		o.Refusals = *r
	}
}

// What is refused is in the audit of whom it was refused to, or in the platform's if nobody knows that, with no more than ids.
func TestRefusedAttempts(t *testing.T) {
	t.Parallel()
	var refusals *kernel.Refusals
	a := newTestAPI(t, gathering(&refusals))
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	p := a.newProject()
	tenant := a.newAccount()
	suspended := bearer(a.newKey(tenant, models.RoleOwner))
	a.do("PATCH", "/v1/admin/accounts/"+tenant, `{"state":"suspended"}`, bearer(a.admin)).want(200)
	viewer := a.signIn("fox", map[string]models.MemberRole{a.account: models.MemberViewer})
	gone, prefix := auth.NewKey()

	for range 3 {
		a.do("GET", "/v1/audit", "").problem(403, models.CodeForbidden)
	}
	a.do("DELETE", "/v1/projects/"+p.ID, "", bearer(a.stranger), "X-Request-Id: theirs").problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/projects/"+models.NewID(), "", bearer(a.stranger)).problem(404, models.CodeNotFound)
	a.do("GET", "/v1/jobs", "", bearer("spark_a-secret-that-was-mistyped")).problem(401, models.CodeUnauthorized)
	a.do("GET", "/v1/jobs", "", bearer(gone)).problem(401, models.CodeUnauthorized)
	a.do("GET", "/v1/projects/secret%20words", "", "Authorization: ").problem(401, models.CodeUnauthorized)
	a.do("GET", "/v1/projects", "", suspended).problem(403, models.CodeAccountSuspended)
	a.do("POST", "/v1/projects", `{"name":"secret words","engine":"phaser"}`, viewer.as("Spark-Account: "+a.account)...).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/projects", `{"name":"secret words","engine":"phaser"}`, viewer.as("Spark-Account: "+a.account, "Sec-Fetch-Site: cross-site")...).
		problem(403, models.CodeForbidden)
	a.do("GET", "/v1/jobs", "").want(200)
	a.do("GET", "/v1/nothing", "").want(404)
	a.do("GET", "/v1/jobs?limit=x", "").want(400)
	refusals.Write(t.Context(), true)

	list := func(account string) (all []wire.AuditEntry) {
		got := a.do("GET", "/v1/admin/audit?outcome=refused&limit=100&account_id="+account, "", bearer(a.auditor)).want(200)
		require.NotContains(t, string(got.body), "secret")
		require.NotContains(t, string(got.body), gone)
		return decodeAs[openapi.AuditList](got).Data
	}
	found := func(all []wire.AuditEntry) (texts []string) {
		for _, e := range all {
			texts = append(texts, strings.Join([]string{e.Action, string(e.Code), string(e.ActorKind), e.ResourceKind, e.ResourceID}, " "))
		}
		return texts
	}
	own := list(a.account)
	require.ElementsMatch(t, []string{"listAudit forbidden key  ", "project.create forbidden session  "}, found(own))
	for _, e := range own {
		require.Equal(t, models.OutcomeRefused, e.Outcome)
		require.Equal(t, "127.0.0.1", e.Address)
		if e.Action == "listAudit" {
			require.Equal(t, 3, e.Count)
			require.NotNil(t, e.Since)
			require.NotEmpty(t, e.KeyID)
		} else {
			require.Equal(t, viewer.id, e.UserID)
		}
	}
	all := decodeAs[openapi.AuditList](a.do("GET", "/v1/admin/audit?outcome=refused&limit=100&resource_id="+p.ID, "", bearer(a.auditor)).want(200)).Data
	require.Equal(t, []string{"project.delete not_found key project " + p.ID}, found(all))
	require.NotEqual(t, a.account, all[0].AccountID, "it is in the audit of who tried")
	require.Equal(t, "theirs", all[0].RequestID)
	require.ElementsMatch(t, []string{"listProjects account_suspended key  "}, found(list(tenant)))
	require.ElementsMatch(t, []string{"listJobs unauthorized nobody  ", "listJobs unauthorized nobody key_prefix " + prefix, "getProject unauthorized nobody  ",
		"project.create forbidden nobody  "}, found(list(models.SystemAccountID)))

	// They are in the chain, and the owner sees them apart from what was done.
	_, _, err := a.store.Audit.Chain(t.Context(), 1000)
	require.NoError(t, err)
	require.Len(t, decodeAs[openapi.AuditList](a.do("GET", "/v1/audit?outcome=refused", "", "Authorization: ", "X-API-Key: "+strings.TrimPrefix(owner, "Authorization: Bearer ")).want(200)).Data, 2)
	for _, e := range decodeAs[openapi.AuditList](a.do("GET", "/v1/audit?outcome=done", "", owner).want(200)).Data {
		require.Equal(t, models.OutcomeDone, e.Outcome)
	}
	a.do("GET", "/v1/audit?outcome=maybe", "", owner).problem(400, models.CodeInvalidRequest)
}
