// Package apiclient is the Go client of Spark's HTTP API, generated from the same document as the server.
package apiclient

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o client.gen.go ../openapi/openapi.yaml
