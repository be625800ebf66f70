"""Use case: dated decisions ahead, with branches, probabilities and the scenario that opens them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app.articles.watch import promises_on
from ytterby.app.dates.controls import register_lines
from ytterby.app.dates.rows import COMMITMENT, CalendarBranch, CalendarRow
from ytterby.app.projects.kept_answers import answer_digest, kept_answer
from ytterby.errors import InputError, UnknownNameError
from ytterby.evidence import OUTCOMES
from ytterby.facts import branches, decisions, followed_by, load, periods
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.app.dates.delay_costs import DelayCost
    from ytterby.evidence import Promise
    from ytterby.facts import ControlLine, DecisionBranch, DecisionRecord, Facts

YEARS = 1.0
"""Horizon of the hazard model from which probabilities of branches are taken [year]."""
EVEN = 0.5
"""Probability of both branches where nothing tells them apart (assumed, 0.2 to 0.8)."""
NEAR = dt.timedelta(days=7)
"""Time within which an article's promise and a decision of the register of the same parties are one: texts count days in their own way."""


class CalendarResult(ResultModel):
    """Dated decisions as seen from a day."""

    on: str
    """Day from which they are seen, YYYY-MM-DD."""
    until: str | None
    as_of: str
    """Newest figure of all."""
    calendar: tuple[CalendarRow, ...]
    """By date, oldest first."""
    decided: int
    """Decisions on record that have been taken, left out."""
    written: str | None
    """File of the drafted scenario."""
    grounds: str


GROUNDS = (
    "Probabilities come from the recurrence of new restrictions (ytterby hazard, one year) on the assumption that an expiring "
    "suspension is as likely to end as a new restriction is to come, or are assumed, with their range."
)


def calendar(
    until: dt.date | None = None,
    on: dt.date | None = None,
    draft: Path | None = None,
    decision: str | None = None,
    project: Path = Path(".ytterby"),
    *,
    costs: bool = True,
) -> CalendarResult:
    """Dated decisions ahead of a day, and those that passed without a later fact.

    Parameters
    ----------
    until : date, optional
        Last day shown.
    on : date, optional
        Day from which they are seen; today without it.
    draft : Path, optional
        File for the scenario of one decision.
    decision : str, optional
        Id of that decision; by default the next one ahead that has a scenario.
    project : Path
        Project folder; ends of its own controls and of its confirmed events join, and what its articles promise by a day.
    costs : bool
        Whether what a week's delay costs is worked out, which takes a second.

    Raises
    ------
    UnknownNameError
        If there is no such decision.
    InputError
        If `until` is before `on`, or a decision has no minerals of the model to simulate.
    """
    day, facts = on or dt.datetime.now(dt.UTC).date(), load(project)
    if until is not None and until < day:
        raise InputError(f"--until: {until} is before {day}")
    if decision is not None and draft is None:
        raise InputError("--decision: has no effect without --draft FILE")
    found = calendar_rows(facts, project, day)
    open_ = [row for row in found if row.status != "decided" and (until is None or row.date <= str(until))]
    return CalendarResult(
        on=str(day),
        until=str(until) if until else None,
        as_of=str(facts.as_of),
        calendar=_with_costs(open_, day, project) if costs else tuple(open_),
        decided=sum(row.status == "decided" for row in found),
        written=str(_write(draft, _chosen(found, decision), facts)) if draft else None,
        grounds=GROUNDS,
    )


def _with_costs(rows: list[CalendarRow], day: dt.date, project: Path) -> tuple[CalendarRow, ...]:
    """Rows with what a week's delay costs, or why that is not known."""
    from ytterby.app.dates.delay_costs import costs_of_delay

    costs = costs_of_delay(rows, day, project)
    return tuple(row.model_copy(update=_told(costs[row.id])) for row in rows)


def _told(cost: DelayCost) -> dict[str, object]:
    """Fields of a row with what a week's delay costs."""
    ends = (None, None) if cost.band is None else (cost.band.low, cost.band.high)
    return {
        "cost_of_delay": cost.week, "cost_of_delay_low": ends[0], "cost_of_delay_high": ends[1], "cost_of_delay_basis": cost.basis,
    }  # fmt: skip


