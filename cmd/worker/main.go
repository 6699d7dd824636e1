// Command worker runs Spark's jobs. Start as many as there is work for.
package main

import (
	"flag"
	"os"

	"github.com/spark-games/spark/internal/app"
	"github.com/spark-games/spark/internal/platform/config"
)

func main() {
	app.Init()
	os.Exit(app.Main("spark-worker", func(fs *flag.FlagSet, c *config.Config) {
		fs.TextVar(&c.Kinds, "kinds", c.Kinds, "kinds of jobs to run, such as build,export (default: all)")
		fs.TextVar(&c.Concurrency, "concurrency", c.Concurrency, "slots by kind, such as build=2,generation=16")
		fs.StringVar(&c.MetricsAddr, "metrics-addr", c.MetricsAddr, "address of /metrics, /healthz and /readyz; empty for none")
	}, app.Worker))
}
