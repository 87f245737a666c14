# `make demo` and `make test` need Python >= 3.11 and make, nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-versions test-oldest test-slow test-kills test-mutants test-citations test-pages test-hostile tools stores lint format check build wheel bench requirements clean

# What a newcomer needs next; on standard error, so that the answer can be piped.
define NEXT

That was:  $(BIN)/jhaan query empact-co-run --cite

Next:
  $(BIN)/jhaan query                                      all questions, by topic
  $(BIN)/jhaan query contradictions --cite                where the report contradicts itself
  $(BIN)/jhaan query agency-profile --agency frontex      a question with a parameter
  $(BIN)/jhaan query agency-profile --help                what may be chosen, and how to read the answer
  $(BIN)/jhaan explain Eurojust                           all that is said of a thing, and where
  $(BIN)/jhaan export turtle -o jhaan.ttl                 the graph as a file
  $(BIN)/jhaan --help                                     all commands
  make test                                                  the tests

"source $(BIN)/activate" makes jhaan a command of this shell; docs/installing.md says how to have it everywhere.
README.md shows more, docs/questions.md has each question with the beginning of its answer.
endef
export NEXT

demo: $(VENV)/runtime
	@$(BIN)/jhaan query empact-co-run --cite
	@echo "$$NEXT" >&2

test: $(VENV)/dev
	$(BIN)/python -m pytest -n 2

# On the newest Python of this machine that the package is meant for; on those between it and the oldest, the examples in the code.
test-versions: $(VENV)/dev
	set -e; for python in $$($(BIN)/python .ci/pythons.py between); do .ci/fast-tests $(BIN)/uv $$python requirements/dev.txt src; done
	set -e; for python in $$($(BIN)/python .ci/pythons.py newest); do .ci/fast-tests $(BIN)/uv $$python requirements/dev.txt; done

# On the oldest one, with the oldest versions that pyproject.toml allows.
test-oldest: $(VENV)/dev
	.ci/fast-tests $(BIN)/uv $$($(BIN)/python .ci/pythons.py oldest) requirements/oldest.txt

test-slow: $(VENV)/dev
	$(BIN)/python -m pytest -n 2 -m slow

# Loaders and servers killed fifty times for each store; the slow tests have five kills each.
test-kills: $(VENV)/dev
	JHAAN_KILLS=50 $(BIN)/python -m pytest -n 2 -m slow tests/stores/test_kills.py

# All falsified sources of docs/proof.md; the slow tests try some of each kind.
test-mutants: $(VENV)/dev
	JHAAN_MUTANTS=50 $(BIN)/python -m pytest -m slow tests/proof/test_mutations.py

# What the rows of each question cite, tried with four of them; the slow tests try one.
test-citations: $(VENV)/dev
	JHAAN_ROWS=4 $(BIN)/python -m pytest -n 2 -m "slow or not slow" tests/test_citations.py

# The pages of all things; the slow tests fetch each twentieth of the evidence.
test-pages: $(VENV)/dev
	JHAAN_PAGES=1 $(BIN)/python -m pytest -n 2 -m slow tests/serve/test_every_page.py

# Ten thousand hostile requests and a thousand connections to the server; the slow tests have a sample.
test-hostile: $(VENV)/dev
	JHAAN_HOSTILE=10000 $(BIN)/python -m pytest -m slow tests/serve/test_hostile.py

# Programs of others that read the exports again, and stores to load, for the slow tests; they take Node.js with npm, and Java with Maven.
tools: .tools/node/installed $(foreach name,jena fuseki tomcat rdf4j blazegraph,.tools/$(name)/installed)

.tools/node/installed: tests/tools/package.json tests/tools/package-lock.json
	@mkdir -p $(@D)
	@cp $^ $(@D)
	cd $(@D) && npm ci --no-fund --no-audit
	@touch $@

.tools/%/installed: tests/tools/%.xml
	@rm -rf $(@D)
	mvn -q -B -f $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(@D)
	@for archive in $$(find $(@D) -name '*.zip' -o -name '*.war'); do $(PYTHON) -m zipfile -e $$archive $${archive%.*}; done
	@touch $@

# Loads the stores and asks them, for the table of docs/stores.md: all, or those that STORES names.
stores: $(VENV)/dev tools
	PYTHONPATH=tests $(BIN)/python -m servers.matrix $(STORES)

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
	$(BIN)/python benchmarks/bench_sources.py
	$(BIN)/python benchmarks/bench_export.py
	$(BIN)/python benchmarks/bench_nquads.py
	$(BIN)/python benchmarks/bench_load.py
	$(BIN)/python benchmarks/bench_serve.py
	$(BIN)/python benchmarks/bench_pages.py

# Pins with hashes; run after changing dependencies in pyproject.toml.
PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements" pyproject.toml --extra build
requirements: $(VENV)/dev
	$(PIN) --extra network -o requirements/runtime.txt
	$(PIN) --extra dev -o requirements/dev.txt
	$(PIN) --extra dev --resolution lowest-direct -o requirements/oldest.txt

$(VENV)/runtime: requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"jhaan-kg needs Python 3.11 or later. If you have one, name it: make demo PYTHON=python3.12")'
	@echo "Installing into $(VENV), from the versions pinned in requirements/. This takes a minute or two." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/runtime
	@echo "Installing what the tests need. This takes some minutes." >&2
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .tools dist build
