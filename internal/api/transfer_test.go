package api

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// Who owns both accounts transfers a project between them, and so does the master key; nobody else does, and nobody learns which accounts there are.
func TestProjectGoesToAnotherAccount(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	from, to, theirs := a.newAccount(), a.newAccount(), a.newAccount()
	_, err := a.store.Accounts.ChangeAccount(t.Context(), to, func(account *models.Account) error { account.MaxStorageMB = new(1); return nil })
	require.NoError(t, err)
	owner := a.signIn("owner", map[string]models.MemberRole{from: models.MemberOwner, to: models.MemberOwner})
	half := a.signIn("half", map[string]models.MemberRole{from: models.MemberOwner, to: models.MemberAdmin})
	admin := a.signIn("admin", map[string]models.MemberRole{from: models.MemberAdmin, to: models.MemberOwner})
	in := func(account string) string { return "Spark-Account: " + account }
	p := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, owner.as(in(from))...).want(201))
	a.do("PUT", "/v1/projects/"+p.ID+"/files/a.js", "1", owner.as(in(from), "Content-Type: text/plain")...).want(200)
	path, body := "/v1/projects/"+p.ID+"/transfer", func(account string) string { return `{"account_id":"` + account + `"}` }

	a.do("POST", path, body(to), bearer(a.newKey(from, models.RoleOwner))).problem(403, models.CodeForbidden)
	a.do("POST", path, body(to), bearer(a.newKey(from, models.RoleAdmin))).problem(403, models.CodeForbidden)
	a.do("POST", path, body(to), admin.as(in(from))...).problem(403, models.CodeForbidden)
	refused := a.do("POST", path, body(to), half.as(in(from))...).problem(403, models.CodeForbidden)
	for _, none := range []string{theirs, models.NewID(), models.SystemAccountID} {
		require.Equal(t, refused.Detail, a.do("POST", path, body(none), owner.as(in(from))...).problem(403, models.CodeForbidden).Detail)
	}
	a.do("POST", path, body(from), owner.as(in(from))...).problem(400, models.CodeInvalidRequest)
	a.do("POST", path, body("x"), owner.as(in(from))...).problem(400, models.CodeInvalidRequest)
	a.do("POST", path, `{}`, owner.as(in(from))...).problem(400, models.CodeInvalidRequest)
	a.do("POST", path, body(from), owner.as(in(to))...).problem(404, models.CodeNotFound)
	a.do("POST", "/v1/projects/"+models.NewID()+"/transfer", body(to), owner.as(in(from))...).problem(404, models.CodeNotFound)

	job := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`"}`, owner.as(in(from))...).want(202))
	a.do("POST", path, body(to), owner.as(in(from))...).problem(409, models.CodeProjectInUse)
	a.do("POST", "/v1/jobs/"+job.ID+"/cancel", "", owner.as(in(from))...).want(202)
	confined := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","role":"user","project_id":"`+p.ID+`"}`, owner.as(in(from))...).want(201)).Key
	a.do("GET", "/v1/projects/"+p.ID, "", bearer(confined)).want(200)
	a.do("PUT", "/v1/projects/"+p.ID+"/files/b.js", strings.Repeat("x", 1<<20), owner.as(in(from), "Content-Type: text/plain")...).want(200)
	a.do("POST", path, body(to), owner.as(in(from))...).problem(409, models.CodeStorageExceeded)
	_, err = a.store.Accounts.ChangeAccount(t.Context(), to, func(account *models.Account) error { account.MaxStorageMB = new(2); return nil })
	require.NoError(t, err)
	eventually(t, func() bool { return a.do("POST", path, body(to), owner.as(in(from))...).status == 200 })

	require.Equal(t, "1", string(a.do("GET", "/v1/projects/"+p.ID+"/files/a.js", "", owner.as(in(to))...).want(200).body))
	a.do("GET", "/v1/projects/"+p.ID, "", owner.as(in(from))...).problem(404, models.CodeNotFound)
	a.do("GET", "/v1/jobs/"+job.ID, "", owner.as(in(from))...).want(200)
	eventually(t, func() bool { return a.do("GET", "/v1/projects/"+p.ID, "", bearer(confined)).status == 401 })

	// And back, by who may act for both.
	a.do("POST", path, body(models.NewID()), bearer(a.newMaster()), in(to)).problem(400, models.CodeInvalidRequest)
}