def calendar_rows(facts: Facts, project: Path, day: dt.date) -> list[CalendarRow]:
    """All dated decisions as seen from a day, fallen ones too: the register's, ends of own controls, promises with a day; oldest first."""
    found = [_row(facts, project, each, day) for each in decisions()]
    found += [*own_ends(facts, project, day), *_promised(found, facts, project, day)]
    return sorted(found, key=lambda row: (row.date, row.id))


def _promised(register: list[CalendarRow], facts: Facts, project: Path, day: dt.date) -> Iterator[CalendarRow]:
    """Promises that have a day, without those that are decisions of the register: by their figure, or of the same parties at that time."""
    named = {name for row in register for name in row.facts}
    for promise in promises_on(facts, project, day):
        due, who = periods.end(promise.due or ""), _parties(promise)
        if due is None or promise.fact in named or any(set(row.by.split("+")) == who and abs(row.day - due) <= NEAR for row in register):
            continue
        fallen = promise.outcome in OUTCOMES
        yield CalendarRow(
            id=promise.id,
            date=str(due),
            decision=promise.promise,
            kind=COMMITMENT,
            by="+".join(sorted(who)),
            status="decided" if fallen else "ahead" if due >= day else "open",
            outcome=promise.outcome if fallen else "",
            branches=() if fallen else _even("Kept in time", "Late or dropped"),
            scenario=None,
            draft=False,
            cost_of_delay=None,
            cost_of_delay_low=None,
            cost_of_delay_high=None,
            cost_of_delay_basis="",
            facts=(promise.fact,) if promise.fact else (),
            source=", ".join(promise.documents),
            url="",
            origin="register" if promise.fact else "articles",
            note="",
        )


def _parties(promise: Promise) -> set[str]:
    """Codes of countries and groups, and names of firms and persons."""
    return {name.partition(":")[2] or name for name in promise.who}


def _even(*labels: str) -> tuple[CalendarBranch, ...]:
    """Two branches that nothing tells apart."""
    return tuple(CalendarBranch(label=label, p=EVEN, low=0.2, high=0.8, assumed=True, basis="assumed", scenario=None) for label in labels)


def _chosen(rows: list[CalendarRow], name: str | None) -> CalendarRow:
    if name is not None and name not in [row.id for row in rows]:
        raise UnknownNameError("decision", name, {row.id: row.decision for row in rows})
    ahead = [row for row in rows if row.scenario and row.status == "ahead"] or [row for row in reversed(rows) if row.scenario]
    return next(row for row in rows if row.id == name) if name else ahead[0]


def _write(path: Path, row: CalendarRow, facts: Facts) -> Path:
    from ytterby.app.dates.drafts import write_calendar_draft

    return write_calendar_draft(path, row, facts)


def _row(facts: Facts, project: Path, decision: DecisionRecord, day: dt.date) -> CalendarRow:
    later = followed_by(decision, facts)
    fallen = bool(later) and decision.day <= day
    draft = bool(decision.chain) and not decision.scenario
    scenario = decision.scenario or (decision.id if draft else None)
    row = facts.row(decision.facts[0])
    return CalendarRow(
        id=decision.id,
        date=decision.date,
        decision=decision.decision,
        kind=decision.kind,
        by=decision.by,
        status="decided" if fallen else "ahead" if decision.day >= day else "open",
        outcome=(decision.outcome or f"see {', '.join(later)}") if fallen else "",
        branches=() if fallen else tuple(_branch(facts, project, branch, scenario) for branch in branches().get(decision.id, ())),
        scenario=scenario,
        draft=draft,
        cost_of_delay=None,
        cost_of_delay_low=None,
        cost_of_delay_high=None,
        cost_of_delay_basis="",
        facts=tuple(dict.fromkeys((*decision.facts, *later))),
        source=str(row["source"]),
        url=str(row["url"]),
        origin="register",
        note=decision.note,
    )


