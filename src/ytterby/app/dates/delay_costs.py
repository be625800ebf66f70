"""What a week's delay of a dated decision costs its parties, or why the model cannot say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ytterby.app.talks.changes import delay_rows
from ytterby.app.talks.minerals_terms import kept_table
from ytterby.app.talks.negotiation import Negotiation
from ytterby.app.talks.parts import annuity
from ytterby.app.talks.request import NegotiateRequest
from ytterby.bargain import EACH_ALONE, MineralsIssue, assumptions_of, bundled_talks, central, load_talks
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from ytterby.app.dates.rows import CalendarRow
    from ytterby.bargain import Band, Talks

OF_MONEY = {"deadline", "ministerial"}
"""Kinds of decisions that set programmes going."""
END = "end of a"
DRAWS = 50
"""Draws of the band, as many as ``negotiate`` has by default."""


class DelayCost(NamedTuple):
    """What a week's delay costs."""

    week: float | None
    """[USD/week]"""
    basis: str
    """What it is, or why there is none."""
    band: Band | None = None
    """The same with its band over draws of the assumptions; None where it has none."""


def costs_of_delay(rows: Sequence[CalendarRow], day: dt.date, project: Path) -> dict[str, DelayCost]:
    """Cost of a week's delay by decision, with what it is or why there is none.

    Where talks wait for a decision on duties it is what all parties together lack in the mean week until then, or where its day has passed
    in the next three months, because they do not have what the Nash package gives them; programmes on minerals, which take minutes, are
    left out. Where a decision sets a programme of the parties of talks going, it is a week of what the programme that they agreed on is
    worth to them together, from the table of programmes that `negotiate` has kept.

    Parameters
    ----------
    rows : sequence of CalendarRow
    day : date
        Day from which they are seen.
    project : Path
    """
    found = {row.id: DelayCost(None, _reason(row)) for row in rows}
    for name in bundled_talks():
        talks = load_talks(name)
        found |= _of_duties(talks, rows, day, project) | _of_programmes(talks, rows, day, project)
    return found


def _reason(row: CalendarRow) -> str:
    """Why no talks and no programme say what a delay costs."""
    who = ",".join(row.by.split("+"))
    if row.kind.startswith(END):
        run = f"; 'ytterby run {row.scenario}' says what the restriction costs once it is back" if row.scenario and not row.draft else ""
        return f"nobody lacks anything until the day: what is suspended stays suspended{run}"
    if row.kind in OF_MONEY and "+" in row.by:
        return f"no bundled talks are those of {who}; 'ytterby cooperate --allies {who}' says what a programme of theirs is worth"
    if row.kind in OF_MONEY:
        return f"{who} decides alone; 'ytterby plan --allies {who}' says what its plan is worth"
    return "no bundled talks wait for it"


def _of_duties(talks: Talks, rows: Sequence[CalendarRow], day: dt.date, project: Path) -> dict[str, DelayCost]:
    """Decisions on duties that talks wait for."""
    dates = {row.id: row.date for row in rows}
    awaited = [state.decision for state in talks.no_deal if state.decision in dates and state.known <= day]
    if not awaited:
        return {}
    work = Negotiation(NegotiateRequest(talks=talks.name, as_of=day, draws=DRAWS, without_minerals=True, project=project))
    waits = [row for row in delay_rows(work) if row.package == "nash"]
    by_date = {row.date: row for row in waits}
    ahead = min((row for row in waits if not row.dated), key=lambda row: row.date, default=None)
    costs = {decision: by_date.get(dates[decision], ahead) for decision in awaited}
    basis = (
        f"what {' and '.join(talks.parties)} together lack without the package of the Nash point, which nobody has offered, "
        f"in talks '{talks.name}'; minerals left out"
    )
    return {name: DelayCost(row.per_week, basis, row.week_band) for name, row in costs.items() if row is not None}


def _of_programmes(talks: Talks, rows: Sequence[CalendarRow], day: dt.date, project: Path) -> dict[str, DelayCost]:
    """Decisions that set the programme on minerals going that the parties of talks agreed on by the day."""
    own = [row for row in rows if row.kind in OF_MONEY and set(row.by.split("+")) == set(talks.parties)]
    programme = _agreed_programme(talks, day)
    if not own or programme == EACH_ALONE:
        return {}
    seen = max((each for each in (*talks.story, talks.day) if each <= day), default=talks.day)
    cost = _week_of(talks, programme, seen, project)
    return dict.fromkeys((row.id for row in own), cost)


def _agreed_programme(talks: Talks, day: dt.date) -> str:
    """Programme agreed on by a day."""
    agreed = talks.agreed(day)
    column = next((number for number, issue in enumerate(talks.issues) if isinstance(issue, MineralsIssue)), None)
    return EACH_ALONE if agreed is None or column is None else str(talks.issues[column].values[agreed[column]])


def _week_of(talks: Talks, programme: str, seen: dt.date, project: Path) -> DelayCost:
    """A week of what a programme is worth to all parties, beyond each its own plan."""
    table = kept_table(NegotiateRequest(talks=talks.name, as_of=seen, project=project), talks)
    if table is None:
        return DelayCost(None, f"its table of programmes is not kept: 'ytterby negotiate --talks {talks.name} --as-of {seen}' makes it")
    assumed = central(assumptions_of(talks))
    more = (table.gain[0, table.portfolios.index(programme)] - table.gain[0, table.portfolios.index(EACH_ALONE)]).sum()
    yearly = float(more) * assumed["minerals_scale"] / annuity(assumed)
    names = " and ".join(talks.parties)
    return DelayCost(
        yearly / WEEKS_PER_YEAR, f"a week of the programme '{programme}' to {names} beyond their own plans, as known on {seen}"
    )
