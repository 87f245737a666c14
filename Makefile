# `make demo` and `make test` need only Python 3.11 or later and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# Python must write bytecode: without it, each process takes half as long again to collect the tests.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-newest test-oldest test-slow release-checks golden tools stores lint format check build wheel release release-files bench requirements clean

# `make demo` prints this after the answer, on standard error, so that the answer can be piped.
define NEXT

This was: jhaan query empact-co-run --cite

Next:
  . $(BIN)/activate    make the jhaan command available in this terminal
  jhaan serve             open http://127.0.0.1:8000 in a browser
  jhaan query             list all questions
  jhaan --help            list all commands

docs/getting-started.md shows more.
endef
export NEXT

demo: $(VENV)/runtime
	@$(BIN)/jhaan query empact-co-run --cite
	@echo "$$NEXT" >&2

test: $(VENV)/dev
	$(BIN)/python -m pytest -n 2

# The fast tests on the newest and on the oldest supported Python of this machine; the latter with the oldest versions of
# libraries that pyproject.toml allows.
test-newest: $(VENV)/dev
	set -e; for python in $$($(BIN)/python .ci/pythons.py newest); do .ci/fast-tests $(BIN)/uv $$python requirements/dev.txt; done

test-oldest: $(VENV)/dev
	.ci/fast-tests $(BIN)/uv $$($(BIN)/python .ci/pythons.py oldest) requirements/oldest.txt

# Tests that take longer or need other programs. Tests of one store share a process (loadgroup), so that each store is
# started once.
test-slow: $(VENV)/dev .tools/fuseki/installed
	$(BIN)/python -m pytest -n 2 -m slow --ignore=tests/stores tests
	$(BIN)/python -m pytest -n 2 -m slow --dist=loadgroup tests/stores

# Everything that a release needs: other Pythons, all stores, all pages, all attacks, mutants, and second opinions.
release-checks: test-newest test-oldest test-slow tools
	$(BIN)/python -m pytest -n 2 -m release --hypothesis-profile=ci --ignore=tests/stores tests
	$(BIN)/python -m pytest -n 2 -m 'slow or release' --dist=loadgroup tests/stores
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=ci tests

# Record digests of what users get in tests/golden.tsv, and print what changed.
golden: $(VENV)/dev
	@$(BIN)/python tests/golden.py

# Third-party programs for the slow tests: readers of the ontology and of exports, and stores. They need Node.js with npm,
# and Java with Maven.
tools: .tools/node/installed $(foreach name,jena fuseki tomcat rdf4j robot topbraid,.tools/$(name)/installed)

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

# Test all stores, or those named in STORES, and print the rows of docs/store-compatibility.md.
stores: $(VENV)/dev tools
	PYTHONPATH=tests $(BIN)/python -m servers.matrix $(STORES)

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(VENV)/runtime
	$(BIN)/jhaan check

format: $(VENV)/dev
	$(BIN)/ruff format .

build: $(VENV)/runtime
	$(BIN)/jhaan build

wheel: $(VENV)/dev
	$(BIN)/python -m build --no-isolation

# The files of a release in dist/VERSION, built twice from clean clones; `make release` runs all checks first.
release: $(VENV)/dev
	$(BIN)/python .ci/release.py check
	$(MAKE) release-checks
	$(MAKE) release-files

release-files: $(VENV)/dev
	$(BIN)/python .ci/release.py

# Run all benchmarks, and write docs/benchmarks.md. Benchmarks without their programs are reported as not run.
bench: $(VENV)/dev
	-$(MAKE) tools
	$(BIN)/python benchmarks/page.py

# Pin the versions of all libraries, with hashes; run this after changes to the dependencies in pyproject.toml.
PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements" pyproject.toml
requirements: $(VENV)/dev
	$(PIN) --extra build --extra server -o requirements/runtime.txt
	$(PIN) --extra build --extra dev -o requirements/dev.txt
	$(PIN) --extra build --extra dev --resolution lowest-direct -o requirements/oldest.txt
	$(PIN) --extra all --constraint requirements/dev.txt -o requirements/all.txt

$(VENV)/runtime: requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"jhaan-kg needs Python 3.11 or later. If you have one, name it: make demo PYTHON=python3.12")'
	@echo "Installing into $(VENV), from the versions pinned in requirements/. This takes a minute or two." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/runtime
	@echo "Installing what the tests need. This takes a minute or two." >&2
	@sed -n '/^uv==/,/# via/p' requirements/dev.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .tools dist build
