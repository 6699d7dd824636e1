package api

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// pixel is a template of an account.
const pixel = `{"name":"pixel","description":"Games of few pixels","parameters":{"what":{"type":"string","required":true,"max_length":100},
	"format":{"type":"enum","values":["zip","html"],"default":"zip"},"seed":{"type":"number"}},
	"steps":[{"kind":"generation","name":"game","input":{"prompt":"a pixel game about {{params.what}}","seed":"{{params.seed}}"}},
	{"kind":"build","name":"release","input":{"revision_id":"{{steps.game.output.revision_id}}"}},
	{"kind":"export","input":{"format":"{{params.format}}"}}]}`

func TestTemplates(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	created := a.do("POST", "/v1/templates", pixel).want(201)
	made := decodeAs[openapi.Template](created)
	require.Equal(t, "/v1/templates/pixel", created.header.Get("Location"))
	require.Equal(t, []any{"pixel", 1, false, 3}, []any{made.Name, made.Version, made.BuiltIn, len(made.Steps)})
	got := a.do("GET", "/v1/templates/pixel", "").want(200)
	require.Equal(t, made, decodeAs[openapi.Template](got))
	tag := got.header.Get("ETag")
	require.Equal(t, created.header.Get("ETag"), tag)
	a.do("GET", "/v1/templates/pixel", "", "If-None-Match: "+tag).want(304)
	a.do("POST", "/v1/templates", pixel).problem(409, models.CodeConflict)
	a.do("POST", "/v1/templates", strings.Replace(pixel, "pixel", "make", 1)).problem(409, models.CodeConflict)

	// A submission is of the present version, and shows it; what it has is there in its jobs.
	p := a.newProject().ID
	submit := func(more string) openapi.Pipeline {
		return decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", `{"project_id":"`+p+`","template":"pixel","params":{"what":"foxes"`+more+`},
			"end_user":"fox","metadata":{"a":1}}`).want(202))
	}
	first := submit(`,"seed":7`)
	require.Equal(t, openapi.TemplateRef{ID: made.ID, Name: "pixel", Version: 1}, *first.Template)
	require.Equal(t, "fox", *first.EndUser)
	require.JSONEq(t, `{"prompt":"a pixel game about foxes","seed":7}`, string(first.Jobs[0].Input))
	require.JSONEq(t, `{"mode":"release","revision_id":"{{steps.game.output.revision_id}}"}`, string(first.Jobs[1].Input))

	// A change makes a version, which what was submitted does not see.
	change := `{"steps":[{"kind":"generation","input":{"prompt":"only {{params.what}}"}}]}`
	a.do("PATCH", "/v1/templates/pixel", change, `If-Match: "x"`).problem(412, models.CodePreconditionFailed)
	changed := a.do("PATCH", "/v1/templates/pixel", change, "If-Match: "+tag).want(200)
	require.Equal(t, 2, decodeAs[openapi.Template](changed).Version)
	a.do("PATCH", "/v1/templates/pixel", change, "If-Match: "+tag).problem(412, models.CodePreconditionFailed)
	same := a.do("PATCH", "/v1/templates/pixel", change).want(200)
	require.Equal(t, changed.header.Get("ETag"), same.header.Get("ETag"), "nothing has changed")
	second := submit("")
	require.Equal(t, []any{2, 1}, []any{second.Template.Version, len(second.Jobs)})
	again := decodeAs[openapi.Pipeline](a.do("GET", "/v1/pipelines/"+first.ID, "").want(200))
	require.Equal(t, []any{1, 3}, []any{again.Template.Version, len(again.Jobs)})
	list := decodeAs[openapi.PipelineList](a.do("GET", "/v1/pipelines", "").want(200)).Data
	require.Equal(t, []int{2, 1}, []int{list[0].Template.Version, list[1].Template.Version})
	plain := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", `{"project_id":"`+p+`","steps":[{"kind":"build"}]}`).want(202))
	require.Nil(t, plain.Template)

	// Another account has none of it, and may have its own of that name.
	stranger := bearer(a.stranger)
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		body := ""
		if method == "PATCH" {
			body = `{"description":"mine"}`
		}
		a.do(method, "/v1/templates/pixel", body, stranger).problem(404, models.CodeNotFound)
	}
	theirs := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Other","engine":"phaser"}`, stranger).want(201)).ID
	foreign := a.do("POST", "/v1/pipelines", `{"project_id":"`+theirs+`","template":"pixel","params":{"what":"x"}}`, stranger).problem(404, models.CodeNotFound)
	require.Equal(t, "/template", (*foreign.Errors)[0].Pointer)
	a.do("POST", "/v1/templates", pixel, stranger).want(201)

	for _, name := range []string{"%00", "a%2Fb", "..%2Fmake", strings.Repeat("x", 65), "Make"} {
		a.do("GET", "/v1/templates/"+name, "").problem(404, models.CodeNotFound)
		a.do("DELETE", "/v1/templates/"+name, "").problem(404, models.CodeNotFound)
	}
	a.do("POST", "/v1/pipelines", `{"project_id":"`+p+`","template":"\u0000"}`).problem(404, models.CodeNotFound)

	// Those that every account has are at the end of the list, and nobody's to change.
	names := func(query string) (names []string, next *string) {
		l := decodeAs[openapi.TemplateList](a.do("GET", "/v1/templates?"+query, "").want(200))
		for _, t := range l.Data {
			names = append(names, t.Name)
		}
		return names, l.NextCursor
	}
	all, _ := names("")
	require.Equal(t, []string{"pixel", "review-and-export", "build-and-export", "make-and-export", "make"}, all)
	var pages []string
	for cursor := ""; ; {
		page, next := names("limit=2" + cursor)
		pages = append(pages, page...)
		if next == nil {
			break
		}
		cursor = "&cursor=" + *next
	}
	require.Equal(t, all, pages)
	a.do("PATCH", "/v1/templates/make", `{"description":"mine"}`).problem(409, models.CodeConflict)
	a.do("DELETE", "/v1/templates/make", "").problem(409, models.CodeConflict)
	for _, name := range all[1:] {
		params := `{}`
		if name != "build-and-export" {
			params = `{"prompt":"foxes"}`
		}
		of := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", `{"new_project":{"name":"x","engine":"phaser"},"template":"`+name+`","params":`+params+`}`).want(202))
		require.Equal(t, name, of.Template.Name)
	}

	a.do("DELETE", "/v1/templates/pixel", "", "If-Match: "+tag).problem(412, models.CodePreconditionFailed)
	a.do("DELETE", "/v1/templates/pixel", "").want(204)
	a.do("GET", "/v1/templates/pixel", "").problem(404, models.CodeNotFound)
	remade := a.do("POST", "/v1/templates", pixel).want(201)
	require.NotEqual(t, tag, remade.header.Get("ETag"))
	require.Equal(t, 1, decodeAs[openapi.Pipeline](a.do("GET", "/v1/pipelines/"+first.ID, "").want(200)).Template.Version)
}

