package reference

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed page/page.html
var source string

var layout = template.Must(template.New("page").Parse(source))

//go:embed examples
var exampleFiles embed.FS

// content is what the page shows.
type content struct {
	Title, Version string
	About          template.HTML
	Flows          []flow
	Groups         []group
	Problems       []problem
	JobErrors      []problem
	Events         []event
	Objects        []object
}

// group are the operations of a tag.
type group struct {
	Name        string
	Description template.HTML
	Operations  []operation
}

// operation is one operation, as the page shows it.
type operation struct {
	ID, Method, Path, Summary string
	InClients, InGo           string // how the clients call it; "" if they do not
	Scope                     string // "" if it needs no key
	Description               template.HTML
	Parameters                []parameter
	Bodies                    []body // of each media type
	Answers                   []answer
}

// streams are the names of the clients' methods that follow streams.
var streams = map[string]string{"streamJobEvents": "followJob", "streamPipelineEvents": "followPipeline", "streamProjectEvents": "followProject",
	"streamEvents": "followEvents"}

type parameter struct {
	field
	In string
}

type body struct {
	Media    string
	Type     template.HTML
	Required bool
	Fields   []field
}

type answer struct {
	Status      string
	Description template.HTML
	Type        template.HTML
	Media       string
	Headers     []string
}

// event is a type of events that webhooks tell of, with the object that is the body.
type event struct{ Type, Meaning, Body string }

// events are those of the document's x-webhooks, by name.
func events(spec *openapi3.T) (all []event) {
	described, _ := spec.Extensions["x-webhooks"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(described)) {
		var item struct {
			Post struct {
				Summary     string
				RequestBody struct {
					Content map[string]struct {
						Schema struct {
							Ref string `json:"$ref"`
						}
					}
				}
			}
		}
		raw, err := json.Marshal(described[name])
		if err == nil {
			err = json.Unmarshal(raw, &item)
		}
		if err != nil {
			panic("reference: " + err.Error()) // the document is part of the program
		}
		ref := item.Post.RequestBody.Content["application/json"].Schema.Ref
		all = append(all, event{name, item.Post.Summary, ref[strings.LastIndex(ref, "/")+1:]})
	}
	return all
}

// problem is a code of an error.
type problem struct {
	Code, Status string
	Meaning      template.HTML
}

// page is the page for a document.
func page(spec *openapi3.T) []byte {
	c := content{Title: spec.Info.Title, Version: spec.Info.Version, About: markdown(spec.Info.Description), Flows: flows()}
	for _, tag := range spec.Tags {
		if g := newGroup(spec, tag); len(g.Operations) > 0 {
			c.Groups = append(c.Groups, g)
		}
	}
	c.Events = events(spec)
	c.Problems, c.JobErrors = problems(spec.Components.Schemas["ErrorCode"].Value.Description)
	for _, name := range slices.Sorted(maps.Keys(spec.Components.Schemas)) {
		o := newObject(name, spec.Components.Schemas[name])
		if name == "ErrorCode" {
			o.Description = `One of the <a href="#errors">codes</a>. They are stable and never renamed; new ones may be added.`
		}
		c.Objects = append(c.Objects, o)
	}
	var b bytes.Buffer
	if err := layout.Execute(&b, c); err != nil {
		panic("reference: " + err.Error()) // the document and the template are part of the program
	}
	return b.Bytes()
}

func newGroup(spec *openapi3.T, tag *openapi3.Tag) group {
	g := group{Name: tag.Name, Description: inline(tag.Description)}
	order := []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	for _, path := range slices.Sorted(maps.Keys(spec.Paths.Map())) {
		item := spec.Paths.Value(path)
		operations := item.Operations()
		for _, method := range order {
			if op := operations[method]; op != nil && slices.Contains(op.Tags, tag.Name) {
				g.Operations = append(g.Operations, newOperation(method, path, item, op))
			}
		}
	}
	return g
}

