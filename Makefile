# Everything that these commands write lies in .evosense (see README.md). `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
# Handed on to the command: make demo ARGS="--port 8001 --no-data", make test ARGS="core -k tenancy"
ARGS ?=
NODE := ../../$(BIN)/node

.DEFAULT_GOAL := help
.PHONY: help setup dev demo test lint bench heads drill clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup:  ## environment and web bundle, nothing started
	@$(PYTHON) scripts/setup.py

dev:
	@$(PYTHON) scripts/setup.py --dev

demo: setup  ## everything on this machine, with the demo tenant; Ctrl-C stops it
	@exec $(BIN)/evosense demo --with-parent $(if $(PORT),--port $(PORT)) $(ARGS)

test: dev  ## every test, of Python and of the page
	@cd web/ui && $(NODE) node_modules/vitest/vitest.mjs run
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --no-loadscope-reorder $(ARGS)

lint: dev  ## style, types, import direction, missing migrations, generated documentation
	@$(BIN)/python scripts/lint.py

bench: setup  ## speed and memory, as ratios against a reference
	@$(BIN)/evosense bench $(ARGS)

heads: dev  ## train the embedded analyser; DATA=dir names the public sets
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements-heads.lock
	@$(BIN)/python -m core.ai.embedded.train $(if $(DATA),--data $(DATA)) $(ARGS)

drill: dev  ## twenty thousand messages while everything breaks, and then each counted
	@$(BIN)/python -m tests.drills.whatsapp $(ARGS)

clean:  ## remove everything that these commands wrote, the demo's data included
	@$(PYTHON) scripts/setup.py --clean
