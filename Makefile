# gridgov. `make run` needs Python 3.11+ and nothing else; `make` alone lists what there is.

.DEFAULT_GOAL := help
.PHONY: help run stop status backup restore drills test check fuzz bench shot hotline week audit licences messages openapi pictures clean venv-run venv-dev

PYTHON_IN_VENV := .venv/bin/python
# What the tools below need to import the settings. They ask no database.
BARE := GRIDGOV_SECRET_KEY=none DATABASE_URL=postgres://nobody@localhost:1/none REDIS_URL=redis://localhost:1/0
# Tests start the house's processes by the dozen, each of which would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the targets
	@grep -E '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/:.*  ## /\t/' | expand -t 12

venv-run venv-dev:
	@sh deploy/venv.sh $(@:venv-%=%)

run: venv-run  ## start everything in the foreground with its own PostgreSQL and Valkey; Ctrl-C stops it
	@$(PYTHON_IN_VENV) -m gridgov.up run

stop:  ## stop the `make run` of this folder from another terminal
	@$(PYTHON_IN_VENV) -m gridgov.up stop

status:  ## say whether `make run` runs in this folder, and where
	@$(PYTHON_IN_VENV) -m gridgov.up status

backup: venv-run  ## back up what `make run` serves: make backup TO=folder [KEEP=14]
	@$(PYTHON_IN_VENV) manage.py backup --to "$(or $(TO),backups)" --keep $(or $(KEEP),0)

restore: venv-run  ## bring a backup back into an empty .data (its secret_key beside it first): make restore FROM=folder
	@$(PYTHON_IN_VENV) -m gridgov.up restore "$(FROM)" $(MORE)

check: venv-dev  ## linters only: ruff, import-linter, mypy, missing migrations
	@echo "== ruff"
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet . || (echo "not formatted: run .venv/bin/ruff format ."; exit 1)
	@echo "== import-linter"
	@$(BARE) .venv/bin/lint-imports --no-cache
	@echo "== mypy"
	@$(BARE) .venv/bin/mypy .
	@echo "== missing migrations"
	@$(BARE) $(PYTHON_IN_VENV) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

test: check  ## everything CI asks: check, then all tests on throw-away engines
	@echo "== audit"
	@$(PYTHON_IN_VENV) deploy/audit.py --within 3
	@echo "== pytest"
	@PYTHONPATH=tests/hide_libs $(PYTHON_IN_VENV) -m pytest -n 2 --dist worksteal --maxfail 1

fuzz: venv-dev  ## every operation of the API asked at random, 200 times as each of two people (minutes)
	@GRIDGOV_FUZZ_EXAMPLES=$${GRIDGOV_FUZZ_EXAMPLES:-200} PYTHONPATH=tests/hide_libs $(PYTHON_IN_VENV) -m pytest -q tests/contract/test_fuzz.py

bench: venv-dev  ## measure (python -m bench; the API and the feed: bench.api, the phone's pages: bench.phone, webhooks: bench.hooks, volunteering: bench.volunteers)
	@$(PYTHON_IN_VENV) -m bench
	@$(PYTHON_IN_VENV) -m bench.api
	@$(PYTHON_IN_VENV) -m bench.phone
	@$(PYTHON_IN_VENV) -m bench.hooks
	@$(PYTHON_IN_VENV) -m bench.volunteers

shot: venv-dev  ## webhooks with couriers shot in the middle of 5,000 deliveries (python -m bench.hooks, short)
	@$(PYTHON_IN_VENV) -m bench.hooks --events 200 --shot 5000 --out /dev/null

hotline: venv-dev  ## a simulated city hotline against the street that runs (GRIDGOV_OUTGOING_ALLOWED=127.0.0.1 make run)
	@.venv/bin/$$($(PYTHON_IN_VENV) manage.py hotline_partner --house http://$${GRIDGOV_BIND:-127.0.0.1:8000})

drills: venv-dev  ## faults injected into a house under load: killed, full, cut off, slow (python -m bench.drills; --short, or names)
	@$(PYTHON_IN_VENV) -m bench.drills

week: venv-dev  ## a simulated week with processes shot at random (python -m bench.week)
	@$(PYTHON_IN_VENV) -m bench.week --minutes 6

audit: venv-dev  ## known faults of the pinned packages, as the registry knows them (needs the network)
	@$(PYTHON_IN_VENV) deploy/audit.py

licences: venv-dev  ## write docs/third-party.md: what of others is in here, and under which licence
	@$(PYTHON_IN_VENV) deploy/licences.py

messages: venv-dev  ## bring locale/ up to date with the source
	@$(BARE) $(PYTHON_IN_VENV) manage.py messages

openapi: venv-dev  ## write openapi.yaml from the source
	@$(BARE) $(PYTHON_IN_VENV) manage.py spectacular --file openapi.yaml --validate

pictures: venv-dev  ## take the pictures of the guides anew, in a house of their own (Debian's Chromium; two minutes)
	@$(PYTHON_IN_VENV) deploy/pictures.py

clean:  ## remove .venv and caches; the data in .data stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache staticfiles
	@echo "Your data are still in .data; remove that folder by hand to begin anew."

.PHONY: access
access: venv-dev  ## ask new addresses as every hand and write tests/access/table.txt and docs/access.md (WHOLE=1: all of them, minutes)
	@PYTHONPATH=tests/hide_libs $(PYTHON_IN_VENV) -m pytest -q tests/access/whole.py
