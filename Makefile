# Nothing but Python 3.11+, git and make is needed; everything else is installed into .venv.

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c \
	'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $(p))))
BIN := .venv/bin
POOL := demo_envs

.PHONY: demo test lint bench clean

demo: .venv/installed  ## grow a pool from the recorded completions, see an environment played, and compose new ones
	$(BIN)/brickyard grow --pool $(POOL)
	$(BIN)/brickyard pool play snake_diagonals --pool $(POOL) --by guess
	$(BIN)/brickyard pool play snake_diagonals --pool $(POOL) --by reference
	$(BIN)/brickyard compose --pool $(POOL) --n 200
	$(BIN)/brickyard pool show 'sequential(wait_for_larger, smaller_before)' --pool $(POOL) --difficulty 2

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

.venv/installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "brickyard needs Python 3.11 or newer; name one: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv $(POOL)
