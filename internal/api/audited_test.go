package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// entriesOf are those of the audit that a request has made.
func (a *testAPI) entriesOf(requestID string) (own []models.AuditEntry) {
	a.t.Helper()
	all, err := a.store.Platform.AuditEntries(a.t.Context(), models.AuditFilter{}, models.Page{Limit: 10000})
	require.NoError(a.t, err)
	for _, e := range all {
		if e.RequestID == requestID {
			own = append(own, e)
		}
	}
	return own
}

// operationOf is the operation of the document with an id.
func (a *testAPI) operationOf(id string) *openapi.Operation {
	a.t.Helper()
	for _, op := range a.doc.Operations() {
		if op.ID == id {
			return op
		}
	}
	a.t.Fatalf("there is no operation %s", id)
	return nil
}

// isAudited checks that a request of an operation has one entry, of the action that the document declares, and that a job's submission has none.
func (a *testAPI) isAudited(op *openapi.Operation, requestID string) {
	a.t.Helper()
	own := a.entriesOf(requestID)
	if op.Audit == "" || op.Audit == models.ActionSubmit {
		require.Empty(a.t, own, op.ID)
		return
	}
	var declared []models.AuditEntry
	accounts := make(map[string]bool)
	for _, e := range own {
		if e.Action == op.Audit {
			declared = append(declared, e)
		}
		accounts[e.AccountID] = true
	}
	require.Len(a.t, declared, 1, "%s: %+v", op.ID, own)
	require.Len(a.t, accounts, len(own), "%s: one of each account that it is about: %+v", op.ID, own)
	e := declared[0]
	require.Equal(a.t, models.OutcomeDone, e.Outcome, op.ID)
	require.NotEmpty(a.t, e.AccountID, op.ID)
	require.NotEmpty(a.t, e.ResourceKind, op.ID)
	require.True(a.t, e.KeyID != "" || e.UserID != "", "%s: %+v", op.ID, e)
}

