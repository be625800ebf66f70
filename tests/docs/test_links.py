"""Links of the pages outside the site lead somewhere; mkdocs checks those inside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)\s]*)?\)")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_to_files(name):
    links = LINK.findall((ROOT / name).read_text("utf-8"))
    assert links or name == "CHANGELOG.md"
    for link in links:
        assert (ROOT / link).exists(), f"{name}: {link}"


def test_pictures_are_small():
    pictures = [path for path in (ROOT / "docs" / "images").iterdir() if path.suffix in {".svg", ".png"}]
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 300_000, picture.name
