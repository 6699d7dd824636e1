package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// A page has the fields that are asked for, whatever else it is asked for.
func TestFieldsOfPages(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for range 3 {
		a.submit(models.KindBuild)
	}
	type page struct {
		Data       []map[string]any
		NextCursor *string `json:"next_cursor"`
	}
	get := func(query string) (p page) {
		t.Helper()
		if err := json.Unmarshal(a.do("GET", "/v1/jobs?"+query, "").want(200).body, &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := get("limit=2&fields=id,state")
	if len(first.Data) != 2 || len(first.Data[0]) != 2 || first.Data[0]["state"] != "queued" || first.NextCursor == nil {
		t.Fatalf("%v", first)
	}
	second := get("limit=2&fields=id,kind&cursor=" + *first.NextCursor)
	if len(second.Data) != 1 || second.Data[0]["id"] == first.Data[1]["id"] || second.Data[0]["kind"] != "build" || len(second.Data[0]) != 2 {
		t.Fatalf("%v", second)
	}
	if whole := get("fields="); len(whole.Data[0]) < 10 {
		t.Fatalf("%v", whole)
	}
	a.do("GET", "/v1/jobs?fields=id,secret", "").problem(400, models.CodeInvalidRequest)
	a.do("GET", "/v1/jobs?fields="+strings.Repeat("id,", 400), "").problem(400, models.CodeInvalidRequest)
	a.do("GET", "/v1/jobs?fields=id&cursor=nonsense", "").problem(400, models.CodeInvalidRequest)
	a.do("GET", "/v1/account?fields=id", "").problem(400, models.CodeInvalidRequest) // it is no page
	a.do("GET", "/v1/jobs?fields=id", "", "Authorization: ").want(401)
}

// Every page of the API has fields to choose, and what is chosen is described.
func TestEveryPageHasFields(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, op := range doc.Operations() {
		if op.Item == nil {
			continue
		}
		pages = append(pages, op.ID)
		if len(op.Item.Properties) == 0 && len(op.Item.AllOf) == 0 && len(op.Item.OneOf) == 0 {
			t.Errorf("%s: the objects of the page have no fields", op.ID)
		}
	}
	slices.Sort(pages)
	if len(pages) < 14 {
		t.Error(fmt.Sprint(pages))
	}
}
