// Writes a file only if nobody else has changed it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/spark-games/spark/client"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

const path = "notes.md"

func run(ctx context.Context) error {
	spark, err := client.New(os.Getenv("SPARK_SERVER"), client.WithKey(os.Getenv("SPARK_KEY")))
	if err != nil {
		return err
	}
	project, err := spark.CreateProject(ctx, nil, client.NewProject{Name: "Fox", Engine: "phaser"})
	if err != nil {
		return err
	}

	// A new file, unless there is one.
	_, err = spark.WriteFile(ctx, project.ID, path, &client.WriteFileParams{IfNoneMatch: new("*")}, strings.NewReader("A fox"))
	if err != nil {
		return err
	}
	_, tag, err := read(ctx, spark, project.ID)
	if err != nil {
		return err
	}
	_, err = spark.WriteFile(ctx, project.ID, path, &client.WriteFileParams{IfMatch: &tag}, strings.NewReader("A fox in the snow"))
	if err != nil {
		return err
	}

	// Somebody else has read the file before that: what they write is refused, and nothing is lost.
	_, err = spark.WriteFile(ctx, project.ID, path, &client.WriteFileParams{IfMatch: &tag}, strings.NewReader("A wolf"))
	if refused, ok := errors.AsType[*client.Error](err); ok && refused.Status == http.StatusPreconditionFailed {
		fmt.Println("read it again")
	}
	text, _, err := read(ctx, spark, project.ID)
	fmt.Println(text)
	return err
}

func read(ctx context.Context, spark *client.Client, project string) (text, tag string, err error) {
	file, err := spark.ReadFile(ctx, project, path, nil)
	if err != nil {
		return "", "", err
	}
	defer file.Body.Close()
	content, err := io.ReadAll(file.Body)
	return string(content), file.Header.Get("ETag"), err
}
