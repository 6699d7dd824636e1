// Sends a request twice, which has one effect.
package main

import (
	"context"
	"crypto/rand"
	"errors"
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
	// A key of one's own makes a request safe to repeat also after the program has ended: keep it with the order that it is for.
	params := &client.CreateProjectParams{IdempotencyKey: new(rand.Text())}
	first, err := spark.CreateProject(ctx, params, client.NewProject{Name: "Fox", Engine: "phaser"})
	if err != nil {
		return err
	}
	again, err := spark.CreateProject(ctx, params, client.NewProject{Name: "Fox", Engine: "phaser"})
	if err != nil {
		return err
	}
	if first.ID == again.ID {
		fmt.Println("one project: " + first.ID)
	}

	_, err = spark.CreateProject(ctx, params, client.NewProject{Name: "Wolf", Engine: "phaser"})
	if refused, ok := errors.AsType[*client.Error](err); ok {
		fmt.Println(refused.Status, refused.Code)
	}
	return nil
}
