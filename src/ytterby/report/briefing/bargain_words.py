"""Sentences of the page on talks: whether the deal was inside the room, on what that hangs, what is not known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ytterby.report.briefing.bargain_names import (
    assumption,
    by_party,
    changed,
    issue_name,
    note,
    of_unit,
    spelled_day,
    step,
)
from ytterby.report.briefing.document import Span
from ytterby.report.briefing.result_frame import named, together
from ytterby.report.digits import FEW_DRAWS
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ytterby.bargain import BreakEven, DelayRow, NashFlipRow, NegotiationResult, OutcomeRow
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.text import Field, Words

MAX_CONDITIONS, MAX_FLIPS, MAX_WEIGHTS, MAX_DATES = 2, 3, 6, 4
UNKNOWN = ("rates", "others", "services", "firms", "promise")
DELIVERED = "delivered"
"""What assumptions on the share that is invested begin with."""
TONNE = "tonne of dysprosium"
MONEY = "USD a year"


def answer(writer: CitedWriter, found: NegotiationResult) -> Spans:
    """Where what was agreed stands, with its band, and on what that hangs; then how large the room is."""
    lines = [_agreed(writer, found, found.actual), _room(writer, found)] if found.actual else [_room(writer, found)]
    return writer.words.chained(lines, "list.sentences")


def _agreed(writer: CitedWriter, found: NegotiationResult, actual: OutcomeRow) -> Spans:
    words, ref = writer.words, note(writer, found, "actual", "outcome", "no_deal", "assumptions")
    losers = [party for party, gain in actual.gains.items() if gain <= 0.0]
    fields: dict[str, Field] = {
        "date": spelled_day(words, actual.date), "day": spelled_day(words, found.day),
        "list": by_party(writer, actual.gains, ref, actual.gains_band), "who": together(words, losers),
    }  # fmt: skip
    told = words.say(f"bargain.answer.{'outside' if losers else 'inside'}", **fields)
    lines = [told, _hangs(writer, found, actual, ref)]
    return words.chained(lines, "list.sentences")


def _hangs(writer: CitedWriter, found: NegotiationResult, actual: OutcomeRow, ref: str) -> Spans:
    """In how many draws, and beyond which values of which assumptions, it lies on the other side."""
    words, side = writer.words, "inside" if not actual.inside else "outside"
    conditions: list[Field] = []
    if actual.inside_share is not None:
        share = actual.inside_share if side == "inside" else 1.0 - actual.inside_share
        conditions.append(words.say("bargain.if.draws", draws=writer.of_draws(share, found.draws, ref)))
    conditions += [_condition(writer, row, ref, inside=not actual.inside) for row in turning(found)[:MAX_CONDITIONS]]
    if not conditions:
        return words.say(f"bargain.hangs.never_{side}")
    return words.say(f"bargain.hangs.{side}", list=words.chained(conditions, "list.clauses"))


def turning(found: NegotiationResult) -> list[BreakEven]:
    """Assumptions that alone bring the outcome to the other side: shares of what is invested first, then the nearest."""
    return sorted(found.break_even, key=lambda row: (not row.input.startswith(DELIVERED), row.reach))


def _condition(writer: CitedWriter, row: BreakEven, ref: str, *, inside: bool) -> Spans:
    """Value of an assumption beyond which the outcome is on the other side, beside the one that is taken."""
    words = writer.words
    fields = {
        "value": of_unit(writer.words, row.value, row.unit, ref),
        "usual": of_unit(words, row.usual, row.unit, ref),
        "end": of_unit(words, row.end, row.unit, ref),
    }
    side = "above" if row.inside_above == inside else "below"
    kind = "assumed" if row.assumed else "taken"
    return words.say(f"bargain.if.{side}_{kind}", name=assumption(words, row.input), **fields)


def _room(writer: CitedWriter, found: NegotiationResult) -> Spans:
    words, ref = writer.words, note(writer, found, "room", "issues", "no_deal", "assumptions")
    if found.nash is None:
        return words.say("bargain.room.none", count=Span("num", words.number(found.count, 0), ref))
    counts = {"feasible": found.feasible, "count": found.count}
    return words.say(
        "bargain.room.told", list=by_party(writer, found.nash.gains, ref, found.nash_band),
        **{key: Span("num", words.number(value, 0), ref) for key, value in counts.items()},
    )  # fmt: skip


def support(writer: CitedWriter, found: NegotiationResult) -> Spans:
    """What was agreed without its investment, and what its receiver may have wanted that has no number here."""
    words = writer.words
    terms = found.terms_by_part.get("actual")
    if found.actual is None or not terms:
        return words.say("bargain.support.none", horizon=words.plain(f"bargain.horizon.{found.horizon}"))
    invested = {party: own["investment"] for party, own in terms.items()}
    if not any(invested.values()):
        return words.say("bargain.support.none", horizon=words.plain(f"bargain.horizon.{found.horizon}"))
    rest = {party: gain - invested[party] for party, gain in found.actual.gains.items()}
    ref = note(writer, found, "parts", "issues", "assumptions")
    lines = [words.say("bargain.support.without", list=by_party(writer, rest, ref))]
    hosts = [party for party, gain in rest.items() if gain <= 0.0 < invested[party]]
    if hosts:
        lines.append(words.say("bargain.support.nothing", who=together(words, hosts)))
    return words.chained(lines, "list.sentences")


def meta(writer: CitedWriter, found: NegotiationResult) -> tuple[tuple[str, Spans], ...]:
    """Who talks, on which day, how far buyers have adapted, on how many draws."""
    words, ref = writer.words, note(writer, found, "room", "issues", "no_deal", "assumptions")
    draws = words.say("bargain.meta.draws_value", draws=Span("num", str(found.draws), ref), seed=Span("num", str(found.seed), ref))
    rows: list[tuple[str, Spans]] = [
        ("bargain.meta.parties", (Span("text", capital(together(words, found.parties))),)),
        ("bargain.meta.day", (spelled_day(words, found.day),)),
        ("bargain.meta.horizon", words.say(f"bargain.horizon.{found.horizon}")),
    ]
    rows += [("bargain.meta.draws", draws)] if found.draws else []
    return tuple((words.plain(key), spans) for key, spans in rows)


def warnings(writer: CitedWriter, found: NegotiationResult) -> tuple[Spans, ...]:
    """What a reader must know before using the answer."""
    words, ref = writer.words, note(writer, found, "actual", "outcome", "no_deal", "assumptions")
    assumed = [assumption(words, row.input) for row in turning(found) if row.assumed]
    lines = [words.say("bargain.warn.forecast")]
    lines += [words.say("bargain.warn.assumed", list=words.listed(assumed))] if assumed else []
    lines += [words.say("bargain.warn.without")] if not found.minerals_digest else []
    lines += [words.say("bargain.warn.hindsight", count=Span("num", str(len(found.later_figures)), ref))] if found.later_figures else []
    lines += [words.say("bargain.warn.draws", draws=Span("num", str(found.draws), ref))] if found.draws < FEW_DRAWS else []
    return tuple(lines)


def points(writer: CitedWriter, found: NegotiationResult) -> tuple[Spans, ...]:
    """What a point of the first duty is worth, whether minerals pay for duties, what near the outcome is better for all."""
    return tuple(line for line in (_point(writer, found), *_minerals(writer, found), _better(writer, found)) if line)


def _point(writer: CitedWriter, found: NegotiationResult) -> Spans:
    words, at = writer.words, "actual" if found.actual else "nash"
    rows = [row for row in found.rates if row.at == at and row.unit == "point"]
    if not rows:
        return ()
    ref = note(writer, found, "rates", "issues", "assumptions")
    own = [row for row in rows if row.issue == rows[0].issue]
    money = {row.party: row.value for row in own if row.per == MONEY}
    fields: dict[str, Field] = {
        "issue": Span("strong", capital(issue_name(words, found, rows[0].issue))), "list": by_party(writer, money, ref),
    }  # fmt: skip
    lines = [words.say("bargain.points.money", **fields)]
    for pays, key in ((True, "tonnes"), (False, "too_little")):
        rows = [row for row in own if row.per == TONNE and row.pays is pays]
        if rows:
            needed, used = ({row.party: getattr(row, name) or 0.0 for row in rows} for name in ("value", "most"))
            lines.append(words.say(f"bargain.points.{key}", tonnes=_tonnes(writer, needed, ref), used=_tonnes(writer, used, ref)))
    return words.chained(lines, "list.sentences")


def _tonnes(writer: CitedWriter, by_code: Mapping[str, float], ref: str) -> Spans:
    """Tonnes of each party."""
    words = writer.words
    items = [
        words.say("bargain.to_party", amount=writer.plain(value, ref, "t"), party=named(words, party)) for party, value in by_code.items()
    ]
    return words.chained(items, "list.pair")


def _minerals(writer: CitedWriter, found: NegotiationResult) -> Iterator[Spans]:
    """Whether programmes on minerals make good what lower duties take."""
    asked, words = found.minerals_for_duties, writer.words
    if asked is None:
        return
    ref = note(writer, found, "minerals", "controls", "issues")
    if not asked.covers:
        yield words.say("bargain.minerals.needless", list=by_party(writer, asked.asked, ref))
    for party, band in asked.covers.items():
        key = "enough" if band.value >= 1.0 else "short" if band.high < 1.0 else "perhaps"
        fields = {"given": asked.given[party], "asked": -asked.asked[party]}
        money = {name: writer.money(usd, None, None, ref) for name, usd in fields.items()}
        yield words.say(
            f"bargain.minerals.{key}", who=named(words, party), share=writer.share(band.value, band.low, band.high, ref), **money
        )


def _better(writer: CitedWriter, found: NegotiationResult) -> Spans:
    words = writer.words
    if found.actual is None:
        return ()
    if found.actual.better is None:
        return words.say("bargain.better.none")
    ref = note(writer, found, "actual", "outcome", "no_deal", "assumptions")
    better = found.actual.better
    return words.say("bargain.better.told", changes=changed(words, found, better.terms), list=by_party(writer, better.gains, ref))


def changes(writer: CitedWriter, found: NegotiationResult) -> tuple[Spans, ...]:
    """Further assumptions that alone bring the outcome to the other side, weights that do, and weights that move the Nash point."""
    words, actual = writer.words, found.actual
    lines: list[Spans] = []
    if actual is not None:
        ref = note(writer, found, "actual", "outcome", "no_deal", "assumptions")
        side = "outside" if actual.inside else "inside"
        lines += [
            words.say(f"bargain.change.{side}", condition=_condition(writer, row, ref, inside=not actual.inside)) for row in turning(found)
        ]
        lines += [words.say(f"bargain.hangs.never_{side}")] if not lines else []
        lines += [_pairs(writer, found, ref)] if found.break_even_pairs else []
        lines.append(_together(writer, found, actual))
    flips = sorted(found.flip, key=lambda row: row.weight)[:MAX_FLIPS]
    lines += [_flip(writer, found, row) for row in flips]
    return tuple(lines)


def _pairs(writer: CitedWriter, found: NegotiationResult, ref: str) -> Spans:
    """Value of the first assumption at which the outcome enters or leaves the room, by the value of the second."""
    words = writer.words
    units = {row.input: row.unit for row in found.break_even}
    first = found.break_even_pairs[0]
    items = []
    for row in found.break_even_pairs:
        at = of_unit(words, row.other_at, units[row.other], ref)
        if row.value is None:
            items.append(words.say(f"bargain.pairs.{'always' if row.inside else 'never'}", at=at))
        else:
            items.append(words.say("bargain.pairs.item", value=of_unit(words, row.value, units[row.input], ref), at=at))
    names = {"first": assumption(words, first.input), "second": assumption(words, first.other)}
    return words.say("bargain.pairs.told", list=words.chained(items, "list.clauses"), **names)


def _together(writer: CitedWriter, found: NegotiationResult, actual: OutcomeRow) -> Spans:
    """Weights of all terms together that would make the outcome the Nash point."""
    words, ref = writer.words, note(writer, found, "weights")
    if actual.weights_together is None:
        return words.say("bargain.weights.none")
    rows = sorted(actual.weights_together.weights, key=lambda row: -abs(found.terms_by_part["actual"][row.party][row.term]))
    items = [weight(writer, row.party, row.term, row.weight, ref) for row in rows[:MAX_WEIGHTS]]
    factor = writer.plain(actual.weights_together.factor, ref)
    return words.say("bargain.weights.told", factor=factor, list=words.chained(items, "list.pair"))


def weight(writer: CitedWriter, party: str, term: str, value: float, ref: str) -> Spans:
    """A weight of a term of a party, as ``jobs of Japan 0.8``."""
    words = writer.words
    return words.say(
        "bargain.weights.item", term=words.plain(f"bargain.term.{term}"), party=named(words, party), value=writer.plain(value, ref)
    )


def _flip(writer: CitedWriter, found: NegotiationResult, row: NashFlipRow) -> Spans:
    words, ref = writer.words, note(writer, found, "weights")
    told = weight(writer, row.party, row.term, row.weight, ref)
    if not row.changes:
        return words.say("bargain.flip.none", weight=told)
    return words.say("bargain.flip.told", weight=told, changes=changed(words, found, row.changes))


def unknowns(words: Words) -> tuple[Spans, ...]:
    """Limits of what utilities can say."""
    return tuple(words.say(f"bargain.unknown.{key}") for key in UNKNOWN)


def dates(writer: CitedWriter, found: NegotiationResult) -> tuple[tuple[Span, Spans], ...]:
    """Next dates with what waiting until then costs."""
    words, ref = writer.words, note(writer, found, "delay", "no_deal", "assumptions")
    rows = sorted((row for row in found.delay if row.package == "nash"), key=lambda row: (not row.dated, row.date))[:MAX_DATES]
    return tuple(
        (
            spelled_day(words, row.date),
            words.say(
                "bargain.delay.told", what=_what(words, found, row.label, row.date, dated=row.dated),
                list=by_party(writer, row.cost, ref), week=_week(writer, row, ref),
            ),
        )
        for row in sorted(rows, key=lambda row: row.date)
    )  # fmt: skip


def _week(writer: CitedWriter, row: DelayRow, ref: str) -> Span:
    """Cost of the mean week with its band."""
    band = row.week_band
    return writer.money(row.per_week, None if band is None else band.low, None if band is None else band.high, ref)


def _what(words: Words, found: NegotiationResult, label: str, day: str, *, dated: bool) -> str:
    """What falls on a day."""
    days = (date.fromisoformat(day) - date.fromisoformat(found.day)).days
    return words.translated(label) if dated else words.plain("bargain.delay.days", days=str(days))


def exchange(words: Words, found: NegotiationResult, issue: str, value: object) -> tuple[str, str]:
    """Name of an issue and the step that it goes to."""
    return capital(issue_name(words, found, issue)), step(words, value, found.issues[issue].kind)


def changed_gains(first: Mapping[str, float], then: Mapping[str, float]) -> dict[str, float]:
    """What parties have more then than first."""
    return {party: then[party] - first[party] for party in then if party in first}
