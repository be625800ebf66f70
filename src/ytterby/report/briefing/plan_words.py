"""Sentences of the page on a plan: the answer with its bands, what is safe, what would change it, what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.plan import CVAR_WEIGHT, enough_money, heavy_stocks_left_out, why_left_out
from ytterby.report.briefing.document import Span
from ytterby.report.briefing.drivers import letter
from ytterby.report.briefing.result_frame import coalition, exact, group_name, input_name, measure, slug, together, years
from ytterby.report.digits import plain_place
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.plan import FlipRow, LeftOutRow, PlanResult, PortfolioRow
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.briefing.result_input import ResultFrame
    from ytterby.report.text import Field, Words

CALM_USD = 1e6
"""Expected loss below which there is nothing to plan against [USD]."""
OPTIMISM = (0.8, 1.25)
"""Promised gain over that on fresh paths outside of which the page warns."""
MAX_CHANGES = 3
FEW_PATHS = 20
"""With fewer paths the page warns: another draw of them can change amounts several times over."""
UNUSED_SINCE = 2023
"""Year from which on outcomes of controls are not used to draw paths."""
HALF = 0.5


def note(writer: CitedWriter, found: PlanResult, key: str, facts: tuple[str, ...] = (), origin: str = "derived") -> str:
    """Number of a note on a part of the plan; the words common to all of them are told once."""
    words, who = writer.words, together(writer.words, found.parties)
    counts = {"scenarios": str(found.scenarios), "seed": str(found.seed), "gap": words.percent(found.gap, -1)}
    common = words.plain("plan.note.common", **counts)
    return writer.notes.add(
        f"plan:{'+'.join(found.parties)}:{key}", origin, words.plain("plan.note.title", who=who), words.plain(f"plan.note.{key}"),
        facts=facts, common=common,
    )  # fmt: skip


def answer(writer: CitedWriter, found: PlanResult) -> Spans:
    """What the money buys, with bands; from which budget more buys nothing; which measures every good plan has."""
    words, ref = writer.words, note(writer, found, "answer")
    who = capital(together(words, found.parties))
    fields: dict[str, Field] = {"who": who, "years": years(words, found.years), "before": writer.money(found.risk_before, None, None, ref)}
    if found.targets:
        return _targets(writer, found, who, ref)
    if found.risk_before < CALM_USD or not found.portfolio:
        return words.say("plan.answer.nothing", **fields)
    fields |= {
        "spent": writer.money(found.public_usd, None, None, ref),
        "after": writer.money(found.risk_after, None, None, ref),
        "worst_before": writer.money(found.cvar_before, None, None, ref),
        "worst_after": writer.money(found.cvar_after, None, None, ref),
    }
    parts = [words.say("plan.answer.buys", **fields), *_gain(writer, found), *_limits(writer, found)]
    return words.chained(parts, "list.sentences")


def _targets(writer: CitedWriter, found: PlanResult, who: str, ref: str) -> Spans:
    """What the targets take at least, together and alone."""
    targets = found.targets
    assert targets is not None
    alone = sum(targets.alone_usd.values())
    return writer.words.say(
        "plan.answer.targets", who=who, targets=Span("code", ", ".join(targets.targets)),
        together=writer.money(targets.together_usd, None, None, ref), alone=writer.money(alone, None, None, ref),
        floors=writer.money(targets.floor_usd, None, None, ref),
    )  # fmt: skip


def gain_band(found: PlanResult) -> tuple[float, float] | None:
    """Least and largest gain with one input at a time at the ends of its range [USD]; None where that was not asked for."""
    gains = [found.gain_usd, *(row.gain_usd for row in found.flip)]
    return (min(gains), max(gains)) if found.flip else None


def _gain(writer: CitedWriter, found: PlanResult) -> Iterator[Spans]:
    """The gain with its band over inputs, and what fresh paths make of it."""
    words, band = writer.words, gain_band(found)
    if band:
        yield words.say("plan.answer.gain_band", gain=writer.money(found.gain_usd, *band, note(writer, found, "flip")))
    else:
        yield words.say("plan.answer.gain", gain=writer.money(found.gain_usd, None, None, note(writer, found, "answer")))
    expected = found.risk_before - found.risk_after - found.cost_usd
    yield words.say("plan.answer.expected", amount=writer.money(expected, None, None, note(writer, found, "answer")))
    if found.fresh is not None:
        ref = note(writer, found, "fresh")
        amounts = {"gain": found.fresh.gain_usd, "before": found.fresh.expected_loss_before, "after": found.fresh.expected_loss}
        fields = {key: writer.money(amount, None, None, ref) for key, amount in amounts.items()}
        yield words.say("plan.answer.fresh", paths=Span("num", words.number(found.fresh.paths, 0), ref), **fields)


def _limits(writer: CitedWriter, found: PlanResult) -> Iterator[Spans]:
    """From which budget more buys nothing, or that it still does at the largest."""
    words, ref, enough = writer.words, note(writer, found, "curve"), enough_money(found.curve)
    if enough:
        yield words.say("plan.answer.enough", amount=writer.money(enough.public_usd, None, None, ref))
    elif found.curve:
        largest = max(point.budget for point in found.curve)
        yield words.say("plan.answer.short", amount=writer.money(largest, None, None, ref))


def support(writer: CitedWriter, found: PlanResult) -> Spans:
    """What the gain is made of."""
    words, ref = writer.words, note(writer, found, "answer")
    if found.gain_usd <= 0.0 or not found.portfolio:
        return words.say("plan.support.none", paths=Span("num", str(found.scenarios), ref))
    parts = {
        "loss": found.risk_before - found.risk_after,
        "tail": CVAR_WEIGHT * (found.cvar_before - found.cvar_after),
        "cost": abs(found.cost_usd),
    }
    fields = {key: writer.money(amount, None, None, ref) for key, amount in parts.items()}
    return words.say("plan.support.more" if found.cost_usd > 0.0 else "plan.support.less", **fields)


def meta(writer: CitedWriter, found: PlanResult) -> tuple[tuple[str, Spans], ...]:
    """For whom, with which budget, on how many paths, on which grounds."""
    words, ref = writer.words, note(writer, found, "answer")
    budget = words.say("plan.meta.no_limit") if found.budget is None else (writer.money(found.budget, None, None, ref),)
    paths = words.say("plan.meta.paths_value", paths=Span("num", str(found.scenarios), ref), seed=Span("num", str(found.seed), ref))
    share = writer.plain_share(1.0 - found.share_assumed, ref)
    solid = words.say("plan.meta.grade_value", letter=Span("strong", letter(1.0 - found.share_assumed)), share=share)
    rows = [("meta.for", (Span("text", together(words, found.parties)),)), ("plan.meta.budget", budget), ("plan.meta.paths", paths)]
    rows += [("meta.grade", solid)] if found.public_usd > 0.0 else []
    return tuple((words.plain(key), spans) for key, spans in rows)


def no_forecast(writer: CitedWriter, frame: ResultFrame) -> Spans:
    """That the paths are drawn, and from what."""
    words = writer.words
    ref = writer.notes.add("shocks", "assumed", words.plain("plan.meta.paths"), words.plain("plan.note.shocks"), facts=frame.shocks)
    return (*words.say("plan.warn.paths", year=Span("time", str(UNUSED_SINCE), str(UNUSED_SINCE))), Span("mark", "", ref))


def few_paths(writer: CitedWriter, scenarios: int, ref: str) -> tuple[Spans, ...]:
    """Warning of a result on few paths; nothing where there are enough."""
    if scenarios >= FEW_PATHS:
        return ()
    return (writer.words.say("plan.warn.few", paths=Span("num", str(scenarios), ref)),)


def _on_paths(writer: CitedWriter, found: PlanResult, frame: ResultFrame, ref: str) -> tuple[Spans, ...]:
    """What the paths are: drawn, which a plan with fresh paths was; the user's own; or none with a restriction."""
    if found.fresh is not None:
        return (no_forecast(writer, frame), *few_paths(writer, found.scenarios, ref))
    return (writer.words.say("plan.warn.own"),) if found.families.keys() != {"none"} else ()


