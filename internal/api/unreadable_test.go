package api

import (
	"testing"

	"github.com/spark-games/spark/models"
)

// A condition or filter that cannot be parsed is refused, because without it the request would do more than intended.
func TestUnreadableConditions(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	file := "/v1/projects/" + a.newProject().ID + "/files/a.js"
	a.do("PUT", file, "1").want(200)
	for _, header := range []string{"*x", "unquoted", `"open`} {
		a.do("PUT", file, "2", "If-None-Match: "+header).problem(400, models.CodeInvalidRequest)
		a.do("DELETE", file, "", "If-None-Match: "+header).problem(400, models.CodeInvalidRequest)
	}
	if r := a.do("GET", file, "", "If-None-Match: unquoted").want(200); string(r.body) != "1" {
		t.Fatalf("%s", r.body)
	}
	for _, query := range []string{"state=%zz", "state=%", "a=1;state=queued"} {
		a.do("GET", "/v1/jobs?"+query, "").problem(400, models.CodeInvalidRequest)
	}
	a.do("GET", "/v1/jobs?state=&kind=", "").want(200)
}
