package main

import (
	"context"
	"sync"

	"github.com/spark-games/spark/tests/bench/peers"
)

// The subjects of the measurements. Those of Spark come first in every table.
const (
	spark      = "spark"
	sparkHTTP  = "spark-http"
	sparkGrown = "spark-grown"
	httpGrown  = "spark-http-grown"
	embedded   = "spark-embedded"
	asynq      = "asynq"
	river      = "river"
	bullmq     = "bullmq"
	graphile   = "graphile-worker"
)

var subjectNames = map[string]string{
	spark: "Spark", sparkHTTP: "Spark over HTTP", sparkGrown: "Spark, grown database", httpGrown: "Spark over HTTP, grown database",
	embedded: "Spark, embedded stores", asynq: "raw asynq", river: "River", bullmq: "BullMQ", graphile: "graphile-worker",
}

func name(id string) string {
	if n, ok := subjectNames[id]; ok {
		return n
	}
	return id
}

// field makes the subjects of a run.
type field struct {
	env  *peers.Env
	size size

	once  sync.Once
	grown *peers.Database
	err   error
}

func (f *field) peer(ctx context.Context, subject string, w workload) (peers.Peer, error) {
	switch subject {
	case spark:
		p := &peers.Spark{Env: f.env}
		if w.how == weighing {
			p.Window = 2 * (f.size.Warmup + f.size.Release) // everything is released, also by a dispatcher that leaves some room
		}
		return p, nil
	case embedded:
		return &peers.Spark{Env: f.env, Embedded: true}, nil
	case sparkHTTP:
		return &peers.SparkHTTP{Env: f.env, Clients: w.callers}, nil
	case asynq:
		return &peers.Asynq{Env: f.env}, nil
	case river:
		return &peers.River{Env: f.env}, nil
	case bullmq:
		return peers.BullMQ(f.env), nil
	case graphile:
		return peers.Graphile(f.env), nil
	}
	// The grown database is made once, and copied for each round.
	f.once.Do(func() { f.grown, f.err = peers.Grown(ctx, f.env, f.size.Grown) })
	if subject == httpGrown {
		return &peers.SparkHTTP{Env: f.env, Clients: w.callers, From: f.grown}, f.err
	}
	return &peers.Spark{Env: f.env, From: f.grown}, f.err
}
