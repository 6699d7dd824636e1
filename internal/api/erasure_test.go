package api

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// An owner erases an end user: what waits is cancelled, what runs is asked to stop, and the rest is erased; again until all is.
func TestEndUserIsErasedByOwners(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	p := a.newProject()
	submit := func() string {
		return decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`","end_user":"fox","metadata":{"a":"b"}}`).want(202)).ID
	}
	waits, runs := submit(), submit()
	job, err := a.store.Jobs.Job(t.Context(), a.account, runs)
	require.NoError(t, err)
	attempt := a.claim(job)
	const path, body = "/v1/end-users/erase", `{"end_user":"fox"}`
	a.do("POST", path, body).problem(403, models.CodeForbidden)
	a.do("POST", path, `{"end_user":""}`, owner).problem(400, models.CodeInvalidRequest)
	a.do("POST", path, `{}`, owner).problem(400, models.CodeInvalidRequest)
	first := decodeAs[openapi.ErasedEndUser](a.do("POST", path, body, owner).want(200))
	require.False(t, first.Complete)
	require.Equal(t, 1, first.OpenJobs)
	attempt.fail()
	again := decodeAs[openapi.ErasedEndUser](a.do("POST", path, body, owner).want(200))
	require.True(t, again.Complete)
	require.Equal(t, 2, first.Jobs+again.Jobs)
	for _, id := range []string{waits, runs} {
		shown := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+id, "").want(200))
		require.Nil(t, shown.EndUser)
	}
	require.Empty(t, decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?end_user=fox", "").want(200)).Data)
}

// An account is deleted by its owner, who confirms its id: nobody gets in any more, and its jobs end. The platform's administrators see it, and restore it until
// it is removed.
func TestAccountIsDeleted(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	owner, key := a.newKey(account, models.RoleOwner), bearer(a.newKey(account, models.RoleUser))
	person := a.signIn("owner", map[string]models.MemberRole{account: models.MemberOwner})
	admin := a.signIn("admin", map[string]models.MemberRole{account: models.MemberAdmin})
	p := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, key).want(201))
	job := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`"}`, key).want(202))
	token := decodeAs[openapi.Token](a.do("POST", "/v1/tokens", `{"access":"read","project_id":"`+p.ID+`"}`, key).want(201)).Token
	path := "/v1/account?confirm=" + account
	a.do("DELETE", path, "", key).problem(403, models.CodeForbidden)
	a.do("DELETE", path, "", admin.as()...).problem(403, models.CodeForbidden)
	for _, wrong := range []string{"/v1/account", "/v1/account?confirm=", "/v1/account?confirm=" + a.account, "/v1/account?confirm=yes"} {
		a.do("DELETE", wrong, "", bearer(owner)).problem(400, models.CodeInvalidRequest)
	}
	a.do("DELETE", "/v1/account?confirm="+a.account, "", bearer(a.admin)).problem(409, models.CodeConflict)
	a.do("DELETE", "/v1/admin/accounts/"+account, "", bearer(a.auditor)).problem(403, models.CodeForbidden)
	a.do("DELETE", "/v1/admin/accounts/"+models.NewID(), "", bearer(a.admin)).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/admin/accounts/"+models.SystemAccountID, "", bearer(a.admin)).problem(404, models.CodeNotFound)

	deleted := decodeAs[openapi.Account](a.do("DELETE", path, "", person.as()...).want(200))
	require.NotNil(t, deleted.DeletedAt)
	require.Equal(t, models.AccountSuspended, deleted.State)
	for _, refused := range [][]string{{bearer(owner)}, {key}, {bearer(token)}, person.as(), {bearer(a.newMaster()), "Spark-Account: " + account}} {
		eventually(t, func() bool { return a.do("GET", "/v1/projects/"+p.ID, "", refused...).status == 403 })
		a.do("GET", "/v1/projects/"+p.ID, "", refused...).problem(403, models.CodeAccountSuspended)
	}
	stored, err := a.store.Jobs.Job(t.Context(), account, job.ID)
	require.NoError(t, err)
	require.Equal(t, models.StateCancelled, stored.State)
	admins := "/v1/admin/accounts/" + account
	a.do("PATCH", admins, `{"state":"active"}`, bearer(a.admin)).problem(409, models.CodeConflict)
	a.do("DELETE", admins, "", bearer(a.admin)).want(200)

	a.do("POST", admins+"/keys", `{"name":"x"}`, bearer(a.admin)).problem(409, models.CodeConflict)
	require.Nil(t, decodeAs[openapi.Account](a.do("POST", admins+"/restore", "", bearer(a.admin)).want(200)).DeletedAt)
	eventually(t, func() bool { return a.do("GET", "/v1/projects/"+p.ID, "", key).status == 200 })
	a.do("DELETE", admins, "", bearer(a.admin)).want(200)
	for more := true; more; {
		done, err := a.store.Retention.DeletedAccounts(t.Context(), -time.Second) // also what was deleted in this very millisecond
		require.NoError(t, err)
		more = done.More
	}
	a.do("POST", admins+"/restore", "", bearer(a.admin)).problem(404, models.CodeNotFound)
	a.do("GET", admins, "", bearer(a.admin)).problem(404, models.CodeNotFound)
	eventually(t, func() bool { return a.do("GET", "/v1/projects/"+p.ID, "", key).status == 401 })
	require.Empty(t, decodeAs[openapi.Me](a.do("GET", "/v1/me", "", person.as()...).want(200)).Accounts)
}

