package main

import "github.com/spark-games/spark/tests/bench/results"

// targets are what Spark should reach, each in the same run as what it is compared with.
var targets = append([]results.Target{
	atLeast("durable submit, 16 callers", 3, of("submit16", spark, results.Rate), of("submit16", river, results.Rate)),
	atLeast("durable submit, 256 callers; asynq's enqueue is not durable", 0.4, of("submit256", spark, results.Rate), of("submit256", asynq, results.Rate)),
	atLeast("durable submit over HTTP, 64 clients; River's from the library", 1.5,
		of("submit64", sparkHTTP, results.Rate), of("submit64", river, results.Rate)),
	atLeast("no-op jobs, submit → stored result", 2, of("noop", spark, results.Rate), of("noop", river, results.Rate)),
	atLeast("no-op jobs, submit → stored result (then 1 ×)", 0.5, of("noop", spark, results.Rate), of("noop", asynq, results.Rate)),
	atLeast("draining a backlog of 100,000", 0.8, of("drain", spark, results.Rate), of("drain", asynq, results.Rate)),
	atMost("submit → handler starts, idle, p50", 3, of("idle", spark, results.P50)),
	atMost("submit → handler starts, idle, p99", 15, of("idle", spark, results.P99)),
	atMost("submit → handler starts, at half of the maximum load, p99", 50, of("half", spark, results.P99)),
	atMost("idle cost of the api", 1, of("programs", "api", results.Busy)),
	atMost("idle cost of the worker", 1, of("programs", "worker", results.Busy)),
	atMost("idle cost of the scheduler", 1, of("programs", "scheduler", results.Busy)),
	atMost("memory of the idle api", 40, of("programs", "api", results.Memory)),
	atMost("memory of the idle worker", 40, of("programs", "worker", results.Memory)),
	atMost("memory of the idle scheduler", 40, of("programs", "scheduler", results.Memory)),
	atMost("Redis for each released job", 400, of("redis", spark, results.Redis)),
	atLeast("embedded: no-op jobs, submit → stored result", 3000, of("noop", embedded, results.Rate)),
}, growth()...)

// growth has everything stay within a tenth when the database is full.
func growth() (all []results.Target) {
	for _, w := range workloads {
		switch w.how {
		case submitting, working, draining:
			small, grown := spark, sparkGrown
			if w.id == "submit64" {
				small, grown = sparkHTTP, httpGrown
			}
			all = append(all, atLeast("grown database: "+w.brief, 0.9, of(w.id, grown, results.Rate), of(w.id, small, results.Rate)))
		case waiting:
			for _, f := range []results.Figure{results.P50, results.P99} {
				all = append(all, atMost("grown database: "+w.brief+", "+string(f), 1.1, of(w.id, sparkGrown, f), of(w.id, spark, f)))
			}
		}
	}
	return all
}

func of(workload, subject string, f results.Figure) results.Key {
	return results.Key{Workload: workload, Subject: subject, Figure: f}
}

func atLeast(what string, limit float64, of results.Key, against ...results.Key) results.Target {
	a := results.Target{Measure: what, Of: of, Limit: limit}
	if len(against) > 0 {
		a.Against = &against[0]
	}
	return a
}

func atMost(what string, limit float64, of results.Key, against ...results.Key) results.Target {
	a := atLeast(what, limit, of, against...)
	a.AtMost = true
	return a
}
