"""Rows of the result of ``negotiate``, from rooms and terms."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.bargain import (
    EACH_ALONE,
    MONEY,
    RULES,
    TERMS,
    TONNE,
    Band,
    BetterPackage,
    BreakEven,
    ChosenPoint,
    ConcessionRow,
    ControlRow,
    DelayRow,
    DutyIssue,
    ExcludedRow,
    FlipRow,
    HullPoint,
    LotteryPart,
    MineralsForDuties,
    MineralsIssue,
    NashWeight,
    NoDealStretch,
    OutcomeRow,
    PackageRow,
    ProgrammeRow,
    RateRow,
    Room,
    SensitivityRow,
    better_near,
    chosen,
    delays,
    distance,
    extra_for_nash,
    flips,
    missed,
    nash_weights,
    on_hull,
    rates,
    slopes,
    with_tonne,
)
from ytterby.economy import trade as block

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.app.negotiate import Negotiation
    from ytterby.bargain import Point

    Floats = NDArray[np.float64]

BAND = (0.05, 0.95)
WAIT = (91, 365)
"""Days of waiting that are told beside the dates ahead."""
DUTY_TERMS = ("value_added", "revenue", "buyers")
BISECTIONS = 24
WEEK = 7.0
SMALL = 1e3
"""Change of a utility that is rounding [USD/year]."""


def by_party(work: Negotiation, values: Sequence[float] | Floats) -> dict[str, float]:
    """Numbers by party."""
    return {party: float(value) for party, value in zip(work.talks.parties, values, strict=True)}


def fields(work: Negotiation) -> dict[str, Any]:
    """Fields of the result but the answers and the time."""
    room, talks = work.room, work.talks
    points = {rule: _chosen(work, rule) for rule in RULES}
    outcomes = tuple(_outcomes(work))
    share = [float(each.feasible.mean()) for each in work.drawn_rooms]
    return {
        "talks": talks.name,
        "title": talks.title(),
        "parties": talks.parties,
        "day": str(work.day),
        "horizon": talks.horizon,
        "scenarios": work.request.scenarios,
        "seed": work.request.seed,
        "draws": work.request.draws,
        "no_deal": by_party(work, room.no_deal),
        "no_deal_terms": _terms(work, work.evaluation.no_deal),
        "count": len(room.utilities),
        "feasible": int(room.feasible.sum()),
        "feasible_band": _band(float(room.feasible.mean()), share),
        "packages": tuple(_packages(work)),
        **points,
        "nash_band": _nash_band(work),
        "actual": outcomes[-1] if outcomes else None,
        "outcomes": outcomes,
        "terms_by_part": _by_part(work, points),
        "programmes": tuple(_programmes(work)),
        "minerals_for_duties": _minerals_for_duties(work),
        "rates": tuple(_rates(work)),
        "concessions": tuple(_concessions(work)),
        "no_deal_path": tuple(_no_deal_path(work)),
        "delay": tuple(_delay(work)),
        "control_shift": tuple(_control_shift(work)),
        "flip": tuple(_flips(work)),
        "sensitivity": tuple(_sensitivity(work)),
        "break_even": tuple(_break_even(work)),
        "excluded": tuple(_excluded(work)),
        "left_out": _left_out(work),
        "later_figures": _later_figures(work),
        "minerals_digest": work._minerals[1],  # noqa: SLF001 (one object in two files)
        "not_in_it": _not_in_it(),
    }


def _not_in_it() -> tuple[str, ...]:
    from ytterby.app.negotiate import NOT_IN_IT

    return NOT_IN_IT


def _written(work: Negotiation, package: int) -> dict[str, Any]:
    return work.bargain.packages.terms(work.bargain.packages.steps[package])


def _terms(work: Negotiation, values: Floats) -> dict[str, dict[str, float]]:
    """Numbers (party, term) by party and term."""
    return {
        party: dict(zip(TERMS, map(float, row), strict=True)) for party, row in zip(work.talks.parties, values, strict=True)
    }


def _chosen(work: Negotiation, rule: str) -> ChosenPoint | None:
    found = chosen(work.room, rule)
    if found is None:
        return None
    return ChosenPoint(
        rule=rule,
        terms=_written(work, found.packages[0]),
        utilities=by_party(work, found.utilities),
        gains=by_party(work, found.utilities - work.room.no_deal),
        hull=_hull(work, on_hull(work.room, rule)),
    )


def _hull(work: Negotiation, point: Point | None) -> HullPoint | None:
    if point is None:
        return None
    parts = zip(point.probabilities, point.packages, strict=True)
    return HullPoint(
        utilities=by_party(work, point.utilities),
        gains=by_party(work, point.utilities - work.room.no_deal),
        lottery=tuple(LotteryPart(p=p, terms=_written(work, package)) for p, package in parts),
    )


def _packages(work: Negotiation) -> Iterator[PackageRow]:
    """The front, and what lies one step from the outcome and the Nash point."""
    steps = work.bargain.packages.steps
    near = np.zeros(len(steps), dtype=bool)
    for package in (work.nash, work.actual):
        if package is not None:
            near |= (steps != steps[package]).sum(axis=1) <= 1
    for package in np.flatnonzero(near | work.room.efficient):
        yield PackageRow(
            terms=_written(work, int(package)),
            utilities=by_party(work, work.room.utilities[package]),
            pareto=bool(work.room.efficient[package]),
            feasible=bool(work.room.feasible[package]),
        )


def _outcomes(work: Negotiation) -> Iterator[OutcomeRow]:
    for each in work.talks.outcome:
        agreed = work.talks.agreed(each.date)
        assert agreed is not None
        yield _outcome(work, work.bargain.packages.find(agreed), each.date, each.label)


def _outcome(work: Negotiation, package: int, date: dt.date, label: str) -> OutcomeRow:
    room = work.room
    inside = [bool(each.feasible[package]) for each in work.drawn_rooms]
    gap, extra = missed(room, package), extra_for_nash(room, package)
    return OutcomeRow(
        date=str(date),
        label=label,
        terms=_written(work, package),
        utilities=by_party(work, room.utilities[package]),
        gains=by_party(work, room.gains[package]),
        inside=bool(room.feasible[package]),
        inside_share=float(np.mean(inside)) if inside else None,
        distance=by_party(work, distance(room, package)),
        missed=None if np.isnan(gap) else gap,
        better=_better(work, package),
        extra={party: None if np.isnan(value) else float(value) for party, value in zip(work.talks.parties, extra, strict=True)},
        weights=tuple(
            NashWeight(party=work.talks.parties[party], term=term, weight=weight)
            for party, term, weight in nash_weights(work.evaluation, work.weights, package)
        ),
        later=date > work.day,
    )


def _better(work: Negotiation, package: int) -> BetterPackage | None:
    found = better_near(work.room, work.bargain.packages.steps, package)
    if found is None:
        return None
    return BetterPackage(terms=_changes(work, package, found), gains=by_party(work, work.room.utilities[found] - work.room.utilities[package]))


def _changes(work: Negotiation, package: int, other: int) -> dict[str, Any]:
    """Steps of another package where they differ."""
    was = _written(work, package)
    return {name: value for name, value in _written(work, other).items() if value != was[name]}


def _band(value: float, drawn: Sequence[float]) -> Band | None:
    if not drawn:
        return None
    low, high = (float(each) for each in np.quantile(drawn, BAND))
    return Band(value=value, low=low, high=high)


def _nash_band(work: Negotiation) -> dict[str, Band]:
    """Gains at the Nash point over the draws; nil where a draw has no room."""
    found = [chosen(room, "nash") for room in work.drawn_rooms]
    if not found or work.nash is None:
        return {}
    gains = np.array([np.zeros(len(work.talks.parties)) if p is None else p.utilities - r.no_deal for p, r in zip(found, work.drawn_rooms, strict=True)])
    return {
        party: Band(value=float(work.room.gains[work.nash, i]), low=float(low), high=float(high))
        for i, (party, (low, high)) in enumerate(zip(work.talks.parties, np.quantile(gains, BAND, axis=0).T, strict=True))
    }


def _by_part(work: Negotiation, points: dict[str, ChosenPoint | None]) -> dict[str, dict[str, dict[str, float]]]:
    """What named packages change against no deal, by party and term."""
    named = {rule: chosen(work.room, rule) for rule in points}
    places = {rule: point.packages[0] for rule, point in named.items() if point is not None}
    if work.actual is not None:
        places["actual"] = work.actual
    return {name: _terms(work, work.evaluation.packages[package] - work.evaluation.no_deal) for name, package in places.items()}


def _programmes(work: Negotiation) -> Iterator[ProgrammeRow]:
    """Every programme against each alone, the best first."""
    table = work.minerals
    if table is None:
        return
    order = [table.parties.index(party) for party in work.talks.parties]
    gain = (table.gain[0] - table.gain[0, table.portfolios.index(EACH_ALONE)])[:, order]
    for number in np.argsort(-gain.sum(axis=1), kind="stable"):
        yield ProgrammeRow(
            programme=table.portfolios[number],
            gains=by_party(work, gain[number] * work.assumed["minerals_scale"] / annuity(work.assumed)),
            present_value=by_party(work, gain[number]),
            public_usd=by_party(work, table.public[number, order]),
        )


def annuity(assumed: dict[str, float]) -> float:
    """Present value of a dollar a year over the time that is looked at."""
    rate = float(np.log1p(assumed["discount"]))
    return float(-np.expm1(-rate * assumed["lasting"]) / rate) if rate > 0.0 else assumed["lasting"]


def _minerals_for_duties(work: Negotiation) -> MineralsForDuties | None:
    """What lower duties take from each, and the most that a programme on minerals gives it."""
    package = work.nash if work.actual is None else work.actual
    column = work.bargain.packages.column(MineralsIssue)
    if package is None or column is None or work.minerals is None:
        return None
    asked, given = _asked_and_given(work, work.evaluation.packages, work.evaluation.no_deal, package)
    ratios = [
        np.divide(own_given, -own_asked) for own_asked, own_given in (_asked_and_given(work, each.packages, each.no_deal, package) for each in work.drawn_evaluations)
    ]
    covers = {}
    for number, party in enumerate(work.talks.parties):
        if asked[number] < -SMALL:
            value = float(given[number] / -asked[number])
            band = _band(value, [float(ratio[number]) for ratio in ratios])
            covers[party] = band or Band(value=value, low=value, high=value)
    return MineralsForDuties(asked=by_party(work, asked), given=by_party(work, given), covers=covers)


def _asked_and_given(work: Negotiation, packages: Floats, no_deal: Floats, package: int) -> tuple[Floats, Floats]:
    places = [TERMS.index(name) for name in DUTY_TERMS]
    change = packages - no_deal
    asked = change[package][:, places].sum(axis=1)
    return asked, change[:, :, TERMS.index("minerals")].max(axis=0)


def _slopes(work: Negotiation, package: int) -> list[Any]:
    table = work.minerals
    worth = None
    if table is not None:
        order = [table.parties.index(party) for party in work.talks.parties]
        worth = table.tonne[order] * work.assumed["minerals_scale"] / annuity(work.assumed)
    return with_tonne(slopes(work.bargain, work.room.utilities, package), worth)


def _named(work: Negotiation) -> dict[str, int]:
    return {name: package for name, package in (("nash", work.nash), ("actual", work.actual)) if package is not None}


def _rates(work: Negotiation) -> Iterator[RateRow]:
    for name, package in _named(work).items():
        found = _slopes(work, package)
        units = {slope.issue: slope.unit for slope in found}
        for issue, per, party, value in rates(found):
            yield RateRow(at=name, issue=issue, unit=units[issue], per=per, party=work.talks.parties[party], value=value)


def _concessions(work: Negotiation) -> Iterator[ConcessionRow]:
    """Single steps from named packages, the best exchange first."""
    steps, utilities = work.bargain.packages.steps, work.room.utilities
    for name, package in _named(work).items():
        found = []
        for other in np.flatnonzero((steps != steps[package]).sum(axis=1) == 1):
            column = int(np.flatnonzero(steps[other] != steps[package])[0])
            gains = utilities[other] - utilities[package]
            lost, won = float(-gains[gains < 0.0].sum()), float(gains[gains > 0.0].sum())
            if max(lost, won) > SMALL:
                issue = work.talks.issues[column]
                row = ConcessionRow(
                    at=name, issue=issue.id, to=issue.label(int(steps[other, column])), gains=by_party(work, gains),
                    ratio=won / lost if lost > SMALL else None,
                )  # fmt: skip
                found.append(row)
        yield from sorted(found, key=lambda row: -(row.ratio if row.ratio is not None else np.inf))


def _no_deal_path(work: Negotiation) -> Iterator[NoDealStretch]:
    """Each stretch of each path without a deal, as if it lasted."""
    cases = work.bargain.cases
    terms = cases.terms(work.bargain.parameters(), work.assumed["value_added_lost"]).values
    weights = work.weights[:, [TERMS.index(name) for name in (*DUTY_TERMS, "jobs", "balance")]]
    utilities = np.einsum("spt,pt->sp", terms, weights)
    for number, path in enumerate(cases.paths):
        for start, duties, own in zip(path.starts, path.duties, utilities[cases.without(number)], strict=True):
            yield NoDealStretch(start=str(start), p=path.p, label=path.label, duties=duties, utilities=by_party(work, own))


def _delay(work: Negotiation) -> Iterator[DelayRow]:
    """What waiting for each date ahead costs."""
    dates = {each.from_: each.label for each in work.talks.known_on(work.day) if each.from_ > work.day}
    dates |= {work.day + dt.timedelta(days=days): f"{days} days later" for days in WAIT}
    for name, package in _named(work).items():
        duty, rest = _delayed(work, package)
        for each in delays(work.bargain, work.assumed, rest, duty, dict(sorted(dates.items()))):
            joint, weeks = float(each.cost.sum()), (each.date - work.day).days / WEEK
            yield DelayRow(
                date=str(each.date), label=each.label, package=name, cost=by_party(work, each.cost), joint=joint, per_week=joint / weeks
            )


def _delayed(work: Negotiation, package: int) -> tuple[Floats, Floats]:
    """Gain of a package's duties over each stretch without a deal (stretch, party), and of all else (party,)."""
    cases, bargain = work.bargain.cases, work.bargain
    terms = cases.terms(bargain.parameters(), work.assumed["value_added_lost"]).values
    weights = work.weights[:, [TERMS.index(name) for name in (*DUTY_TERMS, "jobs", "balance")]]
    worth = np.einsum("spt,pt->sp", terms, weights)
    agreed = worth[cases.case(bargain.packages.steps[package : package + 1][:, bargain.packages.columns(DutyIssue)])]
    places = [number for number, term in enumerate(TERMS) if term not in DUTY_TERMS and term not in ("jobs", "balance")]
    change = work.evaluation.packages[package] - work.evaluation.no_deal
    rest = np.einsum("pt,pt->p", change[:, places], work.weights[:, places])
    without = np.concatenate([worth[cases.without(number)] for number in range(len(cases.paths))])
    return agreed - without, rest


