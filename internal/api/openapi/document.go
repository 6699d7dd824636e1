// Package openapi is the API's document and what is derived from it: the generated types and server interface, and a table of
// the operations with their requirements. Nothing is served that is not in the document.
package openapi

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed openapi.yaml
var yaml []byte

// Document is the OpenAPI document, which is served and against which requests are validated.
type Document struct {
	Spec       *openapi3.T
	operations map[route]*Operation
	json       []byte
}

type route struct{ method, path string }

// Load reads the document, which is part of the program. The error names an operation whose declaration is incomplete.
func Load() (*Document, error) {
	spec, err := openapi3.NewLoader().LoadFromData(yaml)
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	d := &Document{Spec: spec, operations: make(map[route]*Operation)}
	for path, item := range spec.Paths.Map() {
		for method, described := range item.Operations() {
			op, err := newOperation(method, path, described)
			if err != nil {
				return nil, fmt.Errorf("the OpenAPI document: %s %s: %w", method, path, err)
			}
			addCommon(spec, op, described, item.Patch != nil)
			d.operations[route{method, path}] = op
		}
	}
	if d.json, err = json.Marshal(spec); err != nil {
		return nil, fmt.Errorf("write the OpenAPI document as JSON: %w", err)
	}
	return d, nil
}

// Operation is the operation of a method and a path as the document writes it, or nil.
func (d *Document) Operation(method, path string) *Operation {
	return d.operations[route{method, path}]
}

// Operations lists all operations, in no particular order.
func (d *Document) Operations() []*Operation {
	all := make([]*Operation, 0, len(d.operations))
	for _, op := range d.operations {
		all = append(all, op)
	}
	return all
}

// YAML is the document as it was written, for its readers.
func (d *Document) YAML() []byte { return yaml }

// JSON is the document in JSON.
func (d *Document) JSON() []byte { return d.json }
