package httpapi

import (
	"testing"

	"github.com/spark-games/spark/models"
)

func TestCachedArtifactsSayWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	built := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	cached := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	a.store.mu.Lock()
	a.store.artifacts[1].CachedFrom = built.ID
	a.store.mu.Unlock()
	for id, from := range map[string]string{built.ID: "", cached.ID: built.ID} {
		got := decodeAs[ArtifactWithFiles](a.do("GET", "/v1/artifacts/"+id, "").want(200))
		if got.Cached != (from != "") || (got.CachedFrom != nil) != got.Cached || got.Cached && *got.CachedFrom != from {
			t.Errorf("%+v", got)
		}
	}
	for i, listed := range decodeAs[ArtifactList](a.do("GET", "/v1/artifacts", "").want(200)).Data {
		if listed.Cached != (i == 0) {
			t.Errorf("%d: %+v", i, listed)
		}
	}
}
