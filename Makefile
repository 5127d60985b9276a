# One list of commands, the same here and in CI. `make help` prints it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup run test check format format-check lint types imports spelling ontology-check docs docs-check picture accept eval eval-tags tags-calibrate bench parity coverage wheel-check clients editor screenshots clean

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: $(STAMP) ## Make the virtual environment in .venv

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dtrack needs Python 3.11 or newer; say: make PYTHON=python3.12 setup"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group dev
	@touch $@

run: setup editor ## Load the bundled data, answer a first overlap question, serve on 127.0.0.1:8000
	$(BIN)/dtrack init
	$(BIN)/dtrack overlap --matrix --group biodiversity
	$(BIN)/dtrack serve

test: setup ## Run all tests
	$(BIN)/python -m pytest -n $(JOBS)

check: format-check lint types imports spelling ontology-check docs-check test ## All that must hold before a commit lands

format: setup ## Format the code
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix-only --quiet src tests

format-check: setup
	$(BIN)/ruff format --check src tests

lint: setup
	$(BIN)/ruff check src tests

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

spelling: setup
	$(BIN)/codespell README.md CONTRIBUTING.md CHANGELOG.md docs src tests/*.py queries shapes

ontology-check: setup ## Check the ontology, the codes, the shapes and the corpus
	$(BIN)/dtrack validate ontology/
	$(BIN)/dtrack validate data/

docs: setup ## Write docs/reference again from the ontology, codes, shapes, queries and commands
	$(BIN)/python -m dtrack.publish.reference docs/reference

docs-check: setup
	$(BIN)/python -m dtrack.publish.reference --check docs/reference

picture: setup ## Draw the matrix of the README again
	$(BIN)/dtrack overlap --matrix --group biodiversity --plot docs/images/overlap-matrix.svg

accept: setup ## Take the present answers as the expected ones; review the diff
	DTRACK_ACCEPT=1 $(BIN)/python -m pytest -q tests/queries tests/formats/test_context.py

eval: setup ## Measure the extraction of texts against the annotated ones (official ones from ../shared)
	$(BIN)/python tests/extraction/evaluate.py

eval-tags: setup ## Measure the tagger against the curated taggings of the corpus, by band of confidence
	$(BIN)/python tests/extraction/tagging/evaluate.py

tags-calibrate: setup ## Count again how far each label of a theme can be trusted; review the diff
	$(BIN)/python tests/extraction/tagging/evaluate.py --calibrate

bench: setup ## Measure gate, faults and load; takes half an hour, so try their --help first
	$(BIN)/python bench/gate.py
	$(BIN)/python bench/faults.py
	$(BIN)/python bench/load.py

parity: setup ## Ask the catalogue of each store that is tested; the table of rows and times, in var/parity.md
	@mkdir -p var
	$(BIN)/python -m pytest -q tests/remote/test_parity.py --parity var/parity.md

coverage: setup ## Tests with branch coverage
	$(BIN)/python -m pytest -n $(JOBS) --cov --cov-report=term-missing:skip-covered

wheel-check: setup ## Build the wheel, install it alone in a new environment, use it
	$(BIN)/python -m pytest -q tests/wheel

clients: node_modules/.set-up ## Install the SPARQL clients that tests need Node for

node_modules/.set-up: package.json
	npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	@$(MAKE) --no-print-directory editor
	@touch $@

YASGUI := node_modules/@zazuko/yasgui/build
EDITOR := src/dtrack/web/static/vendor/yasgui

editor: ## Bundle the editor for SPARQL (needs Node; a plain one stands in without it)
	@test -f $(YASGUI)/yasgui.min.js || ! command -v npm >/dev/null \
		|| npm install --omit=dev --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error \
		|| echo "the editor for SPARQL could not be fetched; the plain one stands in"
	@if test -f $(YASGUI)/yasgui.min.js; then mkdir -p $(EDITOR) && cp $(YASGUI)/yasgui.min.js $(YASGUI)/yasgui.min.css $(EDITOR)/; fi

screenshots: setup clients ## Make screenshots of the main pages from the bundled data, in var/screenshots
	$(BIN)/python tests/web/screenshots.py var/screenshots

clean: ## Remove the environment, the store and what tools left
	rm -rf $(VENV) node_modules var dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
