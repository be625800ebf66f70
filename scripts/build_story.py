"""Renew the story of Japan and the United States in 2025: its pictures, tables and figures.

Example: ``python scripts/build_story.py results`` runs ``ytterby trade`` and ``ytterby negotiate`` on the days that the talks compare,
keeps their results in the folder ``results`` (programmes on minerals take minutes of processor time the first time), and writes the
pictures of ``docs/images`` and all that stands between ``<!-- story: NAME -->`` and ``<!-- end -->`` in
``docs/explanation/japan-united-states-2025.md``. With ``--saved`` it reads the results of an earlier call. The words between the marks are
chosen by the numbers; the text around them holds for any.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app import NegotiateRequest, Negotiation, concluded, read_saved, save_duties, save_talks, trade
from ytterby.bargain import NegotiationResult
from ytterby.economy.trade import TradeResult
from ytterby.report.briefing import ResultFrame, duties_pictures, talks_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ytterby.economy.trade import DutyPeriodRow

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "explanation" / "japan-united-states-2025.md"
SCENARIO, TALKS, DRAWS = "us-tariffs-japan-2025", "us-japan-2025", 100
BILLION, MILLION = 1e9, 1e6
BLOCK = re.compile(r"(<!-- story: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
WHAT = {
    "2025-04-03": "cars 27.5 %",
    "2025-04-05": "10 % on most other goods; the 24 % that were announced are paused",
    "2025-05-03": "parts of cars 25 % more",
    "2025-06-04": "steel and aluminium 50 %",
    "2025-08-07": "15 % all-in on other goods",
    "2025-09-16": "cars and parts 15 % all-in, aircraft free",
}
"""What begins on each day, from the scenario's facts."""
BEFORE, AFTER = "2025-08-07", "2025-09-16"
"""Steps before and after the duties of the deal."""


def worked(folder: Path) -> None:
    """Run both commands and save their results."""
    project = folder / "project"
    save_duties(trade(SCENARIO, draws=DRAWS, project=project), folder / "duties")
    work = Negotiation(NegotiateRequest(talks=TALKS, each_day=True, project=project))
    save_talks(work, concluded(work), folder / "talks")


def pictures(duties: TradeResult, talks: NegotiationResult) -> Iterator[tuple[str, str]]:
    """Name and SVG of each picture."""
    writer = ResultFrame(_never()).writer("en")
    drawn = {
        "duties-japan-2025": duties_pictures(duties)["steps"],
        "bargain-map-2025": talks_pictures(talks)["map"],
        "bargain-parts-2025": talks_pictures(talks)["parts"],
    }
    for name, draw in drawn.items():
        chart = draw(writer)
        if chart is not None:
            yield name, f"{chart.svg.markup(chart.alt)}\n"


def _never() -> object:
    import datetime as dt

    return dt.date.min


def blocks(duties: TradeResult, talks: NegotiationResult) -> Mapping[str, str]:
    """Text of each block."""
    return {
        "steps": "\n".join(steps(duties)),
        "duties": "\n\n".join(duties_told(duties)),
        "talks": "\n".join(f"- {answer}" for answer in talks.answers),
        "thresholds": "\n".join(thresholds(talks)),
        "days": "\n".join(days(talks)),
        "controls": "\n".join(controls(talks)),
    }


def steps(duties: TradeResult) -> Iterator[str]:
    """Table of the steps."""
    yield "| from | what | Japan's value added | duty paid on Japan's goods | buyers of them pay more |"
    yield "| --- | --- | --- | --- | --- |"
    for row in duties.steps:
        if row.start in WHAT:
            yield f"| {row.start} | {WHAT[row.start]} | {_bn(-_lost(row))} | {_bn(row.revenue)} | {_bn(row.buyers)} |"


def _lost(row: DutyPeriodRow) -> float:
    return row.price_loss if row.value_added is None else -row.value_added


def _bn(value: float) -> str:
    return f"{value / BILLION:.1f} bn"


