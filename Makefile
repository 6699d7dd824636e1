# The developer's commands. "make help" lists them.

GO            ?= go
PACKAGES      ?= ./...
GOLANGCI_LINT ?= $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
SERVICES      := $(GO) run ./tests/services

# How many packages are tested at once. Go's own default is the number of cores; two are enough to keep the cores busy
# while a package waits for its browser or its database, and few enough not to starve the tests that measure time.
TEST_PACKAGES ?= 2
BENCH_TIME    ?= 5s
BIN           ?= bin
FUZZ_TIME     ?= 10s

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# "go run" would print nothing while it compiles, and report a stop with Ctrl-C as an error. In a terminal, the program gets its
# own process group (set -m), so that Ctrl-C reaches only the program and make sees its exit code. Ctrl-Z, which would suspend
# the program but not make, is ignored.
.PHONY: run
run: ## Start the whole platform on embedded stores, make a sample game and print where to play it
	@echo "Spark: compiling. The first time, Go downloads its modules and compiles hundreds of packages, which takes minutes."
	@{ $(GO) build -v -o bin/spark ./cmd/spark 2>&1 || echo failed; } | { n=0; while IFS= read -r line; do case "$$line" in \
		failed) exit 1 ;; \
		*[!a-zA-Z0-9./_~-]*) echo "  $$line" ;; \
		*) n=$$((n + 1)); [ $$((n % 50)) -ne 0 ] || echo "  $$n packages compiled" ;; \
	esac; done; }
	@echo "Spark: starting."
	@if [ -t 0 ]; then trap '' TSTP; set -m; fi; bin/spark dev --sample

