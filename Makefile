# Two commands do everything a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-slow test-browser test-training test-oracle predictor evaluation bench lint weights clean

# Find agreement on the bundled example with a real model; the report's path is printed last.
demo: $(STAMP)
	@$(BIN)/acuerdo models fetch
	@$(BIN)/acuerdo demo --report out/demo.html

# Everything fast: lint, types, import contracts, tests (the real default model included).
test: $(VENV)/.installed-dev weights lint
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# 10,000 examples for every axiom, whole jobs on the real model.
test-slow: $(VENV)/.installed-dev weights
	$(BIN)/python -m pytest -m slow

# The report in a real browser (Debian: apt-get install chromium fonts-noto-core).
test-browser: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m browser

# Training on CPU: torch, transformers, PEFT (about 1 GB).
test-training: $(VENV)/.installed-train weights
	$(BIN)/python -m pytest -m training tests
	$(BIN)/python -m pytest src/acuerdo/neural src/acuerdo/train

# The predictor that ships and the same without one part of the data each, to be measured on it.
# Needs the data sets: ACUERDO_DATA=/where/they/are make predictor evaluation
FOLDS := fold0 fold1 fold2 fold3 fold4 A B
predictor: $(VENV)/.installed-train
	$(BIN)/acuerdo train predictor runs/predictor.toml --out out/predictor
	for part in $(FOLDS); do \
	  $(BIN)/acuerdo train predictor runs/folds/without_$$part.toml --out out/folds/without_$$part \
	  || exit 1; done

evaluation: predictor
	$(BIN)/acuerdo evaluate predictor runs/evaluate_predictors.toml

# Every rule against pref_voting on 10,000 profiles; it gets an environment of its own.
test-oracle: .oracle/.installed
	.oracle/bin/python benchmarks/compare_pref_voting.py

# Times, printed as tables. Run them on an idle machine; quote the ratios.
bench: $(STAMP) weights .oracle/.installed
	$(BIN)/python benchmarks/find.py
	$(BIN)/python benchmarks/embed.py
	.oracle/bin/python benchmarks/choose.py

.oracle/.installed: pyproject.toml
	$(PYTHON) -m venv .oracle
	.oracle/bin/pip install --quiet --disable-pip-version-check -e . "pref_voting==1.18.2"
	@touch $@

weights: $(STAMP)
	@$(BIN)/acuerdo models fetch

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

# 2.13.0 because it is known to work; any later one that pip finds should do too.
$(VENV)/.installed-train: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check "torch==2.13.0" -e ".[train]"
	@touch $@

clean:
	rm -rf $(VENV) .oracle out
