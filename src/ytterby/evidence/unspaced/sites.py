"""Mines and plants of their own name in sentences without spaces: where they stand and what they yield."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.tables import read_table

if TYPE_CHECKING:
    from ytterby.evidence.unspaced.text import SignSentence

SITE = "site"
NAMED = re.compile(r"[\u30a1-\u30fa\u30fc\u30fb]{2,}$")
"""A name in the signs for foreign names, right before the word for a mine or a plant."""


class Site(NamedTuple):
    """A row of ``hosts.csv``: country, and what a deposit yields."""

    country: str
    materials: tuple[str, ...]


@cache
def known_sites() -> dict[str, Site]:
    """Sites of the facts by name."""
    rows = (row for row in read_table("hosts.csv") if row["kind"] == SITE)
    return {row["name"]: Site(f"country:{row['countries']}", tuple(row["materials"].split())) for row in rows}


def sites_of(sentence: SignSentence, i: int, j: int) -> list[Site]:
    """Sites of the facts that a clause names."""
    return [known_sites()[hit.value] for hit in sentence.of(SITE, i, j)]


def names_plant(sentence: SignSentence, i: int, j: int) -> bool:
    """Whether a clause calls a mine or a plant by its own name, be it known to the facts or not."""
    plants = [hit for hit in sentence.of("concept", i, j) if hit.value == "plant"]
    return bool(sentence.of(SITE, i, j)) or any(NAMED.search(sentence.text, i, hit.i) for hit in plants)
