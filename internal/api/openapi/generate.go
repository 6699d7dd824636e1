package openapi

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o api.gen.go openapi.yaml
//go:generate go generate ../../../client
//go:generate npm --prefix ../../../sdk/typescript run --silent generate
