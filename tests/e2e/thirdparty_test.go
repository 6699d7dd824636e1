package e2e

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/projects"
)

// A project that somebody else wrote, with the usual templates of its engine, is built in containers and runs in a browser.
func TestThirdPartyProjects(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	for i, engine := range projects.OrbitEngines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			files, err := projects.Orbit(engine)
			require.NoError(t, err)
			var body struct {
				Files []map[string]string `json:"files"`
			}
			for _, f := range files {
				body.Files = append(body.Files, map[string]string{"path": f.Path, "base64": base64.StdEncoding.EncodeToString(f.Data)})
			}
			p := d.newProject(t, "Orbit", engine)
			d.do(t, "PUT", "/v1/projects/"+p.ID+"/files", body).want(200)
			mode := []string{"preview", "release"}[i%2]
			built := d.end(t, d.submitJob(t, p.ID, "build", map[string]any{"mode": mode}).ID, jobWithin)
			require.Equal(t, "succeeded", built.State, "%+v", built.Error)
			page := newPage(t)
			page.open(d.url + built.Output["play_url"].(string))
			page.until(`Number(document.body.dataset.frames) > 5`)
			page.click()
			page.until(`document.querySelector('.hud').value === 'The first ring: 1'`)
			page.shoot("running")
			page.onlyFrom(d.url + "/")
		})
	}
}
