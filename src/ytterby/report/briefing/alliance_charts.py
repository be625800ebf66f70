"""Pictures of the page on an alliance, each with its table: where its worth comes from, shares, growth, who rides free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing.alliance_words import LEAST_USD, PARTS, note, parts_of_worth, rule_name, rules, worth
from ytterby.report.briefing.document import Chart, LegendItem, Table
from ytterby.report.briefing.result_frame import MILLION, coalition, millions
from ytterby.report.charts import (
    ACCENT,
    INK,
    ShareDot,
    SignedBar,
    WaterfallStep,
    share_dots_chart,
    signed_bars_chart,
    waterfall_chart,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.cooperation import CooperationResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.charts import Svg
    from ytterby.report.text import Words

PAIR = 2
"""Members of whom the Shapley value and the nucleolus agree by definition."""


def parts(writer: CitedWriter, found: CooperationResult) -> Chart | None:
    """Waterfall from each alone to all together by the four parts; None on terms without parts."""
    words, row = writer.words, parts_of_worth(found)
    if row is None:
        return None
    amounts = {part: float(getattr(row, part)) for part in PARTS}
    steps = [_step(words, words.plain(f"together.part.{part}"), usd) for part, usd in amounts.items()]
    first, last = _step(words, words.plain("together.alone"), 0.0), _step(words, words.plain("together.all"), worth(found))
    return _chart(writer, "parts", waterfall_chart(first, steps, last), (first, *steps, last), note(writer, found, "parts"))


def growth(writer: CitedWriter, found: CooperationResult) -> Chart | None:
    """Worth of the alliance as it grows by who adds most; None where nobody was asked."""
    if not found.invite:
        return None
    words = writer.words
    joined = sorted(found.invite, key=lambda row: row.order)
    first = _step(words, coalition(words, "+".join(found.parties)), worth(found))
    steps = [_step(words, f"+ {words.region(row.party)}", row.gain_in_order) for row in joined]
    last = _step(words, words.plain("together.grown"), worth(found) + sum(row.gain_in_order for row in joined))
    return _chart(writer, "growth", waterfall_chart(first, steps, last), (first, *steps, last), note(writer, found, "growth"))


def _step(words: Words, name: str, usd: float) -> WaterfallStep:
    return WaterfallStep(name, usd / MILLION, millions(words, usd))


def spillover(writer: CitedWriter, found: CooperationResult) -> Chart | None:
    """Loss that outsiders avoid without paying; None where it was not simulated."""
    if not found.spillover:
        return None
    words, rows = writer.words, sorted(found.spillover.items(), key=lambda pair: -pair[1])
    bars = [SignedBar(words.region(code), usd / MILLION, millions(words, usd)) for code, usd in rows]
    return _chart(writer, "spillover", signed_bars_chart(bars), bars, note(writer, found, "spillover", "simulated"))


def _chart(writer: CitedWriter, key: str, svg: Svg, rows: Sequence[WaterfallStep | SignedBar], ref: str) -> Chart:
    """Chart of one amount a row, with its table and words."""
    words, title = writer.words, writer.words.plain(f"together.{key}.title")
    table = Table(title, (words.plain("table.what"), words.plain("table.usd_million")), tuple((row.name, row.label) for row in rows), ref)
    items = [words.plain("alt.share_item", name=row.name, value=row.label) for row in rows]
    titled = words.plain("panel.in_unit", title=title, unit=words.plain("axis.usd_million"))
    alt = words.plain(f"together.{key}.alt", list=words.joined(items, "list.clauses"))
    return Chart(key, titled, svg, alt, table, ref, remark=words.say(f"together.{key}.remark"))


def shares(writer: CitedWriter, found: CooperationResult) -> Chart | None:
    """Shares of each party by rule as dots; of the Shapley value with its band over inputs; None for one party."""
    if len(found.parties) == 1:
        return None
    words, title = writer.words, writer.words.plain("together.shares.title")
    ref, dots = note(writer, found, "shares"), share_dots(words, found)
    head = (words.plain("table.rule"), *(words.region(code) for code in found.parties), words.plain("table.means"))
    rows = tuple(
        (rule_name(words, rule), *(millions(words, each[code]) for code in found.parties), words.plain(f"together.means.{key}"))
        for rule, each in rules(found).items()
        for key in (rule.replace(" ", "_").lower(),)
    )
    items = [words.plain("alt.share_item", name=f"{dot.party}, {dot.rule}", value=dot.label) for dot in dots]
    legend = [LegendItem("dot", INK, words.plain("together.shares.dot"))]
    legend += [LegendItem("band", ACCENT, words.plain("together.shares.band"))] if found.sensitivity else []
    return Chart(
        "shares", words.plain("panel.in_unit", title=title, unit=words.plain("axis.usd_million")), share_dots_chart(dots),
        words.plain("together.shares.alt", list=words.joined(items, "list.clauses")), Table(title, head, rows, ref), ref, tuple(legend),
        remark=words.say("together.shares.pair" if len(found.parties) == PAIR else "together.shares.remark"),
    )  # fmt: skip


def share_dots(words: Words, found: CooperationResult) -> list[ShareDot]:
    """Share of each party by each rule [million USD], parties and rules in their order."""
    dots = []
    for code in found.parties:
        ends = [found.shapley[code], *(row.shapley[code] for row in found.sensitivity)]
        for rule, each in rules(found).items():
            banded = rule == "shapley" and bool(found.sensitivity)
            low, high = (end / MILLION if banded else None for end in (min(ends), max(ends)))
            label = millions(words, each[code]) if abs(each[code]) >= LEAST_USD else "0"
            dots.append(ShareDot(words.region(code), rule_name(words, rule), each[code] / MILLION, low, high, label))
    return dots