def warnings(writer: CitedWriter, found: PlanResult, frame: ResultFrame) -> tuple[Spans, ...]:
    """What a reader must know before using the answer."""
    words, ref = writer.words, note(writer, found, "answer")
    lines = list(_on_paths(writer, found, frame, ref))
    if found.ended == "time":
        better = writer.money(found.upper_bound - found.lower_bound, None, None, ref)
        lines.append(words.say("plan.warn.time", amount=better))
    optimism = found.fresh.optimism if found.fresh else None
    if optimism is not None and not OPTIMISM[0] <= optimism <= OPTIMISM[1]:
        apart = writer.plain_share(abs(1.0 / optimism - 1.0), note(writer, found, "fresh"))
        lines.append(words.say("plan.warn.optimism" if optimism > OPTIMISM[1] else "plan.warn.pessimism", share=apart))
    if len(found.parties) > 1:
        lines.append(words.say("plan.warn.pooled"))
    return tuple(lines)


def points(writer: CitedWriter, found: PlanResult) -> tuple[Spans, ...]:
    """What every plan nearly as good has, what none has, and how much they spend."""
    near, words = found.near, writer.words
    if near is None:
        return (words.say("plan.safe.none_asked"),) if found.portfolio else ()
    ref = note(writer, found, "near")
    lines = []
    for row in near.groups:
        if row.group in near.must_have:
            ends = {key: writer.money(amount, None, None, ref) for key, amount in (("low", row.low), ("high", row.high))}
            lines.append(words.say("plan.safe.must", group=Span("strong", capital(group_name(words, row.group))), **ends))
    lines = lines or [words.say("plan.safe.no_must")]
    if near.never:
        lines.append(words.say("plan.safe.never", list=words.joined(group_name(words, group) for group in near.never)))
    ends = {key: writer.money(amount, None, None, ref) for key, amount in (("low", near.total.low), ("high", near.total.high))}
    lines.append(words.say("plan.safe.total", slack=writer.plain_share(near.slack, ref), **ends))
    return tuple(lines)