def _control_shift(work: Negotiation) -> Iterator[ControlRow]:
    """Talks under each control, with programmes as they are."""
    if work.minerals is None:
        return
    before = chosen(work.room, "nash")
    for number, event in enumerate(work.talks.controls):
        room = work.room_of(work.bargain.evaluate(work.assumed, event=number + 1))
        after = chosen(room, "nash")
        moved = np.zeros(len(work.talks.parties)) if before is None or after is None else after.utilities - before.utilities
        yield ControlRow(
            event=event.id,
            label=event.label,
            no_deal=by_party(work, room.no_deal - work.room.no_deal),
            nash=by_party(work, moved),
            nash_terms={} if after is None else _written(work, after.packages[0]),
            front=_most(room) - _most(work.room),
        )


def _most(room: Room) -> float:
    """Largest joint gain of the room."""
    return float(room.gains[room.feasible].sum(axis=1).max(initial=0.0))


def _flips(work: Negotiation) -> Iterator[FlipRow]:
    if work.nash is None:
        return
    for each in flips(work.evaluation, work.weights):
        changes = _changes(work, work.nash, each.package) if each.feasible else {}
        yield FlipRow(party=work.talks.parties[each.party], term=each.term, weight=each.weight, changes=changes)


def _sensitivity(work: Negotiation) -> Iterator[SensitivityRow]:
    """Each assumption at both ends, and other horizons of trade; what moves the outcome's least gain most comes first."""
    found = []
    for row in work.assumptions.values():
        for end in ("low", "high"):
            at = float(getattr(row, end))
            found.append(_at(work, row.name, end, at, work.under({row.name: at})))
    for horizon in block.HORIZONS:
        if horizon != work.talks.horizon:
            found.append(_at(work, "horizon of trade", horizon, None, work.under({}, horizon)))
    usual = _usual(work)
    yield from sorted(found, key=lambda row: -sum(abs(row.actual.get(p, row.nash[p]) - usual[p]) for p in usual))


