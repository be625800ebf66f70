"""Words for what stands in the result of talks: issues and their steps, days, amounts, assumptions, and the notes on parts of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.bargain import CHANCE, CHARGE
from ytterby.report.briefing.document import Span
from ytterby.report.briefing.result_frame import exact, named
from ytterby.report.digits import plain_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ytterby.bargain import NegotiationResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.text import Field, Words

BILLION = 1e9
FINEST = -2
"""Decimal place of the smallest amounts in tables of billions."""
LARGEST_SHARE = 10.0
"""Numbers above are sums of money, no duties or shares."""
PERCENT = 100.0


def note(writer: CitedWriter, found: NegotiationResult, key: str, *parts: str) -> str:
    """Number of a note on a part of the result, with the figures behind parts of the talks."""
    words = writer.words
    common = words.plain("bargain.note.common", draws=str(found.draws), seed=str(found.seed))
    facts = [name for part in parts or ("issues",) for name in found.facts.get(part, ())]
    return writer.notes.add(
        f"talks:{key}", "derived", words.plain("bargain.note.title"), words.plain(f"bargain.note.{key}"), facts=facts, common=common
    )


def title(words: Words, found: NegotiationResult) -> str:
    """Title of the talks, and what is left out of them."""
    own = found.titles.get(words.lang)
    if own is None:
        return found.title
    return own if found.minerals_digest else words.plain("bargain.title.without", title=own)


def issue_name(words: Words, found: NegotiationResult, issue: str) -> str:
    """Name of an issue inside a sentence."""
    row = found.issues[issue]
    return row.names.get(words.lang, row.name)


def spelled_day(words: Words, day: str) -> Span:
    """Day written out."""
    return words.time(date.fromisoformat(day))


def billions(words: Words, usd: float) -> str:
    """Amount in billions of USD with its sign, to two significant digits, at most to hundredths."""
    value = usd / BILLION
    size = words.number(value, max(plain_place(value), FINEST) if abs(value) >= 10.0**FINEST / 2 else 0)
    return f"+{size}" if value >= 10.0**FINEST / 2 else size.lstrip("\u2212") if size.strip("\u2212") == "0" else size


def amounts(words: Words, parties: Iterable[str], values: Mapping[str, float]) -> tuple[str, ...]:
    """Amounts of the parties in billions; empty for who has none."""
    return tuple(billions(words, values[party]) if party in values else "" for party in parties)


def by_party(writer: CitedWriter, values: Mapping[str, float], ref: str, bands: Mapping[str, Any] | None = None) -> Spans:
    """Amounts as ``USD 7 billion to Japan, ...``, with their bands."""
    words = writer.words
    items = []
    for party, usd in values.items():
        band = (bands or {}).get(party)
        amount = writer.money(usd, band.low if band else None, band.high if band else None, ref)
        items.append(words.say("bargain.to_party", amount=amount, party=named(words, party)))
    return words.chained(items, "list.pair")


def step(words: Words, value: Any, kind: str) -> str:
    """A step of an issue in words."""
    if kind in STEPS:
        return STEPS[kind](words, value)
    if isinstance(value, bool):
        return words.plain(f"bargain.step.{'yes' if value else 'no'}")
    return _percent(words, value) if value <= LARGEST_SHARE else _sum(words, value)


def _percent(words: Words, value: float) -> str:
    return words.plain("unit.percent", value=exact(words, PERCENT * value))


def _sum(words: Words, usd: float) -> str:
    power, scale = words.scaled(usd)
    return words.plain("unit.usd_scaled", value=exact(words, usd / 10.0**power), scale=scale)


def _none_or_sum(words: Words, usd: float) -> str:
    return _sum(words, usd) if usd else words.plain("bargain.step.none")


def _shares(words: Words, value: Any) -> str:
    if not isinstance(value, dict):
        return words.plain("bargain.step.own")
    return words.joined(f"{words.region(party)} {_percent(words, share)}" for party, share in value.items())


def _orders(words: Words, share: float) -> str:
    known = {0.0: "none", 1.0: "all"}
    return words.plain(f"bargain.step.{known[share]}") if share in known else _percent(words, share)


def _months(words: Words, months: int) -> str:
    return words.plain("bargain.step.at_once") if months == 0 else words.plain("bargain.step.months", count=str(months))


STEPS: dict[str, Callable[[Words, Any], str]] = {
    "minerals": lambda words, name: words.code("bargain.programme", name),
    "standard": lambda words, name: words.plain(f"bargain.step.standard_{name}"),
    "cost_shares": _shares,
    "investment": _none_or_sum,
    "purchases": _none_or_sum,
    "orders": _orders,
    "start": _months,
}
"""Words of steps by kind of issue; steps of other kinds say what they are by themselves."""


def changed(words: Words, found: NegotiationResult, terms: Mapping[str, Any]) -> str:
    """Steps of some issues, as ``duty on other goods 10%, ...``."""
    return words.joined(
        words.plain("bargain.issue_step", issue=issue_name(words, found, name), step=step(words, value, found.issues[name].kind))
        for name, value in terms.items()
    )


def assumption(words: Words, name: str) -> str:
    """Name of an assumption inside a sentence."""
    if name.startswith(CHANCE):
        return words.plain("bargain.assumption.chance", day=words.day(date.fromisoformat(name.removeprefix(CHANCE))))
    if name.startswith(CHARGE):
        return words.plain("bargain.assumption.charge")
    return words.plain(f"bargain.assumption.{name}")


def of_unit(words: Words, value: float, unit: str, ref: str) -> Field:
    """Value of an assumption with its unit."""
    if unit == "year":
        return Span("num", words.plain("unit.years", value=words.number(value, plain_place(value))), ref)
    if unit == "USD/t":
        return Span("num", words.plain("unit.usd_per_t", value=words.number(value, plain_place(value))), ref)
    text = words.percent(value, plain_place(PERCENT * value))
    return Span("num", words.plain("bargain.a_year", value=text) if unit == "1/year" else text, ref)
