# Two commands are all that a fresh machine needs: `make verify` and `make test`.
# Each makes its own environment in .venv (plain venv and pip, versions pinned by constraints.txt).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: verify test test-clusters lint types contracts replicate analyse bench wheel clean help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "verify-claims needs Python 3.11 or newer; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

# The editable install is redone only when its inputs change, so the second run starts at once.
$(VENV)/core.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -c constraints.txt -e .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -c constraints.txt torch
	$(PIP) -c constraints.txt -e '.[replicate,dev]'
	@touch $@ $(VENV)/core.stamp

verify: $(VENV)/core.stamp  ## decide every claim of the bundled study; write out/report.md and out/report.pdf
	$(BIN)/verify-claims check --out out --baseline

test: $(VENV)/dev.stamp  ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Ray (240 MB), S3 and a loopback S3 server have an environment of their own: botocore refuses the newest
# python-dateutil that constraints.txt pins, and nothing but these tests needs them.
CLUSTERS := .venv-clusters
$(CLUSTERS)/stamp: pyproject.toml
	$(PYTHON) -m venv $(CLUSTERS)
	$(CLUSTERS)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch uv
	$(CLUSTERS)/bin/uv pip install --quiet --python $(CLUSTERS)/bin/python -e '.[clusters]'
	@touch $@

test-clusters: $(CLUSTERS)/stamp  ## two-node Ray, Slurm jobs run here, S3 over loopback: nodes and workers killed
	VERIFY_CLAIMS_CLUSTERS=1 $(CLUSTERS)/bin/python -m pytest tests/replicate/executors tests/replicate/storage

lint: $(VENV)/dev.stamp  ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp  ## mypy --strict on all floors
	$(BIN)/mypy

contracts: $(VENV)/dev.stamp  ## import contracts between the floors
	$(BIN)/lint-imports

replicate: $(VENV)/dev.stamp  ## retrain the miniature grid and compare with the committed scores
	$(BIN)/verify-claims replicate xstilts --scale miniature --check

analyse: $(VENV)/core.stamp  ## statistics over the bundled study
	$(BIN)/verify-claims analyse --out out

# An environment of its own: the plugin has no part in the tests, and warns in each of their workers.
BENCH := .venv-bench
$(BENCH)/stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

bench: $(BENCH)/stamp  ## ratios against other ways, in one run; exit 1 where one has halved since the last recorded
	mkdir -p out
	OMP_NUM_THREADS=1 $(BENCH)/bin/python -m pytest benchmarks/ratios --benchmark-only \
		--benchmark-timer=time.process_time --benchmark-json=out/benchmarks.json
	$(BENCH)/bin/python benchmarks/ratios/compare.py out/benchmarks.json

wheel: $(VENV)/dev.stamp  ## build the wheel and the source distribution
	rm -rf dist
	$(BIN)/python -m build --outdir dist

clean:  ## remove what the targets made, the environment included
	rm -rf $(VENV) $(CLUSTERS) $(BENCH) out dist build *.egg-info
