package httpapi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"
)

//go:embed openapi.yaml
var documentYAML []byte

// document is the OpenAPI document: served as it is, and the judge of request bodies.
type document struct {
	spec *openapi3.T
	json []byte
}

func loadDocument() (*document, error) {
	spec, err := openapi3.NewLoader().LoadFromData(documentYAML)
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	asJSON, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document as JSON: %w", err)
	}
	return &document{spec, asJSON}, nil
}

// bodySchema is the schema of an operation's JSON body, if it has one.
func (d *document) bodySchema(method, path string) (*openapi3.Schema, bool) {
	item := d.spec.Paths.Value(path)
	if item == nil {
		return nil, false
	}
	op := item.GetOperation(method)
	if op == nil || op.RequestBody == nil {
		return nil, false
	}
	media, ok := op.RequestBody.Value.Content["application/json"]
	if !ok {
		return nil, false
	}
	return media.Schema.Value, true
}

func (s *server) serveDocument(c *gin.Context) {
	c.Header("Access-Control-Allow-Origin", "*") // public, and documentation viewers run in browsers
	c.Data(http.StatusOK, "application/yaml", documentYAML)
}

func (s *server) serveDocumentJSON(c *gin.Context) {
	c.Header("Access-Control-Allow-Origin", "*")
	c.Data(http.StatusOK, "application/json", s.doc.json)
}
