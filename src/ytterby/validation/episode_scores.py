"""Scores of the frozen statements on the later episodes against the record.

This module was written after the statements were frozen and committed and cannot influence them. The scored median and
band are those of the frozen file, not of a new run.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.validation.episode_statements import MIN_MULTIPLE, NEVER, StatementReading
from ytterby.validation.scores import brier
from ytterby.validation.statements_result import OpenStatement, ScoredStatements, StatementCheck, StatementScores, StatementTarget
from ytterby.validation.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.facts import Facts
    from ytterby.simulation import Experiment

FACTOR, POINTS, NEAR, CALM = 1.5, 0.25, (0.9, 1.1), (0.5, 1.5)
"""Tolerances of the rules (:data:`ytterby.validation.episode_statements.RULES`)."""
UNINFORMED = 0.5
"""Probability of an uninformed forecast."""
UNIT = "x base"
UNRECORDED = ("calm", "scope")
"""Rules of statements that are checked without a record."""


def records() -> dict[str, dict[str, str]]:
    """Source of the record for each statement, by id."""
    return {row["id"]: row for row in table("episode_records")}


def recorded(row: Mapping[str, str], facts: Facts, base_price: float) -> float:
    """Recorded value of a statement as a multiple of the base, or the month of an onset.

    Parameters
    ----------
    row : mapping
        Row of ``episode_records``.
    facts : Facts
        The figures.
    base_price : float
        Price of the statement's goods in the base [USD/kg].
    """
    number, scale = float(row["number"] or "nan"), float(row["scale"])
    if row["how"] in ("given", "note_change"):
        return number if row["how"] == "given" else 1.0 + number / 100.0
    if row["how"] == "idle":
        return 0.0
    value = facts.value(row["fact"])
    if row["how"] == "rise":
        return 1.0 + value / 100.0
    per = {"over": facts.value(row["per"]) if row["per"] else number, "over_note": number, "over_base": base_price}[row["how"]]
    return scale * value / per


def base_price(item: Mapping[str, Any], experiment: Experiment) -> float:
    """Base price of a statement's goods at its destination, mean by outflow [USD/kg]; nan if it is not about a price."""
    if item["kind"] != "price":
        return math.nan
    from ytterby.facts import expand_regions

    net = experiment.network.net
    reading = StatementReading(item, experiment.network, experiment.scenario.mondays)
    at = experiment.network.markets_where(reading.goods, expand_regions(item["destination"]))
    return float(net.price[at] @ net.outflow[at] / net.outflow[at].sum())


def hit(item: Mapping[str, Any], median: float, record: float, bound: str) -> bool:
    """Whether a median is a hit by the rule of its statement."""
    rule, threshold = item["rule"], item["threshold"]
    if rule == "month":
        return abs(median - record) <= 1.0
    if rule == "points":
        return abs(median - record) <= POINTS
    if rule == "factor":
        return median >= record if bound else abs(math.log(max(median, 1e-9) / max(record, 1e-9))) <= math.log(FACTOR)
    above = item["sense"] == "above"
    return bool((median > threshold if above else median < threshold) == (record > threshold if above else record < threshold))


def band(item: Mapping[str, Any]) -> tuple[float, float]:
    """Ends of the 80 % band of a statement.

    The model's own error is a factor, and a draw of next to nothing is counted as :data:`MIN_MULTIPLE` before it is laid on. Where the
    median itself is below that, as of exports that stop, nothing belongs to the band.
    """
    low, high = item["quantiles"]["0.1"], item["quantiles"]["0.9"]
    return (min(low, item["median"]) if item["median"] < MIN_MULTIPLE else low), high


def target(item: Mapping[str, Any], row: Mapping[str, str], record: float) -> StatementTarget:
    """One statement with its record, probability and scores."""
    low, high = band(item)
    happened = record > item["threshold"] if item["sense"] == "above" else record < item["threshold"]
    return StatementTarget(
        id=item["id"],
        what=item["statement"],
        kind=item["kind"],
        unit="months" if item["kind"] == "onset" else UNIT,
        target=record,
        bound=row["bound"],
        model=item["median"],
        low=low,
        high=high,
        hit=hit(item, item["median"], record, row["bound"]),
        hit_by_no_change=hit(item, NEVER if item["kind"] == "onset" else 1.0, record, row["bound"]),
        fitted=False,
        in_80=low <= record <= high or (bool(row["bound"]) and high >= record),
        p=item["p"],
        happened=bool(happened),
        brier=brier(item["p"], bool(happened)),
        rule=item["rule"],
        fact=row["fact"],
        seen_before=bool(row["seen"]),
        note="; ".join(part for part in (row["note"], item["note"]) if part),
    )


def check(item: Mapping[str, Any]) -> StatementCheck:
    """Statement without a record: the placebo must stay near the base, quantities out of scope must not change."""
    low, high = CALM if item["rule"] == "calm" else NEAR
    return StatementCheck(
        id=item["id"],
        what=item["statement"],
        rule=item["rule"],
        model=item["median"],
        hit=low <= item["median"] <= high,
    )


def scored(items: Sequence[Mapping[str, Any]], facts: Facts, experiment: Experiment) -> ScoredStatements:
    """Statements of an episode against the record, misses first; statements without a record remain open.

    Parameters
    ----------
    items : sequence of mappings
        Frozen statements of one episode.
    facts : Facts
        The figures.
    experiment : Experiment
        Source of the base prices.
    """
    known = records()
    targets = [
        target(item, known[item["id"]], recorded(known[item["id"]], facts, base_price(item, experiment)))
        for item in items
        if item["id"] in known
    ]
    rest = [item for item in items if item["id"] not in known]
    checks = [check(item) for item in rest if item["rule"] in UNRECORDED]
    return ScoredStatements(
        hits=sum(row.hit for row in targets),
        of=len(targets),
        targets=tuple(sorted(targets, key=lambda row: (row.hit, -row.brier, row.id))),
        checks=tuple(sorted(checks, key=lambda row: (row.hit, row.id))),
        open=tuple(OpenStatement(id=item["id"], what=item["statement"], p=item["p"]) for item in rest if item["rule"] not in UNRECORDED),
        scores=_scores(targets),
    )


def _scores(targets: Sequence[StatementTarget]) -> StatementScores | None:
    """Brier score with that of a 50 % forecast, hits of the no-change forecast, coverage of the bands."""
    if not targets:
        return None
    return StatementScores(
        brier=float(np.mean([row.brier for row in targets])),
        brier_even=brier(UNINFORMED, True),
        hits_of_no_change=sum(row.hit_by_no_change for row in targets),
        coverage_80=float(np.mean([row.in_80 for row in targets])),
    )
