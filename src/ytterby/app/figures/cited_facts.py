"""Figures as a list of sources tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing import (
    CitedFact,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.facts import Facts


def cited_facts(facts: Facts, names: set[str]) -> Mapping[str, CitedFact]:
    """Figures by id, as a list of sources tells them; ids that the facts do not know are left out."""
    rows = facts.table[facts.table.index.isin(names)]
    columns = zip(rows.index, rows["kind"], rows["source"], rows["url"], rows["licence"], rows["scope"], strict=True)
    return {str(name): CitedFact(*(str(cell) for cell in cells)) for name, *cells in columns}
