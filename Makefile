# Linli (邻里). "make demo" to try it, "make test" to check it, "make help" for the rest.
# Written for Debian 12 and Python 3.11 or newer; meant to work on macOS too (untested).

SHELL      := /bin/bash
.DEFAULT_GOAL := help

PROFILE ?= mengzi
PORT    ?= 8000
SCALE   ?= default
SEED    ?= 1
# make test JOBS=4 on a larger machine
JOBS    ?= 2
ARGS    ?=

VENV    := .venv
BIN     := $(VENV)/bin
DEMO    := $(CURDIR)/.demo/$(PROFILE)
CODE    := src tests scripts conftest.py

.PHONY: help demo clean-demo test check bench faults day inventory audit lint types migrations-check catalogs lock format

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

demo: $(VENV)/.installed  ## build a demo district and run it (PROFILE= PORT= SCALE= SEED=)
	@LINLI_HOME="$(DEMO)" exec $(BIN)/linli demo --profile "$(PROFILE)" --port "$(PORT)" --scale "$(SCALE)" --seed "$(SEED)"

clean-demo: $(VENV)/.installed  ## forget the demo district (PROFILE=)
	@if [ -d "$(DEMO)" ]; then LINLI_HOME="$(DEMO)" $(BIN)/linli demo --forget; else echo "没有 $(PROFILE) 的演示数据。"; fi

test: lint types migrations-check  ## everything: lint, types, contracts, migrations, all tests
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: lint types migrations-check  ## the fast part: all of it but the browser and outside counterparts
	$(BIN)/pytest -n $(JOBS) --dist loadgroup -m "not browser and not interop" $(ARGS)

lint: $(VENV)/.installed-test  ## ruff and the import contracts
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.installed-test  ## mypy --strict
	$(BIN)/mypy

migrations-check: $(VENV)/.installed-test  ## no model change without its migration
	$(BIN)/python scripts/migrations_check.py

bench: $(VENV)/.installed-test  ## speed against the bare database (SCALE=small skips the district of two million matters)
	$(BIN)/python -m tests.bench --scale "$(if $(filter small,$(SCALE)),small,full)"

faults: $(VENV)/.installed-test  ## break a site at work in every way there is, and examine its books
	$(BIN)/python -m tests.resilience $(ARGS)

day: $(VENV)/.installed-test  ## one day of 五华 at sixty times its speed (ARGS="--share 0.1 --scale small" for less)
	$(BIN)/python -m tests.day $(ARGS)

inventory: $(VENV)/.installed-test  ## bill of materials (build/sbom.cdx.json) and list of licences
	$(BIN)/python scripts/inventory.py

audit: $(VENV)/.installed-test  ## known weaknesses in what is installed (asks the package index)
	$(BIN)/uvx pip-audit -r requirements.lock --disable-pip

format: $(VENV)/.installed-test  ## put the code into its format
	$(BIN)/ruff check --fix-only -q $(CODE)
	$(BIN)/ruff format $(CODE)

lock: $(VENV)/.installed-test  ## pin the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	$(BIN)/python scripts/inventory.py

# The stamps are newer than the locks once their packages are in.
$(VENV)/.installed: requirements.lock pyproject.toml
	@scripts/environment demo

$(VENV)/.installed-test: requirements-test.lock pyproject.toml
	@scripts/environment test
