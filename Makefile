# Each target works alone on a fresh clone. Without make: run the Python command of the target.
PYTHON ?= python3
PORT ?= 3000
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: serve screen test test-data check fix bench bench-ray report report-all clean

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

screen: $(VENV)/.installed         ## screen a file: make screen FILE=examples/forty_texts.csv
	$(PY) -m serving.cli screen $(FILE)

test: $(VENV)/.installed-dev       ## the whole suite that needs no data root
	$(PY) -m pytest

test-data: $(VENV)/.installed-dev  ## the tests that need SCAMSCREEN_DATA
	$(PY) -m pytest -m data

check: $(VENV)/.installed-dev      ## format, lint, types, import contracts
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

fix: $(VENV)/.installed-dev        ## format and mend what can be mended
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/.installed          ## documents per second in process, 10,000 texts
	$(PY) -m training.bench

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

$(VENV)/.installed-ray: pyproject.toml | $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[ray]"
	touch $@

bench-ray: $(VENV)/.installed-ray  ## two one-core Ray nodes on this machine, one killed half-way; about 25 minutes
	$(PY) -m benchmarks.ray_nodes $(BENCH_RAY_OPTIONS)

clean:                             ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
