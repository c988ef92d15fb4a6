# Two commands: `make demo` runs Clew on a sample folder, `make test` passes the tests. Both make .venv first.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SAMPLE ?= $(firstword $(wildcard examples/harbour examples/first))

.PHONY: demo test bench results baseline clean

demo: $(VENV)/ready
	@bash examples/demo.sh $(SAMPLE)

test: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(PYTEST)

$(VENV)/bin/uv:
	$(shell command -v $(PYTHON) || command -v python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# The lock holds every extra; what is installed is chosen by --extra. Bytecode is compiled, or each start takes twice
# as long.
$(VENV)/ready: requirements.lock pyproject.toml | $(VENV)/bin/uv
	$(BIN)/uv pip install --python $(BIN)/python --quiet --compile-bytecode --constraint requirements.lock --editable .
	$(BIN)/python -m compileall -q clew ingest graph retrieve ui evals
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/uv pip install --python $(BIN)/python --quiet --compile-bytecode --constraint requirements.lock --editable '.[dev,local-llm,multilingual]'
	touch $@

# Both ask for DATA, the folder that holds the data sets; results without it runs the built-in suite alone.
DATA ?=
OUT ?= out/bench.json
bench: $(VENV)/ready
	$(BIN)/python -m evals.bench $(if $(DATA),--data "$(DATA)") --out "$(OUT)"

results: $(VENV)/ready
	$(BIN)/python -m evals.results $(if $(DATA),--data "$(DATA)")

baseline: $(VENV)/ready
	$(BIN)/python -m ui.cli eval baseline --write

clean:
	rm -rf $(VENV)
