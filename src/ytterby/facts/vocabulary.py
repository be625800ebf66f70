"""Code lists (elements, regions, groups, sectors, stages) and the schema of the rows of figures.

A code list has one column of names per language, ``name_en``, ``name_de`` and so on; English is required.

A commodity is written ``stage.product`` (``oxide.Dy``, ``magnet.NdFeB-Dy``), a market
``commodity@region`` (``oxide.Dy@JP``). Regions partition the world; groups are unions of regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

STAGES = ("mine", "oxide", "metal", "alloy", "magnet", "component", "scrap", "product")
"""Stages of a commodity, upstream first; ``scrap`` feeds back into ``oxide``."""


NUMBERS = dict.fromkeys(("value", "low", "high"), "float64")
"""Types of the numeric columns of a row."""

NOT_FIGURES = frozenset({"candidates.csv", "candidates_left_out.csv"})
"""Tables beside those of figures, with columns of their own: see :mod:`ytterby.facts.candidate_table`."""

KINDS = ("reported", "derived", "assumed")
STATUSES = ("located", "unlocated", "computed", "recalled", "user")
QUALITIES = ("A", "B", "C", "")
AGGREGATES = ("NdPr", "DyTb", "LaCe", "SEG", "MREE", "LREE", "HREE", "TREO")
"""Groups of elements: Nd and Pr, Dy and Tb, La and Ce, Sm-Eu-Gd, the four magnet elements, light, heavy, all."""

OTHER_MINERALS = ("Ga", "Ge", "Sb", "graphite", "W", "Bi", "Te", "In", "Mg", "Mo")

NAME = "name_"
"""Prefix of the columns of names, before the language."""


@dataclass(frozen=True)
class Term:
    """A code with its names by language; ``members`` lists ISO codes of a region or regions of a group."""

    code: str
    names: Mapping[str, str]
    members: tuple[str, ...] = ()
    group: str = ""

    def name(self, lang: str = "en") -> str:
        """Name in a language, or in English where it is missing."""
        return self.names.get(lang) or self.names["en"]


@cache
def _terms(table: str) -> dict[str, Term]:
    return {term.code: term for term in map(_term, rows("ytterby.facts", f"data/vocabulary/{table}"))}


def _term(row: Mapping[str, str]) -> Term:
    names = {column.removeprefix(NAME): text for column, text in row.items() if column.startswith(NAME)}
    code = row.get("code") or row["symbol"]
    return Term(code, names, tuple(row.get("members", "").split()), row.get("group") or row.get("symbol", ""))


def elements() -> dict[str, Term]:
    """All 17 rare-earth elements by symbol; ``group`` is light, medium, heavy or other."""
    return _terms("elements")


def minerals() -> dict[str, Term]:
    """Elements other than rare earths that have a mineral chain in the model, by symbol."""
    return _terms("minerals")


def families() -> dict[str, Term]:
    """Families of materials that export controls and duties name, by code; ``group`` is the symbol of an element, if it is one."""
    return _terms("families")


@cache
def family_of_symbol() -> Mapping[str, Term]:
    """Families of materials that are an element, by its symbol."""
    return {family.group: family for family in families().values() if family.group}


def trade_groups() -> dict[str, Term]:
    """Groups of goods whose duties are followed, by code; ``members`` are the beginnings of their customs codes."""
    return _terms("trade_groups")


@cache
def trade_group_of_sector() -> Mapping[str, str]:
    """Group of goods that the products of a sector belong to, by sector; sectors whose products are not followed are left out."""
    table = rows("ytterby.facts", "data/vocabulary/trade_groups")
    return {sector: row["code"] for row in table for sector in row["sectors"].split()}


def symbols() -> dict[str, Term]:
    """All elements of the mineral chains in the model, rare earths first."""
    return elements() | minerals()


def regions() -> dict[str, Term]:
    """Regions that partition the world, by code; ``members`` are the ISO codes of a composed one."""
    return _terms("regions")


def groups() -> dict[str, Term]:
    """Named unions of regions, such as ``EU`` and ``APEC``; they are not nodes of the network."""
    return _terms("groups")


def stages() -> dict[str, Term]:
    """Stages of :data:`STAGES` by code."""
    return _terms("stages")


def stage_of(stage: str, element: str) -> Term | None:
    """Name of a stage in the chain of an element that calls it otherwise: the first form of gallium is crude metal, not ore."""
    return _terms("stages_of_elements").get(f"{stage}.{element}")


def sectors() -> dict[str, Term]:
    """End uses by code."""
    return _terms("sectors")


@cache
def _region_of_iso() -> dict[str, str]:
    return {iso: code for code, term in regions().items() for iso in (term.members or (code,)) if iso != "*"}


def region_of(iso: str) -> str:
    """Region that contains the country of an ISO 3166 alpha-2 code; ``ROW`` by default."""
    return _region_of_iso().get(iso.upper(), "ROW")


def split_market(market: str) -> tuple[str, str]:
    """Commodity and region of a market id such as ``oxide.Dy@JP``."""
    commodity, _, region = market.partition("@")
    return commodity, region


@cache
def listed(name: str) -> dict[str, dict[str, str]]:
    """Rows of a schema list by their first column."""
    return {next(iter(row.values())): row for row in rows("ytterby.facts", f"data/schema/{name}")}


@cache
def quantities_with(mark: str) -> frozenset[str]:
    """Quantities with ``yes`` in the column ``mark`` of the list of quantities."""
    return frozenset(name for name, row in listed("quantities").items() if row[mark] == "yes")