// A person erases themselves: their session and their keys end within a second, and they are nobody's member. An administrator of the platform does it, too.
func TestPeopleAreErased(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	p := a.signIn("fox", map[string]models.MemberRole{account: models.MemberOwner})
	plain, prefix := auth.NewKey()
	key := &models.APIKey{ID: models.NewID(), AccountID: account, UserID: &p.id, Role: models.RoleOwner, Prefix: prefix}
	testPeppers.Seal(key, plain)
	require.NoError(t, a.store.Accounts.CreateAPIKey(t.Context(), key))
	a.do("GET", "/v1/projects", "", bearer(plain)).want(200)
	for _, wrong := range []string{"/v1/me", "/v1/me?confirm=", "/v1/me?confirm=" + account} {
		a.do("DELETE", wrong, "", p.as()...).problem(400, models.CodeInvalidRequest)
	}
	a.do("DELETE", "/v1/me?confirm="+p.id, "", bearer(plain)).problem(403, models.CodeForbidden)
	a.do("DELETE", "/v1/me?confirm="+p.id, "", p.as()...).problem(409, models.CodeConflict)
	a.do("GET", "/v1/me", "", p.as()...).want(200)
	other := a.signIn("other", map[string]models.MemberRole{account: models.MemberOwner})
	a.do("DELETE", "/v1/me?confirm="+p.id, "", p.as()...).want(204)
	eventually(t, func() bool { return a.do("GET", "/v1/me", "", p.as()...).status == 401 })
	eventually(t, func() bool { return a.do("GET", "/v1/projects", "", bearer(plain)).status == 401 })
	require.NotContains(t, string(a.do("GET", "/v1/members", "", other.as()...).want(200).body), "fox")
	require.NotContains(t, string(a.do("GET", "/v1/admin/users", "", bearer(a.admin)).want(200).body), p.id)
	a.do("PATCH", "/v1/admin/users/"+p.id, `{"disabled":false}`, bearer(a.admin)).problem(404, models.CodeNotFound)

	again := a.signIn("fox", nil)
	require.NotEqual(t, p.id, again.id)
	a.do("DELETE", "/v1/admin/users/"+again.id, "", bearer(a.auditor)).problem(403, models.CodeForbidden)
	a.do("DELETE", "/v1/admin/users/"+models.NewID(), "", bearer(a.admin)).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/admin/users/"+again.id, "", bearer(a.admin)).want(204)
	eventually(t, func() bool { return a.do("GET", "/v1/me", "", again.as()...).status == 401 })
}
