# Everything a user or CI calls. Set-up happens by itself; `make help` lists the targets.
PYTHON ?= python3
RUN ?= notebooks/runs/seed.yml
BATCH ?= notebooks/runs/targets.yml
EVALDATA ?= ../shared/evaldata
UV_VERSION := 0.13.8
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Kernels import pandas three times faster from bytecode; one BLAS thread keeps last digits equal across machines.
export UV_COMPILE_BYTECODE = 1
export PYTHONDONTWRITEBYTECODE =
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1

.DEFAULT_GOAL := help
.PHONY: help report test browser lab lint clean batch bench evaluate demo-live notebooks lock

## help: list these targets
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST) | awk -F': ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python %d.%d is too old: install 3.11 or newer, or name one, make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Setting up $(VENV) from requirements.lock (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

## report: run RUN (default notebooks/runs/seed.yml) and render its HTML report
report: $(READY)
	@$(BIN)/atlas run $(RUN)

## test: pytest, then strict nbval over every notebook
test: $(READY)
	$(BIN)/python -m pytest -q -n 2
	$(BIN)/atlas run notebooks/runs/seed.yml --quiet
	$(BIN)/python -m pytest -q -n 2 --nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg notebooks

## browser: the exploring notebook in a real JupyterLab in headless Chromium
browser: $(READY)
	ATLAS_BROWSER=1 $(BIN)/python -m pytest -q -n 0 tests/test_explore_browser.py

## lab: open the notebooks in JupyterLab
lab: $(READY)
	$(BIN)/jupyter lab notebooks

## batch: one dossier per item of BATCH (default notebooks/runs/targets.yml)
batch: $(READY)
	@$(BIN)/atlas batch $(BATCH)

## lint: ruff and mypy --strict
lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## evaluate: measure gene, mode and direction calls on EVALDATA
evaluate: $(READY)
	@$(BIN)/atlas evaluate $(EVALDATA)

## bench: measure speed and memory; writes data/processed/bench.json
bench: $(READY)
	@$(BIN)/python tests/bench/bench.py

## demo-live: fetch 25,000 synthetic records from a loopback E-utilities server, through to a report
demo-live: $(READY)
	@$(BIN)/python tests/eutils/demo.py

## notebooks: store the outputs of the default run in the notebooks, which strict nbval compares
notebooks: $(READY)
	$(BIN)/atlas run notebooks/runs/seed.yml --quiet
	$(BIN)/jupyter nbconvert --log-level=ERROR --to notebook --execute --inplace notebooks/[0-9]*.ipynb
	$(BIN)/nbstripout --keep-output --keep-count --keep-id --extra-keys "cell.metadata.execution cell.metadata.papermill metadata.papermill metadata.language_info" notebooks/[0-9]*.ipynb

## lock: resolve requirements.lock anew from pyproject.toml
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras pyproject.toml -o requirements.lock

## clean: remove what runs made (fetched snapshots, built corpora and .venv stay)
clean:
	@find data/processed -type f ! -path 'data/processed/README.md' ! -path 'data/processed/corpora/*' ! -path 'data/processed/seed/figures/therapies.png' -delete
	@find data/processed -mindepth 1 -type d -empty -delete
	@rm -rf .pytest_cache .mypy_cache .ruff_cache
