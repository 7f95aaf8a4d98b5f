# Nothing but Python 3.11+, git and make is needed; everything else is installed into .venv.

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c \
	'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $(p))))
BIN := .venv/bin
POOL := demo_envs

.PHONY: demo test lint bench planted clean

demo: .venv/installed  ## everything: grow a pool, audit it, compose, train a model from nothing on it, and see what it learned
	$(BIN)/brickyard run --preset demo --pool $(POOL) --run-dir runs/demo

test: .venv/installed-dev  ## everything that CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q --benchmark-skip

lint: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

bench: .venv/installed-dev  ## the figures of tests/benchmarks, as ratios
	$(BIN)/python -m pytest tests/benchmarks -q --benchmark-only

planted: .venv/installed-dev  ## what the audit catches of planted defects, as a table
	$(BIN)/python -m tests.planted

.venv/installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "brickyard needs Python 3.11 or newer; name one: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet --editable '.[rl]'
	@touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv $(POOL) runs
