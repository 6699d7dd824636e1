// Package client is the client of Spark's API. It has a method for each operation; its types are generated from the API's document.
//
//	spark, err := client.New("https://spark.example.com", client.WithKey(key))
//	…
//	made, err := spark.SubmitPipeline(ctx, nil, client.NewPipeline{…})
//	for event, err := range spark.FollowJob(ctx, made.Jobs[0].ID, 0) {
//		…
//	}
//
// A request that fails in passing is sent again, with growing random pauses and not before Retry-After says. Each POST has an idempotency
// key, the same for all of its repetitions, so that it has one effect. What could have a second effect, such as a deletion or a conditional
// write, is repeated only if the platform says that it did nothing.
//
// What the platform refuses is an *Error.
package client

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o client.gen.go ../internal/api/openapi/openapi.yaml
