"""Publications are named before the places where they were read."""

from __future__ import annotations

import pytest

from ytterby.facts import cited, load

MIRRORS = ("github.com/therealjameswilson", "github.com/NSSAC", "github.com/jeewonshin", "data/raw", "firmsworld")


def test_no_publication_is_named_by_a_mirror_or_a_folder() -> None:
    table = load().table[["source", "url"]].drop_duplicates()
    wrong = [
        found.text for source, url in table.itertuples(index=False) if any(mark in (found := cited(source, url)).text for mark in MIRRORS)
    ]
    assert wrong == []


def test_addresses_of_mirrors_stand_behind_read_at() -> None:
    row = load().row("PRI0211")
    found = cited(row["source"], row["url"])
    assert found.text.startswith("USGS Mineral Commodity Summaries 2026")
    assert found.url.startswith("https://www.usgs.gov/")
    assert "github.com/therealjameswilson" in found.read_at
    assert row["url"] in found.read_at


@pytest.mark.parametrize(("source", "url"), [("Reuters via anewz.tv", "https://anewz.tv/x"), ("", ""), ("Our own survey", "")])
def test_other_sources_stay_as_they_are(source: str, url: str) -> None:
    assert cited(source, url) == (source, url, "")


def test_sources_of_several_figures_are_cited_one_by_one() -> None:
    found = cited("USGS Mineral Commodity Summaries 2025 Rare Earths, github.com/x/y data/a.pdf + computed here from rows of these files")
    assert found.text == "USGS Mineral Commodity Summaries 2025, Rare Earths + computed here from rows of these files"
    assert found.read_at == "USGS Mineral Commodity Summaries 2025 Rare Earths, github.com/x/y data/a.pdf"
