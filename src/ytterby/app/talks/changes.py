"""Rows of ``negotiate`` on no deal in time, waiting, controls, weights and assumptions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.talks.parts import band_of, by_party, changes_of, named, written
from ytterby.bargain import (
    DUTY_TERMS,
    TERMS,
    UNIT,
    BreakEven,
    BreakEvenPair,
    ControlShiftRow,
    Delay,
    DelayRow,
    DutyIssue,
    NashFlipRow,
    NoDealStretch,
    Room,
    SensitivityRow,
    chosen,
    delays,
)
from ytterby.economy import trade as block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.app.talks.negotiation import Negotiation

    Floats = NDArray[np.float64]

WAIT = (91, 365)
"""Days of waiting that are told beside the dates ahead."""
BISECTIONS = 24
DELIVERED = "delivered"
"""What assumptions on the share that is invested begin with."""
WEEK = 7.0


def no_deal_path(work: Negotiation) -> Iterator[NoDealStretch]:
    """Each stretch of each path without a deal, as if it lasted."""
    cases = work.bargain.cases
    terms = cases.terms(work.bargain.parameters, work.assumed["value_added_lost"]).values
    weights = work.weights[:, [TERMS.index(name) for name in DUTY_TERMS]]
    utilities = np.einsum("spt,pt->sp", terms, weights)
    for number, path in enumerate(cases.paths):
        for start, duties, own in zip(path.starts, path.duties, utilities[cases.without(number)], strict=True):
            yield NoDealStretch(start=str(start), p=path.p, label=path.label, duties=duties, utilities=by_party(work, own))


def delay_rows(work: Negotiation) -> Iterator[DelayRow]:
    """What waiting for each date ahead costs."""
    awaited = {each.from_: each.label for each in work.talks.known_on(work.day) if each.from_ > work.day}
    dates = awaited | {work.day + dt.timedelta(days=days): f"{days} days later" for days in WAIT}
    for name, package in named(work).items():
        drawn = [_weekly(work, _delays(work, package, dates, *each)) for each in work.drawn_values]
        usual = _delays(work, package, dates, work.assumed, work.bargain.parameters)
        for number, (each, week) in enumerate(zip(usual, _weekly(work, usual), strict=True)):
            yield DelayRow(
                date=str(each.date),
                label=each.label,
                dated=each.date in awaited,
                package=name,
                cost=by_party(work, each.cost),
                joint=float(each.cost.sum()),
                per_week=week,
                week_band=band_of(week, [own[number] for own in drawn]),
            )


def _weekly(work: Negotiation, waits: Sequence[Delay]) -> list[float]:
    """Cost to all of the mean week until each day [USD/week]."""
    return [float(each.cost.sum()) * WEEK / (each.date - work.day).days for each in waits]


def _delays(
    work: Negotiation, package: int, dates: Mapping[dt.date, str], assumed: Mapping[str, float], parameters: block.TradeParameters
) -> list[Delay]:
    """What waiting for each date costs, the next date first."""
    duty, rest = _delayed(work, package, assumed, parameters)
    return list(delays(work.bargain, assumed, rest, duty, dict(sorted(dates.items()))))


def _delayed(work: Negotiation, package: int, assumed: Mapping[str, float], parameters: block.TradeParameters) -> tuple[Floats, Floats]:
    """Gain of a package's duties over each stretch without a deal (stretch, party), and of all else (party,)."""
    cases, bargain = work.bargain.cases, work.bargain
    terms = cases.terms(parameters, assumed["value_added_lost"]).values
    weights = work.weights[:, [TERMS.index(name) for name in DUTY_TERMS]]
    worth = np.einsum("spt,pt->sp", terms, weights)
    agreed = worth[cases.case(bargain.packages.steps[package : package + 1][:, bargain.packages.columns(DutyIssue)])]
    places = [number for number, term in enumerate(TERMS) if term not in DUTY_TERMS]
    evaluation = bargain.evaluate(assumed, parameters, only=(package,))
    change = evaluation.package(0) - evaluation.no_deal
    rest = np.einsum("pt,pt->p", change[:, places], work.weights[:, places])
    without = np.concatenate([worth[cases.without(number)] for number in range(len(cases.paths))])
    return agreed - without, rest


def control_shift(work: Negotiation) -> Iterator[ControlShiftRow]:
    """Talks under each control, with programmes as they are."""
    if work.minerals is None:
        return
    before = chosen(work.room, "nash")
    for number, event in enumerate(work.talks.controls):
        room = work.room_of(work.bargain.evaluate(work.assumed, event=number + 1))
        after = chosen(room, "nash")
        moved = np.zeros(len(work.talks.parties)) if before is None or after is None else after.utilities - before.utilities
        yield ControlShiftRow(
            event=event.id,
            label=event.label,
            no_deal=by_party(work, room.no_deal - work.room.no_deal),
            nash=by_party(work, moved),
            nash_terms={} if after is None else written(work, after.packages[0]),
            front=most(room) - most(work.room),
        )


