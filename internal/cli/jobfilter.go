package cli

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// jobFilter are the flags that say which jobs are meant.
type jobFilter struct {
	state, kind, project, pipeline, endUser, code, key, submitter string
	metadata                                                      []string
	since, until                                                  time.Duration
	dueFrom, dueTo, expiresFrom, expiresTo                        string
}

// filterFlags are their names.
var filterFlags = []string{"state", "kind", "project", "pipeline", "end-user", "error-code", "concurrency-key", "submitter", "metadata", "since", "until",
	"due-from", "due-to", "expires-from", "expires-to"}

func (j *jobFilter) flags(cmd *cobra.Command, states []models.State) {
	f := cmd.Flags()
	f.StringVar(&j.state, "state", "", "only jobs in this state: "+orList(namesOf(states)))
	f.StringVar(&j.kind, "kind", "", "only jobs of this kind: "+orList(namesOf(models.Kinds())))
	f.StringVar(&j.project, "project", "", "only jobs of this project")
	f.StringVar(&j.pipeline, "pipeline", "", "only jobs of this pipeline")
	f.StringVar(&j.endUser, "end-user", "", "only jobs of this end user")
	f.StringVar(&j.code, "error-code", "", "only jobs whose error has this code")
	f.StringVar(&j.key, "concurrency-key", "", "only jobs with this concurrency key")
	f.StringVar(&j.submitter, "submitter", "", "only jobs that this key or person submitted, by id")
	f.StringArrayVar(&j.metadata, "metadata", nil, "only jobs whose metadata has this, KEY=VALUE; may be repeated")
	f.Var((*age)(&j.since), "since", `only jobs that were submitted in this time, "24h" or "7d" for example`)
	f.Var((*age)(&j.until), "until", "only jobs that were submitted longer ago than this")
	f.StringVar(&j.dueFrom, "due-from", "", "only jobs that are due then or later, 2026-01-31T08:00:00Z for example")
	f.StringVar(&j.dueTo, "due-to", "", "only jobs that are due before")
	f.StringVar(&j.expiresFrom, "expires-from", "", "only jobs that expire then or later")
	f.StringVar(&j.expiresTo, "expires-to", "", "only jobs that expire before")
	complete(cmd, "state", completing(states))
	complete(cmd, "kind", completing(models.Kinds()))
}

// filtering reports whether a flag says which jobs.
func filtering(f *pflag.FlagSet) (given bool) {
	f.Visit(func(one *pflag.Flag) { given = given || slices.Contains(filterFlags, one.Name) })
	return given
}

func (j *jobFilter) check(states []models.State) error {
	_, err := j.read(time.Now())
	return errors.Join(oneOf("state", models.State(j.state), states), oneOf("kind", models.Kind(j.kind), models.Kinds()), err)
}

// read is the filter that the flags are.
func (j *jobFilter) read(now time.Time) (f apiclient.JobFilter, err error) {
	f = apiclient.JobFilter{State: given(models.State(j.state)), Kind: given(models.Kind(j.kind)), ProjectID: given(j.project),
		PipelineID: given(j.pipeline), EndUser: given(j.endUser), ErrorCode: given(models.Code(j.code)), ConcurrencyKey: given(j.key),
		Submitter: given(j.submitter)}
	if j.since > 0 {
		f.CreatedFrom = new(now.Add(-j.since).UTC())
	}
	if j.until > 0 {
		f.CreatedTo = new(now.Add(-j.until).UTC())
	}
	for _, t := range []struct {
		name, text string
		to         **time.Time
	}{{"due-from", j.dueFrom, &f.RunAtFrom}, {"due-to", j.dueTo, &f.RunAtTo},
		{"expires-from", j.expiresFrom, &f.ExpiresAtFrom}, {"expires-to", j.expiresTo, &f.ExpiresAtTo}} {
		if t.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, t.text)
		if err != nil {
			return f, usagef("--%s: %s is not a time such as 2026-01-31T08:00:00Z", t.name, clean(t.text))
		}
		*t.to = &at
	}
	pairs := make(map[string]string)
	for _, pair := range j.metadata {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return f, usagef("--metadata: %s is not KEY=VALUE", clean(pair))
		}
		pairs[key] = value
	}
	if len(pairs) > 0 {
		f.Metadata = &pairs
	}
	return f, nil
}

// params asks for a page of the jobs.
func (j *jobFilter) params(page *pageFlags, now time.Time) (*apiclient.ListJobsParams, error) {
	f, err := j.read(now)
	if err != nil {
		return nil, err
	}
	p := &apiclient.ListJobsParams{Limit: &page.limit, Cursor: given(page.cursor), State: f.State, Kind: f.Kind, ProjectID: f.ProjectID,
		PipelineID: f.PipelineID, EndUser: f.EndUser, ErrorCode: f.ErrorCode, ConcurrencyKey: f.ConcurrencyKey, Submitter: f.Submitter,
		CreatedFrom: f.CreatedFrom, CreatedTo: f.CreatedTo, RunAtFrom: f.RunAtFrom, RunAtTo: f.RunAtTo, ExpiresAtFrom: f.ExpiresAtFrom,
		ExpiresAtTo: f.ExpiresAtTo}
	if f.Metadata != nil {
		escape := strings.NewReplacer(`\`, `\\`, ",", `\,`, ":", `\:`)
		var all []string
		for _, key := range slices.Sorted(maps.Keys(*f.Metadata)) {
			all = append(all, escape.Replace(key)+":"+escape.Replace((*f.Metadata)[key]))
		}
		p.Metadata = new(strings.Join(all, ","))
	}
	return p, nil
}
