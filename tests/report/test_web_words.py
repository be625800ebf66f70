"""Words of the pages: each is used, and each that is used exists."""

from __future__ import annotations

import re
from pathlib import Path

import ytterby
from ytterby.report.catalogue import catalogue

ROOT = Path(ytterby.__file__).parent / "web"
SOURCES = "\n".join(path.read_text("utf-8") for path in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.html")]))
OWN = "web-"


def found(pattern: str) -> set[str]:
    """What a pattern finds in the sources."""
    return set(re.findall(pattern, SOURCES))


def test_every_word_of_the_pages_is_used() -> None:
    quoted = found(r"""["'](?:web-)?([a-z_0-9.]+)["']""")
    before = tuple(found(r"""f["'](?:web-)?([a-z_0-9]+_)\{""") | found(r"""["']([a-z_0-9]+_)["'] ~"""))
    behind = tuple(found(r"""\}(_[a-z_0-9]+)["']""") | found(r"""~ ["'](_[a-z_0-9]+)["']"""))
    words = [key.removeprefix(OWN) for key in catalogue("en").messages if key.startswith(OWN)]
    assert [key for key in words if key not in quoted and not key.startswith(before) and not key.endswith(behind)] == []


def test_every_word_that_the_pages_name_exists() -> None:
    pages = "\n".join(path.read_text("utf-8") for path in sorted(ROOT.rglob("*.html")))
    named = found(r"""["']web-([a-z_0-9]*[a-z0-9])["']""") | set(re.findall(r"""\bsay\(\s*["']([a-z_0-9]*[a-z0-9])["']""", pages))
    assert {key for key in named if f"{OWN}{key}" not in catalogue("en").messages} == set()