// Every operation that changes something leaves its entry: these, and those that TestRepeatedRequestsHaveOneEffect repeats. What is refused as a mistake leaves
// none, and nothing that somebody wrote is in any.
func TestEveryOperationIsAudited(t *testing.T) {
	t.Parallel()
	const marker = "mrkr"
	a := withPages(t)
	driven := make(map[string]bool)
	send := func(id, path, body string, headers ...string) answer {
		t.Helper()
		op, request := a.operationOf(id), "audited-"+id
		got := a.do(op.Method, path, body, append(headers, "X-Request-Id: "+request)...)
		require.Less(t, got.status, 300, "%s: %s", id, got.body)
		a.isAudited(op, request)
		driven[id] = true
		return got
	}
	owner, admin := bearer(a.newKey(a.account, models.RoleOwner)), bearer(a.admin)
	text := "Content-Type: text/plain"
	p := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"`+marker+`","engine":"phaser","description":"`+marker+`"}`).want(201)).ID
	project := "/v1/projects/" + p
	send("writeFile", project+"/files/"+marker+".js", `"`+marker+`"`, text)
	send("patchFile", project+"/files/"+marker+".js", `"`+marker+` again"`, "Content-Type: application/merge-patch+json")
	rev := decodeAs[openapi.Revision](send("replaceFiles", project+"/files", `{"files":[{"path":"`+marker+`.js","text":"`+marker+`"},{"path":"b.js","text":"`+marker+`"}]}`)).ID
	send("nameRevision", project+"/revisions/"+rev, `{"name":"`+marker+`"}`)
	send("deleteFile", project+"/files/b.js", "")
	send("changeProject", project, `{"description":"`+marker+` again"}`)
	send("submitJob", "/v1/jobs", `{"kind":"generation","project_id":"`+p+`","end_user":"`+marker+`","metadata":{"a":"`+marker+`"},"input":{"prompt":"`+marker+`"}}`)
	send("createToken", "/v1/tokens", `{"access":"read","project_id":"`+p+`"}`)
	s := decodeAs[openapi.Schedule](a.do("POST", "/v1/schedules", schedule(p)).want(201)).ID
	send("changeSchedule", "/v1/schedules/"+s, `{"name":"`+marker+`"}`)
	send("deleteSchedule", "/v1/schedules/"+s, "")
	hook := a.do("POST", "/v1/webhooks/endpoints", endpointBody).want(201).header.Get("Location")
	send("changeWebhookEndpoint", hook, `{"description":"`+marker+`","headers":{"X-Team":"`+marker+`"}}`)
	send("rotateWebhookSecret", hook+"/secrets/rotate", `{}`)
	send("rotateDefaultWebhookSecret", "/v1/webhooks/secrets/rotate", `{}`)
	send("deleteWebhookEndpoint", hook, "")
	made := a.do("POST", "/v1/templates", pixel).want(201)
	send("changeTemplate", made.header.Get("Location"), `{"description":"`+marker+`"}`)
	send("deleteTemplate", made.header.Get("Location"), "")
	asset := decodeAs[openapi.Asset](a.do("POST", "/v1/assets?name="+marker+".txt", marker, "Content-Type: application/octet-stream").want(201)).ID
	send("changeAsset", "/v1/assets/"+asset, `{"name":"`+marker+`2.txt"}`)
	send("deleteAsset", "/v1/assets/"+asset, "")
	u := a.begin(marker+".txt", 5)
	send("appendAssetUpload", "/v1/uploads/"+u.ID, "hello", tusHeader, aChunk, "Upload-Offset: 0")
	send("deleteAssetUpload", "/v1/uploads/"+u.ID, "")
	send("deleteProject", project, "")

	key := decodeAs[openapi.KeyWithText](send("createKey", "/v1/keys", `{"name":"`+marker+`"}`, owner))
	fresh := decodeAs[openapi.KeyWithText](send("rotateKey", "/v1/keys/"+key.ID+"/rotate", `{}`, owner))
	send("revokeKey", "/v1/keys/"+fresh.ID, "", owner)
	tenant := a.newAccount()
	account := "/v1/admin/accounts/" + tenant
	theirs := decodeAs[openapi.KeyWithText](send("createAccountKey", account+"/keys", `{"name":"`+marker+`","role":"owner"}`, admin))
	send("revokeAccountKey", account+"/keys/"+theirs.ID, "", admin)
	send("putPlan", "/v1/admin/plans/small", `{"limits":{"max_waiting":5}}`, admin)
	send("deletePlan", "/v1/admin/plans/small", "", admin)
	send("changeAccount", account, `{"name":"`+marker+`"}`, admin)
	send("deleteAnyAccount", account, "", admin)
	send("changeAdminQueues", "/admin/queues/api", "", admin)
	send("deleteAdminQueues", "/admin/queues/api", "", admin)

	shared := a.newAccount()
	in := "Spark-Account: " + shared
	lead := a.signIn("owner", map[string]models.MemberRole{shared: models.MemberOwner})
	fox := a.signIn("fox", map[string]models.MemberRole{shared: models.MemberEditor})
	owl := a.signIn("owl", map[string]models.MemberRole{shared: models.MemberEditor})
	send("changeMember", "/v1/members/"+fox.id, `{"role":"viewer"}`, lead.as(in)...)
	personal := a.personalKey(fox, shared)
	mine := decodeAs[openapi.MyKeyList](a.do("GET", "/v1/me/keys", "", fox.as()...).want(200)).Data[0].ID
	send("revokeMyKey", "/v1/me/keys/"+mine, "", fox.as()...)
	send("leaveAccount", "/v1/me/accounts/"+shared, "", fox.as()...)
	send("removeMember", "/v1/members/"+owl.id, "", lead.as(in)...)
	invited := decodeAs[openapi.InvitationWithLink](send("createInvitation", "/v1/invitations", `{"role":"viewer"}`, lead.as(in)...))
	_, token, _ := strings.Cut(invited.Link, "#")
	send("acceptInvitation", "/v1/me/invitations", `{"token":"`+token+`"}`, fox.as()...)
	other := decodeAs[openapi.InvitationWithLink](a.do("POST", "/v1/invitations", `{"role":"viewer"}`, lead.as(in)...).want(201))
	send("revokeInvitation", "/v1/invitations/"+other.ID, "", lead.as(in)...)
	send("changeUser", "/v1/admin/users/"+owl.id, `{"disabled":true}`, admin)
	send("eraseUser", "/v1/admin/users/"+owl.id, "", admin)
	crow := a.signIn("crow", nil)
	send("eraseMe", "/v1/me?confirm="+crow.id, "", crow.as()...)
	send("endSession", "/v1/sessions/"+fox.session.ID, "", fox.as()...)
	send("endSessions", "/v1/sessions", "", lead.as()...)
	last := bearer(a.newKey(shared, models.RoleOwner))
	send("deleteAccount", "/v1/account?confirm="+shared, "", last)

	for _, op := range a.doc.Operations() {
		if op.Audit != "" && op.Idempotent != openapi.IdempotencyAnswer {
			require.True(t, driven[op.ID], "%s is not tested", op.ID)
		}
	}
	a.do("POST", "/v1/keys", `{"name":"","role":"king"}`, owner, "X-Request-Id: mistake").want(400)
	require.Empty(t, a.entriesOf("mistake"))

	all, err := a.store.Platform.AuditEntries(t.Context(), models.AuditFilter{}, models.Page{Limit: 10000})
	require.NoError(t, err)
	lines, err := json.Marshal(all)
	require.NoError(t, err)
	for _, secret := range []string{marker, personal, token, key.Key, fresh.Key, theirs.Key, fmt.Sprintf("%.20s", a.key)} {
		require.NotContains(t, string(lines), secret)
	}
}
