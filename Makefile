# Two commands do everything: `make serve` and `make test`. Both make .venv and install into it what is missing.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A process for each core. The browser's driver keeps a loop running, so its tests have processes of their own.
SPREAD := --numprocesses auto --dist loadfile

.PHONY: serve index test lint bench clean

serve: .venv/installed
	$(BIN)/askdoc index
	exec $(BIN)/askdoc serve

index: .venv/installed
	$(BIN)/askdoc index

test: .venv/tests-installed
	$(BIN)/python -m pytest $(SPREAD) --ignore tests/widget
	$(BIN)/python -m pytest $(SPREAD) tests/widget

lint: .venv/tests-installed
	$(BIN)/ruff check .
	$(BIN)/mypy

# BENCH: what benchmarks/speed/compare.py is given, such as BENCH="--full --set FOLDER". The other systems get their own place.
bench: .venv/installed
	$(BIN)/python -m benchmarks.speed.compare $(BENCH)

clean:
	rm -rf .venv index/gen-* index/cache index/CURRENT index/lock

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "askdoc needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	touch $@

# torch goes first and pinned: left to a range, pip may choose a build with several GB of CUDA packages.
.venv/torch: .venv/python constraints.txt
	$(PIP) install --quiet --constraint constraints.txt torch
	touch $@

.venv/installed: .venv/torch pyproject.toml
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/tests-installed: .venv/installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[test]'
	touch $@
