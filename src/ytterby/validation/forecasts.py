"""Dated probability statements: computed from ensembles, frozen with a hash, scored when facts arrive.

A statement gives the probability that customs record less than a threshold [t] of some goods in a month, conditional on a
scenario; the user states at scoring which scenario occurred. The distribution combines the draws with the model error of a
monthly flow (that of :mod:`ytterby.validation.nowcast`), without which a narrow ensemble would be overconfident.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import InputError
from ytterby.result_model import ResultModel
from ytterby.validation.cross_validation import predictive
from ytterby.validation.monthly_trade import TradeRoute, month_share, weekly
from ytterby.validation.nowcast import DEFAULT_SPREAD
from ytterby.validation.scores import brier, crps, weighted_quantile
from ytterby.validation.tables import table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation import Experiment

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Levels of the quantiles stored with a statement, for the CRPS."""
PLACES = 4
"""Decimal places of frozen numbers: enough to score, few enough to be identical on every machine."""
DEPENDABLE = (0.01, 0.99)
"""Limits of a probability estimated from a finite ensemble."""
MIN_FLOW = 0.01
"""Lower limit of a flow as a share of the base flow, so that its logarithm is finite."""


class ForecastStatement(ResultModel):
    """A dated probability statement on a month's flow, given a scenario."""

    id: str
    scenario: str
    goods: str
    origin: str
    destination: str
    month: str
    statement: str
    """In words."""
    below: float
    """Threshold [t]."""
    p: float
    """Probability that customs count less [1]."""
    quantiles: dict[str, float]
    """Quantiles of the flow by level [t]."""
    base: float
    """Flow of the base year in such a month [t]."""
    note: str

    @property
    def condition(self) -> str:
        """What must hold for the statement to count."""
        return self.scenario


class ScoredStatement(ResultModel):
    """A frozen statement against what was observed."""

    id: str
    statement: str
    scenario: str
    p: float
    """Probability as stated [1]."""
    observed: float
    """[t]"""
    happened: bool
    miss: bool
    """Whether the less probable side came true."""
    brier: float
    """Brier score, 0-1, smaller is better."""
    brier_even: float
    """Brier score of 50 %."""
    crps: float
    """Continuous ranked probability score [t]."""
    crps_base: float
    """The same of the base year's flow as forecast [t]."""
    in_80: bool
    """Whether the 80 % band holds it."""


class MeanScores(ResultModel):
    """Means over statements; None without any."""

    brier: float | None
    brier_even: float | None
    crps: float | None
    """[t]"""
    crps_base: float | None
    """[t]"""


class ForecastScores(ResultModel):
    """Scores of a frozen set of statements."""

    release: str
    """Version of the program that made the set."""
    sha256: str
    scored: int
    """Statements whose month is known."""
    of: int
    """Statements in the set."""
    mean: MeanScores
    statements: tuple[ScoredStatement, ...]
    """Misses first."""


def scenarios() -> tuple[str, ...]:
    """Scenarios on which statements are made."""
    return tuple(dict.fromkeys(row["scenario"] for row in table("statements")))


def trade_routes(scenario: str) -> list[tuple[dict[str, str], TradeRoute]]:
    """Rows of the statements of a scenario with their routes."""
    return [
        (row, TradeRoute(row["goods"], row["origin"], row["destination"])) for row in table("statements") if row["scenario"] == scenario
    ]


def statements(experiment: Experiment) -> list[ForecastStatement]:
    """Statements of the experiment's scenario, computed from its draws."""
    rows = trade_routes(experiment.scenario.name)
    series = weekly(experiment, [route for _, route in rows])
    made = []
    for k, (row, route) in enumerate(rows):
        base = float(experiment.network.net.flow[route.links(experiment.network)].sum())
        for month in row["months"].split():
            share = month_share(experiment.scenario.mondays, month)
            made.append(_statement(row, month, series[:, k] @ share, base * float(share.sum())))
    return made


