# What people type: each target sets up what it needs, from an empty home.

DEMO ?=
SCALE ?= small
BENCH ?=
SOAK ?=
FUZZ ?=
LOAD ?=
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test check axe bench soak fuzz load sbom format clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/ready ## a small province end to end, then the product at http://127.0.0.1:8000 (DEMO="--help" for options)
	@$(BIN)/zhida demo $(DEMO)

test: .venv/ready ## the whole suite, on SQLite and on PostgreSQL
	@.ci/suite

check: .venv/ready ## the fast part: format, lint, types, layers, unit tests
	@.ci/check

axe: .venv/ready ## every page in every way of showing it and at every width, for barriers; half an hour
	@AXE=whole $(BIN)/pytest -q -n 2 --dist load tests/journey/test_every_page.py

bench: .venv/bench ## screening beside other engines, about three minutes (SCALE=province for the whole; BENCH="--help" for options)
	@$(BIN)/python -W ignore -m benchmarks.screening --scale $(SCALE) $(BENCH)

soak: .venv/ready ## money: kills, seeds, races and load, whole, for hours (SOAK="--only kills --minutes 5"; SOAK="--help" for options)
	@$(BIN)/python -W ignore -m benchmarks.money $(SOAK)

fuzz: .venv/fuzz/ready ## the API against its own contract, some 20,000 requests to a copy of .zhida (FUZZ="--help" for options)
	@$(BIN)/python -W ignore -m benchmarks.contract $(FUZZ)

load: .venv/ready ## pages under load: a large installation on PostgreSQL, 50 requests a second (LOAD="--items 5000 --cases 100000")
	@$(BIN)/python -W ignore -m benchmarks.load $(LOAD)

sbom: .venv/ready ## the bill of materials of all that is installed (CycloneDX), into .zhida/sbom.json
	@$(BIN)/python docs/sbom.py .zhida/sbom.json

format: .venv/ready ## put the code into its form
	@$(BIN)/ruff format src tests docs benchmarks && $(BIN)/ruff check --fix src tests docs benchmarks

clean: ## forget the environment and the demonstration's home
	@rm -rf .venv .zhida

.venv/ready: requirements.lock pyproject.toml
	@PYTHON=$(PYTHON) .ci/environment

.venv/bench: .venv/ready benchmarks/requirements.lock
	@echo "Installing what is measured beside ours into .venv (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r benchmarks/requirements.lock
	@touch $@

# An environment of its own: schemathesis brings a plugin that the suite would load.
.venv/fuzz/ready: .venv/ready benchmarks/contract/requirements.lock
	@echo "Installing schemathesis into .venv/fuzz (once) …"
	@$(BIN)/python -m venv .venv/fuzz
	@.venv/fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r benchmarks/contract/requirements.lock
	@touch $@
