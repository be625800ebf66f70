"""Terminal output of talks, 80 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app import changes_text, step_text, two_digits
from ytterby.cli.tables import TextTable, plain_console, prose, signed
from ytterby.report import FEW_DRAWS, band_place, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ytterby.bargain import Band, ChosenPoint, DelayRow, NegotiationResult, OutcomeRow, RateRow

BILLION, MILLION, PERCENT = 1e9, 1e6, 100.0
ROWS = 12
TITLES = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "equal gains",
    "utilitarian": "largest sum",
}
TONNE_MEANS = (
    " A tonne of dysprosium: of separated dysprosium given in every year, with or without restrictions, worth what the party's own plan "
    "costs less by the first ten; what it cannot use it sells. No amount: it would have to be more than is used there in a year ({uses})."
)
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
    if found.draws:
        yield _bands(found)
    yield _packages(found)
    yield _parts(found)
    if found.programmes:
        yield _programmes(found)
    yield _concessions(found)
    yield _rates(found)
    yield _no_deal(found)
    yield _delay(found)
    if found.days:
        yield _days(found)
    if found.control_shift:
        yield _controls(found)
    yield _sensitivity(found)
    yield _flips(found)


def _bn(value: float) -> str:
    return signed(value / BILLION, 2)


def _named(found: NegotiationResult) -> dict[str, ChosenPoint]:
    points = {name: getattr(found, name) for name in TITLES}
    return {TITLES[name]: point for name, point in points.items() if point is not None}


def _points(found: NegotiationResult) -> TextTable:
    table = TextTable.of("Gains over no deal [bn USD a year]", ("", *found.parties, *(f"{party}, hull" for party in found.parties)), 1)
    for title, point in _named(found).items():
        hull = point.hull.gains if point.hull else {}
        table.add_row(title, *(_bn(value) for value in point.gains.values()), *(_bn(hull[p]) if hull else "-" for p in found.parties))
    for dates, row in _told(found):
        table.add_row(f"agreed {dates[0]}", *(_bn(value) for value in row.gains.values()), *("" for _ in found.parties))
    same = [f"What was added on {', '.join(dates[1:])} changes no number here." for dates, _ in _told(found) if len(dates) > 1]
    table.caption = " ".join(["Hull: with lotteries over packages, or payments worth as much.", *same])
    return table


def _told(found: NegotiationResult) -> list[tuple[list[str], OutcomeRow]]:
    """Outcomes with the dates from which they hold: those that add only what changes no number stand with the one before."""
    rows: list[tuple[list[str], OutcomeRow]] = []
    for row in found.outcomes:
        if rows and rows[-1][1].terms == row.terms:
            rows[-1][0].append(row.date)
        else:
            rows.append(([row.date], row))
    return rows


def _bands(found: NegotiationResult) -> TextTable:
    """Ends of what the draws give, of the Nash point of each draw and of what was agreed."""
    table = TextTable.of("Over the draws, 5 to 95 % [bn USD a year]", ("", *found.parties), 1)
    table.add_row("Nash, gain over no deal", *_ends(found.nash_band, found))
    if found.actual:
        table.add_row("agreed, gain over no deal", *_ends(found.actual.gains_band, found))
        table.add_row("agreed, utility", *_ends(found.actual.utilities_band, found))
    share = found.feasible_band
    inside = "" if found.actual is None or found.actual.inside_share is None else f"{PERCENT * found.actual.inside_share:.0f} %"
    room = "" if share is None else f"{PERCENT * share.value:.0f} % ({PERCENT * share.low:.0f} to {PERCENT * share.high:.0f} %)"
    parts = [f"packages inside the room: {room}" if room else "", f"draws with the agreed one inside: {inside}" if inside else ""]
    table.caption = f"{'; '.join(filter(None, parts))}."
    return table


def _ends(bands: Mapping[str, Band], found: NegotiationResult) -> Iterator[str]:
    return (f"{_bn(bands[p].low)} to {_bn(bands[p].high)}" if p in bands else "-" for p in found.parties)


def _packages(found: NegotiationResult) -> TextTable:
    named = _named(found)
    shown: dict[str, Mapping[str, Any]] = {title: named[title].terms for title in ("Nash", "Kalai-Smorodinsky") if title in named}
    if found.actual:
        shown[f"agreed {found.actual.date}"] = found.actual.terms
    table = TextTable.of("Packages", ("issue", *shown))
    for issue in next(iter(shown.values()), {}):
        row = found.issues[issue]
        table.add_row(f"{row.name} ({issue.replace('_', ' ')})", *(step_text(terms[issue], row.kind) for terms in shown.values()))
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
            name = term.replace("_", " ")
            table.add_row(f"{name} [{unit}]" if unit else name, *(signed(value, 2) for value in values))
    table.caption = (
        f"Jobs, balance and prestige count only with a weight of yours. Jobs: {found.horizon} horizon, mean of the years looked at; "
        "'ytterby trade' counts a year, at the horizon that it names."
    )
    return table


def _programmes(found: NegotiationResult) -> TextTable:
    table = TextTable.of(
        "Programmes on minerals against each its own plan [M USD a year]", ("programme", *found.parties, "public money, all [M USD]"), 1
    )
    for row in found.programmes:
        public = sum(row.public_usd.values()) / MILLION
        table.add_row(row.programme, *(signed(row.gains[party] / MILLION, 0) for party in found.parties), f"{public:,.0f}")
    return table


def _concessions(found: NegotiationResult) -> TextTable:
    at = "actual" if found.actual else "nash"
    table = TextTable.of(
        f"Single steps from {'what was agreed' if found.actual else 'the Nash point'} [bn USD a year]",
        ("issue", "to", *found.parties, "gain per loss"),
        2,
    )
    for row in [row for row in found.concessions if row.at == at][:ROWS]:
        ratio = "-" if row.ratio is None else f"{row.ratio:.1f}"
        issue = found.issues[row.issue]
        table.add_row(issue.name, step_text(row.to, issue.kind), *(_bn(value) for value in row.gains.values()), ratio)
    return table


def _rates(found: NegotiationResult) -> TextTable:
    at = "actual" if found.actual else "nash"
    table = TextTable.of("What a unit is worth, a year", ("one unit of", "in", *found.parties), 2)
    pairs: dict[tuple[str, str], dict[str, RateRow]] = {}
    for row in found.rates:
        if row.at == at and row.unit == "point" or (row.at == at and row.per == "USD a year"):
            pairs.setdefault((f"{row.issue} [{row.unit}]", row.per), {})[row.party] = row
    for (issue, per), values in pairs.items():
        name = "M USD a year" if per == "USD a year" else per
        table.add_row(issue, name, *(_rate(values[p]) if p in values else "-" for p in found.parties))
    used = {row.party: row.most for row in found.rates if row.most is not None}
    uses = ", ".join(f"{party} {two_digits(tonnes)} t" for party, tonnes in used.items())
    table.caption = "Of duties a point less, as long as it lasts." + (TONNE_MEANS.format(uses=uses) if used else "")
    return table


def _rate(row: RateRow) -> str:
    """Worth of a unit, to two digits; of dysprosium that nobody there could use, that no amount of it pays."""
    if not row.pays:
        return "no amount"
    value = row.value / (MILLION if row.per == "USD a year" else 1.0)
    return f"{'+' if value > 0.0 and row.per == 'USD a year' else ''}{two_digits(value)}"


def _no_deal(found: NegotiationResult) -> TextTable:
    table = TextTable.of("Without a deal, as if each stretch lasted [bn USD a year]", ("from", "p", "duties", *found.parties), 3)
    for row in found.no_deal_path:
        duties = ", ".join(f"{name} {PERCENT * rate:g} %" for name, rate in row.duties.items())
        table.add_row(row.start, f"{row.p:.2f}", duties, *(_bn(value) for value in row.utilities.values()))
    table.caption = "Against the duties of 2024 on these goods."
    return table


def _delay(found: NegotiationResult) -> TextTable:
    table = TextTable.of(
        "What it costs to agree later [bn USD in all]", ("date", "package", *found.parties, "M USD in a mean week, all (5 to 95 %)"), 2
    )
    for row in found.delay:
        costs = map(_bn, row.cost.values())
        table.add_row(row.date, "Nash" if row.package == "nash" else "agreed", *costs, _weekly(row))
    table.caption = "Above 0 is a cost of waiting. A week: the mean of those until the date, which changes with what holds without a deal."
    return table


def _weekly(row: DelayRow) -> str:
    """Cost of a mean week, at the digits that its band supports, in million USD."""
    band = row.week_band
    if band is None:
        return f"{row.per_week / MILLION:,.0f}"
    value, low, high = (each / MILLION for each in (row.per_week, band.low, band.high))
    place = max(band_place(value, low, high), 0)
    return f"{rounded(value, place):,.0f} ({rounded(low, place):,.0f} to {rounded(high, place):,.0f})"


def _days(found: NegotiationResult) -> TextTable:
    """The room on each day, with how no deal moved since the day before."""
    heads = [f"{what}, {p}" for what in ("no deal moves", "agreed", "Nash") for p in found.parties]
    table = TextTable.of("By day [bn USD a year]", ("day", *heads, "room"), 1)
    for number, row in enumerate(found.days):
        before = found.days[number - 1].no_deal if number else {}
        moved = [_bn(row.no_deal[p] - before[p]) if before else "-" for p in found.parties]
        gains = [_bn(own[p]) if own else "-" for own in (row.actual, row.nash) for p in found.parties]
        table.add_row(row.day, *moved, *gains, f"{PERCENT * row.feasible / row.count:.0f} %")
    table.caption = "Programmes on minerals are those made from what was known on the day."
    return table


def _controls(found: NegotiationResult) -> TextTable:
    table = TextTable.of(
        "Under a control of China [M USD a year]",
        ("event", "day", *(f"no deal, {p}" for p in found.parties), *(f"Nash, {p}" for p in found.parties)),
        2,
    )
    by_day = [(row.day, shift) for row in found.days for shift in row.control_shift] or [(found.day, row) for row in found.control_shift]
    for event in (row.event for row in found.control_shift):
        for day, shift in by_day:
            if shift.event == event:
                table.add_row(event, day, *(signed(value / MILLION, 0) for value in (*shift.no_deal.values(), *shift.nash.values())))
    return table


def _sensitivity(found: NegotiationResult) -> TextTable:
    heads = tuple(f"agreed, {p}" for p in found.parties) if found.actual else tuple(f"Nash, {p}" for p in found.parties)
    table = TextTable.of("What moves the answer [bn USD a year over no deal]", ("assumption", "at", *heads, "inside"), 1)
    for row in found.sensitivity[:ROWS]:
        at = row.end if row.at is None else f"{row.at:.3g}"
        values = row.actual or row.nash
        table.add_row(
            row.label, at, *(_bn(value) for value in values.values()), "-" if row.inside is None else "yes" if row.inside else "no"
        )
    return table


def _flips(found: NegotiationResult) -> TextTable:
    table = TextTable.of("Weights at which the Nash package changes", ("term", "from weight", "then"))
    for row in found.flip[:ROWS]:
        then = changes_text(row.changes, found.issues, short=True) or "no package is better for all"
        table.add_row(f"{row.party}.{row.term}", f"{row.weight:.3g}", then)
    return table


def _close(found: NegotiationResult) -> Iterator[str]:
    for row in found.excluded:
        yield f"{row.packages:,} packages: {row.reason}."
    for name, why in found.left_out.items():
        named = found.issues[name].name if name in found.issues else name
        yield f"Without effect on the numbers: {named} ({why})."
    if found.actual and any(value for value in found.actual.extra.values()):
        extra = ", ".join(f"{party} {_bn(value)}" for party, value in found.actual.extra.items() if value)
        yield f"For what was agreed to be the Nash point one party alone would have to value it by so much more (or be forced): {extra} bn."
    if found.later_figures:
        yield f"Dated later than {found.day}, and only describing what may be agreed: {', '.join(found.later_figures)}."
    if 0 < found.draws < FEW_DRAWS:
        yield f"Only {found.draws} draws: the bands are rough."
    yield f"Not in it: {'; '.join(found.not_in_it)}."
    yield "Elasticities, terms of the investment, probabilities: assumed, with ranges. Bands are ranges of assumptions, not forecasts."