func TestTemplatesAreChecked(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	template := func(name, params, input string) string {
		return `{"name":"` + name + `","parameters":{` + params + `},"steps":[{"kind":"generation","input":` + input + `}]}`
	}
	for body, pointer := range map[string]string{
		template("A", "", `{"prompt":"x"}`):                                     "/name",
		template("a b", "", `{"prompt":"x"}`):                                   "/name",
		template("../x", "", `{"prompt":"x"}`):                                  "/name",
		template("-a", "", `{"prompt":"x"}`):                                    "/name",
		template("a", `"p":{"type":"string","values":["x"]}`, `{"prompt":"x"}`): "/parameters/p/values",
		template("a", ``, `{"prompt":"{{params.p}}"}`):                          "/steps/0/input/prompt",
		template("a", ``, `{"prompt":"x","provider":"nobody"}`):                 "/steps/0/input/provider",
		template("a", ``, `[]`):                                                 "/steps/0/input",
		`{"name":"a","steps":[{"kind":"build","run_at":"now"}]}`:                "/steps/0/run_at",
		`{"name":"a","steps":[]}`:                                               "/steps",
	} {
		got := a.do("POST", "/v1/templates", body).problem(400, models.CodeInvalidRequest)
		require.Equal(t, pointer, (*got.Errors)[0].Pointer, body)
	}
	a.do("POST", "/v1/templates", pixel).want(201)
	got := a.do("PATCH", "/v1/templates/pixel", `{"parameters":{}}`).problem(400, models.CodeInvalidRequest)
	require.Equal(t, "/steps/0/input/prompt", (*got.Errors)[0].Pointer)
	p := a.newProject().ID
	for body, pointer := range map[string]string{
		`"template":"pixel"`:                                  "/params/what",
		`"template":"pixel","params":{"what":7}`:              "/params/what",
		`"template":"pixel","params":{"whom":"x"}`:            "/params/whom",
		`"template":"pixel","params":"x"`:                     "/params",
		`"template":""`:                                       "/template",
		`"params":{"what":"x"}`:                               "/params",
		`"steps":[{"kind":"build"}],"params":{}`:              "/params",
		`"template":"pixel","steps":[{"kind":"build"}]`:       "/template",
		`"end_user":"x"`:                                      "/steps",
		`"template":"pixel","params":{"what":"x","seed":1.5}`: "/params/seed",
	} {
		got := a.do("POST", "/v1/pipelines", `{"project_id":"`+p+`",`+body+`}`).problem(400, models.CodeInvalidRequest)
		require.Equal(t, pointer, (*got.Errors)[0].Pointer, body)
	}
	// Who may not submit jobs does not say what others submit.
	key := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/admin/accounts/"+a.account+"/keys", `{"name":"x","role":"user","scopes":["templates:write","templates:read"]}`,
		bearer(a.admin)).want(201)).Key
	a.do("POST", "/v1/templates", strings.Replace(pixel, "pixel", "other", 1), bearer(key)).problem(403, models.CodeForbidden)
	a.do("PATCH", "/v1/templates/pixel", `{"description":"x"}`, bearer(key)).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/templates", "", bearer(key)).want(200)
	// A browser token uses templates in its project, and no more.
	token := a.token(`{"project_id":"` + p + `","access":"edit","expires_in":600}`)
	a.do("GET", "/v1/templates", "", bearer(token)).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/pipelines", `{"project_id":"`+p+`","template":"make","params":{"prompt":"x"}}`, bearer(token)).want(202)
}

