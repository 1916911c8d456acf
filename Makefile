# One verb a line. On a fresh machine with Python 3.11+ and make, `make demo` and `make test` set themselves up.
# PYTHON=python3.12 picks another interpreter; ARGS="-k consent -x" goes on to pytest, to the demo and to the node.

PYTHON ?= python3
ARGS   ?=
CONFIG ?=
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SUSHI  := .peers/sushi/.ready
JUDGE  := .peers/java/.built
PIP    := $(BIN)/python -m pip --disable-pip-version-check
SHELL  := /bin/sh

.DEFAULT_GOAL := help
.PHONY: help setup demo test check serve bench golden test-peers test-java agreement fuzz test-soak test-ui format lint types layers wheel wheel-test image-smoke profiles profiles-check clean

help: ## list these verbs
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r verb text; do printf '  make %-12s %s\n' "$$verb" "$$text"; done

setup: $(READY) ## make the virtual environment with everything pinned
demo: $(READY) ## one Dutch and one German request go the whole way on this machine; artefacts in out/demo
	$(BIN)/second-opinion demo --out out/demo $(ARGS)
test: $(READY) ## all tests but those with a target of their own; needs no network
	$(BIN)/pytest -n auto -m "not peers and not ui and not soak" --ignore=tests/wheel $(ARGS)
check: lint types layers ## formatting, lint, types and layers
serve: $(READY) ## run a node with the settings in CONFIG=node.toml; without it a development node under var
	$(BIN)/second-opinion serve $(if $(CONFIG),--config $(CONFIG)) $(ARGS)
bench: $(READY) ## measure, side by side, and write docs/benchmarks.md
	$(BIN)/python -m bench $(ARGS)
golden: $(READY) ## rewrite the expected files of the golden tests; read the difference before you commit it
	GOLDEN=rewrite $(BIN)/pytest tests/golden tests/profiles/test_examples.py tests/profiles/test_extension_examples.py tests/profiles/test_table_maps.py tests/examples tests/documents $(ARGS)
	git --no-pager diff --stat
test-peers: $(READY) ## tests against FHIR servers that others wrote; installs them into .peers
	$(BIN)/python tests/peers/install.py
	$(BIN)/pytest -n auto -m peers tests/peers --ignore=tests/peers/java $(ARGS)
test-java: $(READY) $(JUDGE) ## our verdicts against the HL7 Java validator; Maven builds it into .peers once
	$(BIN)/pytest -m peers tests/peers/java $(ARGS)
agreement: $(READY) $(JUDGE) ## write the table of agreement with the Java validator, docs/agreement.md
	AGREEMENT=rewrite $(BIN)/pytest -m peers tests/peers/java/test_agreement.py $(ARGS)
	git --no-pager diff --stat -- docs/agreement.md
fuzz: $(READY) ## coverage-guided fuzzing of all that reads bytes, FUZZ_SECONDS=300 in all; installs atheris into .peers
	$(BIN)/python tests/fuzz/run.py $(ARGS)
test-soak: $(READY) ## tests that need a machine with little else to do
	$(BIN)/pytest -m soak tests/integration $(ARGS)
test-ui: $(READY) ## tests of the pages in a real browser
	$(call own_target,ui)
format: $(READY) ## rewrite the sources in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
lint: $(READY) ## ruff: format and rules, nothing rewritten
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
types: $(READY) ## mypy, strict
	$(BIN)/mypy
layers: $(READY) ## the import contracts of .importlinter
	$(BIN)/lint-imports
wheel: $(READY) ## build the wheel into dist
	$(BIN)/python -m hatchling build -t wheel
wheel-test: $(READY) ## install the wheel in a clean environment without the source tree and run it; fetches packages
	$(BIN)/pytest tests/wheel $(ARGS)
image-smoke: $(READY) ## build the image and wait until it is healthy; without an engine, test what it would run
	sh .ci/image-smoke || { [ $$? -eq 3 ] && $(MAKE) --no-print-directory wheel-test; }
profiles: $(READY) $(SUSHI) ## compile the FHIR profiles, write their examples anew, pack dist/second-opinion.tgz
	$(BIN)/python profiles/build.py compile
	GOLDEN=rewrite $(BIN)/pytest tests/profiles/test_examples.py tests/profiles/test_extension_examples.py $(ARGS)
	$(BIN)/python profiles/build.py pack
profiles-check: $(READY) ## compile the FHIR profiles and compare with what is committed; skips where npm is absent
	@command -v npm >/dev/null || { echo "skipped, npm is not here"; exit 0; }; \
	$(MAKE) --no-print-directory $(SUSHI) || echo "the compiler of FHIR Shorthand could not be installed"; \
	$(BIN)/python profiles/build.py check
clean: ## remove everything that is made, the environment too
	rm -rf $(VENV) .peers dist build out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find adapter tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# Tests with a marker of their own. Pytest's exit status 5 means that no test carries it; anything else is passed on.
define own_target
@$(BIN)/pytest -m $(1) $(ARGS); status=$$?; \
if [ $$status -eq 5 ]; then echo "No test carries the marker '$(1)' yet: nothing was run."; else exit $$status; fi
endef

# Debian's python3 comes without ensurepip until python3-venv is installed, and `python3 -m venv` then leaves a
# directory without pip behind: such a half-made environment is made anew.
$(READY): requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, $$($(PYTHON) --version) is here: install one and name it, for example make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11) or not pip.__file__.startswith(sys.prefix))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

# The HL7 Java validator, through HAPI. Where it cannot be built, the reason is written down and its tests skip with it.
$(JUDGE): tests/peers/java/pom.xml $(wildcard tests/peers/java/src/main/java/judge/*.java)
	@rm -rf $(@D) && mkdir -p $(@D)
	@if ! command -v mvn >/dev/null || ! command -v javac >/dev/null; then \
	    echo "Maven and a JDK of 17 or newer are needed: apt-get install maven openjdk-17-jdk-headless" > $(@D)/missing; \
	elif ! mvn --batch-mode --no-transfer-progress --strict-checksums -f $< package > $(@D)/build.log 2>&1; then \
	    echo "Maven could not build it: $(@D)/build.log says why" > $(@D)/missing; \
	fi
	@if [ -f $(@D)/missing ]; then cat $(@D)/missing >&2; else touch $@; fi

# The compiler of FHIR Shorthand; its lock names no registry, so npm asks the one that it is set up with.
$(SUSHI): profiles/sushi/package.json profiles/sushi/package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed for FHIR Shorthand: apt-get install npm" >&2; exit 1; }
	@mkdir -p $(@D)
	cp profiles/sushi/package.json profiles/sushi/package-lock.json $(@D)
	cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
