"""Rooms see the public names of other rooms only, and nothing is imported by a string that import-linter cannot see."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "ytterby"
SUB_ROOMS = {
    "economy.trade",
    "report.briefing",
    "report.charts",
    "report.parts",
    "report.render",
    "validation.disruptions",
    "validation.hazard",
    "validation.minerals",
}
"""Rooms within rooms that have public names of their own."""
ROOMS = {path.parent.name for path in SRC.glob("*/__init__.py")} | SUB_ROOMS
FILES = sorted(path for folder in ("src", "tests", "scripts", "benchmarks", "examples") for path in (ROOT / folder).rglob("*.py"))


def owner(path: Path) -> str:
    """Top-level room that a file belongs to; a room's own tests belong to it."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "src":
        return parts[2] if len(parts) > 3 else ""
    return parts[1] if parts[0] == "tests" and len(parts) > 2 else ""


def door(room: str) -> set[str]:
    """Public names of a room: of its stub, else of its ``__init__``."""
    folder = SRC.joinpath(*room.split("."))
    stub = folder / "__init__.pyi"
    tree = ast.parse((stub if stub.is_file() else folder / "__init__.py").read_text("utf-8"))
    return {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}


def imports(path: Path) -> list[tuple[str, str]]:
    """Modules and names that a file imports from the package."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ytterby.")]
    return [(str(node.module).removeprefix("ytterby."), alias.name) for node in nodes for alias in node.names]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_other_rooms_are_entered_by_their_public_names(path: Path) -> None:
    wrong = []
    for module, name in imports(path):
        room = module.split(".")[0]
        # a module beside the rooms, the own room, and commands, each of which is a program of its own
        if room not in ROOMS or room in (owner(path), "cli"):
            continue
        if module not in ROOMS or name not in door(module):
            wrong.append(f"{module}: {name}")
    assert wrong == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_readers_are_shown_public_names_only(path: Path) -> None:
    shown = re.findall(r"^from ytterby\.([\w.]+) import ([\w, ]+)$", path.read_text("utf-8"), re.MULTILINE)
    names = [(module, name.split(" as ")[0].strip()) for module, told in shown for name in told.split(",")]
    assert [f"{module}: {name}" for module, name in names if module not in ROOMS or name not in door(module)] == []


@pytest.mark.parametrize("room", sorted(ROOMS - {"cli"}))
def test_public_names_exist(room: str) -> None:
    module = __import__(f"ytterby.{room}", fromlist=["*"])
    assert [name for name in sorted(door(room)) if not hasattr(module, name)] == []


def used(path: Path) -> set[str]:
    """Names that a file imports from the package, and names of attributes in it."""
    found = {name for _, name in imports(path)}
    return found | {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}


def test_a_public_name_is_used_outside_of_its_room() -> None:
    """What nobody outside asks for is the room's own affair; results that docs and users of Python meet may be named there."""
    by_owner: dict[str, set[str]] = {}
    for path in FILES:
        by_owner.setdefault(owner(path), set()).update(used(path))
    shown = "\n".join(path.read_text("utf-8") for path in [*(ROOT / "docs").rglob("*.md"), *SRC.glob("*.pyi"), ROOT / "README.md"])
    words = set(re.findall(r"\w+", shown))
    idle = {}
    for room in ROOMS - SUB_ROOMS - {"cli"}:
        outside = set().union(*(names for name, names in by_owner.items() if name != room))
        idle[room] = sorted(door(room) - outside - words)
    assert {room: names for room, names in idle.items() if names} == {}


def test_nothing_is_imported_by_a_string() -> None:
    named = re.compile(r"""(?:import_module|__import__|find_spec)\(f?["']ytterby""")
    assert [str(path) for path in SRC.rglob("*.py") if named.search(path.read_text("utf-8"))] == []


def test_a_class_name_means_one_thing() -> None:
    """A reader who meets the name of a class finds one class of that name, wherever it stands."""
    names = [node.name for path in SRC.rglob("*.py") for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ClassDef)]
    assert sorted({name for name in names if names.count(name) > 1}) == []
