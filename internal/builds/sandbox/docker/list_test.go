package docker

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestGhostsAreNotListed has a daemon that keeps a container in its list which, asked for it, it does not know: what Docker
// 20.10 was seen to do for good after a crash. One without a name that it does know is still on its way out, and counts.
func TestGhostsAreNotListed(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Api-Version", "1.41")
		switch {
		case strings.HasSuffix(r.URL.Path, "/_ping"):
		case strings.HasSuffix(r.URL.Path, "/containers/json"):
			fmt.Fprint(w, `[{"Id":"whole","Names":["/spark-1"],"State":"running"},{"Id":"ghost","Names":null,"State":"dead"},`+
				`{"Id":"leaving","Names":[],"State":"removing"}]`)
		case strings.HasSuffix(r.URL.Path, "/containers/leaving/json"):
			fmt.Fprint(w, `{"Id":"leaving"}`)
		case strings.HasSuffix(r.URL.Path, "/containers/ghost/json"):
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"message":"No such container: ghost"}`)
		default:
			t.Errorf("asked for %s", r.URL.Path)
		}
	}))
	t.Cleanup(server.Close)
	d, err := Connect(strings.Replace(server.URL, "http", "tcp", 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	list, err := d.List(t.Context(), "x")
	if err != nil || len(list) != 2 || list[0].ID != "whole" || list[0].Name != "spark-1" || list[1].ID != "leaving" || list[1].Name != "" {
		t.Errorf("%+v, %v", list, err)
	}
}
