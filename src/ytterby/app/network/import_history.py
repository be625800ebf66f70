"""Use case: the share of a supplier in an importer's rare earths since 1995, as customs see it and traced."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ytterby.app.network.importers import members_of
from ytterby.app.projects.kept_answers import answer_digest, kept_answer
from ytterby.errors import UnknownNameError
from ytterby.exposure import ImportYear
from ytterby.facts import groups, names, region_of, regions
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.facts import Facts


class ImportHistory(ResultModel):
    """Share of a supplier in rare-earth imports, as customs see it and traced, since 1995."""

    supplier: str
    """ISO alpha-2 code."""
    history: tuple[ImportYear, ...]
    """By year, then importer."""


def history_importers(supplier: str = "CN") -> list[str]:
    """Importers of the history: all regions and groups that the supplier is no part of."""
    at = region_of(supplier)
    return [*(code for code in regions() if code != at), *(code for code, group in groups().items() if at not in group.members)]


def history(importers: Iterable[str] | None = None, supplier: str = "CN", project: Path | None = None) -> ImportHistory:
    """Direct against traced share of a supplier in rare-earth imports 1995-2024, with the band of who counts as a producer.

    Parameters
    ----------
    importers : iterable of str, optional
        Regions or groups; all without it.
    supplier : str
        ISO alpha-2 code.
    project : Path, optional
        Project folder whose imported figures win, and which keeps the answer.

    Raises
    ------
    UnknownNameError
        For an importer or supplier that does not exist.
    """
    from ytterby.facts import load

    facts = load(project)
    named = None if importers is None else list(dict.fromkeys(names.region(name, "importer").code for name in importers))
    digest = answer_digest("history", supplier, facts.digest)
    found = kept_answer(digest, project, ImportHistory, partial(_history, None, supplier, facts))
    if named is None:
        return found
    of_each = {name: [row for row in found.history if row.importer == name] for name in named}
    if not all(of_each.values()):  # the supplier's own region, or a group with it
        return _history(named, supplier, facts)
    return ImportHistory(supplier=found.supplier, history=tuple(row for year in zip(*of_each.values(), strict=True) for row in year))


def _history(named: list[str] | None, supplier: str, facts: Facts) -> ImportHistory:
    """The history of some importers, or of all, worked out."""
    from ytterby.exposure import RARE_EARTH_CODES, interpolated
    from ytterby.exposure import trade_history as past

    trade = facts.trade()
    trade = trade[trade["hs"].isin(RARE_EARTH_CODES)]
    codes = sorted(set(trade["exporter"]) | set(trade["importer"]))
    if supplier not in codes and (supplier := names.country(supplier, "supplier").code) not in codes:
        raise UnknownNameError("supplier (ISO alpha-2)", supplier, codes)
    wanted = {name: members_of(name, codes) for name in (history_importers(supplier) if named is None else named)}
    years = range(int(trade["year"].min()), int(trade["year"].max()) + 1)
    return ImportHistory(supplier=supplier, history=past.history(trade, interpolated(facts, years), wanted, supplier))
