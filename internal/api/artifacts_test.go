package api

import (
	"testing"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestCachedArtifactsSayWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	built := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	cached := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"},
		func(r *jobs.Result) { r.Artifact.CachedFrom = built.ID })
	for id, from := range map[string]string{built.ID: "", cached.ID: built.ID} {
		got := decodeAs[openapi.ArtifactWithFiles](a.do("GET", "/v1/artifacts/"+id, "").want(200))
		if got.Cached != (from != "") || (got.CachedFrom != nil) != got.Cached || got.Cached && *got.CachedFrom != from {
			t.Errorf("%+v", got)
		}
	}
	for i, listed := range decodeAs[openapi.ArtifactList](a.do("GET", "/v1/artifacts", "").want(200)).Data {
		if listed.Cached != (i == 0) {
			t.Errorf("%d: %+v", i, listed)
		}
	}
}

func TestProvenance(t *testing.T) {
	t.Parallel()
	var away fault
	a := newTestAPI(t, func(o *Options) { o.Provenance = faultyProvenance{o.Provenance, &away} })
	const envelope = `{"payloadType":"application/vnd.in-toto+json", "payload":"e30=","signatures":[{"keyid":"k","sig":"AA=="}]}`
	files := map[string]string{"index.html": "x"}
	signed := a.addArtifact(models.ArtifactBuild, "release", "web", files, func(r *jobs.Result) { r.Attestation = []byte(envelope) })
	unsigned := a.addArtifact(models.ArtifactBuild, "release", "web", files)
	got := a.do("GET", "/v1/artifacts/"+signed.ID+"/provenance", "").want(200)
	if string(got.body) != envelope || got.header.Get("Content-Type") != "application/vnd.dsse.envelope.v1+json" {
		t.Errorf("%v %s", got.header, got.body)
	}
	a.do("GET", "/v1/artifacts/"+unsigned.ID+"/provenance", "").problem(404, models.CodeNotFound)
	a.do("GET", "/v1/artifacts/"+models.NewID()+"/provenance", "").problem(404, models.CodeNotFound)
	a.do("GET", "/v1/artifacts/x/provenance", "").problem(404, models.CodeNotFound)
	a.do("GET", "/v1/artifacts/"+signed.ID+"/provenance", "", "Authorization: ").problem(401, models.CodeUnauthorized)
	a.do("GET", "/v1/artifacts/"+signed.ID+"/provenance", "", "Authorization: Bearer "+a.stranger).problem(404, models.CodeNotFound)

	if keys := decodeAs[openapi.SigningKeyList](a.do("GET", "/v1/signing-keys", "").want(200)); keys.Data == nil || len(keys.Data) != 0 {
		t.Errorf("%+v", keys)
	}
	if err := a.store.Provenance.SaveSigningKey(t.Context(), models.SigningKey{ID: "k", PublicKey: "PEM"}); err != nil {
		t.Fatal(err)
	}
	keys := decodeAs[openapi.SigningKeyList](a.do("GET", "/v1/signing-keys", "", "Authorization: ").want(200))
	if len(keys.Data) != 1 || keys.Data[0].ID != "k" || keys.Data[0].PublicKey != "PEM" || keys.Data[0].Algorithm != "ed25519" {
		t.Errorf("%+v", keys)
	}
	away.arm(models.NewError(models.CodeUnavailable, "down"))
	a.do("GET", "/v1/signing-keys", "").problem(503, models.CodeUnavailable)
}
