package api

import (
	"fmt"
	"testing"

	"github.com/spark-games/spark/models"
)

// The end of a job or a pipeline is told to a URL that it was submitted with, if that is one to which something is sent, and whoever submits has a key.
func TestWebhookURLs(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	job := func(url string) string {
		return fmt.Sprintf(`{"kind":"build","project_id":%q,"webhook_url":%q}`, p.ID, url)
	}
	pipeline := func(url string) string {
		return fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"build"}],"webhook_url":%q}`, p.ID, url)
	}
	a.do("POST", "/v1/jobs", job("https://example.com/hook")).want(202)
	a.do("POST", "/v1/pipelines", pipeline("https://example.com/hook")).want(202)
	for _, bad := range []string{"http://example.com/hook", "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/", "https://localhost/", "https://0x7f.1/",
		"nothing"} {
		for _, r := range []answer{a.do("POST", "/v1/jobs", job(bad)), a.do("POST", "/v1/pipelines", pipeline(bad))} {
			r.problem(400, models.CodeWebhookURLRefused)
		}
	}
	token := a.token(fmt.Sprintf(`{"access":"edit","project_id":%q}`, p.ID))
	a.do("POST", "/v1/jobs", job("https://example.com/hook"), bearer(token)).problem(400, models.CodeInvalidRequest)
	a.do("POST", "/v1/pipelines", pipeline("https://example.com/hook"), bearer(token)).problem(400, models.CodeInvalidRequest)
	a.do("POST", "/v1/schedules", fmt.Sprintf(`{"name":"x","cron":"@daily","job":%s}`, job("https://example.com/hook"))).problem(400, models.CodeInvalidRequest)
}
