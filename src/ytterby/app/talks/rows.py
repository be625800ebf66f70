"""Rows of the result of ``negotiate``, from rooms and terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.talks.changes import break_even, break_even_pairs, control_shift, delay_rows, flip_rows, no_deal_path, sensitivity_rows
from ytterby.app.talks.concessions import charge_rows, concession_rows, minerals_for_duties, programmes, rate_rows
from ytterby.app.talks.days import day_rows
from ytterby.app.talks.parts import annuity, band_of, bands, by_party, by_term, changes_of, written
from ytterby.bargain import (
    EACH_ALONE,
    RULES,
    TERMS,
    UNIT,
    Band,
    BetterPackage,
    ChosenPoint,
    ExcludedRow,
    HullPoint,
    IssueRow,
    LotteryPart,
    MineralsIssue,
    NashWeight,
    OutcomeRow,
    PackageRow,
    SubDealRow,
    WeightsForNash,
    WeightsTogether,
    better_near,
    chosen,
    distance,
    extra_for_nash,
    missed,
    on_hull,
    stable,
    sub_deals,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.app.talks.negotiation import Negotiation
    from ytterby.bargain import BargainPoint

    Floats = NDArray[np.float64]

NOTICED, DIGITS = 5e-4, 6
"""Change of a weight that is told, and decimals with which it is."""
NOT_IN_IT = (
    "exchange rates, investment that answers duties, uncertainty",
    "what other countries do in answer",
    "services, finance, security",
    "what a deal is worth to single firms and regions",
    "that a promise may not be kept, beyond the share of the investment that is made",
)
"""What utilities leave out."""


def titled(work: Negotiation) -> str:
    """Title of the talks, and what is left out of them."""
    column = work.bargain.packages.column(MineralsIssue)
    return f"{work.talks.title()}{'' if column is None or work.minerals is not None else ', without programmes on minerals'}"


def fields(work: Negotiation) -> dict[str, Any]:
    """Fields of the result but the answers and the time."""
    room, talks = work.room, work.talks
    points = {rule: _chosen(work, rule) for rule in RULES}
    outcomes = tuple(_outcomes(work))
    crossings = tuple(break_even(work))
    share = [float(each.feasible.mean()) for each in work.drawn_rooms]
    return {
        "talks": talks.name,
        "title": titled(work),
        "titles": talks.languages("title"),
        "issues": _issues(work),
        "parties": talks.parties,
        "day": str(work.day),
        "horizon": talks.horizon,
        "scenarios": work.request.scenarios,
        "seed": work.request.seed,
        "draws": work.request.draws,
        "no_deal": by_party(work, room.no_deal),
        "no_deal_terms": by_term(work, work.evaluation.no_deal),
        "count": len(room.utilities),
        "feasible": int(room.feasible.sum()),
        "feasible_band": band_of(float(room.feasible.mean()), share),
        "packages": tuple(_packages(work)),
        **points,
        "nash_band": _nash_band(work),
        "actual": outcomes[-1] if outcomes else None,
        "outcomes": outcomes,
        "terms_by_part": _by_part(work, points),
        "programmes": tuple(programmes(work)),
        "minerals_for_duties": minerals_for_duties(work),
        "rates": tuple(rate_rows(work)),
        "concessions": tuple(concession_rows(work)),
        "charges": tuple(charge_rows(work)),
        "no_deal_path": tuple(no_deal_path(work)),
        "delay": tuple(delay_rows(work)),
        "control_shift": tuple(control_shift(work)),
        "days": tuple(day_rows(work)),
        "flip": tuple(flip_rows(work)),
        "sensitivity": tuple(sensitivity_rows(work)),
        "break_even": crossings,
        "break_even_pairs": tuple(break_even_pairs(work, crossings)),
        "sub_deals": tuple(_sub_deals(work)),
        "excluded": tuple(_excluded(work)),
        "left_out": _left_out(work),
        "later_figures": _later_figures(work),
        "minerals_digest": work.minerals_digest,
        "facts": _facts(work),
        "not_in_it": NOT_IN_IT,
    }


def _issues(work: Negotiation) -> dict[str, IssueRow]:
    """Issues by id."""
    still = work.bargain.packages.still
    return {
        each.id: IssueRow(name=each.name(), names=each.languages("name"), kind=each.kind, still=each.id in still)
        for each in work.talks.issues
    }


def _chosen(work: Negotiation, rule: str) -> ChosenPoint | None:
    found = chosen(work.room, rule)
    if found is None:
        return None
    return ChosenPoint(
        rule=rule,
        terms=written(work, found.packages[0]),
        utilities=by_party(work, found.utilities),
        gains=by_party(work, found.utilities - work.room.no_deal),
        hull=_hull(work, on_hull(work.room, rule)),
    )


def _hull(work: Negotiation, point: BargainPoint | None) -> HullPoint | None:
    if point is None:
        return None
    parts = zip(point.probabilities, point.packages, strict=True)
    return HullPoint(
        utilities=by_party(work, point.utilities),
        gains=by_party(work, point.utilities - work.room.no_deal),
        lottery=tuple(LotteryPart(p=p, terms=written(work, package)) for p, package in parts),
    )


def _packages(work: Negotiation) -> Iterator[PackageRow]:
    """The front, and what lies one step from the outcome and the Nash point."""
    steps = work.bargain.packages.steps
    near = np.zeros(len(steps), dtype=bool)
    for package in (work.nash, work.actual):
        if package is not None:
            near |= (steps != steps[package]).sum(axis=1) <= 1
    for package in map(int, np.flatnonzero(near | work.room.efficient)):
        yield PackageRow(
            terms=written(work, package),
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
        terms=written(work, package),
        utilities=by_party(work, room.utilities[package]),
        gains=by_party(work, room.gains[package]),
        utilities_band=bands(work, room.utilities[package], [each.utilities[package] for each in work.drawn_rooms]),
        gains_band=bands(work, room.gains[package], [each.gains[package] for each in work.drawn_rooms]),
        inside=bool(room.feasible[package]),
        inside_share=float(np.mean(inside)) if inside else None,
        distance=by_party(work, distance(room, package)),
        missed=None if np.isnan(gap) else gap,
        better=_better(work, package),
        extra={party: None if np.isnan(value) else float(value) for party, value in zip(work.talks.parties, extra, strict=True)},
        weights=tuple(
            NashWeight(party=work.talks.parties[party], term=term, weight=weight) for party, term, weight in work.nash_weights.of(package)
        ),
        weights_together=_together(work, package),
        later=date > work.day,
    )


def _together(work: Negotiation, package: int) -> WeightsTogether | None:
    """Weights of all terms together that make a package the Nash point."""
    found = WeightsForNash(work.evaluation, work.weights, package, _doubt(work)).found()
    if found is None:
        return None
    usual = work.weights / np.array([UNIT.get(term, 1.0) for term in TERMS])
    moved = np.argwhere(np.abs(found.weights - usual) > NOTICED)
    rows = (NashWeight(party=work.talks.parties[p], term=TERMS[t], weight=round(float(found.weights[p, t]), DIGITS)) for p, t in moved)
    return WeightsTogether(factor=found.factor, weights=tuple(rows))


def _doubt(work: Negotiation) -> Floats | None:
    """Error of a difference of terms (party, term): of programmes on minerals twice that of the solver; None where none is solved."""
    if work.minerals is None:
        return None
    found = np.zeros(work.weights.shape)
    found[:, TERMS.index("minerals")] = 2.0 * work.minerals.gap * work.assumed["minerals_scale"] / annuity(work.assumed)
    return found


def _better(work: Negotiation, package: int) -> BetterPackage | None:
    found = better_near(work.room, work.bargain.packages.steps, package)
    if found is None:
        return None
    return BetterPackage(
        terms=changes_of(work, package, found), gains=by_party(work, work.room.utilities[found] - work.room.utilities[package])
    )


def _nash_band(work: Negotiation) -> dict[str, Band]:
    """Gains at the Nash point over the draws; nil where a draw has no room."""
    if work.nash is None:
        return {}
    found = [(chosen(room, "nash"), room.no_deal) for room in work.drawn_rooms]
    gains = [np.zeros(len(work.talks.parties)) if point is None else point.utilities - no_deal for point, no_deal in found]
    return bands(work, work.room.gains[work.nash], gains)


def _by_part(work: Negotiation, points: dict[str, ChosenPoint | None]) -> dict[str, dict[str, dict[str, float]]]:
    """What named packages change against no deal, by party and term."""
    named = {rule: chosen(work.room, rule) for rule in points}
    places = {rule: point.packages[0] for rule, point in named.items() if point is not None}
    if work.actual is not None:
        places["actual"] = work.actual
    return {name: by_term(work, work.evaluation.package(package) - work.evaluation.no_deal) for name, package in places.items()}


def _sub_deals(work: Negotiation) -> Iterator[SubDealRow]:
    """What groups of parties could reach by themselves."""
    for deal in sub_deals(work.bargain, work.room, _programmes_of_groups(work)):
        names = tuple(work.talks.parties[i] for i in deal.members)
        reached = () if deal.point is None else deal.point.utilities - work.room.no_deal[list(deal.members)]
        gains = dict(zip(names, map(float, reached), strict=False))
        keeps = work.nash is not None and stable(deal, work.room, work.nash)
        yield SubDealRow(parties=names, gains=gains, programme=deal.programme, keeps=keeps)


def _programmes_of_groups(work: Negotiation) -> dict[tuple[str, ...], Floats]:
    """What joint programmes of groups give their members beyond each its own plan [USD/year]."""
    table = work.minerals
    if table is None:
        return {}
    scale = work.assumed["minerals_scale"] / annuity(work.assumed)
    more = (table.gain[0] - table.gain[0, table.portfolios.index(EACH_ALONE)]) * scale
    found = {}
    for number, name in enumerate(table.portfolios):
        members = tuple(party for party in work.talks.parties if party in name.split("+"))
        if "+" in name:
            found[members] = more[number, [table.parties.index(party) for party in members]]
    return found


def _excluded(work: Negotiation) -> Iterator[ExcludedRow]:
    """Packages by who is no better off than without a deal."""
    worse = work.room.gains <= work.room.tolerance
    for pattern in np.unique(worse[worse.any(axis=1)], axis=0):
        names = " and ".join(party for party, bad in zip(work.talks.parties, pattern, strict=True) if bad)
        yield ExcludedRow(reason=f"no better than no deal for {names}", packages=int((worse == pattern).all(axis=1).sum()))


def _left_out(work: Negotiation) -> dict[str, str]:
    found = dict(work.bargain.packages.still)
    found |= {
        f"value added and jobs of {party}": "in no fact; only the fall of its export prices counts"
        for party in work.bargain.cases.terms(work.bargain.parameters, 1.0).unknown
    }
    return found


def _facts(work: Negotiation) -> dict[str, tuple[str, ...]]:
    """Figures behind the talks by part; of no deal those of what is known on the day."""
    talks = work.talks
    parts = {
        "issues": talks.issues, "no_deal": talks.known_on(work.day), "outcome": talks.outcome, "controls": talks.controls,
        "assumptions": work.assumptions.values(),
    }  # fmt: skip
    found = {part: tuple(dict.fromkeys(name for each in rows for name in each.facts)) for part, rows in parts.items()}
    return found | {"issues": tuple(dict.fromkeys((*found["issues"], *talks.facts)))}


def _later_figures(work: Negotiation) -> tuple[str, ...]:
    """Figures that steps rest on and that are dated later than the day."""
    named = [name for issue in work.talks.issues for name in issue.facts]
    dated = {name: str(work.facts.row(name)["period"]).partition("/")[0] for name in dict.fromkeys(named)}
    return tuple(name for name, start in dated.items() if start and start > str(work.day))