def _usual(work: Negotiation) -> dict[str, float]:
    package = work.nash if work.actual is None else work.actual
    return by_party(work, np.zeros(len(work.talks.parties)) if package is None else work.room.gains[package])


def _at(work: Negotiation, name: str, end: str, at: float | None, room: Room) -> SensitivityRow:
    nash = chosen(room, "nash")
    return SensitivityRow(
        input=name,
        end=end,
        at=at,
        no_deal=by_party(work, room.no_deal),
        nash=by_party(work, np.zeros(len(work.talks.parties)) if nash is None else nash.utilities - room.no_deal),
        actual={} if work.actual is None else by_party(work, room.gains[work.actual]),
        inside=None if work.actual is None else bool(room.feasible[work.actual]),
    )


def _break_even(work: Negotiation) -> Iterator[BreakEven]:
    """Where in the range of an assumption the outcome enters or leaves the room."""
    if work.actual is None:
        return
    for row in work.assumptions.values():
        low, high = (_inside(work, row.name, at) for at in (row.low, row.high))
        if low != high:
            yield BreakEven(input=row.name, value=_crossing(work, row.name, row.low, row.high, high), usual=row.value, inside_above=high)


def _inside(work: Negotiation, name: str, at: float) -> bool:
    assert work.actual is not None
    return bool(work.under({name: at}).feasible[work.actual])


