// Lists all projects, on all pages.
package main

import (
	"context"
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
	for project, err := range spark.ListProjectsAll(ctx, &client.ListProjectsParams{Limit: new(2)}) {
		if err != nil {
			return err
		}
		fmt.Println(project.ID, project.Name)
	}
	return nil
}
