"""Sentences of the page on an alliance: its worth with a band, who would leave, what would change it, what is not known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ytterby.report.briefing.document import Span
from ytterby.report.briefing.plan_words import at_end, few_paths, no_forecast
from ytterby.report.briefing.result_frame import coalition, input_name, measure_facts, slug, together, years
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ytterby.cooperation import CooperationResult, FreshValue, PartsRow, ShareSensitivityRow
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.briefing.result_input import ResultFrame
    from ytterby.report.text import Field, Words

MAX_CHANGES = 3
PARTS = ("aid", "stocks", "projects", "technology")
"""Parts of the worth, in the order in which they are allowed."""
LEAST_USD = 5e5
"""Sums of money below this are told as none [USD]."""


def note(writer: CitedWriter, found: CooperationResult, key: str, origin: str = "derived", facts: tuple[str, ...] = ()) -> str:
    """Number of a note on a part of the answer; the words common to all of them are told once."""
    words, who = writer.words, together(writer.words, found.parties)
    facts = measure_facts(row.measure for row in found.portfolio) if key == "measures" else facts
    common = words.plain("together.note.common", scenarios=str(found.scenarios), seed=str(found.seed))
    return writer.notes.add(
        f"alliance:{key}", origin, words.plain("together.note.title", who=who), words.plain(f"together.note.{key}"),
        facts=facts, common=common,
    )  # fmt: skip


def worth(found: CooperationResult) -> float:
    """Value of all together [USD]."""
    return found.values["+".join(found.parties)]


def rules(found: CooperationResult) -> dict[str, Mapping[str, float]]:
    """Shares by rule [USD]."""
    return {
        "shapley": found.shapley,
        "nucleolus": found.nucleolus,
        **({} if found.owen is None else {"owen": found.owen}),
        **{f"by {name}": shares for name, shares in found.proportional.items()},
    }


def rule_name(words: Words, rule: str) -> str:
    """Name of a rule of sharing, with a capital letter."""
    return capital(words.plain(f"together.rule.{slug(rule)}"))


def parts_of_worth(found: CooperationResult) -> PartsRow | None:
    """Where the worth of all together comes from; None on terms on which it has no such parts."""
    return found.parts.get("+".join(found.parties))


def answer(writer: CitedWriter, found: CooperationResult) -> Spans:
    """What the alliance is worth with its band, where most of it comes from, and whether some coalition would leave."""
    words, ref = writer.words, note(writer, found, "worth")
    who = capital(together(words, found.parties))
    if len(found.parties) == 1:
        return words.say("together.answer.one", who=who)
    fields: dict[str, Field] = {"who": who, "years": years(words, found.years)}
    if worth(found) == 0.0:
        return words.say("together.answer.nothing", error=writer.money(found.gap_usd, None, None, ref), **fields)
    lines = [_worth(writer, found, ref, fields), _main_part(writer, found), stability(writer, found)]
    return words.chained(lines, "list.sentences")


def worth_band(found: CooperationResult) -> tuple[float, float] | None:
    """Least and largest worth with one input at a time at the ends of its range [USD]; None where that was not asked for."""
    values = [worth(found), *(row.value for row in found.sensitivity)]
    return (min(values), max(values)) if found.sensitivity else None


def _worth(writer: CitedWriter, found: CooperationResult, ref: str, fields: dict[str, Field]) -> Spans:
    band = worth_band(found)
    if band:
        return writer.words.say("together.answer.worth_band", worth=writer.money(worth(found), *band, ref), **fields)
    return writer.words.say("together.answer.worth", worth=writer.money(worth(found), None, None, ref), **fields)


def _main_part(writer: CitedWriter, found: CooperationResult) -> Spans:
    """The largest of the four parts; nothing on terms without parts."""
    parts, words = parts_of_worth(found), writer.words
    if parts is None:
        return ()
    name = max(PARTS, key=lambda part: float(getattr(parts, part)))
    ref = note(writer, found, "parts")
    fields: dict[str, Field] = {"amount": writer.money(getattr(parts, name), None, None, ref)}
    if name == "aid":
        fields["share"] = writer.plain_share(min(1.0, parts.aid / worth(found)), ref)
    return words.say(f"together.main.{name}", **fields)


def stability(writer: CitedWriter, found: CooperationResult) -> Spans:
    """Whether every coalition can be made to stay."""
    words, ref = writer.words, note(writer, found, "excess")
    room = writer.money(abs(found.least_core_eps), None, None, ref)
    if not found.core_decided:
        return words.say("together.core.undecided", room=room)
    if found.core_empty:
        return words.say(
            "together.core.empty",
            room=room,
            list=words.joined((together(words, name.split("+")) for name in found.blocking), "list.clauses"),
        )
    return words.say("together.core.stable", room=room)


def support(writer: CitedWriter, found: CooperationResult) -> Spans:
    """How the worth is counted, and on which terms."""
    words = writer.words
    ref = note(writer, found, "worth")
    paths = Span("num", str(found.scenarios), ref)
    lines = [words.say("together.support", error=writer.money(found.gap_usd, None, None, ref), paths=paths)]
    if found.fresh is not None:
        lines.append(_on_other_paths(writer, found, found.fresh))
    if found.terms:
        lines.append(words.say("together.terms", list=words.joined(words.plain(f"together.term.{slug(name)}") for name in found.terms)))
    return words.chained(lines, "list.sentences")


def _on_other_paths(writer: CitedWriter, found: CooperationResult, fresh: FreshValue) -> Spans:
    """What the plans promise and what other paths say."""
    ref = note(writer, found, "worth")
    amount = writer.money(fresh.value, fresh.low, fresh.high, note(writer, found, "fresh"))
    promised = writer.money(fresh.promised, None, None, ref)
    return writer.words.say("together.fresh", paths=Span("num", str(fresh.paths), ref), amount=amount, promised=promised)


def _contradicted(writer: CitedWriter, found: CooperationResult) -> Iterator[Spans]:
    """That the paths of the plans and others contradict each other, where they do."""
    fresh, words = found.fresh, writer.words
    if fresh is None or not fresh.apart or fresh.ratio is None:
        return
    ref, there = note(writer, found, "worth"), note(writer, found, "fresh")
    fields: dict[str, Field] = {"promised": writer.money(fresh.promised, None, None, ref), "paths": Span("num", str(found.scenarios), ref)}
    if fresh.ratio > 0.0:
        yield words.say("together.apart", ratio=writer.plain(fresh.ratio, there), **fields)
    else:
        yield words.say("together.apart_loss", **fields)


def meta(writer: CitedWriter, found: CooperationResult) -> tuple[tuple[str, Spans], ...]:
    """For whom, with which budgets, on how many paths."""
    words, ref = writer.words, note(writer, found, "worth")
    paths = words.say("plan.meta.paths_value", paths=Span("num", str(found.scenarios), ref), seed=Span("num", str(found.seed), ref))
    budget = _budgets(writer, found, ref)
    rows = (("meta.for", (Span("text", together(words, found.parties)),)), ("plan.meta.budget", budget), ("plan.meta.paths", paths))
    return tuple((words.plain(key), spans) for key, spans in rows)


def _budgets(writer: CitedWriter, found: CooperationResult, ref: str) -> Spans:
    words = writer.words
    if not found.budget:
        return words.say("plan.meta.no_limit")
    if len(set(found.budget.values())) == 1 and len(found.budget) == len(found.parties):
        return words.say("together.meta.each", amount=writer.money(next(iter(found.budget.values())), None, None, ref))
    items = [
        words.say("list.aside", name=words.region(code), aside=writer.money(usd, None, None, ref)) for code, usd in found.budget.items()
    ]
    return words.chained(items, "list.pair")


def warnings(writer: CitedWriter, found: CooperationResult, frame: ResultFrame) -> tuple[Spans, ...]:
    """What a reader must know before using the answer."""
    words, ref = writer.words, note(writer, found, "worth")
    lines = [*_contradicted(writer, found), no_forecast(writer, frame), *few_paths(writer, found.scenarios, ref)]
    if found.undecided:
        names = words.joined((coalition(words, name) for name in found.undecided), "list.clauses")
        lines.append(words.say("together.warn.undecided", list=names, error=writer.money(found.gap_usd, None, None, ref)))
    if found.worst_pair < -found.gap_usd:
        lines.append(words.say("together.warn.apart", amount=writer.money(-found.worst_pair, None, None, ref)))
    return tuple(lines)


def points(writer: CitedWriter, found: CooperationResult) -> tuple[Spans, ...]:
    """Who would rather leave under each rule, or is nearest to it."""
    words, lines = writer.words, []
    ref = note(writer, found, "excess")
    for rule in dict.fromkeys(row.rule for row in found.excess):
        worst = max((row for row in found.excess if row.rule == rule), key=lambda row: row.excess)
        key = "together.leave.would" if worst.excess > found.gap_usd else "together.leave.stays"
        who, amount = together(words, worst.coalition.split("+")), writer.money(abs(worst.excess), None, None, ref)
        lines.append(words.say(key, rule=Span("strong", rule_name(words, rule)), who=who, amount=amount))
    return tuple(lines)


def changes(writer: CitedWriter, found: CooperationResult) -> tuple[Spans, ...]:
    """Inputs that move the worth most, each at both ends."""
    words = writer.words
    if len(found.parties) == 1:
        return ()
    if not found.sensitivity:
        return (words.say("together.change.unasked"), *_deterrence(writer, found))
    ref = note(writer, found, "sensitivity")
    by_input: dict[str, list[ShareSensitivityRow]] = {}
    for row in found.sensitivity:
        by_input.setdefault(row.input, []).append(row)
    wide = sorted(by_input.items(), key=lambda pair: -_width(pair[1]))
    return (*(_change(writer, name, rows, ref) for name, rows in wide[:MAX_CHANGES]), *_deterrence(writer, found))


def _deterrence(writer: CitedWriter, found: CooperationResult) -> Iterator[Spans]:
    """How strongly plans would have to deter for another answer; nothing where that was not looked for."""
    deterred, words = found.deterrence, writer.words
    if deterred is None:
        return
    delta = deterred.tried_to if deterred.flips_at is None else deterred.flips_at
    times = writer.plain(math.exp(delta), note(writer, found, "deterrence"))
    yield words.say("together.deterrence.same" if deterred.flips_at is None else "together.deterrence.flips", times=times)


def public_money(writer: CitedWriter, found: CooperationResult) -> Spans:
    """Least public money for what the own plans reach, alone and together, beside what the joint plan spends; nothing if not known."""
    money = found.public_money
    if money is None or money.ratio is None:
        return ()
    ref = note(writer, found, "public_money")
    amounts = {"alone": money.alone_usd, "together": money.together_usd, "spent": sum(row.public_usd for row in found.portfolio)}
    return writer.words.say("together.public_money", **{key: writer.money(usd, None, None, ref) for key, usd in amounts.items()})


def _width(rows: list[ShareSensitivityRow]) -> float:
    values = [row.value for row in rows]
    return max(values) - min(values)


def _change(writer: CitedWriter, name: str, rows: list[ShareSensitivityRow], ref: str) -> Spans:
    words = writer.words
    ends = [
        words.say("together.change.end", at=at_end(writer, row.input, row.end, row.at, ref), worth=writer.money(row.value, None, None, ref))
        for row in rows
    ]
    return words.say("together.change.input", input=input_name(words, name), ends=words.chained(ends, "list.clauses"))


def unknowns(writer: CitedWriter, found: CooperationResult) -> tuple[Spans, ...]:
    """Limits of what the game can say."""
    words, parts = writer.words, parts_of_worth(found)
    lines = [words.say("plan.unknown.shocks"), words.say("together.unknown.hosts")]
    if parts is not None and parts.aid > LEAST_USD:
        lines.append(words.say("together.unknown.promise"))
    if found.spillover is None:
        lines.append(words.say("together.unknown.not_simulated"))
    return tuple(lines)
