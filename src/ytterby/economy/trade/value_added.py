"""Value added and jobs that hang on a dollar of sales, direct and with suppliers (equations T8 and T9).

Through the input-output tables of :mod:`ytterby.economy.input_output_tables`: the accounts of 2024 for the United States, cited
coefficients for Japan. With suppliers is the row of value added over output times the Leontief inverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy.input_output_tables import QUANTITIES, bridge, economy_from_frame, economy_of_coefficients
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.economy.input_output import Economy
    from ytterby.facts import Facts

    Array = NDArray[np.float64]

YEN_PER_DOLLAR = "TRD012"
GDP = {"JP": "SEC0086"}
JAPAN = {
    "transport_equipment": ("SEC0025", "SEC0027"), "electrical_optical": ("SEC0029", "SEC0031"), "machinery": ("SEC0033",),
    "refining": ("SEC0035",), "non_metallic_minerals": ("SEC0037",),
}  # fmt: skip
"""Rows of the value added of Japan's using industries."""
REST = "rest"


class ValueAddedShares(NamedTuple):
    """Per dollar of sales; arrays (group, supplier), nil where the facts have no table of the supplier."""

    direct: Array
    """Value added of the industry itself [USD/USD]."""
    total: Array
    """Value added with suppliers at home [USD/USD]."""
    jobs: Array
    """Jobs of the industry itself [persons per USD/year]."""
    all_jobs: Array
    """Jobs with suppliers [persons per USD/year]."""
    known: NDArray[np.bool_]
    """(supplier,) whether the facts have a table."""


def shares_of(facts: Facts, groups: Sequence[str], suppliers: Sequence[str], industries: Sequence[tuple[str, str]]) -> ValueAddedShares:
    """Value added and jobs by group and supplier.

    Parameters
    ----------
    facts : Facts
        Figures with coefficients, accounts and employment.
    groups, suppliers : sequence of str
        Their codes.
    industries : sequence of tuple of str
        Industry of each group in the table of the United States and in the cited ones.
    """
    shape = (len(groups), len(suppliers))
    found = ValueAddedShares(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape[1], dtype=bool))
    tables = {"US": (_united_states(facts), 0), "JP": (_japan(facts), 1)}
    for region, (economy, column) in tables.items():
        at = suppliers.index(region)
        found.known[at] = True
        multiplied = _with_suppliers(economy)
        for group, names in enumerate(industries):
            industry = names[column] if names[column] in economy.industries else REST
            place = economy.industries.index(industry)
            own = economy.value_added[place] / economy.output[place]
            per_own, per_rest = jobs_per_dollar(facts, region, industry), jobs_per_dollar(facts, region, "*")
            found.direct[group, at], found.total[group, at] = own, multiplied[place]
            found.jobs[group, at] = own * per_own
            found.all_jobs[group, at] = own * per_own + (multiplied[place] - own) * per_rest
    return found


def _with_suppliers(economy: Economy) -> Array:
    """Value added with suppliers by industry, per dollar of its final sales."""
    coefficients = economy.flows.toarray() / economy.output
    own = economy.value_added / economy.output
    return np.linalg.solve(np.eye(len(own)) - coefficients.T, own)


def _united_states(facts: Facts) -> Economy:
    return economy_from_frame(facts.io_us(), "US", "bea-2024", bridge("us"))


def _japan(facts: Facts) -> Economy:
    table = facts.select(quantity=list(QUANTITIES))
    added = {name: sum(dollars(facts, row) for row in ids) for name, ids in JAPAN.items()}
    return economy_of_coefficients(table[table["region"] == "JP"], "JP", added, dollars(facts, GDP["JP"]), suppliers="JP")


def jobs_per_dollar(facts: Facts, region: str, industry: str) -> float:
    """Jobs per dollar of value added of an industry, or of the whole economy where it has no figures of its own."""
    listed = {row["industry"]: row for row in rows("ytterby.economy.trade", "tables/jobs") if row["region"] == region}
    row = listed.get(industry, listed["*"])
    people = sum(persons(facts, id_) for id_ in row["employment"].split())
    return people / sum(dollars(facts, id_) for id_ in row["value_added"].split())


PEOPLE = {"M persons": 1e6, "1000 persons": 1e3, "persons": 1.0}
MONEY = {"M USD": 1e6, "bn USD": 1e9}
YEN = {"bn JPY": 1e9, "trn JPY": 1e12}


def persons(facts: Facts, id_: str) -> float:
    """Persons of a figure."""
    row = facts.row(id_)
    return float(row["value"]) * PEOPLE[str(row["unit"])]


def dollars(facts: Facts, id_: str, end: str = "value") -> float:
    """USD of a figure in dollars or yen, or of an end of its range; yen at the mean rate of 2024."""
    row = facts.row(id_)
    unit, value = str(row["unit"]), float(row[end])
    return value * YEN[unit] / facts.value(YEN_PER_DOLLAR) if unit in YEN else value * MONEY[unit]
