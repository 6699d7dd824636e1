// Command compare measures Spark beside other job queues, in one run on the same Postgres and Redis, and reports how it stands to its
// targets. "make bench" runs it with its services.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
)

func main() {
	if err := command(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func command() (err error) {
	isShort := flag.Bool("short", false, "measure for about two minutes, to see that everything works")
	only := flag.String("workloads", "", "regular expression: only these workloads")
	subjects := flag.String("subjects", "", "regular expression: only these subjects")
	report := flag.String("report", "", "write the report of a whole run to this file as well")
	flag.Parse()
	s := full
	if *isShort {
		s = short
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "spark-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r, err := newRun(ctx, s, dir, filepath.Join(cache, "spark-bench"))
	if err != nil {
		return err
	}
	if r.only, err = regexp.Compile(*only); err != nil {
		return err
	}
	if r.subjects, err = regexp.Compile(*subjects); err != nil {
		return err
	}
	if err := r.all(ctx); err != nil {
		return err
	}
	if err := r.write(ctx, os.Stdout); err != nil || *report == "" || *only+*subjects != "" {
		return err
	}
	return r.save(ctx, *report)
}
