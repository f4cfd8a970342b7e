# Each target works alone on a fresh clone. Without make: run the Python command of the target.
PYTHON ?= python3
PORT ?= 3000
# Test files side by side; each takes about 2 GB.
TEST_WORKERS ?= 2
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: serve demo screen test test-data check fix infinity bench bench-long bench-ray bench-reports bench-models bench-retraining chaos proxies fuzz audit report report-all clean

# The run-time install: no torch, transformers or datasets.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check "torch==2.13.0"
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

serve: $(VENV)/.installed          ## start the service on 127.0.0.1:3000 (PORT= changes it)
	$(PY) -m serving.cli serve --open --port $(PORT)

demo: $(VENV)/.installed           ## the console with about 300 written items, in a store that goes when it ends
	$(PY) -m serving.cli demo examples/demo --port $(PORT)

screen: $(VENV)/.installed         ## screen a file: make screen FILE=examples/forty_texts.csv
	$(PY) -m serving.cli screen $(FILE)

test: $(VENV)/.installed-dev       ## the whole suite that needs no data root
	$(PY) -m pytest --numprocesses $(TEST_WORKERS) --dist loadfile

test-data: $(VENV)/.installed-dev  ## the tests that need SCAMSCREEN_DATA
	$(PY) -m pytest -m data

check: $(VENV)/.installed-dev      ## format, lint, types, import contracts, bandit
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m bandit --quiet --configfile pyproject.toml --recursive models training serving benchmarks

proxies: $(VENV)/.installed-dev    ## nginx and Caddy in front of the service; wants both installed
	@command -v nginx >/dev/null && command -v caddy >/dev/null || { echo "apt-get install nginx caddy" >&2; exit 1; }
	$(PY) -m pytest tests/test_serving/test_proxies.py

$(VENV)/.installed-audit: pyproject.toml | $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[audit]"
	touch $@

# Strict: where the advisories cannot be asked for it fails, and does not say that all is well.
audit: $(VENV)/.installed-audit    ## known holes in the packages that are installed; asks the package index
	$(PY) -m pip_audit --strict --local --skip-editable --progress-spinner off

fix: $(VENV)/.installed-dev        ## format and mend what can be mended
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

$(VENV)/.installed-bench: pyproject.toml | $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check "torch==2.13.0"
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	touch $@

# Infinity needs older versions of what we use: a virtual environment of its own. `make bench` runs without it
# as well, and says so.
infinity: .venv-infinity/.installed ## install what `make bench` compares with
.venv-infinity/.installed:
	$(PYTHON) -m venv .venv-infinity
	.venv-infinity/bin/python -m pip install --quiet --disable-pip-version-check "torch==2.13.0"
	.venv-infinity/bin/python -m pip install --quiet --disable-pip-version-check \
		"infinity-emb[server,torch]==0.0.77" "transformers<5" "click<8.2"
	touch $@

bench: $(VENV)/.installed-bench    ## how fast it is, beside what others do with the same weights; 15 minutes
	$(PY) -m benchmarks short $(BENCH_OPTIONS)

bench-long: $(VENV)/.installed-bench ## half an hour of load, a million rows; resumable, at most 150 minutes
	$(PY) -m benchmarks long $(BENCH_OPTIONS)

$(VENV)/.installed-ray: pyproject.toml | $(VENV)/.installed-bench
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[bench,ray]"
	touch $@

bench-ray: $(VENV)/.installed-ray  ## one and two one-core Ray nodes on this machine, and a kill half-way; 40 minutes
	$(PY) -m benchmarks.ray_nodes $(BENCH_OPTIONS)

bench-retraining: $(VENV)/.installed-dev ## two held-out schemes from a spreadsheet to a model that answers; BASE= an encoder; resumable
	$(PY) -m benchmarks.retraining $(if $(BASE),--base $(BASE)) $(BENCH_OPTIONS)

bench-reports: $(VENV)/.installed-bench ## stored reports: intake a second, and who comes first with 10,000 waiting
	$(PY) -m benchmarks.intake
	$(PY) -m benchmarks.lanes

bench-models: $(VENV)/.installed-bench ## another model under load, and a candidate beside the live one; 20 minutes
	$(PY) -m benchmarks.reload
	$(PY) -m benchmarks.shadow

chaos: $(VENV)/.installed-dev      ## kill -9 under load 50 times, on both databases: nothing may be lost; 10 minutes
	$(PY) -m tests.chaos $(CHAOS_OPTIONS)

fuzz: $(VENV)/.installed-dev       ## 10,000 hostile requests: no 5xx, no growth, no word where it may not be; 5 minutes
	$(PY) -m tests.fuzz $(FUZZ_OPTIONS)

report: $(VENV)/.installed-dev     ## the evaluation report of the shipped model, in runs/report; needs SCAMSCREEN_DATA
	$(PY) -m training.cli evaluate default --output runs/report $(REPORT_OPTIONS)

# Beside the last release (PREVIOUS, a commit), and short runs from an encoder (BASE): with one part of training
# changed at a time, and without six of the sources.
# Whatever is there already is used again: a run broken off goes on where it was.
report-all: $(VENV)/.installed-dev ## the report with both comparisons: make report-all BASE=... PREVIOUS=...
	mkdir -p runs/previous
	git archive --output runs/previous.tar $(PREVIOUS) models/artifacts/default
	tar -x -f runs/previous.tar -C runs/previous
	$(PY) -m training.cli ablate short --base $(BASE)
	$(MAKE) report REPORT_OPTIONS="--previous runs/previous/models/artifacts/default --ablations runs/ablations"

clean:                             ## remove the virtual environment and caches
	rm -rf $(VENV) .venv-infinity .pytest_cache .mypy_cache .ruff_cache .hypothesis
