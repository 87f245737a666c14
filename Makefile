# `make demo` and `make test` need Python >= 3.11 and make, nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TRIALS := $(sort $(patsubst trial_%.py,trial-%,$(notdir $(shell find tests -name 'trial_*.py'))))

# Some machines keep no compiled modules; without them, the tests take half as long again to be collected, in each process.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-newest test-oldest test-slow trials $(TRIALS) faults golden tools stores lint format check build wheel bench docs requirements clean

# Printed after the answer of `make demo`, on standard error, so that the answer can be piped.
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

# On the newest Python of this machine that the package is meant for, and on the oldest, with the oldest versions that
# pyproject.toml allows.
test-newest: $(VENV)/dev
	set -e; for python in $$($(BIN)/python .ci/pythons.py newest); do .ci/fast-tests $(BIN)/uv $$python requirements/dev.txt; done

test-oldest: $(VENV)/dev
	.ci/fast-tests $(BIN)/uv $$($(BIN)/python .ci/pythons.py oldest) requirements/oldest.txt

# What takes long or needs other programs, and the properties of `make test` with more examples. Tests of one store share
# a process (loadgroup), so that each store is started once. What is measured beside attacks has the machine to itself.
test-slow: $(VENV)/dev tools
	$(BIN)/python -m pytest -n 2 -o python_files='slow_*.py' --hypothesis-profile=ci --ignore=tests/stores --ignore=tests/serve/slow_attacks.py tests
	$(BIN)/python -m pytest -o python_files='slow_*.py' tests/serve/slow_attacks.py
	$(BIN)/python -m pytest -n 2 -o python_files='slow_*.py' --hypothesis-profile=ci --dist=loadgroup tests/stores
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=ci tests

# What is rare or takes very long, ahead of a release: `make trial-kills` runs each trial_kills.py, and so for the others.
PROCESSES := 2
trial-attacks: PROCESSES := 0
trials: $(TRIALS)
$(TRIALS): trial-%: $(VENV)/dev tools .tools/blazegraph/installed
	$(BIN)/python -m pytest -n $(PROCESSES) -o python_files='trial_$*.py' tests

# Which tests notice deliberate faults, for tests/faults/results.tsv; it takes hours.
faults: $(VENV)/dev
	$(BIN)/python tests/faults/trial.py fast
	$(BIN)/python tests/faults/trial.py slow

# What users see of this checkout, compared with a commit: make golden BASE=COMMIT
golden: $(VENV)/dev
	@PYTHONPATH=tests $(BIN)/python -m golden $(BASE)

# Programs of others that read ontology and exports again, and stores to load, for the slow tests; they take Node.js with npm, and Java with Maven.
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

# Loads the stores and asks them, for the table of docs/store-compatibility.md: all, or those that STORES names.
stores: $(VENV)/dev tools .tools/blazegraph/installed
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

# The long pages of the reference, into build/docs.
docs: $(VENV)/dev
	$(BIN)/python -m jhaan_kg.reference checks commands python questions
	$(BIN)/jhaan export ontology -o build/docs/ontology

wheel: $(VENV)/dev
	$(BIN)/python -m build --no-isolation

# All benchmarks, for docs/benchmarks.md, which says what is not run for want of a program.
bench: $(VENV)/dev
	-$(MAKE) tools
	$(BIN)/python benchmarks/page.py

# Pins with hashes; run after changing dependencies in pyproject.toml.
PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements" pyproject.toml --extra build
requirements: $(VENV)/dev
	$(PIN) --extra server -o requirements/runtime.txt
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
	@echo "Installing what the tests need. This takes a minute or two." >&2
	@sed -n '/^uv==/,/# via/p' requirements/dev.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .tools dist build
