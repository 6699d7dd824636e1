package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// Who did what is listed and exported to whoever may know, and can be verified.
func TestAudit(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := "X-API-Key: " + a.newKey(a.account, models.RoleOwner)
	p := a.newProject()
	a.do("PATCH", "/v1/projects/"+p.ID, `{"name":"A secret name"}`, "X-Request-Id: change-1").want(200)
	a.do("DELETE", "/v1/projects/"+p.ID, "").want(204)
	other := a.do("POST", "/v1/projects", `{"name":"Other","engine":"phaser"}`, "Authorization: Bearer "+a.stranger).want(201)
	foreign := decodeAs[openapi.Project](other)
	if _, _, err := a.store.Audit.Chain(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}

	list := decodeAs[openapi.AuditList](a.do("GET", "/v1/audit?resource_id="+p.ID, "", "Authorization: ", owner).want(200))
	var actions []string
	for _, e := range list.Data {
		actions = append(actions, e.Action)
		if e.AccountID != a.account || e.ActorKind != models.ActorKey || e.KeyID == "" || e.Address != "127.0.0.1" || e.Outcome != models.OutcomeDone || e.Sequence == nil {
			t.Errorf("%+v", e)
		}
	}
	if got := strings.Join(actions, " "); got != "project.delete project.change project.create" || list.Data[1].RequestID != "change-1" {
		t.Errorf("%s %+v", got, list.Data[1])
	}
	one := decodeAs[openapi.AuditList](a.do("GET", "/v1/audit?action=project.change&actor="+list.Data[0].KeyID, "", "Authorization: ", owner).want(200))
	if len(one.Data) != 1 {
		t.Errorf("%+v", one)
	}

	lines := a.do("GET", "/v1/audit/export", "", "Authorization: ", owner, "Accept-Encoding: identity").want(200)
	if lines.header.Get("Content-Type") != "application/x-ndjson" || strings.Contains(string(lines.body), "secret") || strings.Contains(string(lines.body), foreign.ID) {
		t.Errorf("%v\n%s", lines.header, lines.body)
	}
	v := models.ChainVerifier{AccountID: a.account}
	for line := range strings.Lines(string(lines.body)) {
		var e wire.AuditEntry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		entry, err := e.Model()
		if err == nil {
			err = v.Next(entry)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	anchor := decodeAs[openapi.AuditAnchor](a.do("GET", "/v1/audit/anchor", "", "Authorization: ", owner).want(200))
	if v.Sequence < 3 || anchor.Sequence != v.Sequence || anchor.Hash != v.Hash || anchor.AccountID != a.account {
		t.Errorf("%+v %+v", anchor, v)
	}
	if rest := a.do("GET", "/v1/audit/export?after=2", "", "Authorization: ", owner).want(200); strings.Count(string(rest.body), "\n") != int(v.Sequence)-2 {
		t.Errorf("%s", rest.body)
	}

	// Not to the others.
	for _, path := range []string{"/v1/audit", "/v1/audit/export", "/v1/audit/anchor", "/v1/admin/audit"} {
		a.do("GET", path, "").problem(403, models.CodeForbidden)
	}
	a.do("GET", "/v1/admin/audit", "", "Authorization: ", owner).problem(403, models.CodeForbidden)
	all := decodeAs[openapi.AuditList](a.do("GET", "/v1/admin/audit?limit=100&action=project.create", "", "Authorization: Bearer "+a.auditor).want(200))
	accounts := map[string]bool{}
	for _, e := range all.Data {
		accounts[e.AccountID] = true
	}
	if len(accounts) != 2 {
		t.Errorf("%+v", all)
	}
	if of := decodeAs[openapi.AuditList](a.do("GET", "/v1/admin/audit?account_id="+a.account, "", "Authorization: Bearer "+a.auditor).want(200)); len(of.Data) < 3 {
		t.Errorf("%+v", of)
	}
}
