// Command api serves Spark's HTTP API: it accepts jobs, reports their progress, and serves the games.
package main

import (
	"flag"
	"os"

	"github.com/spark-games/spark/internal/app"
	"github.com/spark-games/spark/internal/platform/config"
)

func main() {
	os.Exit(app.Main("spark-api", func(fs *flag.FlagSet, c *config.Config) {
		fs.StringVar(&c.HTTP.Addr, "addr", c.HTTP.Addr, "address to listen on")
	}, app.API))
}