def _branch(facts: Facts, project: Path, branch: DecisionBranch, scenario: str | None) -> CalendarBranch:
    if not branch.rule:
        return CalendarBranch(
            label=branch.label,
            p=branch.p or 0.0,
            low=branch.low,
            high=branch.high,
            assumed=True,
            basis="assumed",
            scenario=scenario,
        )
    p, low, high = hazard_rule(facts, branch.rule, project)
    basis = f"hazard, one year: {branch.rule}"
    return CalendarBranch(label=branch.label, p=p, low=low, high=high, assumed=False, basis=basis, scenario=scenario)


def hazard_rule(facts: Facts, rule: str, project: Path | None = None) -> tuple[float, float | None, float | None]:
    """Probability by a rule such as ``1 - CN rare_earths any``, with its 80 % band where it has one term [1].

    Each term is rounded to the per cent, as ``ytterby hazard`` prints it: so what is left to the other branches adds up.
    """
    first, *rest = [_term(facts, term, project) for term in rule.split(" - ")]
    p = round(first[0] - sum(term[0] for term in rest), 2)
    if not rest:
        return first
    if len(rest) == 1 and first == (1.0, 1.0, 1.0):
        return p, 1.0 - rest[0][2], 1.0 - rest[0][1]
    return p, None, None


def _term(facts: Facts, term: str, project: Path | None) -> tuple[float, float, float]:
    """Probability of one term with its 80 % band [1], kept since the posterior takes more than a second."""
    if term == "1":
        return 1.0, 1.0, 1.0
    digest = answer_digest("hazard", facts.digest, term, str(YEARS))
    return kept_answer(digest, project, tuple[float, float, float], lambda: _probability(facts, *term.split()))


def _probability(facts: Facts, country: str, family: str, target: str) -> tuple[float, float, float]:
    from ytterby.validation.hazard import probability

    found = probability(facts, country, family, target=target, years=YEARS)
    return round(found.probability, 2), found.low, found.high


def own_ends(facts: Facts, project: Path, day: dt.date) -> list[CalendarRow]:
    """Ends of the user's own controls, of confirmed events, and of what a later fact of the user says of an order on record."""
    found: dict[tuple[str, dt.date], CalendarRow] = {}
    for line in register_lines(facts, project):
        for number, phase in enumerate(line.phases):
            own = line.origin != "register" or phase.fact in facts.user_ids
            if own and phase.until and phase.state != "announced":
                found.setdefault((phase.fact or line.order.id, phase.until), _end(facts, line, number, day))
    return list(found.values())


def _end(facts: Facts, line: ControlLine, number: int, day: dt.date) -> CalendarRow:
    """Row of the end of a phase of a control."""
    order, phase, following = line.order, line.phases[number], line.phases[number + 1 : number + 2]
    assert phase.until is not None
    what = "suspension" if phase.state == "suspended" else order.kind
    fallen = phase.until < day and (bool(following) or not phase.silent_end)
    subject = order.order if line.origin == "register" else f"{line.good.good} ({order.order})"
    labels = () if fallen else (f"The {what} goes on", f"The {what} ends")
    source, url = (str(facts.row(phase.fact)[name]) for name in ("source", "url")) if phase.fact else (order.source, order.url)
    return CalendarRow(
        id=f"{phase.fact or order.id}-{phase.until}".lower(),
        date=str(phase.until),
        decision=f"The {what} of {subject} ends",
        kind=f"end of a {'suspension' if phase.state == 'suspended' else 'control'}",
        by=order.by,
        status="decided" if fallen else "ahead" if phase.until >= day else "open",
        outcome=following[0].state if fallen and following else "",
        branches=_even(*labels),
        scenario=None,
        draft=False,
        cost_of_delay=None,
        cost_of_delay_low=None,
        cost_of_delay_high=None,
        cost_of_delay_basis="",
        facts=(phase.fact,) if phase.fact else order.facts,
        source=source,
        url=url,
        origin="user" if phase.fact else line.origin,
        note=order.note,
    )
