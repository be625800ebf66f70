"""Thirty years of dependence: direct against traced share of every importer's rare-earth imports (E18-E20).

Customs record the country of dispatch, not the country of processing: France exports products refined from Chinese feed,
Vietnam products of toll processing. The share is traced through all exporters with the matrix of import shares. Which part of
a country's exports is its own production is not recorded; the band spans the possible definitions of a producer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import DataGapError
from ytterby.exposure.results import ImportYear

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.exposure.producers import Producers

    Floats = NDArray[np.float64]

MIN_WITH_QUANTITY = 0.8
"""A year is counted in tonnes if at least this share of its trade value has a quantity."""
LEAK = 1e-12
"""Share of imports taken as without origin, so that countries that trade only among themselves do not make the matrix singular."""


@dataclass(frozen=True, eq=False)
class TradeYear:
    """One year's trade among countries.

    Attributes
    ----------
    countries : list of str
    flow : ndarray (exporter, importer)
        Tonnes, or 1000 USD where quantities are missing.
    own : ndarray (countries,)
        Domestic production in the same unit, with gaps of the source interpolated.
    printed : ndarray (countries,)
        Domestic production published for the year; the interpolated figures in a year without any.
    basis : str
        ``quantity`` or ``value``.
    """

    year: int
    countries: list[str]
    flow: Floats
    own: Floats
    printed: Floats
    basis: str
    note: str = ""


def trade_year(trade: pd.DataFrame, made: Producers, value_per_tonne: float) -> TradeYear:
    """Matrix of one year's trade, in tonnes if most of it has a quantity, else in value (E18).

    Parameters
    ----------
    trade : DataFrame
        Rows of the year: exporter, importer, value_kusd, quantity_t.
    made : Producers
        Mine production of the year.
    value_per_tonne : float
        Unit value at which production is converted in years without quantities [1000 USD/t].
    """
    if trade.empty:
        raise DataGapError(f"no trade in rare earths for {made.year}")
    declared = trade["value_kusd"].where(trade["quantity_t"].notna(), 0.0).sum() / trade["value_kusd"].sum()
    basis = "quantity" if declared >= MIN_WITH_QUANTITY else "value"
    amount = trade["quantity_t" if basis == "quantity" else "value_kusd"].fillna(0.0).to_numpy(float)
    output = {**made.bridged, **made.tonnes}
    countries = sorted(set(trade["exporter"]) | set(trade["importer"]) | set(output))
    place = {name: number for number, name in enumerate(countries)}
    flow = np.zeros((len(countries), len(countries)))
    np.add.at(flow, (trade["exporter"].map(place).to_numpy(), trade["importer"].map(place).to_numpy()), amount)
    np.fill_diagonal(flow, 0.0)
    own, printed = (
        np.array([listed.get(name, 0.0) for name in countries]) * (1.0 if basis == "quantity" else value_per_tonne)
        for listed in (output, made.tonnes or made.bridged)
    )
    return TradeYear(made.year, countries, flow, own, printed, basis, "; ".join(made.notes))


def traced_exports(year: TradeYear, supplier: str, miners: frozenset[str]) -> dict[str, Floats]:
    """Share of every country's exports that passed through a supplier (E19), with the band over definitions of a producer (E20).

    Parameters
    ----------
    year : TradeYear
    supplier : str
    miners : frozenset of str
        Countries that mined in any year.

    Returns
    -------
    dict of str to ndarray (countries,)
        ``traced``: the domestic part of a country's exports is production over production plus imports; the rest has the mix
        of its imports. ``low``: all possible producers count: a country that mined in any year exports only its own
        production, and exports of others in excess of their imports are their own too. ``high``: only published output
        counts, a country exports its imports first, and exports in excess of imports and output are unrecorded feed from
        the supplier.
    """
    exports, imports = year.flow.sum(axis=1), year.flow.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        central = np.nan_to_num(year.own / (year.own + imports))
        beyond = np.maximum(exports - imports, 0.0)
        lowest = np.nan_to_num(np.minimum(year.printed, beyond) / exports)
        highest = np.where(np.isin(year.countries, list(miners)), 1.0, np.nan_to_num(beyond / exports))
        unrecorded = np.nan_to_num(np.maximum(beyond - year.printed, 0.0) / exports)
    nothing = np.zeros_like(central)
    return {
        "traced": _absorb(year, supplier, central, nothing),
        "low": _absorb(year, supplier, np.maximum(highest, central), nothing),
        "high": _absorb(year, supplier, lowest + unrecorded, unrecorded),
    }


def _absorb(year: TradeYear, supplier: str, own: Floats, unrecorded: Floats) -> Floats:
    """Solve h = unrecorded + (1 - own) sum_j mix_j h_j with h = 1 for the supplier."""
    imports = year.flow.sum(axis=0)
    mix = np.divide(year.flow.T, imports[:, None], out=np.zeros_like(year.flow), where=imports[:, None] > 0)
    matrix = np.eye(len(imports)) - ((1.0 - own) * (1.0 - LEAK))[:, None] * mix
    right = unrecorded.copy()
    if supplier in year.countries:
        at = year.countries.index(supplier)
        matrix[at], right[at] = np.eye(len(imports))[at], 1.0
    return np.clip(np.linalg.solve(matrix, right), 0.0, 1.0)


def importer_shares(year: TradeYear, members: Iterable[str], supplier: str, shares: Mapping[str, Floats]) -> dict[str, float]:
    """Direct and traced share of what some countries import from all others [1].

    Parameters
    ----------
    year : TradeYear
    members : iterable of str
        Countries of the importer; trade among them does not count.
    supplier : str
    shares : mapping of str to ndarray
        From :func:`traced_exports`.

    Returns
    -------
    dict of str to float
        ``imports``, ``direct``, ``traced``, ``low``, ``high``; empty if nothing is imported.
    """
    inside = np.isin(year.countries, list(members))
    bought = np.where(inside, 0.0, year.flow[:, inside].sum(axis=1))
    total = bought.sum()
    if not total > 0:
        return {}
    direct = bought[year.countries.index(supplier)] / total if supplier in year.countries else 0.0
    found = {name: float(bought @ share / total) for name, share in shares.items()}
    low, high = min(found["low"], found["traced"]), max(found["high"], found["traced"])
    return {"imports": float(total), "direct": float(direct), "traced": found["traced"], "low": low, "high": high}


def history(
    trade: pd.DataFrame, made: Mapping[int, Producers], importers: Mapping[str, Iterable[str]], supplier: str = "CN"
) -> tuple[ImportYear, ...]:
    """Direct and traced share of a supplier in the imports of many importers and years.

    Parameters
    ----------
    trade : DataFrame
        BACI rows: year, exporter, importer, value_kusd, quantity_t.
    made : mapping of int to Producers
        Mine production by year; its years are those reported.
    importers : mapping of str to iterable of str
        Name of each importer to its ISO codes.
    supplier : str
        ISO code.

    Returns
    -------
    tuple of ImportYear
        By year, then importer. A year without trade data has a row with empty shares and a note.
    """
    worth = _value_per_tonne(trade)
    miners = frozenset(name for output in made.values() for name, tonnes in {**output.bridged, **output.tonnes}.items() if tonnes > 0)
    rows: list[ImportYear] = []
    by_year = dict(tuple(trade.groupby("year")))
    for number, output in sorted(made.items()):
        part = by_year.get(number)
        year = None if part is None else trade_year(part, output, worth)
        shares = {} if year is None else traced_exports(year, supplier, miners)
        for name, members in importers.items():
            found = {} if year is None else importer_shares(year, members, supplier, shares)
            note = "no trade data" if year is None else year.note if found else "no imports"
            known = {key: found.get(key) for key in ("imports", "direct", "traced", "low", "high")}
            basis = "" if year is None else year.basis
            rows.append(ImportYear(importer=name, year=number, supplier=supplier, basis=basis, note=note, **known))
    return tuple(rows)


def _value_per_tonne(trade: pd.DataFrame) -> float:
    """Mean unit value of the first year that is counted in tonnes [1000 USD/t]."""
    for _, part in trade.groupby("year"):
        weighed = part[part["quantity_t"].notna()]
        if weighed["value_kusd"].sum() >= MIN_WITH_QUANTITY * part["value_kusd"].sum():
            return float(weighed["value_kusd"].sum() / weighed["quantity_t"].sum())
    raise DataGapError("no year of trade has quantities for most of its value")
