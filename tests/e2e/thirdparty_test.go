package e2e

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/projects"
)

// Another author's project, made from the usual template of its engine, is built in containers and runs in a browser.
func TestThirdPartyProjects(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	for i, engine := range projects.OrbitEngines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			files, err := projects.Orbit(engine)
			require.NoError(t, err)
			p := d.newProject(t, "Orbit", engine)
			d.fill(t, p.ID, files)
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

// Another author's LÖVE project, of fixed size, is shown as large as fits, and maps clicks correctly.
func TestThirdPartyLove(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	files, err := projects.Beacon()
	require.NoError(t, err)
	p := d.newProject(t, "Beacon", "love")
	d.fill(t, p.ID, files)
	built := d.end(t, d.submitJob(t, p.ID, "build", map[string]any{"mode": "preview"}).ID, jobWithin)
	require.Equal(t, "succeeded", built.State, "%+v", built.Error)
	page := newPage(t)
	page.open(d.url + built.Output["play_url"].(string))
	page.until(`document.title === 'Beacon: 0 lit, Licht has 5 letters, played one'`)
	// It is shown as large as fits, once the page has been laid out anew for the game's window.
	page.until(`(() => {
		const box = document.querySelector('canvas').getBoundingClientRect();
		const full = Math.abs(box.width - innerWidth) < 1 || Math.abs(box.height - innerHeight) < 1;
		return full && Math.abs(box.width / box.height - 4 / 3) < 0.01;
	})()`)
	page.click()
	page.until(`document.title === 'Beacon: 1 lit, lumière has 7 letters, played one'`)
	page.shoot("running").drawn(t)
	page.clean()
	page.onlyFrom(d.url + "/")
}

// fill replaces a project's files.
func (d *dev) fill(t *testing.T, projectID string, files []models.File) {
	t.Helper()
	var body struct {
		Files []map[string]string `json:"files"`
	}
	for _, f := range files {
		body.Files = append(body.Files, map[string]string{"path": f.Path, "base64": base64.StdEncoding.EncodeToString(f.Data)})
	}
	d.do(t, "PUT", "/v1/projects/"+projectID+"/files", body).want(200)
}
