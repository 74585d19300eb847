# The one list of commands. Each works in a fresh clone; CI calls the same.

CARGO ?= cargo
# Readers that the macro `odd!` lists, where cargo fmt does not see them.
ODD := $(wildcard parsers/src/odd/*.rs)
# Clippy's driver as the compiler: what it lints it also compiles, so one build serves the lints and the tests.
LINTED := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
# Tests wait for daemons and browsers as often as they compute.
export RUST_TEST_THREADS ?= $(shell expr $$(nproc) \* 3 / 2)
# A clone with a Rust toolchain that is not on the PATH yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-data test-faults test-parquet check fuzz lint bench docs fmt release image tools

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Built as tests are: a newcomer waits least, and `make test` afterwards finds the libraries built.
demo: ## Show everything at work: real releases, a publisher on this machine, the admin site
	@packaging/install-tools.sh demo
	$(CARGO) build --locked
	@target/debug/bluebook demo

test: ## All tests, and what keeps the code tidy
	@packaging/install-tools.sh test
	$(CARGO) fmt --all --check
	rustfmt --edition 2024 --check $(ODD)
	$(LINTED) $(CARGO) test --locked --workspace --all-targets --no-run
	$(LINTED) $(CARGO) test --locked --workspace

test-data: ## Load whole releases from DIR, and compare counts and every cell with those that others come to
	DATA="$(DIR)" $(CARGO) test --locked --test it whole_releases -- --ignored --nocapture

test-faults: ## What dies while it loads, and what comes in place of data, as often as it takes to trust it: some twenty minutes
	KILLS=96 $(CARGO) test --locked --test it faults::
	CASES=150 $(CARGO) test --locked --test it ingest::differences
	EVERY=1 $(CARGO) test --locked --test it ingest::

test-parquet: ## The reader of Parquet files, which is built in by a feature only
	$(LINTED) $(CARGO) test --locked --package bluebook-parsers --features parquet parquet

fuzz: ## Feed the readers with nonsense, SECONDS=600 a target, all or TARGET=csv: needs cargo-fuzz
	packaging/fuzz.sh $(or $(SECONDS),600) $(TARGET)

check: ## Every mistake in schedules.toml, admin.toml, datasets, reports, templates and SQL
	$(CARGO) run --locked --quiet -- check

fmt: ## Format the code
	$(CARGO) fmt --all
	rustfmt --edition 2024 $(ODD)

lint: ## Advisories, licences, unused dependencies, the unit's exposure: with the tools that are installed
	@packaging/lint.sh

bench: ## Speed, memory and WAL, against psql, dlt and each format's library: DATA=DIR has real files (see benches/load.rs)
	@packaging/install-tools.sh demo
	$(CARGO) bench --locked --bench load

docs: ## The documentation of the code, as HTML under target/doc
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps --document-private-items

release: ## The program as it is shipped: target/release/bluebook
	$(CARGO) build --locked --release

image: ## The container image, without a shell: bluebook:latest
	docker build --tag bluebook .

tools: ## Install what demo and test need, and only what is missing
	@packaging/install-tools.sh test
