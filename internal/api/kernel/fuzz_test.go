package kernel

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// FuzzCheckJSON: whatever passes the check decodes into the type that the generated code uses, and whatever does not is
// answered with a bounded problem.
func FuzzCheckJSON(f *testing.F) {
	types := map[string]func() any{
		"createProject":         func() any { return new(openapi.NewProject) },
		"replaceFiles":          func() any { return new(openapi.NewFiles) },
		"submitJob":             func() any { return new(openapi.NewJob) },
		"submitPipeline":        func() any { return new(openapi.NewPipeline) },
		"createAccount":         func() any { return new(openapi.NewAccount) },
		"changeAccount":         func() any { return new(openapi.AccountChange) },
		"putPlan":               func() any { return new(openapi.PlanLimits) },
		"pauseKind":             func() any { return new(openapi.PauseReason) },
		"createKey":             func() any { return new(openapi.NewKey) },
		"createSchedule":        func() any { return new(openapi.NewSchedule) },
		"createOperation":       func() any { return new(openapi.NewJobOperation) },
		"changeSchedule":        func() any { return new(openapi.ScheduleChange) },
		"createTemplate":        func() any { return new(openapi.NewTemplate) },
		"createWebhookEndpoint": func() any { return new(openapi.NewWebhookEndpoint) },
		"changeWebhookEndpoint": func() any { return new(openapi.WebhookEndpointChange) },
		"rotateWebhookSecret":   func() any { return new(openapi.WebhookRotation) },
		"testWebhookEndpoint":   func() any { return new(openapi.WebhookTest) },
		"replayWebhookEndpoint": func() any { return new(openapi.WebhookReplay) },
		"changeTemplate":        func() any { return new(openapi.TemplateChange) },
		"createInvitation":      func() any { return new(openapi.NewInvitation) },
		"acceptInvitation":      func() any { return new(openapi.InvitationToken) },
		"changeMember":          func() any { return new(openapi.MemberChange) },
		"changeUser":            func() any { return new(openapi.UserChange) },
		"createAccountKey":      func() any { return new(openapi.NewKey) },
		"rotateKey":             func() any { return new(openapi.KeyRotation) },
		"changeProject":         func() any { return new(openapi.ProjectChange) },
		"duplicateProject":      func() any { return new(openapi.Duplication) },
		"eraseEndUser":          func() any { return new(openapi.EndUserErasure) },
		"transferProject":       func() any { return new(openapi.ProjectTransfer) },
		"changeFiles":           func() any { return new(openapi.FileChanges) },
		"approveStep":           func() any { return new(openapi.NewDecision) },
		"nameRevision":          func() any { return new(openapi.RevisionName) },
	}
	ops := slices.DeleteFunc(document(f).Operations(), func(op *openapi.Operation) bool { return types[op.ID] == nil })
	slices.SortFunc(ops, func(a, b *openapi.Operation) int { return strings.Compare(a.ID, b.ID) })
	if len(ops) != len(types) {
		f.Fatal("an operation is missing")
	}
	for i := range ops {
		for _, seed := range []string{`{"project_id":"x","steps":[{"kind":"build"}]}`, `{"project_id":"x","steps":[{"kind":"build","input":null,"after":["a"]}]} `,
			`[]`, `null`, `{"steps":[{}]}`, `{"project_id":"x","steps":[{"kind":"export","input":{"a":{"b":[1e999]}}}]}`, `{"a":` + strings.Repeat("[", 20000),
			`{"name":"x","engine":"phaser"}`, `{"files":[{"path":"a","text":"b"}]}`, `{"kind":"build","kind":"export"}`, `{"input":{"seed":1.5},"kind":"generation"}`} {
			f.Add(i, []byte(seed))
		}
		for _, seed := range hostileBodies(2000) {
			f.Add(i, seed)
		}
	}
	f.Fuzz(func(t *testing.T, which int, raw []byte) {
		op := ops[uint(which)%uint(len(ops))]
		if err := checkJSON(op.JSON, raw); err != nil {
			p := AsProblem(err)
			if p.Status != 400 || len(p.Detail) == 0 {
				t.Errorf("%+v", p)
			}
			if p.Errors != nil && len(*p.Errors) > maxFieldErrors {
				t.Error("too many errors")
			}
			return
		}
		body := types[op.ID]()
		if err := json.Unmarshal(raw, body); err != nil {
			t.Errorf("passes and does not decode: %v", err)
		}
		if p, ok := body.(*openapi.NewPipeline); ok && p.Steps != nil && len(p.Steps) == 0 {
			t.Errorf("%s became %+v", raw, p)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(encodeCursor(models.NewID()))
	f.Fuzz(func(t *testing.T, cursor string) {
		if id, err := decodeCursor(cursor); err == nil && !models.ValidID(id) {
			t.Errorf("%q gives %q", cursor, id)
		}
	})
}
