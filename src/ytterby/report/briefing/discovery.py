"""Section on scenario discovery: the box of inputs with bad outcomes, the value of information, and what explains the spread.

It is written from the result of ``ytterby explore`` and the Sobol indices in a run's summary.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ytterby.report.briefing.common import driver_name, loss_facts, losses_at, run_ref, title_of
from ytterby.report.briefing.document import Chart, Para, Section, Table
from ytterby.report.briefing.drivers import POSITIONS
from ytterby.report.charts import (
    ACCENT,
    MUTED,
    DiscoveryLimit,
    VarianceShare,
    discovery_box_chart,
    peeling_chart,
    variance_share_chart,
)
from ytterby.report.digits import plain_place

if TYPE_CHECKING:
    from ytterby.ensembles import AskingResult, BoxLimit, DiscoveryResult, Explained, SobolIndex, SobolIndices
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block

MAX_FACTS = 5
MIN_SHARE = 0.01
"""Smallest Sobol index that is shown in the chart."""
OPEN = "–"
WEAK = 1.5
"""A corner that is denser in bad draws than all draws by less than this factor, where it is tried, is told as a hint [1]."""


class ExplainedLoss(NamedTuple):
    """Whose loss is explained, in words, and the facts that it rests on."""

    words: str
    facts: tuple[str, ...]


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on scenario discovery, value of information and Sobol indices; None if the ensemble was not explored."""
    run, found = inputs.run, inputs.exploration
    if run is None or found is None:
        return None
    place = ExplainedLoss(_place(writer, found.outcome), loss_facts(losses_at(run, found.outcome.rpartition(".")[2].split("+"))))
    blocks = [
        *_corner(writer, run, found.discovery, place),
        *_asking(writer, run, found.asking, place),
        *_spread(writer, run, found.first_order, place),
        *_choice(inputs, writer, run, found.asking, place),
    ]
    return Section("explored", writer.words.plain("section.explored"), tuple(blocks))


def _place(writer: CitedWriter, outcome: str) -> str:
    """Name of the region whose loss is explained."""
    place = outcome.rpartition(".")[2]
    return (
        writer.words.plain("matters.focus" if "+" in place else "matters.all")
        if place == "all" or "+" in place
        else writer.words.within(place)
    )


def _corner(writer: CitedWriter, run: BriefedRun, box: DiscoveryResult, place: ExplainedLoss) -> list[Block]:
    words = writer.words
    ref = run_ref(writer, run, "box", words.plain("run.box"), place.facts)
    edge = writer.money(box.above or 0.0, None, None, ref)
    base = writer.plain_share(box.base, ref)
    if not box.limits:
        return [Para(words.say("explored.none", base=base, place=place.words, edge=edge), "lead")]
    coverage, density = (writer.plain_share(share, ref) for share in (box.coverage, box.density))
    limits = words.listed(_limit(writer, run, row) for row in box.limits)
    lead = words.say("explored.lead", base=base, place=place.words, edge=edge, coverage=coverage, density=density, limits=limits)
    if box.tested_coverage is not None and box.tested_density is not None:
        unseen = {
            "coverage": writer.plain_share(box.tested_coverage, ref),
            "density": writer.plain_share(box.tested_density, ref),
        }
        weak = [words.say("explored.weak")] if box.tested_density < WEAK * box.base else []
        lead = words.chained((lead, words.say("explored.tested", **unseen), *weak), "list.sentences")
    return [Para(lead, "lead"), _box(writer, run, box, place, ref), _peels(writer, box, ref)]


def _range(writer: CitedWriter, row: BoxLimit) -> str:
    """Text for a part of a range, such as ``upper 20%``."""
    words, low, high = writer.words, row.share_low, row.share_high
    if row.high is None:
        return words.plain("explored.upper", share=words.percent(1.0 - low, 0))
    if row.low is None:
        return words.plain("explored.lower", share=words.percent(high, 0))
    return words.plain("explored.between", low=words.percent(low, 0), high=words.percent(high, 0))


def _limit(writer: CitedWriter, run: BriefedRun, row: BoxLimit) -> str:
    """Text for a limit in a sentence."""
    name = driver_name(writer, run, row.input)
    if row.category:
        category = writer.words.translated(row.category)
        return writer.words.plain("explored.is" if row.low is not None else "explored.not", name=name, category=category)
    return writer.words.plain("explored.limit", name=name, range=_range(writer, row))


