"""Pictures of the page on a plan, each with its table: curves by budget, money by year, ranges of plans nearly as good, promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.plan import enough_money
from ytterby.report.briefing.document import Chart, LegendItem, Table
from ytterby.report.briefing.plan_words import name_of, note
from ytterby.report.briefing.result_frame import MILLION, group_name, millions, short
from ytterby.report.charts import (
    ACCENT,
    ALARM,
    INK,
    MUTED,
    BudgetCurve,
    BudgetPoint,
    NearRange,
    PromisedAmount,
    SpendingGroup,
    budget_curves_chart,
    near_ranges_chart,
    promise_rows_chart,
    spending_years_chart,
)
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.plan import CurvePoint, NearResult, PlanResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.text import Words

CURVE_INKS = (ACCENT, ALARM, "#006d56", "#8c4a86", "#7a6300", INK)
"""Colours of the curves of several plans."""
GROUP_INKS = {
    "stocks: magnets": "#0b4f8a",
    "stocks: materials": "#5f9dcc",
    "stocks: components": "#c9ddf0",
    "thrift and substitutes": "#006d56",
    "recycling": "#8fc7b3",
    "metals and magnets": "#a5370b",
    "mines and separation": "#e0a48a",
    "research": "#565c66",
}
"""Colour of each group of measures: stocks blue, use and scrap green, plants red, each from dark to pale."""


def curve(writer: CitedWriter, plans: Sequence[PlanResult]) -> Chart | None:
    """Gain, expected loss and worst tenth by budget, one curve for each plan; None where no plan has any."""
    words, known = writer.words, [found for found in plans if found.curve]
    if not known:
        return None
    curves = [budget_curve(words, found, short(words, found.parties), ink) for found, ink in zip(known, CURVE_INKS, strict=False)]
    title = words.plain("plan.curve.title")
    unit = words.plain("axis.usd_million")
    titles = (words.plain("plan.curve.gain", unit=unit), words.plain("plan.curve.loss", unit=unit))
    keys = (("line", "expected_loss"), ("dash", "worst_tenth"), ("ring", "enough"))
    legend = tuple(LegendItem(shape, ACCENT, words.plain(f"plan.curve.{key}")) for shape, key in keys)
    ref = note(writer, known[0], "curve")
    items = [_told(words, line) for line in curves]
    alt = words.plain("plan.curve.alt", list=words.joined(items, "list.clauses"))
    return Chart("curve", title, budget_curves_chart(curves, titles, words), alt, _curve_table(writer, known, title, ref), ref, legend)


def budget_curve(words: Words, found: PlanResult, name: str, ink: str) -> BudgetCurve:
    """Curve of a plan in millions of USD, from no money on."""
    nothing = BudgetPoint(0.0, 0.0, found.risk_before / MILLION, found.cvar_before / MILLION)
    enough = enough_money(found.curve)
    label = words.plain("plan.curve.enough_at", amount=millions(words, enough.public_usd)) if enough else ""
    points = (nothing, *(_point(point, point.budget) for point in found.curve))
    return BudgetCurve(name, ink, points, _point(enough, enough.public_usd) if enough else None, label)


def _point(point: CurvePoint, budget: float) -> BudgetPoint:
    return BudgetPoint(*(value / MILLION for value in (budget, point.gain, point.expected_loss, point.cvar)))


def _told(words: Words, line: BudgetCurve) -> str:
    """A curve in words for who cannot see it."""
    first, last = line.points[0], line.points[-1]
    amounts = {"gain": last.gain, "before": first.expected_loss, "after": last.expected_loss}
    return words.plain("plan.curve.alt_item", name=line.name, **{key: millions(words, MILLION * value) for key, value in amounts.items()})


def _curve_table(writer: CitedWriter, plans: Sequence[PlanResult], title: str, ref: str) -> Table:
    """Rows of all curves; the parties lead where there are several."""
    words, several = writer.words, len(plans) > 1
    rows = []
    for found in plans:
        points, before = [(0.0, 0.0, 0.0, 0.0, found.risk_before, found.cvar_before)], 0.0
        for p in found.curve:
            points.append((p.budget, p.public_usd, p.gain, p.gain - before, p.expected_loss, p.cvar))
            before = p.gain
        rows += [(*((name_of(writer, found),) if several else ()), *(millions(words, value) for value in point)) for point in points]
    head = (*(("who",) if several else ()), "budget", "spent", "gain", "added", "loss_left", "worst_tenth")
    return Table(title, tuple(words.plain(f"table.{key}") for key in head), tuple(rows), ref, words=1 if several else 0)


def spending(writer: CitedWriter, found: PlanResult) -> Chart | None:
    """Public money by group and year; None where the plan spends none, or the result is older than the table."""
    groups = _by_group(found)
    if not groups:
        return None
    words = writer.words
    title = words.plain("plan.spending.title")
    ref = note(writer, found, "spending")
    span = range(found.years[0], found.years[1] + 1)
    stacks = [
        SpendingGroup(capital(group_name(words, name)), GROUP_INKS[name], tuple(money.get(year, 0.0) / MILLION for year in span))
        for name, money in groups.items()
    ]
    legend = tuple(LegendItem("area", stack.ink, stack.name) for stack in stacks)
    busy = [year for year in span if any(abs(money.get(year, 0.0)) > 0.0 for money in groups.values())]
    rows = tuple((str(year), *(millions(words, money.get(year, 0.0)) for money in groups.values())) for year in busy)
    table = Table(title, (words.plain("table.year"), *(stack.name for stack in stacks)), rows, ref)
    first = max(span, key=lambda year: sum(money.get(year, 0.0) for money in groups.values()))
    most = sum(money.get(first, 0.0) for money in groups.values())
    alt = words.plain("plan.spending.alt", year=str(first), amount=millions(words, most), list=words.joined(stack.name for stack in stacks))
    svg = spending_years_chart(stacks, list(span), words.plain("axis.usd_million"), words)
    return Chart("spending", title, svg, alt, table, ref, legend)


def _by_group(found: PlanResult) -> dict[str, dict[int, float]]:
    """Public money by year of each group that spends, in the order of the colours [USD]."""
    money: dict[str, dict[int, float]] = {}
    for row in found.spending:
        money.setdefault(row.group, {})[row.year] = row.public_usd
    return {name: money[name] for name in GROUP_INKS if any(money.get(name, {}).values())}


def near(writer: CitedWriter, found: PlanResult) -> Chart | None:
    """Ranges of plans nearly as good; None where they were not asked for."""
    if found.near is None:
        return None
    words, title = writer.words, writer.words.plain("plan.near.title")
    ref, ranges = note(writer, found, "near"), near_ranges(words, found.near)
    head = ("group", "least", "most", "this_plan", "must")
    rows = tuple(
        (
            row.name,
            *(millions(words, MILLION * value) for value in (row.low, row.high, row.chosen)),
            words.plain("plan.yes") if row.must else "",
        )
        for row in ranges
    )
    table = Table(title, tuple(words.plain(f"table.{key}") for key in head), rows, ref)
    items = [words.plain("plan.near.alt_item", name=row.name, range=row.label) for row in ranges]
    legend = (LegendItem("area", MUTED, words.plain("plan.near.range")), LegendItem("dot", INK, words.plain("plan.near.chosen")))
    titled = words.plain("panel.in_unit", title=title, unit=words.plain("axis.usd_million"))
    alt = words.plain("plan.near.alt", list=words.joined(items, "list.clauses"))
    return Chart("near", titled, near_ranges_chart(ranges), alt, table, ref, legend)


def near_ranges(words: Words, found: NearResult) -> list[NearRange]:
    """Ranges of the groups, the must-haves first, and of the total."""
    must = words.plain("plan.near.must")
    rows = sorted(found.groups, key=lambda row: (row.group not in found.must_have, -row.high))
    return [
        NearRange(
            capital(group_name(words, row.group)), row.low / MILLION, row.high / MILLION, row.chosen / MILLION,
            words.plain("range.dates", low=millions(words, row.low), high=millions(words, row.high)),
            must if row.group in found.must_have else "",
        )
        for row in (*rows, found.total)
    ]  # fmt: skip


def promises(writer: CitedWriter, plans: Sequence[PlanResult]) -> Chart | None:
    """What plans promise beside what fresh paths and the weekly simulator find; None where neither was asked for."""
    words = writer.words
    rows = [row for found in plans for row in promise_rows(words, found, "" if len(plans) == 1 else short(words, found.parties))]
    if not rows:
        return None
    origin = "simulated" if any(found.risk_resimulated for found in plans) else "derived"
    ref, title = note(writer, plans[0], "promise", origin=origin), words.plain("plan.promise.title")
    head = ("what", "promised", "found", "low", "high")
    cells = tuple(
        (row.name, *("" if value is None else millions(words, MILLION * value) for value in (row.promised, row.found, row.low, row.high)))
        for row in rows
    )
    table = Table(title, tuple(words.plain(f"table.{key}") for key in head), cells, ref)
    legend = (LegendItem("ring", ALARM, words.plain("plan.promise.ring")), LegendItem("dot", ACCENT, words.plain("plan.promise.dot")))
    items = [
        words.plain("plan.promise.alt_item", name=row.name, promised=cell[1], found=cell[2]) for row, cell in zip(rows, cells, strict=True)
    ]
    titled = words.plain("panel.in_unit", title=title, unit=words.plain("axis.usd_million"))
    alt = words.plain("plan.promise.alt", list=words.joined(items, "list.clauses"))
    return Chart("promise", titled, promise_rows_chart(rows), alt, table, ref, legend)


def promise_rows(words: Words, found: PlanResult, who: str) -> list[PromisedAmount]:
    """Gain promised and found on fresh paths, loss avoided as promised and as simulated [million USD]."""
    again, rows = found.risk_resimulated, []
    if found.fresh is not None:
        rows.append(_promise_row(words, who, "fresh", (found.gain_usd, found.fresh.gain_usd)))
    if again is not None:
        rows.append(_promise_row(words, who, "simulated", (again.promised, again.mean), (again.low, again.high)))
    return rows


def _promise_row(words: Words, who: str, key: str, pair: tuple[float, float], band: tuple[float, float] | None = None) -> PromisedAmount:
    name = words.plain(f"plan.promise.{key}")
    label = words.plain("plan.promise.label", promised=millions(words, pair[0]), found=millions(words, pair[1]))
    low, high = (end / MILLION for end in band) if band else (None, None)
    titled = words.plain("list.named", name=who, list=name) if who else name
    return PromisedAmount(titled, pair[0] / MILLION, pair[1] / MILLION, low, high, label)
