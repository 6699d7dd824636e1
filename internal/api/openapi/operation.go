package openapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Operation is one operation of the API, with its declared requirements.
type Operation struct {
	ID, Method, Path string

	// Scope is x-spark-scope: the scope that the caller needs.
	Scope auth.Scope
	// About is x-spark-about: what says which project, pipeline or job the operation is about. Callers that are restricted to one are refused
	// where it is zero.
	About About
	// Rate is x-spark-rate: as how many requests one counts against the limits per minute; 0 of what is not limited.
	Rate int
	// RateWith is x-spark-rate-with: as how many requests one counts instead whose JSON body has something at a pointer.
	RateWith map[string]int
	// BodyLimit is x-spark-body-limit: the maximum size of a body in bytes. It is 0 for operations without a body.
	BodyLimit int64
	// Timeout is x-spark-timeout: how long a request may take. It is 0 for uploads, downloads and streams, which may take any
	// time as long as they make progress.
	Timeout time.Duration
	// JSON is the schema of a JSON body, or nil.
	JSON *openapi3.Schema
	// Media are the media types of a body, sorted.
	Media []string
	// BodyRequired reports whether there must be a body.
	BodyRequired bool
	// Browser reports whether a key is taken as the password of Basic authentication too, which browsers ask for.
	Browser bool
	// Idempotent is x-spark-idempotent of a POST: what becomes of an idempotency key.
	Idempotent Idempotency
	// Audit is x-spark-audit of what changes something: the action of its entry in the audit, such as "project.delete", or models.ActionSubmit.
	// It is "" of what only reads, and of what leaves nothing behind.
	Audit string
	// Query are the parameters in the query, and whether an empty one is a mistake instead of none.
	Query map[string]bool
	// Item is the schema of the objects in a page, of which the parameter "fields" chooses fields; nil of what answers no page.
	Item *openapi3.Schema
	// Longest are the parameters in the query and in headers that have a longest value.
	Longest []Longest
}

// Streamed reports whether a POST has a body that is too large to be kept in memory.
func (op *Operation) Streamed() bool {
	return op.Method == http.MethodPost && op.BodyLimit > 0 && op.JSON == nil
}

// Longest is how many characters the value of a parameter has at most.
type Longest struct {
	In, Name string // In is query or header
	Max      int
}

// Idempotency is what becomes of the Idempotency-Key of a POST.
type Idempotency string

// The ways to treat an idempotency key.
const (
	IdempotencyNone   Idempotency = "none"   // it is not looked at
	IdempotencyAnswer Idempotency = "answer" // a repetition gets the same answer
	IdempotencySecret Idempotency = "secret" // a repetition is refused, since the answer has a secret, which is not stored
)

// About says where an operation takes place. Path, Query or Body is set.
type About struct {
	Path  models.ResourceKind // the {id} in the path is that of such a resource
	Query bool                // the query's project_id, pipeline_id or job_id
	Body  bool                // the body's project_id
	// Filter is the project_id of the body's filter; without one the operation itself keeps to the place of its caller.
	Filter bool
}

func newAbout(extension any) (a About, err error) {
	fields, _ := extension.(map[string]any)
	for name, value := range fields {
		switch kind, _ := value.(string); name {
		case "path":
			a.Path = models.ResourceKind(kind)
		case "query":
			a.Query = true
		case "body":
			a.Body, a.Filter = true, kind == "filter"
		default:
			err = fmt.Errorf("x-spark-about has %q", name)
		}
	}
	if extension != nil && len(fields) != 1 {
		err = errors.New("x-spark-about is a path, a query or a body")
	}
	return a, err
}

func newRateWith(rate int, extension any) (map[string]int, error) {
	if extension == nil {
		return nil, nil
	}
	all := make(map[string]int)
	given, _ := extension.(map[string]any)
	for pointer, more := range given {
		n, _ := more.(float64)
		if !jsontext.Pointer(pointer).IsValid() || int(n) <= rate {
			return nil, errors.New("x-spark-rate-with has pointers into the body, and what is more than x-spark-rate")
		}
		all[pointer] = int(n)
	}
	if len(all) == 0 {
		return nil, errors.New("x-spark-rate-with is empty")
	}
	return all, nil
}

