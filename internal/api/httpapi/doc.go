// Package httpapi is Spark's HTTP surface: the v1 API, whose routes and types are generated from openapi.yaml, the
// games that /play serves, and the doors for operators.
//
// A request passes the middleware (request id, access log, panic recovery, security headers), is authenticated, decoded
// strictly, and handed to a handler that calls the interfaces in ports.go. Errors become HTTP in problem.go and nowhere
// else.
package httpapi