def _crossing(work: Negotiation, name: str, low: float, high: float, above: bool) -> float:
    """Value at which the outcome enters or leaves the room, by halving."""
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _inside(work, name, middle) == above else (middle, high)
    return 0.5 * (low + high)


def _excluded(work: Negotiation) -> Iterator[ExcludedRow]:
    """Packages by who is no better off than without a deal."""
    worse = work.room.gains <= work.room.tolerance
    for pattern in np.unique(worse[worse.any(axis=1)], axis=0):
        names = " and ".join(party for party, bad in zip(work.talks.parties, pattern, strict=True) if bad)
        yield ExcludedRow(reason=f"no better than no deal for {names}", packages=int((worse == pattern).all(axis=1).sum()))


def _left_out(work: Negotiation) -> dict[str, str]:
    found = dict(work.bargain.packages.still)
    found |= {f"value added and jobs of {party}": "in no fact; only the fall of its export prices counts" for party in work.bargain.cases.terms(work.bargain.parameters(), 1.0).unknown}
    return found


def _later_figures(work: Negotiation) -> tuple[str, ...]:
    """Figures that steps rest on and that are dated later than the day."""
    named = [name for issue in work.talks.issues for name in issue.facts]
    dated = {name: str(work.facts.row(name)["period"]).partition("/")[0] for name in dict.fromkeys(named)}
    return tuple(name for name, start in dated.items() if start and start > str(work.day))


__all__ = ["MONEY", "TONNE", "annuity", "by_party", "fields"]
