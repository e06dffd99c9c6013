# Neurons Up. `make help` lists what there is. Without make (Windows): the README has the same as plain lines.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -n auto --dist loadgroup

.PHONY: help start test test-all bench clean
.DEFAULT_GOAL := help

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

start: $(VENV)/.learner  ## install, copy the lessons to ./my-course and open JupyterLab (ARGS=--no-browser)
	$(BIN)/course start $(ARGS)

test: $(VENV)/.test  ## install what tests need and run them all but the slow ones (ARGS go to pytest)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) -m "not slow" $(ARGS)

test-all: $(VENV)/.test $(VENV)/.graders  ## the slow ones too: 20 seeds, other versions, nbgrader and otter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	COURSE_GRADERS=$(abspath $(VENV)/graders/bin) $(PYTEST) $(ARGS)

bench: $(VENV)/.test  ## measure what the course promises about speed
	set -e; for file in tests/benchmarks/*_speed.py; do $(BIN)/python $$file $(ARGS); done

clean:  ## remove the environment and what tools left behind; my-course stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

# The stamps remember what is installed, so that only a change of pyproject.toml installs again.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is wanted; $$($(PYTHON) --version) was found. Try: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "No environment could be made. On Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.learner: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the course into $(VENV) ..."
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the course and what its tests need into $(VENV) ..."
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.learner

# Graders that lessons are exported to, in an environment of their own: the tests hand them lessons and grade with them.
$(VENV)/.graders: | $(VENV)/bin/python
	@echo "Installing nbgrader and otter beside the course ..."
	$(PYTHON) -m venv $(VENV)/graders
	$(VENV)/graders/bin/python -m pip install --quiet --disable-pip-version-check nbgrader otter-grader numba matplotlib ipywidgets filelock rich click
	@touch $@
