# `make demo` and `make test` need Python >= 3.11 and make, nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-versions test-oldest test-slow lint format check build wheel bench requirements clean

demo: $(VENV)/runtime
	@$(BIN)/jhaan query empact-co-run --cite

test: $(VENV)/dev
	$(BIN)/python -m pytest -n 2

# On each other Python of this machine that the package is meant for.
test-versions: $(VENV)/dev
	set -e; for python in $$($(BIN)/python .ci/pythons.py); do .ci/fast-tests $$python requirements/dev.txt; done

# With the oldest versions that pyproject.toml allows.
test-oldest: $(VENV)/dev
	.ci/fast-tests $(BIN)/python requirements/oldest.txt

test-slow: $(VENV)/dev
	$(BIN)/python -m pytest -n 2 -m slow

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/jhaan format --check

check: $(VENV)/runtime
	$(BIN)/jhaan check

format: $(VENV)/dev
	$(BIN)/ruff format .
	$(BIN)/jhaan format

build: $(VENV)/runtime
	$(BIN)/jhaan build

wheel: $(VENV)/dev
	$(BIN)/python -m build --no-isolation

bench: $(VENV)/dev
	$(BIN)/python benchmarks/bench_query.py
	$(BIN)/python benchmarks/bench_catalogue.py
	$(BIN)/python benchmarks/bench_infer.py
	$(BIN)/python benchmarks/bench_verify.py

# Pins with hashes; run after changing dependencies in pyproject.toml.
PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements" pyproject.toml --extra build
requirements: $(VENV)/dev
	$(PIN) --extra network -o requirements/runtime.txt
	$(PIN) --extra dev -o requirements/dev.txt
	$(PIN) --extra dev --resolution lowest-direct -o requirements/oldest.txt

$(VENV)/runtime: requirements/runtime.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jhaan-kg needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	rm -rf $(VENV) dist build