def _statement(row: Mapping[str, str], month: str, flows: NDArray[np.float64], base: float) -> ForecastStatement:
    below = float(row["below"])
    logs, w = predictive(np.maximum(flows, MIN_FLOW * base), np.ones(len(flows)), DEFAULT_SPREAD)
    p = float(w[logs < np.log(below)].sum() / w.sum())
    quantiles = np.exp(weighted_quantile(logs, w, LEVELS))
    return ForecastStatement(
        id=f"{row['id']}-{month}",
        scenario=row["scenario"],
        goods=row["goods"],
        origin=row["origin"],
        destination=row["destination"],
        month=month,
        statement=f"{row['goods']} from {row['origin']} to {row['destination']} below {below:g} t in {month}",
        below=below,
        p=round(min(max(p, DEPENDABLE[0]), DEPENDABLE[1]), PLACES),
        quantiles={f"{level:g}": round(float(value), PLACES) for level, value in zip(LEVELS, quantiles, strict=True)},
        base=round(base, PLACES),
        note=row["note"],
    )


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of a set of forecasts without its own hash, keys sorted."""
    body = {key: value for key, value in document.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def frozen(made: Sequence[Mapping[str, Any]], release: str, day: dt.date, sources: Mapping[str, Any]) -> dict[str, Any]:
    """A set of forecasts with its hash.

    Parameters
    ----------
    made : sequence of statements
        See :func:`statements`.
    release : str
        Version of the program.
    day : date
        Date of the newest observation used.
    sources : mapping
        Inputs of the statements: draws, seed, digests.
    """
    document: dict[str, Any] = {"release": release, "as_of": day.isoformat(), **sources, "statements": list(made)}
    return {**document, "sha256": digest(document)}


def verify(document: Mapping[str, Any]) -> None:
    """Check that forecasts were not changed after they were frozen.

    Raises
    ------
    InputError
        If the hash does not match.
    """
    found = document.get("sha256")
    if found != digest(document):
        raise InputError(f"forecasts: the hash {str(found)[:12]}... does not match the content; the file was changed after it was frozen")


def score(document: Mapping[str, Any], observed: Iterable[Mapping[str, Any]], holds: str | None = None) -> ForecastScores:
    """Brier score and CRPS of the statements whose month is known, misses first.

    Parameters
    ----------
    document : mapping
        A frozen set.
    observed : iterable of mappings
        Rows ``month, goods, origin, destination, tonnes``.
    holds : str, optional
        Only the statements of this scenario; all where absent.
    """
    verify(document)
    seen = {(str(r["month"]), str(r["goods"]), str(r["origin"]), str(r["destination"])): float(r["tonnes"]) for r in observed}
    rows = []
    for item in document["statements"]:
        key = (item["month"], item["goods"], item["origin"], item["destination"])
        if key in seen and holds in (None, item["scenario"]):
            rows.append(_scored(item, seen[key]))
    rows.sort(key=lambda row: -row.brier)
    mean = {name: float(np.mean([getattr(row, name) for row in rows])) if rows else None for name in MeanScores.model_fields}
    return ForecastScores(
        release=document["release"],
        sha256=document["sha256"],
        scored=len(rows),
        of=len(document["statements"]),
        mean=MeanScores(**mean),
        statements=tuple(rows),
    )


def _scored(item: Mapping[str, Any], tonnes: float) -> ScoredStatement:
    happened = tonnes < item["below"]
    levels = np.array([float(level) for level in item["quantiles"]])
    values = np.array(list(item["quantiles"].values()))
    edges = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    return ScoredStatement(
        id=item["id"],
        statement=item["statement"],
        scenario=item["scenario"],
        p=item["p"],
        observed=tonnes,
        happened=happened,
        miss=(item["p"] >= 0.5) != happened,
        brier=brier(item["p"], happened),
        brier_even=brier(0.5, happened),
        crps=crps(values, np.diff(edges), tonnes),
        crps_base=abs(item["base"] - tonnes),
        in_80=item["quantiles"]["0.1"] <= tonnes <= item["quantiles"]["0.9"],
    )