func newOperation(method, path string, described *openapi3.Operation) (*Operation, error) {
	op := &Operation{ID: described.OperationID, Method: method, Path: path}
	scope, _ := described.Extensions["x-spark-scope"].(string)
	if op.Scope = auth.Scope(scope); !auth.Known(op.Scope) {
		return nil, fmt.Errorf("x-spark-scope %q is not a scope", scope)
	}
	var err error
	if op.About, err = newAbout(described.Extensions["x-spark-about"]); err != nil {
		return nil, err
	}
	rate, _ := described.Extensions["x-spark-rate"].(float64)
	if op.Rate = int(rate); op.Rate < 0 || (op.Rate == 0) != (op.Scope == auth.ScopePublic) {
		return nil, errors.New("x-spark-rate is 1 or more, and what is public has none")
	}
	if op.RateWith, err = newRateWith(op.Rate, described.Extensions["x-spark-rate-with"]); err != nil {
		return nil, err
	}
	if public := described.Security != nil && len(*described.Security) == 0; public != (op.Scope == auth.ScopePublic) {
		return nil, errors.New("only what is public has no security")
	}
	if own := described.Security != nil && len(*described.Security) == 1 && (*described.Security)[0]["cookie"] != nil; own != (op.Scope == auth.ScopeMe) {
		return nil, errors.New("only what is a person's own takes a cookie alone")
	}
	if described.Security != nil {
		for _, way := range *described.Security {
			_, basic := way["basic"]
			op.Browser = op.Browser || basic
		}
	}
	for _, p := range described.Parameters {
		if s := p.Value.Schema; s != nil && s.Value.MaxLength != nil && p.Value.In != openapi3.ParameterInPath {
			op.Longest = append(op.Longest, Longest{p.Value.In, p.Value.Name, int(*s.Value.MaxLength)})
		}
		if p.Value.In == openapi3.ParameterInQuery {
			if op.Query == nil {
				op.Query = make(map[string]bool)
			}
			op.Query[p.Value.Name] = p.Value.Schema != nil && p.Value.Schema.Value.MinLength > 0
		}
	}
	switch timeout := described.Extensions["x-spark-timeout"].(type) {
	case string:
		if op.Timeout, err = time.ParseDuration(timeout); err != nil && timeout != "progress" {
			return nil, fmt.Errorf("x-spark-timeout: %w", err)
		}
	default:
		return nil, errors.New("x-spark-timeout is missing")
	}
	idempotent, _ := described.Extensions["x-spark-idempotent"].(string)
	switch op.Idempotent = Idempotency(idempotent); op.Idempotent {
	case IdempotencyNone, IdempotencyAnswer, IdempotencySecret:
	case "":
		if method == http.MethodPost {
			return nil, errors.New("x-spark-idempotent is missing")
		}
	default:
		return nil, fmt.Errorf("x-spark-idempotent %q", idempotent)
	}
	if op.Audit, err = newAudit(method, described.Extensions["x-spark-audit"]); err != nil {
		return nil, err
	}
	if hasParameter(described, "cursor") {
		op.Item = item(described)
	}
	if (op.Item != nil) != hasParameter(described, "fields") {
		return nil, errors.New("what answers pages has the parameter fields, and nothing else has it")
	}
	return op, op.readBody(described)
}

// item is the schema of the objects in the page that an operation answers: what has "data" and "next_cursor". It is nil if it answers no page.
func item(described *openapi3.Operation) *openapi3.Schema {
	ok := described.Responses.Value("200")
	if ok == nil || ok.Value.Content["application/json"] == nil {
		return nil
	}
	page := ok.Value.Content["application/json"].Schema.Value.Properties
	if page["data"] == nil || page["next_cursor"] == nil || page["data"].Value.Items == nil {
		return nil
	}
	return page["data"].Value.Items.Value
}

func hasParameter(described *openapi3.Operation, name string) bool {
	return described.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) != nil
}

var actionForm = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)

func newAudit(method string, extension any) (action string, err error) {
	switch action, _ = extension.(string); {
	case method == http.MethodGet && extension != nil:
		return "", errors.New("x-spark-audit goes with what changes something")
	case method == http.MethodGet, action == "none":
		return "", nil
	case action != models.ActionSubmit && !actionForm.MatchString(action):
		return "", errors.New(`x-spark-audit is an action such as "project.delete", "` + models.ActionSubmit +
			`" for submissions, or "none" for what leaves nothing behind`)
	}
	return action, nil
}

func (op *Operation) readBody(described *openapi3.Operation) error {
	limit, declared := described.Extensions["x-spark-body-limit"].(float64)
	if has := described.RequestBody != nil; has != declared || has && limit < 1 {
		return errors.New("x-spark-body-limit goes with a body")
	}
	if !declared {
		return nil
	}
	op.BodyLimit, op.BodyRequired = int64(limit), described.RequestBody.Value.Required
	op.Media = slices.Sorted(maps.Keys(described.RequestBody.Value.Content))
	if media, ok := described.RequestBody.Value.Content["application/json"]; ok {
		op.JSON = media.Schema.Value
	}
	if op.RateWith != nil && op.JSON == nil {
		return errors.New("x-spark-rate-with goes with a JSON body")
	}
	return nil
}
