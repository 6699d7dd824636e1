// Submits a pipeline by the name of its template.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/spark-games/spark/client"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	spark, err := client.New(os.Getenv("SPARK_SERVER"), client.WithKey(os.Getenv("SPARK_KEY")))
	if err != nil {
		return err
	}
	template, err := spark.GetTemplate(ctx, "make-and-export")
	if err != nil {
		return err
	}
	for name, asks := range template.Parameters {
		fmt.Printf("%s: %s\n", name, asks.Description)
	}

	made, err := spark.SubmitPipeline(ctx, nil, client.NewPipeline{
		NewProject: &client.NewPipelineProject{Name: "Owl", Engine: "phaser"},
		Template:   template.Name,
		Params:     map[string]json.RawMessage{"prompt": json.RawMessage(`"a platformer with an owl"`), "format": json.RawMessage(`"html"`)},
	})
	if err != nil {
		return err
	}
	for event, err := range spark.FollowPipeline(ctx, made.ID, 0) {
		if err != nil {
			return err
		}
		fmt.Println(event.Type)
	}
	ended, err := spark.GetPipeline(ctx, made.ID, nil)
	if err != nil {
		return err
	}
	fmt.Printf("%s, version %d: %s\n", ended.Template.Name, ended.Template.Version, ended.State)
	return nil
}