def most(room: Room) -> float:
    """Largest joint gain of the room over no deal; nil without a room."""
    return float(room.gains[room.feasible].sum(axis=1).max(initial=0.0))


def flip_rows(work: Negotiation) -> Iterator[NashFlipRow]:
    """Weights at which the Nash package becomes another one."""
    if work.nash is None:
        return
    for each in work.nash_weights.flips():
        changes = changes_of(work, work.nash, each.package) if each.package >= 0 else {}
        usual = float(work.weights[each.party, TERMS.index(each.term)]) / UNIT.get(each.term, 1.0)
        yield NashFlipRow(party=work.talks.parties[each.party], term=each.term, weight=each.weight, usual=usual, changes=changes)


def sensitivity_rows(work: Negotiation) -> Iterator[SensitivityRow]:
    """Each assumption at both ends, and other horizons of trade; what moves the outcome's least gain most comes first."""
    found = []
    for row in work.assumptions.values():
        for end in ("low", "high"):
            at = float(getattr(row, end))
            found.append(_at(work, (row.name, row.label, row.unit), end, at, work.under({row.name: at})))
    for horizon in block.HORIZONS:
        if horizon != work.talks.horizon:
            found.append(_at(work, ("horizon of trade", "horizon of trade", ""), horizon, None, work.under({}, horizon)))
    usual = _usual(work)
    yield from sorted(found, key=lambda row: -sum(abs(row.actual.get(p, row.nash[p]) - usual[p]) for p in usual))


def _usual(work: Negotiation) -> dict[str, float]:
    package = work.nash if work.actual is None else work.actual
    return by_party(work, np.zeros(len(work.talks.parties)) if package is None else work.room.gains[package])


def _at(work: Negotiation, name: tuple[str, str, str], end: str, at: float | None, room: Room) -> SensitivityRow:
    nash = chosen(room, "nash")
    return SensitivityRow(
        input=name[0],
        label=name[1],
        unit=name[2],
        end=end,
        at=at,
        no_deal=by_party(work, room.no_deal),
        nash=by_party(work, np.zeros(len(work.talks.parties)) if nash is None else nash.utilities - room.no_deal),
        actual={} if work.actual is None else by_party(work, room.gains[work.actual]),
        inside=None if work.actual is None else bool(room.feasible[work.actual]),
    )


def break_even(work: Negotiation) -> Iterator[BreakEven]:
    """Where in the range of an assumption the outcome enters or leaves the room."""
    if work.actual is None:
        return
    for row in work.assumptions.values():
        low, high = (_inside(work, row.name, at) for at in (row.low, row.high))
        if low != high:
            value = _crossing(work, row.name, row.low, row.high, high)
            yield BreakEven(
                input=row.name,
                label=row.label,
                unit=row.unit,
                value=value,
                usual=row.value,
                end=row.high if value > row.value else row.low,
                assumed=True,  # figures say that there is such a thing, or bound it; none gives its value
                reach=abs(value - row.value) / abs((row.high if value > row.value else row.low) - row.value),
                inside_above=high,
            )


def decides(row: BreakEven) -> tuple[bool, float]:
    """Order in which break-evens are told: shares of what is invested first, of the others what lies nearest to what is taken."""
    return not row.input.startswith(DELIVERED), row.reach


def break_even_pairs(work: Negotiation, rows: Sequence[BreakEven]) -> Iterator[BreakEvenPair]:
    """Where in the range of the first break-even the outcome enters or leaves the room, with the second at both ends and as taken."""
    if len(rows) < 2:  # noqa: PLR2004 (a pair)
        return
    first, second = (work.assumptions[row.input] for row in sorted(rows, key=decides)[:2])
    for other_at in (second.low, second.value, second.high):
        given = {second.name: other_at}
        low, high = (_inside(work, first.name, at, given) for at in (first.low, first.high))
        crossing = None if low == high else _crossing(work, first.name, first.low, first.high, high, given)
        yield BreakEvenPair(input=first.name, other=second.name, other_at=other_at, value=crossing, inside=low if low == high else None)


def _inside(work: Negotiation, name: str, at: float, given: Mapping[str, float] | None = None) -> bool:
    assert work.actual is not None
    found = work.bargain.evaluate(work.assumed | dict(given or {}) | {name: at}, only=(work.actual,))
    return bool(work.room_of(found).gains.min() > work.room.tolerance)


def _crossing(  # noqa: PLR0913, PLR0917
    work: Negotiation, name: str, low: float, high: float, above: bool, given: Mapping[str, float] | None = None
) -> float:
    """Value at which the outcome enters or leaves the room, by halving."""
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _inside(work, name, middle, given) == above else (middle, high)
    return 0.5 * (low + high)
