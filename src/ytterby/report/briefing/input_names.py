"""Names in words of measures and of the inputs that are drawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.facts import sectors
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.text import Words


def measure_name(words: Words, measure: Mapping[str, Any]) -> str:
    """Name of a measure as a heading; see :func:`measure_words`."""
    return capital(measure_words(words, measure))


OF_EXPORTS = ("ban", "licence", "quota", "export_duty")
"""Kinds that are taken by the country whose goods leave, if it is one."""


def measure_words(words: Words, measure: Mapping[str, Any]) -> str:
    """Name of a measure: its kind and the countries that take it, of which three are named; of all countries the kind alone.

    A tariff is not taken by those whose goods it is on, nor are licences for goods of many countries theirs: there the goods are named.
    """
    kind = words.code("kind", measure["kind"])
    fields = ("holders", "owner") if measure.get("holders") or measure.get("owner") else ("from", "from_")
    given = next((measure[field] for field in fields if measure.get(field)), ())
    codes = [given] if isinstance(given, str) else list(given)
    if not codes or "all" in codes:
        return kind
    names = words.joined(words.region(code) for code in codes[:3]) + (" …" if len(codes) > 3 else "")  # noqa: PLR2004
    on_goods = measure["kind"] == "tariff" or (measure["kind"] in OF_EXPORTS and len(codes) > 1)
    return words.plain("measure.on_goods" if on_goods else "measure.starts", kind=kind, **{"from": names})


def input_name(words: Words, declared: Mapping[str, Any], key: str) -> str:
    """Name of a drawn input such as ``behaviour.price_gain``, ``cover.magnet@JP`` or ``economy.parts.cars_*..parts``."""
    group, _, rest = key.partition(".")
    if words.has(f"driver.{key}"):
        return capital(words.plain(f"driver.{key}"))
    if group == "economy":
        return _economy_driver(words, rest.split("."))
    if group == "measures":
        return _measure_driver(words, declared, rest)
    if group == "forks":
        return _fork_driver(words, declared, rest)
    stage, _, place = rest.partition("@")
    if group in ("cover", "price") and words.has(f"driver.stage.{stage}"):
        within = words.within("OTHER" if place == "other" else place) if place else ""
        return capital(words.plain(f"driver.{group}", stage=words.plain(f"driver.stage.{stage}"), within=within))
    return words.plain("driver.unknown", key=key)


def _economy_driver(words: Words, parts: list[str]) -> str:
    """Name of an assumption of the economic model: table, sector, commodity (may contain dots), parameter."""
    table, sector, commodity, parameter = parts[0], parts[1], ".".join(parts[2:-1]), parts[-1]
    key = f"driver.{table}.{parameter}"
    what = words.plain(key) if words.has(key) else f"{table}: {parameter}"
    places = [words.sector(sector) if sector in sectors() else words.plain("driver.cars") if sector == "cars_*" else ""]
    places += [
        words.plain(f"driver.stage.{commodity.partition('.')[0]}") if words.has(f"driver.stage.{commodity.partition('.')[0]}") else ""
    ]
    places += [words.plain(f"driver.class.{parts[-2]}") if table == "input_classes" else ""]
    names = words.joined(name for name in places if name)
    return capital(words.plain("list.named", name=what, list=names) if names else what)


def _fork_driver(words: Words, declared: Mapping[str, Any], rest: str) -> str:
    """Name of a decision such as ``0``, or of a field of a measure of its branches such as ``0.branches.1.measures.late.depth``."""
    number, _, inside = rest.partition(".")
    forks = declared.get("forks", [])
    if int(number) >= len(forks):
        return words.plain("driver.unknown", key=f"forks.{rest}")
    fork = forks[int(number)]
    when = words.day(date.fromisoformat(str(fork["date"])[:10]))
    decision = words.translated(str(fork.get("label") or when))
    if not inside:
        return words.plain("driver.fork", what=decision, date=when) if fork.get("label") else words.plain("driver.fork_unnamed", date=when)
    _, branch, _, place, field = inside.split(".", 4)
    chosen = fork["branches"][int(branch)]
    named = {str(i): m for i, m in enumerate(chosen["measures"])} | {str(m["name"]): m for m in chosen["measures"] if m.get("name")}
    what, head = named[place], words.code("field", field.partition(".")[0])
    name = words.plain("driver.measure", what=measure_name(words, what), field=head)
    return words.plain("driver.branch", what=name, branch=words.translated(str(chosen.get("label") or branch)), decision=decision)


def _measure_driver(words: Words, declared: Mapping[str, Any], rest: str) -> str:
    """Name of a field of a measure, such as ``alarm.factor`` or ``permits.approval_by_end_use.defence``."""
    place, _, field = rest.partition(".")
    measures = declared.get("measures", [])
    named = {str(i): m for i, m in enumerate(measures)} | {str(m["name"]): m for m in measures if m.get("name")}
    head, _, of = field.partition(".")
    what = words.code("field", head)
    what = words.plain("list.pair", first=what, last=words.sector(of) if of in sectors() else words.country(of)) if of else what
    return words.plain("driver.measure", what=measure_name(words, named[place]), field=what) if place in named else rest