.PHONY: build
build: ## Build every program into BIN (bin/)
	@mkdir -p $(BIN)
	CGO_ENABLED=0 $(GO) build -o $(BIN)/ $(filter-out ./cmd/engine-agent,$(wildcard ./cmd/*))
	$(GO) run ./internal/builds/images/buildagent $(BIN)

.PHONY: images
images: ## Make the engines' container images that the Docker daemon lacks
	$(GO) run ./cmd/spark images

.PHONY: generate
generate: ## Regenerate the code that is made from the OpenAPI document
	$(GO) generate ./...

.PHONY: lint
lint: ## Check style, import rules and common mistakes
	$(GOLANGCI_LINT) run --allow-parallel-runners $(PACKAGES)
	$(if $(filter ./...,$(PACKAGES)),cd tests/bench && $(GOLANGCI_LINT) run --allow-parallel-runners ./...)

.PHONY: format
format: ## Format the code as the linter requires
	$(GOLANGCI_LINT) fmt ./...
	cd tests/bench && $(GOLANGCI_LINT) fmt ./...

.PHONY: test
test: ## Run all tests with the race detector on real services, which are installed where possible
	$(SERVICES) -- $(GO) test -race -shuffle=on -timeout 40m -p $(TEST_PACKAGES) $(PACKAGES)
	$(if $(filter ./...,$(PACKAGES)),$(SERVICES) -fsync -- $(GO) -C tests/bench test -race -shuffle=on -p $(TEST_PACKAGES) ./...)

# BASE: the commit to compare with (default: where the branch left main), or "all". SHARD=1/4: one of four parts.
# RESUME=1: continue an interrupted run. ONLY=./jobs/...: only some packages.
.PHONY: flaky
flaky: ## Repeat the tests that are new or changed since BASE under load, and show which fail by chance
	$(SERVICES) -- $(GO) run ./tests/flaky $(if $(BASE),-base $(BASE)) $(if $(SHARD),-shard $(SHARD)) $(if $(RESUME),-resume) $(if $(ONLY),-only $(ONLY))

.PHONY: games
games: ## Edit a game of every genre on every engine by a follow-up prompt, and play it in a browser
	SPARK_TEST_GAMES=all $(SERVICES) -- $(GO) test -count 1 -timeout 40m -run 'TestEditedGames|TestGamesAreComfortable' ./tests/e2e

.PHONY: screenshots
screenshots: ## Play every genre on every engine in a browser (Godot under xvfb-run), and tile the screenshots into docs/images/games.jpg
	dir=$$(mktemp -d) && SPARK_TEST_SCREENSHOTS=$$dir $(SERVICES) -- $(GO) test -count 1 -run 'TestGames|TestGodotGames' ./tests/e2e && \
		$(GO) run ./tests/contactsheet $$dir docs/images/games.jpg && rm -r $$dir

# FAULTS_MINUTES: how long faults are injected, in segments of twenty minutes, whose seeds begin with SEED. FAULTS_RESULTS keeps what
# they find, so that an interrupted run continues.
FAULTS_MINUTES ?= 20
FAULTS_RESULTS ?= .faults/results.jsonl
.PHONY: faults
faults: ## Break everything that a platform under load depends on, for FAULTS_MINUTES, and check that it keeps its promises
	@mkdir -p $(dir $(FAULTS_RESULTS))
	$(GO) run ./tests/faults -minutes $(FAULTS_MINUTES) -results $(FAULTS_RESULTS) $(if $(SEED),-seed $(SEED)) $(FAULTS)

.PHONY: fairness
fairness: ## Measure how accounts share a worker
	@mkdir -p .prove
	$(SERVICES) -fsync -- $(GO) -C tests/bench run ./fairness -report $(CURDIR)/.prove/fairness.md

# BENCH=short: speed is measured for two minutes only.
.PHONY: prove
prove: faults fairness ## Faults, fairness and speed beside other queues, into docs/proof.md
	$(SERVICES) -fsync -- $(GO) -C tests/bench run ./compare $(if $(filter short,$(BENCH)),-short) -report $(CURDIR)/.prove/speed.md
	$(GO) run ./tests/prove -faults $(FAULTS_RESULTS)

.PHONY: replay
replay: ## Retry every security fault ever found, in both runners and over HTTP, and print a line for each
	$(SERVICES) -- $(GO) run ./tests/replay

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZ_TIME
	@grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n 1 dirname | sort -u | while read -r dir; do \
		for target in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$$dir"/*_test.go | cut -d ' ' -f 2); do \
			echo "$$dir $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ_TIME) "$$dir" || exit 1; \
		done; \
	done

# COMPARE: flags of tests/bench/compare, such as "-workloads noop -subjects 'spark$$|river'". Part of a run writes no report.
.PHONY: bench
bench: ## Measure jobs beside other queues, into docs/performance, and builds; BENCH=short is bench-short
ifeq ($(BENCH),short)
	$(MAKE) bench-short
else
	$(SERVICES) -fsync -- $(GO) -C tests/bench run ./compare -report $(CURDIR)/docs/performance/report.md $(COMPARE)
	$(SERVICES) -- $(GO) -C tests/bench test . -run '^$$' -bench . -skip '^BenchmarkSandbox' -benchtime $(BENCH_TIME) -timeout 30m
endif

# LOAD_TIME: how long a round of a scenario lasts. LOAD: flags of tests/load, such as "-only reads,healthz". Part of a run writes no report.
LOAD_TIME ?= 10s
.PHONY: load
load: ## Measure the API under load on a real Postgres and Redis, into docs/performance, and fail when an aim is missed
	$(SERVICES) -fsync -- $(GO) run ./tests/load -time $(LOAD_TIME) $(if $(LOAD),$(LOAD),-report $(CURDIR)/docs/performance/load.md)

.PHONY: bench-short
bench-short: ## Measure jobs beside other queues for about two minutes, only to see that it works
	$(SERVICES) -fsync -- $(GO) -C tests/bench run ./compare -short $(COMPARE)

.PHONY: bench-webhooks
bench-webhooks: ## Measure how soon webhooks arrive, and a thousand of them beside a receiver that hangs
	$(SERVICES) -fsync -- $(GO) test ./internal/webhooks/deliver -run '^$$' -bench '^BenchmarkWebhooks' -benchtime 3x

.PHONY: bench-sandbox
bench-sandbox: ## Compare the sandbox with docker exec, docker run and the plain tools, in one run
	$(SERVICES) -- $(GO) -C tests/bench test . -run '^$$' -bench '^BenchmarkSandbox' -benchtime 1x -timeout 30m