def changes(writer: CitedWriter, found: PlanResult) -> tuple[Spans, ...]:
    """Inputs that move the gain most, each at both ends, and the probability at which another group comes first."""
    words = writer.words
    if not found.flip:
        return (words.say("plan.change.unasked"),) if found.portfolio else ()
    ref = note(writer, found, "flip")
    by_input: dict[str, list[FlipRow]] = {}
    for row in found.flip:
        by_input.setdefault(row.input, []).append(row)
    wide = sorted(by_input.items(), key=lambda pair: -_width(pair[1]))
    lines = [_change(writer, name, rows, ref) for name, rows in wide[:MAX_CHANGES]]
    if found.flip_probability is not None:
        lines.append(words.say("plan.change.flips", share=writer.plain_share(found.flip_probability, ref)))
    else:
        lines.append(words.say("plan.change.never_flips"))
    return tuple(lines)


def _width(rows: list[FlipRow]) -> float:
    gains = [row.gain_usd for row in rows]
    return max(gains) - min(gains)


def _change(writer: CitedWriter, name: str, rows: list[FlipRow], ref: str) -> Spans:
    """Gain of the best plan with an input at its two ends, and what comes first where that is another group."""
    words = writer.words
    ends = [
        words.say(
            "plan.change.end", at=at_end(writer, row.input, row.end, row.value, ref), gain=writer.money(row.gain_usd, None, None, ref)
        )
        for row in rows
    ]
    told = words.say("plan.change.input", input=input_name(words, name), ends=words.chained(ends, "list.clauses"))
    others = list(dict.fromkeys(row.first_choice for row in rows if row.changes and row.first_choice))
    if not others:
        return told
    return words.chained(
        (told, words.say("plan.change.first", group=words.listed(group_name(words, group) for group in others))), "list.sentences"
    )