func newOperation(method, path string, item *openapi3.PathItem, described *openapi3.Operation) operation {
	op := operation{ID: described.OperationID, Method: method, Path: path, Summary: described.Summary, Description: markdown(described.Description)}
	if !slices.Contains(described.Tags, "operations") && !slices.Contains(described.Tags, "play") {
		op.InClients = cmp.Or(streams[op.ID], op.ID)
		op.InGo = strings.ToUpper(op.InClients[:1]) + op.InClients[1:]
	}
	if scope, _ := described.Extensions["x-spark-scope"].(string); scope != "public" {
		op.Scope = scope
	}
	for _, p := range slices.Concat(item.Parameters, described.Parameters) {
		v := p.Value
		op.Parameters = append(op.Parameters, parameter{field{Name: v.Name, Required: v.Required, Type: typeOf(v.Schema), Limits: limits(v.Schema.Value),
			Description: inline(cmp.Or(v.Description, v.Schema.Value.Description))}, v.In})
	}
	if described.RequestBody != nil {
		types := described.RequestBody.Value.Content
		for _, media := range slices.Sorted(maps.Keys(types)) {
			schema := types[media].Schema
			op.Bodies = append(op.Bodies, body{media, typeOf(schema), described.RequestBody.Value.Required, fields(schema.Value)})
		}
	}
	for _, status := range slices.Sorted(maps.Keys(described.Responses.Map())) {
		if status != "default" {
			op.Answers = append(op.Answers, newAnswer(status, described.Responses.Value(status).Value))
		}
	}
	return op
}

func newAnswer(status string, r *openapi3.Response) answer {
	a := answer{Status: status, Headers: slices.DeleteFunc(slices.Sorted(maps.Keys(r.Headers)), func(name string) bool { return name == "X-Request-Id" })}
	if r.Description != nil {
		a.Description = inline(*r.Description)
	}
	for media, m := range r.Content {
		a.Media = media
		if m.Schema != nil {
			a.Type = typeOf(m.Schema)
		}
	}
	return a
}

// The rows of the tables of codes in the document's ErrorCode.
var (
	problemRow  = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| (\\d+) \\| (.+) \\|$")
	jobErrorRow = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| (\\D.*) \\|$")
)

func problems(tables string) (requests, jobs []problem) {
	for _, m := range problemRow.FindAllStringSubmatch(tables, -1) {
		requests = append(requests, problem{m[1], m[2], inline(m[3])})
	}
	for _, m := range jobErrorRow.FindAllStringSubmatch(tables, -1) {
		jobs = append(jobs, problem{m[1], "", inline(m[2])})
	}
	return requests, jobs
}

// flow is an example in several languages.
type flow struct {
	Name, Title, About string
	Samples            []sample
}

type sample struct{ Class, Language, Code string }

// flows are the examples. Each is a folder of files, which a test runs as they are.
func flows() []flow {
	all := []flow{
		{Name: "make", Title: "From a prompt to a game",
			About: "One call makes a project, its files and a build. The events tell how it goes, and what came of it is played, or downloaded."},
		{Name: "template", Title: "By the name of a template",
			About: "A template is a pipeline with parameters: one of the account's own, or one that every account has."},
		{Name: "repeat", Title: "Repeat a request safely",
			About: "A repetition with the same idempotency key has no second effect, and gets the same answer. The clients send a key with each POST."},
		{Name: "pages", Title: "Go through a list", About: "Lists come in pages, newest first. The next_cursor of one page is the cursor of the next."},
		{Name: "edit", Title: "Edit files together", About: "With If-Match a file is written only if nobody else has changed it since it was read."},
		{Name: "patch", Title: "Change a part of a file", About: "A patch says what changes, and its media type in which way."},
		{Name: "webhooks", Title: "Be told what happens", About: "An endpoint is told of events. Its secret shows that they are the platform's."},
	}
	for i := range all {
		for _, s := range []sample{{"curl", "curl", "curl.sh"}, {"typescript", "TypeScript", "typescript.ts"}, {"go", "Go", "main.go"}} {
			code, err := exampleFiles.ReadFile("examples/" + all[i].Name + "/" + s.Code)
			if err != nil {
				panic("reference: " + err.Error()) // it is part of the program
			}
			s.Code = strings.TrimSpace(string(code))
			all[i].Samples = append(all[i].Samples, s)
		}
	}
	return all
}