def _label(writer: CitedWriter, row: BoxLimit) -> str:
    """Label of a limit: its value if the input has a meaningful unit, otherwise the part of the range."""
    if row.category:
        category = writer.words.translated(row.category)
        return category if row.low is not None else f"≠ {category}"
    return _range(writer, row)


def _box(writer: CitedWriter, run: BriefedRun, box: DiscoveryResult, place: ExplainedLoss, ref: str) -> Chart:
    words = writer.words
    parts = [DiscoveryLimit(driver_name(writer, run, row.input), row.share_low, row.share_high, _label(writer, row)) for row in box.limits]
    svg = discovery_box_chart(parts, words.plain("explored.low"), words.plain("explored.high"))
    title = words.plain("explored.box", place=place.words)
    head = tuple(words.plain(f"table.{key}") for key in ("input", "part", "box_low", "box_high", "chance"))
    rows = tuple(
        (part.name, part.label, *_ends(writer, row), words.number(row.p, max(plain_place(row.p, 1), -4)))
        for part, row in zip(parts, box.limits, strict=True)
    )
    items = words.joined((words.plain("alt.share_item", name=part.name, value=part.label) for part in parts), "list.clauses")
    alt = words.plain("alt.box", list=items)
    return Chart("box", title, svg, alt, Table(title, head, rows, ref, words=2), ref, remark=words.say("explored.box_remark"))


def _ends(writer: CitedWriter, row: BoxLimit) -> tuple[str, str]:
    """Bounds of a limit in the input's own unit; empty for inputs that are drawn as positions in their ranges."""
    known = not row.category and row.input.partition(".")[0] not in POSITIONS
    low, high = (writer.words.number(end, plain_place(end)) if known and end is not None else OPEN for end in (row.low, row.high))
    return low, high


