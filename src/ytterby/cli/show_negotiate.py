"""Terminal output of talks, 80 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app import step_text
from ytterby.cli.tables import TextTable, plain_console, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ytterby.bargain import ChosenPoint, NegotiationResult

BILLION, MILLION, PERCENT = 1e9, 1e6, 100.0
ROWS = 12
TITLES = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "equal gains",
    "utilitarian": "largest sum",
}
UNIT = {"jobs": (1e3, "1000 jobs"), "prestige": (1.0, "a deal")}


def show(found: NegotiationResult) -> None:
    """Print the answers, then the tables behind them."""
    out = plain_console()
    prose(out, f"{found.title}, as known on {found.day}; {found.horizon} horizon", style="bold")
    for answer in found.answers:
        out.print()
        prose(out, answer)
    for table in _tables(found):
        out.print()
        out.print(table)
    out.print()
    for line in _close(found):
        prose(out, line)


def _tables(found: NegotiationResult) -> Iterator[TextTable]:
    yield _points(found)
    yield _packages(found)
    yield _parts(found)
    if found.programmes:
        yield _programmes(found)
    yield _concessions(found)
    yield _rates(found)
    yield _no_deal(found)
    yield _delay(found)
    if found.control_shift:
        yield _controls(found)
    yield _sensitivity(found)
    yield _flips(found)


def _bn(value: float) -> str:
    return f"{value / BILLION:+.2f}"


def _named(found: NegotiationResult) -> dict[str, ChosenPoint]:
    points = {name: getattr(found, name) for name in TITLES}
    return {TITLES[name]: point for name, point in points.items() if point is not None}


def _points(found: NegotiationResult) -> TextTable:
    table = TextTable.of("Gains over no deal [bn USD a year]", ("", *found.parties, *(f"{party}, hull" for party in found.parties)), 1)
    for title, point in _named(found).items():
        hull = point.hull.gains if point.hull else {}
        table.add_row(title, *(_bn(value) for value in point.gains.values()), *(_bn(hull[p]) if hull else "-" for p in found.parties))
    for row in found.outcomes:
        table.add_row(f"agreed {row.date}", *(_bn(value) for value in row.gains.values()), *("" for _ in found.parties))
    table.caption = "Hull: with lotteries over packages, or payments worth as much."
    return table


def _packages(found: NegotiationResult) -> TextTable:
    named = _named(found)
    shown: dict[str, Mapping[str, Any]] = {title: named[title].terms for title in ("Nash", "Kalai-Smorodinsky") if title in named}
    if found.actual:
        shown[f"agreed {found.actual.date}"] = found.actual.terms
    table = TextTable.of("Packages", ("issue", *shown))
    for issue in next(iter(shown.values()), {}):
        table.add_row(issue, *(step_text(terms[issue]) for terms in shown.values()))
    return table


def _parts(found: NegotiationResult) -> TextTable:
    """What the outcome, or the Nash point, changes by term."""
    name = "actual" if "actual" in found.terms_by_part else "nash"
    parts = found.terms_by_part.get(name, {})
    heads = [f"{'agreed' if name == 'actual' else 'Nash'}, {party}" for party in parts]
    table = TextTable.of("What it changes against no deal, by term [bn USD a year]", ("term", *heads), 1)
    for term in next(iter(parts.values()), {}):
        scale, unit = UNIT.get(term, (BILLION, ""))
        values = [row[term] / scale for row in parts.values()]
        if any(values):
            table.add_row(f"{term} [{unit}]" if unit else term, *(f"{value:+.2f}" for value in values))
    table.caption = "Jobs, balance and prestige count only with a weight of yours."
    return table


def _programmes(found: NegotiationResult) -> TextTable:
    table = TextTable.of(
        "Programmes on minerals against each its own plan [M USD a year]", ("programme", *found.parties, "public money, all [M USD]"), 1
    )
    for row in found.programmes:
        public = sum(row.public_usd.values()) / MILLION
        table.add_row(row.programme, *(f"{row.gains[party] / MILLION:+,.0f}" for party in found.parties), f"{public:,.0f}")
    return table


def _concessions(found: NegotiationResult) -> TextTable:
    at = "actual" if found.actual else "nash"
    table = TextTable.of(
        f"Single steps from {'what was agreed' if found.actual else 'the Nash point'} [bn USD a year]",
        ("issue", "to", *found.parties, "won / lost"),
        2,
    )
    for row in [row for row in found.concessions if row.at == at][:ROWS]:
        ratio = "-" if row.ratio is None else f"{row.ratio:.1f}"
        table.add_row(row.issue, step_text(row.to), *(_bn(value) for value in row.gains.values()), ratio)
    return table


def _rates(found: NegotiationResult) -> TextTable:
    at = "actual" if found.actual else "nash"
    table = TextTable.of("What a unit is worth", ("one unit of", "in", *found.parties), 2)
    pairs: dict[tuple[str, str], dict[str, float]] = {}
    for row in found.rates:
        if row.at == at and row.unit == "point" or (row.at == at and row.per == "USD a year"):
            pairs.setdefault((f"{row.issue} [{row.unit}]", row.per), {})[row.party] = row.value
    for (issue, per), values in pairs.items():
        scale = MILLION if per == "USD a year" else 1.0
        name = "M USD a year" if per == "USD a year" else per
        table.add_row(issue, name, *(f"{values[p] / scale:+,.2f}" if p in values else "-" for p in found.parties))
    table.caption = "Of duties a point less."
    return table


def _no_deal(found: NegotiationResult) -> TextTable:
    table = TextTable.of("Without a deal, as if each stretch lasted [bn USD a year]", ("from", "p", "duties", *found.parties), 3)
    for row in found.no_deal_path:
        duties = ", ".join(f"{name} {PERCENT * rate:g} %" for name, rate in row.duties.items())
        table.add_row(row.start, f"{row.p:.2f}", duties, *(_bn(value) for value in row.utilities.values()))
    table.caption = "Against the duties of 2024 on these goods."
    return table


def _delay(found: NegotiationResult) -> TextTable:
    table = TextTable.of("What it costs to agree later [bn USD in all]", ("date", "package", *found.parties, "M USD a week, all"), 2)
    for row in found.delay:
        costs = (f"{value / BILLION:+.2f}" for value in row.cost.values())
        table.add_row(row.date, row.package, *costs, f"{row.per_week / MILLION:,.0f}")
    table.caption = "Above 0 is a cost of waiting."
    return table


def _controls(found: NegotiationResult) -> TextTable:
    table = TextTable.of(
        "Under a control of China [M USD a year]",
        ("event", *(f"no deal, {p}" for p in found.parties), *(f"Nash, {p}" for p in found.parties)),
        1,
    )
    for row in found.control_shift:
        changes = (*row.no_deal.values(), *row.nash.values())
        table.add_row(row.event, *(f"{value / MILLION:+,.0f}" for value in changes))
    return table


def _sensitivity(found: NegotiationResult) -> TextTable:
    heads = tuple(f"agreed, {p}" for p in found.parties) if found.actual else tuple(f"Nash, {p}" for p in found.parties)
    table = TextTable.of("What moves the answer [bn USD a year over no deal]", ("assumption", "at", *heads, "inside"), 1)
    for row in found.sensitivity[:ROWS]:
        at = row.end if row.at is None else f"{row.at:g}"
        values = row.actual or row.nash
        table.add_row(
            row.input, at, *(_bn(value) for value in values.values()), "-" if row.inside is None else "yes" if row.inside else "no"
        )
    return table


def _flips(found: NegotiationResult) -> TextTable:
    table = TextTable.of("Weights at which the Nash package changes", ("term", "from weight", "then"))
    for row in found.flip[:ROWS]:
        then = ", ".join(f"{name} {step_text(value)}" for name, value in row.changes.items()) or "no package is better for all"
        table.add_row(f"{row.party}.{row.term}", f"{row.weight:.3g}", then)
    return table


def _close(found: NegotiationResult) -> Iterator[str]:
    for row in found.excluded:
        yield f"{row.packages:,} packages: {row.reason}."
    for name, why in found.left_out.items():
        yield f"Without effect on the numbers: {name} ({why})."
    if found.actual and any(value for value in found.actual.extra.values()):
        extra = ", ".join(f"{party} {_bn(value)}" for party, value in found.actual.extra.items() if value)
        yield f"For what was agreed to be the Nash point one party alone would have to value it by so much more (or be forced): {extra} bn."
    if found.later_figures:
        yield f"Dated later than {found.day}, and only describing what may be agreed: {', '.join(found.later_figures)}."
    yield f"Not in it: {'; '.join(found.not_in_it)}."
    yield "Elasticities, terms of the investment, probabilities: assumed, with ranges. Bands are ranges of assumptions, not forecasts."
