// Changes parts of a file, as the media types of patches say.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/spark-games/spark/client"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

const path = "level.json"

func run(ctx context.Context) error {
	spark, err := client.New(os.Getenv("SPARK_SERVER"), client.WithKey(os.Getenv("SPARK_KEY")))
	if err != nil {
		return err
	}
	project, err := spark.CreateProject(ctx, nil, client.NewProject{Name: "Fox", Engine: "phaser"})
	if err != nil {
		return err
	}
	_, err = spark.WriteFile(ctx, project.ID, path, nil, strings.NewReader(`{"speed": 1, "tiles": ["grass"]}`+"\n"))
	if err != nil {
		return err
	}

	for _, patch := range []struct{ media, body string }{
		// What it names is changed, and what is null in it is taken away.
		{client.MergePatch, `{"speed": 2}`},
		// Operations, all of which are done or none.
		{client.JSONPatch, `[{"op": "test", "path": "/speed", "value": 2}, {"op": "add", "path": "/tiles/-", "value": "water"}]`},
		// Of any text.
		{client.UnifiedDiff, `--- level.json
+++ level.json
@@ -1 +1 @@
-{"speed": 2, "tiles": ["grass", "water"]}
+{"speed": 3, "tiles": ["grass", "water"]}
`},
	} {
		// With IfMatch in the parameters, only if nobody else has changed the file.
		if _, err := spark.PatchFile(ctx, project.ID, path, nil, patch.media, strings.NewReader(patch.body)); err != nil {
			return err
		}
	}
	file, err := spark.ReadFile(ctx, project.ID, path, nil)
	if err != nil {
		return err
	}
	defer file.Body.Close()
	text, err := io.ReadAll(file.Body)
	fmt.Print(string(text))
	return err
}
