# Two commands matter: `make run` and `make test`. Everything they need goes into .venv, nothing elsewhere
# (but for a Chromium from the system's packages when the machine has none).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test test-access check lint types audit lock unit browser-tests test-office test-deploy boundaries bench pictures clean
.DEFAULT_GOAL := run

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Serve Python 3.11 o successivo: $$($(PYTHON) --version) non basta. Python 3.11 or newer is needed."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Only what the lock files name, byte for byte, and only wheels: nothing runs while it is installed.
INSTALL := $(PIP) install --require-hashes --only-binary :all:

$(VENV)/.installed: requirements.lock $(VENV)/.made
	$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.made
	$(INSTALL) -r requirements-dev.lock
	@touch $@ $(VENV)/.installed

run: $(VENV)/.installed
	$(BIN)/streamlit run dashboard.py

# One browser at a time: on two cores a second one makes the first wait, and the tests with it.
BROWSER = CHROMIUM="$$(bash scripts/ensure_browser.sh --path)" $(BIN)/python -m pytest -q

# What everyone runs before a commit: every function and every page without a browser; map, filters and links in a real one.
test: $(VENV)/.installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/ensure_browser.sh
	@$(MAKE) --no-print-directory lint types
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not thorough and not browser"
	$(BROWSER) -m "browser and not thorough"

# What a release needs. Every page in a real browser, and everyone can use it: in every look (light, dark, wide, narrow, enlarged), by
# keyboard, on a phone, on paper, and as the pictures say; presenting; hostile words, faults of line and server, editors, the offline
# page, the site of files, the geography of next year, a catalogue that grows.
test-access: $(VENV)/.installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/ensure_browser.sh
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "thorough and not browser"
	ATLAS_EVERY_LOOK=1 $(BROWSER) -m "thorough and browser"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

types: $(VENV)/.installed-dev
	$(BIN)/mypy

# Everything that needs no test run. Known vulnerabilities too, where their database answers: it says so when it does not.
check: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint types
	$(BIN)/python scripts/audit.py --where-reachable

# The same question alone: without an answer it fails.
audit: $(VENV)/.installed-dev
	$(BIN)/python scripts/audit.py

# After a change of requirements*.txt: every package for every platform with its hashes, then the list of licences.
# What is locked stays as it is; UPGRADE=1 takes the newest versions that the direct pins allow.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
  --only-binary :all: --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

lock: $(VENV)/.installed-dev
	$(LOCK) requirements.txt -o requirements.lock
	$(LOCK) -c requirements.lock requirements-dev.txt -o requirements-dev.lock
	$(LOCK) -c requirements-dev.lock requirements-bench.txt -o requirements-bench.lock
	@$(MAKE) --no-print-directory $(VENV)/.installed-dev
	$(BIN)/python scripts/list_licences.py

unit: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n 2 --dist worksteal tests/unit tests/project tests/data tests/app

# Every kind of deck and handout as pages, compared with tests/office/references; RENEW=1 writes the references again.
test-office: $(VENV)/.installed-dev
	@bash scripts/ensure_office.sh
	ATLAS_OFFICE=1 RENEW="$(RENEW)" $(BIN)/python -m pytest -q tests/office

# Two processes behind a real nginx with deploy/atlante.conf: uploads, downloads, a killed process, a rolling restart;
# two servers that share a catalogue in PostgreSQL.
test-deploy: $(VENV)/.installed-dev
	@bash scripts/ensure_nginx.sh
	ATLAS_DEPLOY=1 $(BIN)/python -m pytest -q tests/deploy

boundaries: $(VENV)/.installed-dev
	$(BIN)/python scripts/build_boundaries.py

bench: $(VENV)/.installed-dev
	$(INSTALL) -r requirements-bench.lock
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/ensure_browser.sh
	CHROMIUM="$$(bash scripts/ensure_browser.sh --path)" $(BIN)/python -m benchmarks

# The reference pictures of docs/images, which the tests compare with the pages: only those that changed are written.
pictures: $(VENV)/.installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/ensure_browser.sh
	CHROMIUM="$$(bash scripts/ensure_browser.sh --path)" RENEW=1 $(BIN)/python -m pytest -q tests/browser/test_pictures.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
