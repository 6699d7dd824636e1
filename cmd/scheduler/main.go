// Command scheduler runs Spark's background loops: it repairs lost jobs and submits scheduled ones. Several may run; every
// duty is a compare-and-swap.
package main

import (
	"flag"
	"os"

	"github.com/spark-games/spark/internal/app"
	"github.com/spark-games/spark/internal/platform/config"
)

func main() {
	os.Exit(app.Main("spark-scheduler", func(fs *flag.FlagSet, c *config.Config) {
		fs.StringVar(&c.MetricsAddr, "metrics-addr", c.MetricsAddr, "address of /metrics, /healthz and /readyz; empty for none")
	}, app.Scheduler))
}
