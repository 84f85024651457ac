# Two commands matter: `make run` and `make test`. Everything they need goes into .venv, nothing elsewhere
# (but for a Chromium from the system's packages when the machine has none).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test lint types unit browser-tests test-office boundaries bench screenshots clean
.DEFAULT_GOAL := run

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Serve Python 3.11 o successivo: $$($(PYTHON) --version) non basta. Python 3.11 or newer is needed."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.txt $(VENV)/.made
	$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt $(VENV)/.made
	$(PIP) install -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

run: $(VENV)/.installed
	$(BIN)/streamlit run dashboard.py

test: $(VENV)/.installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/ensure_browser.sh
	@$(MAKE) --no-print-directory lint types
	CHROMIUM="$$(bash scripts/ensure_browser.sh --path)" $(BIN)/python -m pytest -q -n 2 --dist loadgroup

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

unit: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n 2 tests/unit tests/app

# Every kind of deck and handout as pages, compared with tests/office/references; RENEW=1 writes the references again.
test-office: $(VENV)/.installed-dev
	@bash scripts/ensure_office.sh
	ATLAS_OFFICE=1 RENEW="$(RENEW)" $(BIN)/python -m pytest -q tests/office

boundaries: $(VENV)/.installed-dev
	$(BIN)/python scripts/build_boundaries.py

bench: $(VENV)/.installed-dev
	$(PIP) install -r requirements-bench.txt
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/ensure_browser.sh
	CHROMIUM="$$(bash scripts/ensure_browser.sh --path)" $(BIN)/python -m benchmarks

screenshots: $(VENV)/.installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/ensure_browser.sh
	CHROMIUM="$$(bash scripts/ensure_browser.sh --path)" $(BIN)/python scripts/take_screenshots.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