def duties_told(duties: TradeResult) -> Iterator[str]:
    """What stands out, in words that the numbers choose."""
    found = {row.start: row for row in duties.steps}
    losses = [_lost(row) for row in duties.steps if row.start in WHAT]
    before, after = found[BEFORE], found[AFTER]
    price = before.price_loss / _lost(before)
    yield (
        f"Japan loses {min(losses) / BILLION:.0f} to {max(losses) / BILLION:.0f} bn a year. On the eve of the deal's duties "
        f"{100 * price:.0f} % of that is what exporters take less for what they still sell, the rest is volume."
    )
    gained, given = _lost(before) - _lost(after), before.revenue - after.revenue
    yield (
        f"From the step of {BEFORE} to that of {AFTER} Japan {'gains' if gained > 0.0 else 'loses'} {_bn(abs(gained))} a year, and the "
        f"treasury takes in {_bn(abs(given))} {'less' if given > 0.0 else 'more'}. The two are not the same money: buyers have the rest."
    )
    home = duties.parties[0]
    own = after.revenue / home.revenue
    yield (
        f"With the duties on all partners together the treasury takes in {home.revenue / BILLION:.0f} bn more, of which Japan's goods "
        f"bring {100 * own:.0f} %; buyers pay {-(home.consumers + home.users) / BILLION:.0f} bn more."
    )


def thresholds(talks: NegotiationResult) -> Iterator[str]:
    """Values of single assumptions, and of two together, at which what was agreed enters or leaves the room."""
    yield "| assumption | taken | value at which the outcome changes sides | looked at as far as | rests on a figure |"
    yield "| --- | --- | --- | --- | --- |"
    for row in talks.break_even:
        cells = (row.label, f"{row.usual:g}", f"{row.value:.3g}", f"{row.end:g}", "no" if row.assumed else "yes")
        yield f"| {' | '.join(cells)} |"
    labels = {row.input: row.label for row in talks.break_even}
    for pair in talks.break_even_pairs:
        at = f"{labels[pair.input]}; {labels[pair.other]} {pair.other_at:g}"
        value = f"{pair.value:.3g}" if pair.value is not None else "inside throughout" if pair.inside else "outside throughout"
        yield f"| {at} | | {value} | | |"


def days(talks: NegotiationResult) -> Iterator[str]:
    """Rooms by day."""
    names = talks.parties
    heads = [f"{what}, {party}" for what in ("no deal since the day before", "agreed", "Nash") for party in names]
    yield f"| known on | {' | '.join(heads)} | packages in the room | most that minerals give, {', '.join(names)} |"
    yield f"| --- |{' --- |' * (len(heads) + 2)}"
    for number, row in enumerate(talks.days):
        before = talks.days[number - 1].no_deal if number else {}
        moved = [f"{(row.no_deal[p] - before[p]) / BILLION:+.1f}" if before else "" for p in names]
        gains = [f"{own[p] / BILLION:+.1f}" if own else "" for own in (row.actual, row.nash) for p in names]
        minerals = ", ".join(f"{row.minerals[p] / BILLION:+.2f}" for p in names if p in row.minerals)
        yield f"| {' | '.join((row.day, *moved, *gains, f'{100 * row.feasible / row.count:.0f} %', minerals))} |"


def controls(talks: NegotiationResult) -> Iterator[str]:
    """What controls of China change on each day."""
    names = talks.parties
    heads = [f"{what}, {party}" for what in ("no deal", "Nash") for party in names]
    yield f"| control | known on | {' | '.join(heads)} |"
    yield f"| --- | --- |{' --- |' * len(heads)}"
    for event in talks.control_shift:
        for row in talks.days:
            for shift in row.control_shift:
                if shift.event == event.event:
                    values = [_signed(value / MILLION) for value in (*shift.no_deal.values(), *shift.nash.values())]
                    yield f"| {' | '.join((event.label, row.day, *values))} |"


def _signed(value: float) -> str:
    """Whole number with its sign; nothing has none."""
    return f"{value:+,.0f}" if round(value) else "0"


def renewed(text: str, found: Mapping[str, str]) -> str:
    """Text of the page with its blocks written anew."""
    return BLOCK.sub(lambda match: f"{match[1]}{found[match[2]]}\n{match[3]}", text)


def main() -> None:
    """Run or read, and write pictures and page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--saved", action="store_true", help="read the results of an earlier call")
    parser.add_argument("--docs", type=Path, default=DOCS)
    given = parser.parse_args()
    if not given.saved:
        worked(given.folder)
    duties, talks = (read_saved(given.folder / name) for name in ("duties", "talks"))
    assert isinstance(duties, TradeResult)
    assert isinstance(talks, NegotiationResult)
    for name, text in pictures(duties, talks):
        (given.docs / "images" / f"{name}.svg").write_text(text, "utf-8")
        print(f"{name}.svg")
    page = given.docs / PAGE.relative_to(DOCS)
    page.write_text(renewed(page.read_text("utf-8"), blocks(duties, talks)), "utf-8")
    print(page)


if __name__ == "__main__":
    main()
