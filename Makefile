# Everything a person or CI runs. Each target sets up what it needs, so any of them may come first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The lock names everything, so pip need not resolve; `pip check` afterwards proves that nothing is missing.
PIP_INSTALL := $(PIP) install -qq --no-deps --require-hashes
# Each process takes one half and so, as tests are ordered by database, mostly one database; the faster then helps.
PYTEST := $(BIN)/pytest --numprocesses 2 --dist worksteal
PO := $(wildcard app/translations/*/LC_MESSAGES/*.po)

.DELETE_ON_ERROR:
.PHONY: setup run test test-rules test-browser lint format bench bench-matching bench-events bench-mail proof-mail messages lock clean

setup: $(VENV)/.installed $(PO:.po=.mo)

run: setup
	$(BIN)/flask --app wsgi system prepare
	$(BIN)/gunicorn --config python:app.gunicorn wsgi:application

test: setup lint
	$(BIN)/python -m tests.support.browser
	$(MAKE) --no-print-directory --jobs=2 test-rules test-browser

# Side by side, as a browser waits much of its time.
test-rules:
	$(PYTEST) -p no:playwright tests/unit tests/integration

# Says in one piece how it went, so that the lines of the other do not come in between.
test-browser:
	@said="$$($(PYTEST) tests/e2e 2>&1)"; code=$$?; echo "$$said"; exit $$code

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

bench: setup $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.pages

bench-matching: setup $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.matching

bench-events: setup $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.events

bench-mail: setup $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.mail

# Ten workers are killed in the middle of a run; takes minutes.
proof-mail: setup $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.kills

# Collects what people read; new texts then wait in the catalogue for their translation.
messages: setup
	$(BIN)/python -m babel.messages.frontend --quiet extract -F pyproject.toml -k _l --no-wrap --add-location=file \
		--sort-by-file -o app/translations/messages.pot .
	$(BIN)/pybabel --quiet update --no-wrap --no-fuzzy-matching --ignore-obsolete \
		-i app/translations/messages.pot -d app/translations

# Keeps today's pins; add UPGRADE=--upgrade for newer ones.
lock: $(VENV)/.installed-dev
	$(BIN)/uv pip compile pyproject.toml $(UPGRADE) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml $(UPGRADE) --group dev -c requirements.txt -o requirements-dev.txt

# Leaves instance/ alone: it holds the data.
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	rm -f app/translations/*/LC_MESSAGES/*.mo

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed.')"
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	@echo "Installing the pinned packages into $(VENV); the first time takes a minute or two."
	$(PIP_INSTALL) -r $<
	$(PIP) check
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing the pinned development packages into $(VENV)."
	$(PIP_INSTALL) -r $<
	$(PIP) check
	@touch $@

%.mo: %.po | $(VENV)/.installed
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
