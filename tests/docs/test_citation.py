"""CITATION.cff is valid and says the same as the project."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
KEYS = """abstract authors cff-version commit contact date-released doi identifiers keywords license license-url message
preferred-citation references repository repository-artifact repository-code title type url version"""
"""Keys of the Citation File Format 1.2.0."""


@pytest.fixture(scope="module")
def citation():
    return YAML(typ="safe", pure=True).load((ROOT / "CITATION.cff").read_text("utf-8"))


def test_keys_are_those_of_the_format(citation):
    assert set(citation) <= set(KEYS.split())
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"


def test_authors_have_names(citation):
    assert citation["authors"]
    for author in citation["authors"]:
        assert "name" in author or {"family-names", "given-names"} <= set(author)


def test_it_agrees_with_the_project(citation):
    assert str(citation["version"]) == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    if "date-released" in citation:
        assert isinstance(citation["date-released"], dt.date)


def test_changelog_has_the_version_of_the_project():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    heads = re.findall(r"^## \[?([^\]\n]+)\]?", text, re.MULTILINE)
    assert PROJECT["version"] in heads[0]
    entries = re.findall(r"^- (.+)$", text, re.MULTILINE)
    assert len(entries) > 5
    assert re.search(r"^### (Added|Changed|Fixed|Removed)$", text, re.MULTILINE)
