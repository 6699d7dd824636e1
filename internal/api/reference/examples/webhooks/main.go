// Has a URL told of jobs that have ended, and verifies what comes there.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
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
	endpoint, err := spark.CreateWebhookEndpoint(ctx, nil, client.NewWebhookEndpoint{URL: "https://example.com/hook",
		Events: []string{"job.succeeded", "job.failed"}})
	if err != nil {
		return err
	}
	secrets, err := spark.ListWebhookSecrets(ctx, endpoint.ID)
	if err != nil {
		return err
	}
	http.Handle("POST /hook", receiver(secrets.Data[0].Key)) // what listens at that URL
	fmt.Println("verify with " + secrets.Data[0].Key)
	return nil
}

func receiver(secret string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || client.VerifyWebhook(r.Header, body, secret) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Printf("%s\n", body)
		w.WriteHeader(http.StatusNoContent)
	}
}