def at_end(writer: CitedWriter, name: str, end: str, value: float, ref: str) -> Spans:
    """Value of an input at an end of its range, in words."""
    words, key = writer.words, f"plan.at.{slug(name)}"
    if words.has(f"{key}_{end}"):
        return words.say(f"{key}_{end}")
    text = words.plain("unit.percent", value=exact(words, 100.0 * value)) if name.endswith(" rate") else exact(words, value)
    return words.say(key, value=Span("num", text, ref))


def unknowns(writer: CitedWriter, found: PlanResult) -> tuple[Spans, ...]:
    """Limits of what the plan can say."""
    words = writer.words
    lines = [words.say("plan.unknown.shocks"), words.say("plan.unknown.prices")]
    if found.public_usd > 0.0:
        share = writer.plain_share(found.share_assumed, note(writer, found, "answer"))
        lines.append(words.say("plan.unknown.costs", share=share))
    if found.stability is not None:
        ref = note(writer, found, "stability")
        shares = {"difference": found.stability.difference, "overlap": found.stability.overlap}
        lines.append(words.say("plan.unknown.stability", **{key: writer.plain_share(share, ref) for key, share in shares.items()}))
    if found.risk_resimulated is None and found.portfolio:
        lines.append(words.say("plan.unknown.not_simulated"))
    return tuple(lines)


def why_not(words: Words, row: LeftOutRow) -> str:
    """What keeps a measure out."""
    why = why_left_out(row)
    told = words.plain(f"plan.out.{why}", **({"share": words.percent(row.too_dear_by or 0.0, 0)} if why == "dearer" else {}))
    return words.plain("plan.out.held", why=told, weeks=words.number(row.held_weeks, 0)) if row.held_weeks else told


def heavy_left_out(writer: CitedWriter, found: PlanResult) -> Spans:
    """Stocks of heavy elements that the plan does without, nearest to entering first; nothing where it holds all of them."""
    words = writer.words
    rows = heavy_stocks_left_out(found.left_out, [row.measure for row in found.portfolio])
    items = [words.plain("list.aside", name=measure(words, row.measure, row.name), aside=why_not(words, row)) for row in rows]
    if not items:
        return ()
    told = words.say("plan.out.heavy", list=words.joined(items, "list.clauses"))
    return (*told, Span("mark", "", note(writer, found, "left_out")))


def price_war(writer: CitedWriter, found: PlanResult) -> Spans:
    """What a price war would do to the plants of the plan; nothing where it has none."""
    war, words = found.price_war, writer.words
    if war is None or war.share_running is None:
        return ()
    ref = note(writer, found, "price_war")
    return words.say(
        "plan.price_war", factor=writer.plain_share(war.price_factor, ref), share=writer.plain_share(war.share_running, ref),
        cost=writer.money(war.floor_cost, None, None, ref),
    )  # fmt: skip


def size(words: Words, row: PortfolioRow) -> str:
    """How much of a measure is taken: tonnes of a stock, share of a whole plant's capacity, share of a programme."""
    if row.kind == "stockpile":
        return words.plain("unit.t", value=words.number(row.size, plain_place(row.size) if row.size < 1.0 else 0))
    share = words.percent(row.share if row.of_plant is None else row.of_plant, 0)
    return share if row.of_plant is None else words.plain("plan.size.of_plant", share=share)


def others(writer: CitedWriter, plans: tuple[PlanResult, ...]) -> tuple[Spans, ...]:
    """Answers of the plans beside the first."""
    return tuple(answer(writer, found) for found in plans[1:])


def name_of(writer: CitedWriter, found: PlanResult) -> str:
    """Short name of a plan's parties, for charts and tables."""
    return coalition(writer.words, "+".join(found.parties))