def _peels(writer: CitedWriter, box: DiscoveryResult, ref: str) -> Chart:
    words = writer.words
    way = [(peel.coverage, peel.density) for peel in box.peels]
    chosen = box.coverage, box.density
    svg = peeling_chart(way, chosen, box.base, words, words.plain("explored.coverage"), words.plain("explored.density"))
    title = words.plain("explored.peels")
    shown = [*way[:: max(1, len(way) // 8)], chosen]
    rows = tuple(tuple(words.percent(value, 0) for value in pair) for pair in shown)
    head = tuple(words.plain(f"table.{key}") for key in ("coverage", "density"))
    alt = words.plain(
        "alt.peels", coverage=words.percent(chosen[0], 0), density=words.percent(chosen[1], 0), base=words.percent(box.base, 0)
    )
    return Chart("peels", title, svg, alt, Table(title, head, rows, ref), ref, remark=words.say("explored.peels_remark"))


def _asking(writer: CitedWriter, run: BriefedRun, asked: AskingResult, place: ExplainedLoss) -> list[Block]:
    words = writer.words
    ref = run_ref(writer, run, "asking", words.plain("run.asking"), place.facts)
    ends = {"low": writer.money(asked.low, None, None, ref), "high": writer.money(asked.high, None, None, ref)}
    if not asked.named:
        return [Para(words.say("explored.ask_none", place=place.words, **ends))]
    facts = asked.facts[:MAX_FACTS]
    narrows = writer.plain_share(facts[0].narrows, ref)
    lead = words.say("explored.ask", place=place.words, first=driver_name(writer, run, facts[0].input), narrows=narrows, **ends)
    if len(asked.named) > 1:
        together = writer.plain_share(asked.together, ref)
        names = words.listed(driver_name(writer, run, name) for name in asked.named)
        lead = words.chained((lead, words.say("explored.ask_together", names=names, together=together)), "list.sentences")
    shares = [
        VarianceShare(
            driver_name(writer, run, row.input),
            row.narrows,
            None,
            words.percent(row.narrows, 0),
            ACCENT if row.sure else MUTED,
        )
        for row in facts
    ]
    return [
        Para(lead),
        _shares(writer, "asking", words.plain("explored.ask_title", place=place.words), shares, ref, "ask_remark", ("narrows",)),
    ]


def _fact(writer: CitedWriter, run: BriefedRun, row: Explained, share: float) -> VarianceShare:
    """Bar of an input, grey if it is not significant."""
    share = max(share, 0.0)
    return VarianceShare(driver_name(writer, run, row.input), share, None, writer.words.percent(share, 0), ACCENT if row.sure else MUTED)


def _spread(writer: CitedWriter, run: BriefedRun, first: tuple[Explained, ...], place: ExplainedLoss) -> list[Block]:
    """Sobol indices of the run where it has them, else first-order indices from its draws."""
    words, found = writer.words, run.summary.sobol
    if found:
        ref = run_ref(writer, run, "sobol", words.plain("run.sobol", runs=words.number(float(found.runs), 0)), place.facts)
        title = words.plain("explored.spread", place=_place(writer, found.outcome))
        return [_indices(writer, run, found, title, ref)]
    if not any(row.sure for row in first):
        return []
    ref = run_ref(writer, run, "first_order", words.plain("run.first_order"), place.facts)
    shares = [_fact(writer, run, row, row.share) for row in first[:MAX_FACTS]]
    return [_shares(writer, "sobol", words.plain("explored.spread", place=place.words), shares, ref, "spread_remark", ("alone",))]


def _indices(writer: CitedWriter, run: BriefedRun, found: SobolIndices, title: str, ref: str) -> Chart:
    """Chart of Sobol indices; very small ones are only in the table."""
    words = writer.words
    shares = {row.input: _index(writer, run, row) for row in found.indices}
    drawn = [share for share in shares.values() if max(share.alone, share.total or 0.0) >= MIN_SHARE]
    rows = tuple(
        (shares[row.input].name, _reached(writer, row.first, row.first_reach), _reached(writer, row.total, row.total_reach))
        for row in found.indices
    )
    table = Table(title, tuple(words.plain(f"table.{key}") for key in ("input", "alone", "together")), rows, ref)
    return replace(_shares(writer, "sobol", title, drawn or list(shares.values()), ref, "sobol_remark", ("alone",)), table=table)


def _reached(writer: CitedWriter, share: float, reach: float) -> str:
    """Share with the half-width of its interval."""
    return writer.words.plain("explored.reach", share=writer.words.percent(max(share, 0.0), 0), reach=writer.words.percent(reach, 0))


def _index(writer: CitedWriter, run: BriefedRun, row: SobolIndex) -> VarianceShare:
    words = writer.words
    others = row.input == "others"
    name = words.plain("explored.others") if others else driver_name(writer, run, row.input)
    alone, total = (min(max(share, 0.0), 1.0) for share in (row.first, row.total))
    label = words.plain("explored.pair", alone=words.percent(alone, 0), total=words.percent(total, 0))
    return VarianceShare(name, alone, total, label, MUTED if others else ACCENT)


def _shares(
    writer: CitedWriter, name: str, title: str, shares: list[VarianceShare], ref: str, remark: str, columns: tuple[str, ...]
) -> Chart:
    words = writer.words
    most = max([0.1, *(max(share.alone, share.total or 0.0) for share in shares)])
    head = tuple(words.plain(f"table.{key}") for key in ("input", *columns))
    rows = tuple(
        (share.name, words.percent(share.alone, 0), *([words.percent(share.total, 0)] if share.total is not None else []))
        for share in shares
    )
    items = words.joined((words.plain("alt.share_item", name=share.name, value=share.label) for share in shares), "list.clauses")
    alt = words.plain("alt.shares_of", title=title, list=items)
    return Chart(
        name, title, variance_share_chart(shares, most), alt, Table(title, head, rows, ref), ref, remark=words.say(f"explored.{remark}")
    )


def _choice(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, asked: AskingResult, place: ExplainedLoss) -> list[Block]:
    """Which fact changes the choice between the first two runs."""
    if asked.choice is None or asked.difference is None:
        return []
    words = writer.words
    ref = run_ref(writer, run, "choice", words.plain("run.choice"), place.facts)
    difference = writer.money(abs(asked.difference), None, None, ref)
    names = {item.scenario: title_of(writer, item) for item in inputs.runs}
    choice = names.get(asked.choice, asked.choice)
    lead = words.say("explored.choice", choice=choice, place=place.words, difference=difference)
    if not asked.flips:
        return [Para(words.chained((lead, words.say("explored.choice_holds")), "list.sentences"))]
    flip = asked.flips[0]
    gain, share = writer.money(flip.gain, None, None, ref), writer.plain_share(flip.share, ref)
    turns = words.say("explored.choice_turns", name=driver_name(writer, run, flip.input), share=share, gain=gain)
    return [Para(words.chained((lead, turns), "list.sentences"))]
