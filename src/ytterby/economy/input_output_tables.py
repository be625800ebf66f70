"""Input-output tables of the regions: the packaged one, imported ones, or small ones built from published coefficients.

Equations I7-I8 in ``docs/explanation/losses.md``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby import tables
from ytterby.economy.input_output import Economy, IndirectModel, indirect_loss
from ytterby.errors import FactError
from ytterby.facts import expand_regions, groups, regions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Array = NDArray[np.float64]

NONE, CITED, BEA, IMPORTED = "none", "cited-coefficients", "bea-2024", "imported"
MILLION = 1e6
QUANTITIES = ("home_intermediate_share", "output_multiplier", "value_added_share")
"""Coefficients of each using industry in the facts."""
INVERSE = {"value": "value", "low": "high", "high": "low"}
"""Opposite end of a range."""
SERVICE_PREFIXES = ("22", "23", "4", "5", "6", "7", "8", "G", "H", "O")
"""Prefixes of the BEA codes of utilities, construction and services, whose output cannot be stored."""


class Indirect(NamedTuple):
    """Indirect loss of one region; arrays (..., week)."""

    route: str
    value_added: Array
    """Value added lost by suppliers and customers [USD/week]."""
    low: Array
    """The same with all published coefficients at their low end; equal to ``value_added`` where the table is complete."""
    high: Array
    """The same at the high end."""


@cache
def bridge(column: str) -> dict[str, str]:
    """Concordance of sector codes to industries; ``column`` is ``us`` or ``cited``."""
    return {row["sector"]: row[column] for row in tables.rows("ytterby.economy", "tables/industries")}


def economy_from_frame(frame: pd.DataFrame, region: str, route: str, of_sector: Mapping[str, str], unit: float = MILLION) -> Economy:
    """Economy from input-output accounts in long format.

    Parameters
    ----------
    frame : DataFrame
        Columns ``table, row, column, value``. The tables ``output`` and ``value_added`` are required, and either
        ``requirements_domestic`` (industry by commodity; preferred, as it reflects secondary products) or ``use_domestic``.
    region, route : str
        Region, and source of the table.
    of_sector : mapping
        Industry of each sector code.
    unit : float
        USD per unit of the values.

    Notes
    -----
    A commodity counts as the product of the industry of the same code. Rows whose domestic use exceeds the output of
    the industry are scaled down.

    Raises
    ------
    FactError
        If a table is missing or an industry has no output.
    """
    from scipy.sparse import csr_matrix

    parts = {str(name): part for name, part in frame.groupby("table")}
    missing = [name for name in ("output", "value_added") if name not in parts]
    if not {"requirements_domestic", "use_domestic"} & set(parts):
        missing.append("use_domestic")
    if missing:
        raise FactError(f"input-output table of {region}: no rows for {', '.join(missing)}")
    output = parts["output"].set_index("row")["value"] * unit
    if (output <= 0).any():
        raise FactError(f"input-output table of {region}: industry {output.idxmin()} has output {output.min():g}, must be above 0")
    added = parts["value_added"].query("row == 'value_added'").set_index("column")["value"].reindex(output.index).fillna(0.0) * unit
    place = {str(code): i for i, code in enumerate(output.index)}
    total = output.to_numpy(float)
    flows = _coefficients(parts, list(place), total / unit) * total
    scale = total / np.maximum(total, flows.sum(axis=1))
    return Economy(
        region=region,
        route=route,
        industries=tuple(place),
        flows=csr_matrix(flows * scale[:, None]),
        output=total,
        value_added=added.to_numpy(float),
        goods=np.array([not code.startswith(SERVICE_PREFIXES) for code in place]),
        of_sector={sector: place[code] for sector, code in of_sector.items() if code in place},
        scaled=float(1.0 - scale.min()),
    )


def _coefficients(parts: Mapping[str, pd.DataFrame], industries: list[str], output: Array) -> Array:
    """Domestic input coefficients (industry, industry): from total requirements by inversion, else use over output."""

    def square(table: pd.DataFrame) -> Array:
        return table.pivot_table("value", "row", "column").reindex(index=industries, columns=industries).fillna(0.0).to_numpy(float)

    if "requirements_domestic" in parts:
        coefficients = np.eye(len(industries)) - np.linalg.inv(square(parts["requirements_domestic"]))
    else:
        coefficients = square(parts["use_domestic"]) / output
    return np.maximum(coefficients, 0.0)


def economy_of_coefficients(
    coefficients: pd.DataFrame, region: str, added: Mapping[str, float], gdp: float, *, suppliers: str, end: str = "value"
) -> Economy:
    """Equation I8: economy of the using industries and a rest sector, from published coefficients of each industry.

    Parameters
    ----------
    coefficients : DataFrame
        Rows of the facts for the region: ``sector, quantity`` and ``value, low, high``; quantities
        ``value_added_share``, ``output_multiplier``, ``home_intermediate_share``.
    added : mapping
        Value added of each using industry [USD/year].
    gdp : float
        Value added of the whole region [USD/year].
    suppliers : str
        Region of ``tables/suppliers.csv``, for the share of sales within an industry and the value added of suppliers.
    end : str
        ``low`` and ``high`` set all coefficients to the ends of their ranges with the smallest and largest indirect effect.
    """
    from scipy.sparse import csr_matrix

    industries = tuple(name for name in dict.fromkeys(coefficients["sector"]) if added.get(name, 0.0) > 0.0)
    sold, multiplier, share = (_read(coefficients, industries, quantity, end) for quantity in QUANTITIES)
    own_use = sold * np.array([_supplier(suppliers, name, "own_use_share", INVERSE[end]) for name in industries])
    share = np.minimum(share, 0.95 - own_use)
    upstream = np.maximum(multiplier * (1.0 - own_use) - 1.0, 1e-6)
    loop = float(np.max(1.0 - (1.0 - share - own_use) / upstream, initial=0.0))
    own = np.array([added[name] for name in industries])
    own_output, rest_added = own / share, max(gdp - own.sum(), own.sum())
    forward = (sold - own_use) * own_output
    room = (1.0 - loop) / (1.0 + forward.sum() / rest_added)
    rest_share = min(_supplier(suppliers, "rest", "value_added_share", end), room)
    output = np.append(own_output, rest_added / rest_share)
    flows = np.diag(np.append(own_use * own_output, 0.0))
    flows[-1, :-1] = upstream * (1.0 - loop) * own_output
    flows[:-1, -1] = forward
    flows[-1, -1] = min(loop * output[-1], output[-1] - flows[-1, :-1].sum())
    names = (*industries, "rest")
    return Economy(
        region=region,
        route=CITED,
        industries=names,
        flows=csr_matrix(flows),
        output=output,
        value_added=np.append(own, rest_added),
        goods=np.append(np.ones(len(industries), bool), False),
        of_sector={sector: names.index(name) for sector, name in bridge("cited").items() if name in names},
    )


def _read(coefficients: pd.DataFrame, industries: tuple[str, ...], quantity: str, end: str) -> Array:
    """Coefficients (industry,) at an end of the range; value added share at the opposite end, as it lowers indirect effects."""
    rows = coefficients[coefficients["quantity"] == quantity].set_index("sector")
    return rows.loc[list(industries), INVERSE[end] if quantity == "value_added_share" else end].to_numpy(float)


@cache
def _suppliers() -> dict[tuple[str, str, str], dict[str, str]]:
    rows = tables.rows("ytterby.economy", "tables/suppliers")
    return {(row["region"], row["industry"], row["quantity"]): row for row in rows}


def _supplier(region: str, industry: str, quantity: str, end: str) -> float:
    return float(_suppliers()[(region, industry, quantity)][end])


def economies(facts: Facts, sectors: pd.DataFrame, imported: Mapping[str, pd.DataFrame] | None = None) -> dict[str, tuple[Economy, ...]]:
    """Input-output tables of the regions of ``sectors``.

    Parameters
    ----------
    facts : Facts
        Figures with the US accounts and the published coefficients.
    sectors : DataFrame
        Table of a System.
    imported : mapping, optional
        The user's tables by region, with the columns of ``Facts.io_us`` and the industry codes of the column ``us`` of
        ``tables/industries.csv``; they take precedence.

    Returns
    -------
    dict
        One table of a region where it is complete, else three (central, low, high); regions without any are left out.
    """
    found: dict[str, tuple[Economy, ...]] = {}
    for region in dict.fromkeys(str(code) for code in sectors["region"]):
        if imported and region in imported:
            found[region] = (economy_from_frame(imported[region], region, IMPORTED, bridge("us")),)
        elif region == "US":
            found[region] = (economy_from_frame(facts.io_us(), region, BEA, bridge("us")),)
        else:
            cited = _cited(facts, sectors[sectors["region"] == region], region)
            if cited:
                found[region] = cited
    return found


def _cited(facts: Facts, sectors: pd.DataFrame, region: str) -> tuple[Economy, ...]:
    """Tables (central, low, high) of a region from published coefficients; EU members without any take those of the EU."""
    table = facts.select(quantity=list(QUANTITIES))
    source = region if region in set(table["region"]) else "EU" if region in groups()["EU"].members else ""
    rows = table[(table["region"] == source) & table["sector"].isin(bridge("cited").values())]
    sums = sectors["value_added"].groupby(sectors["sector"].map(bridge("cited"))).sum()
    added = {str(name): float(value) for name, value in sums.items()}
    if not any(added.get(name, 0.0) > 0.0 for name in rows["sector"]):
        return ()
    gdp = gdp_usd(facts, region)
    return tuple(economy_of_coefficients(rows, region, added, gdp, suppliers=source, end=end) for end in INVERSE)


def gdp_usd(facts: Facts, region: str) -> float:
    """GDP of a region in its newest year [current USD]: the sum over its countries."""
    table = facts.gdp()
    members = {country for code in expand_regions(region) for country in (regions()[code].members or (code,))}
    rows = table[table["country"].isin(members)].sort_values("year").groupby("country").tail(1)
    return float(rows["gdp_usd"].sum())


def shocks(lost: Array, sectors: pd.DataFrame, economy: Economy) -> Array:
    """Equation I7: closed share of capacity (..., week, industry) from the sectors' lost shares of output (..., week, sector)."""
    added = sectors["value_added"].to_numpy(float)
    industry = np.array([economy.of_sector.get(code, -1) for code in sectors["sector"]])
    known = (industry >= 0) & (sectors["region"].to_numpy() == economy.region)
    weights = np.zeros((len(sectors), len(economy.industries)))
    weights[np.flatnonzero(known), industry[known]] = added[known]
    return np.asarray(np.clip(lost @ (weights / np.maximum(economy.value_added, weights.sum(axis=0))), 0.0, 1.0))


def indirect(lost: Array, sectors: pd.DataFrame, tables: Mapping[str, tuple[Economy, ...]], model: IndirectModel) -> dict[str, Indirect]:
    """Indirect loss of each region with a sector, from the sectors' lost shares (..., week, sector).

    Regions without a table have the route ``none`` and NaN, as their loss is not computed and not zero.
    """
    result = {}
    for region in dict.fromkeys(str(code) for code in sectors["region"]):
        if region not in tables:
            unknown = np.full(lost.shape[:-1], np.nan)
            result[region] = Indirect(NONE, unknown, unknown, unknown)
            continue
        runs = [indirect_loss(shocks(lost, sectors, economy), economy, model).sum(axis=-1) for economy in tables[region]]
        result[region] = Indirect(tables[region][0].route, runs[0], np.minimum.reduce(runs), np.maximum.reduce(runs))
    return result
