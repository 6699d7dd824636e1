// Makes a game from a prompt, tells how it goes, and fetches it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	server := os.Getenv("SPARK_SERVER")
	spark, err := client.New(server, client.WithKey(os.Getenv("SPARK_KEY")))
	if err != nil {
		return err
	}
	made, err := spark.SubmitPipeline(ctx, nil, client.NewPipeline{
		NewProject: &client.NewPipelineProject{Name: "Fox", Engine: "phaser"},
		Steps: []client.NewStep{
			{Kind: "generation", Input: json.RawMessage(`{"prompt": "a platformer with a fox"}`)},
			{Kind: "build", Input: json.RawMessage(`{"mode": "release"}`)},
		},
	})
	if err != nil {
		return err
	}

	// The events of the build, until it has ended.
	build := made.Jobs[1].ID
	for event, err := range spark.FollowJob(ctx, build, 0) {
		if err != nil {
			return err
		}
		fmt.Printf("%s %s\n", event.Type, event.Data)
	}

	artifacts, err := spark.ListArtifacts(ctx, &client.ListArtifactsParams{JobID: &build})
	if err != nil {
		return err
	}
	if len(artifacts.Data) == 0 {
		return fmt.Errorf("job %s has failed", build)
	}
	zip, err := spark.DownloadArtifact(ctx, artifacts.Data[0].ID)
	if err != nil {
		return err
	}
	defer zip.Body.Close()
	file, err := os.Create("fox.zip")
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, zip.Body); err != nil {
		return err
	}
	fmt.Println("Play it at " + server + *artifacts.Data[0].PlayURL)
	return file.Close()
}