// Of changes at once, each makes a version, and none is lost; with a tag, one of them wins.
func TestTemplatesAreChangedAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	tag := a.do("POST", "/v1/templates", pixel).want(201).header.Get("ETag")
	race := func(headers ...string) (won, lost int) {
		answers := make([]answer, 8)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = a.do("PATCH", "/v1/templates/pixel", fmt.Sprintf(`{"description":"%d %d"}`, i, len(headers)), headers...)
			})
		}
		all.Wait()
		for _, got := range answers {
			if got.status == http.StatusOK {
				won++
			} else {
				got.problem(412, models.CodePreconditionFailed)
				lost++
			}
		}
		return won, lost
	}
	won, lost := race("If-Match: " + tag)
	require.Equal(t, []int{1, 7}, []int{won, lost})
	won, lost = race()
	require.Equal(t, []int{8, 0}, []int{won, lost})
	require.Equal(t, 10, decodeAs[openapi.Template](a.do("GET", "/v1/templates/pixel", "").want(200)).Version)
}

// Schedules submit what a template is when they are due; while they name it, it stays.
func TestSchedulesNameTemplates(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.do("POST", "/v1/templates", pixel).want(201)
	p := a.newProject().ID
	schedule := func(pipeline string) string {
		return `{"name":"x","cron":"@daily","overlap":"queue","pipeline":{"project_id":"` + p + `",` + pipeline + `}}`
	}
	made := decodeAs[openapi.Schedule](a.do("POST", "/v1/schedules", schedule(`"template":"pixel","params":{"what":"owls"}`)).want(201))
	require.JSONEq(t, `{"project_id":"`+p+`","template":"pixel","params":{"what":"owls"}}`, string(made.Pipeline))
	path := "/v1/schedules/" + made.ID
	run := func() openapi.Pipeline {
		f := decodeAs[openapi.Firing](a.do("POST", path+"/run", "").want(202))
		return decodeAs[openapi.Pipeline](a.do("GET", "/v1/pipelines/"+*f.PipelineID, "").want(200))
	}
	require.JSONEq(t, `{"prompt":"a pixel game about owls"}`, string(run().Jobs[0].Input))
	a.do("PATCH", "/v1/templates/pixel", `{"steps":[{"kind":"generation","input":{"prompt":"{{params.what}} again"}}]}`).want(200)
	ran := run()
	require.JSONEq(t, `{"prompt":"owls again"}`, string(ran.Jobs[0].Input))
	require.Equal(t, 2, ran.Template.Version)
	// It no longer fits: the schedule says so when it is due.
	a.do("PATCH", "/v1/templates/pixel", `{"parameters":{"whom":{"type":"string","required":true}},"steps":[{"kind":"generation","input":{"prompt":"{{params.whom}}"}}]}`).want(200)
	got := a.do("POST", path+"/run", "").problem(400, models.CodeInvalidRequest)
	require.Equal(t, "/params/what", (*got.Errors)[0].Pointer)

	for pipeline, pointer := range map[string]string{
		`"template":"nothing"`: "/pipeline/template", `"template":"pixel"`: "/pipeline/params/whom",
		`"template":"pixel","steps":[{"kind":"build"}]`: "/pipeline/template", `"end_user":"x"`: "/pipeline/steps",
	} {
		a := a.do("POST", "/v1/schedules", schedule(pipeline))
		require.Contains(t, []int{400, 404}, a.status, pipeline)
		require.Equal(t, pointer, (*decodeAs[openapi.Problem](a).Errors)[0].Pointer, pipeline)
	}

	conflict := a.do("DELETE", "/v1/templates/pixel", "").problem(409, models.CodeConflict)
	require.Contains(t, conflict.Detail, "(1)")
	a.do("PATCH", path, `{"pipeline":{"project_id":"`+p+`","metadata":{"template":"pixel","nul":"\u0000"},"steps":[{"kind":"build"}]}}`).want(200)
	a.do("DELETE", "/v1/templates/pixel", "").want(204)
	a.do("PATCH", path, `{"pipeline":{"project_id":"`+p+`","template":"make","params":{"prompt":"x"}}}`).want(200)
}

func TestTemplatesAreLimited(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for i := range 200 {
		a.exec(`INSERT INTO templates (id, account_id, name, parameters, steps) VALUES (?, ?, ?, '{}', '[]')`, models.NewID(), a.account, fmt.Sprint("t", i))
	}
	a.do("POST", "/v1/templates", pixel).problem(409, models.CodeLimitReached)
	a.do("DELETE", "/v1/templates/t7", "").want(204)
	a.do("POST", "/v1/templates", pixel).want(201)
}
