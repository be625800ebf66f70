"""Text of the briefing in a language: sentences from its message catalogue, numbers, dates and names.

A sentence may contain spans (numbers with references), so :meth:`Words.say` returns spans and not a string.
"""

from __future__ import annotations

import copy
import string
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from ytterby.facts import vocabulary
from ytterby.report.briefing.document import Span, Spans
from ytterby.report.catalogue import REFERENCE, Catalogue, catalogue
from ytterby.report.digits import bounded_percents, date_precision, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from typing import Any

    from babel import Locale

HOUSE_WORDS = {
    "computed here from rows of these files": "computed",
    "general knowledge, unconfirmed": "general",
    "trade press or report; page address not kept": "press",
    "address not kept": "address",
    "own-estimate": "estimate",
}
"""Phrases about sources in the tables of figures, with their keys in the catalogues; longer phrases first."""
Field = str | Span | Spans
NBSP = "\u00a0"
MIN_SCALE = 4
"""Smallest power of ten for which money is given in a larger unit, if the language has a word for it."""
DATES = {"month": "yMMMM", "year": "y"}
"""Skeletons (CLDR) of dates by their precision."""


def fields_of(sentence: str) -> list[str]:
    """Names of the fields in a sentence of the catalogue, in order."""
    return [name for _, name, _, _ in string.Formatter().parse(sentence) if name]


def plain(spans: Spans) -> str:
    """Text of spans without their references."""
    return "".join(span.text for span in spans)


@dataclass(frozen=True)
class Words:
    """Sentences, numbers and names in one language."""

    lang: str = "en"

    def __post_init__(self) -> None:
        catalogue(self.lang)

    @property
    def texts(self) -> Catalogue:
        """Catalogue of the language."""
        return catalogue(self.lang)

    @property
    def locale(self) -> Locale:
        """Locale for numbers, dates, lists and names of countries, such as British English."""
        return self.texts.locale

    def has(self, key: str) -> bool:
        """Whether the catalogue has a sentence with this key."""
        return key in self.texts.messages

    def fonts(self, style: str) -> str:
        """Fonts (CSS) for the non-Latin letters of the language, for style ``serif`` or ``sans``; often empty."""
        return self.plain(f"font.{style}") if self.has(f"font.{style}") else ""

    def code(self, section: str, name: str) -> str:
        """Text for a code in the data, such as a kind of measure; the code itself if the catalogue has none."""
        return self.plain(f"{section}.{name}") if self.has(f"{section}.{name}") else name.replace("_", " ")

    def say(self, key: str, /, **values: Field) -> Spans:
        """Sentence as spans, its fields replaced by strings or spans."""
        return filled(self.texts.messages[key][0], values)

    def plain(self, key: str, /, **values: Field) -> str:
        """Sentence as plain text."""
        return plain(self.say(key, **values))

    def count(self, key: str, number: int, /, **values: Field) -> Spans:
        """Sentence as spans, in the plural form for the number."""
        return filled(self.texts.messages[key][self.texts.plural_form(number)], values)

    def declared(self, scenario: Mapping[str, Any], key: str) -> str:
        """Title or summary of a scenario: as declared in the language, or translated, or in English; empty if there is none."""
        own, english = scenario.get(f"{key}_{self.lang}"), scenario.get(f"{key}_{REFERENCE}")
        return str(own or self.translated(str(english or "")))

    def translated(self, text: str) -> str:
        """Text of a bundled scenario in the language; other texts stay as they are."""
        return self.texts.scenarios.get(text, text)

    def listed(self, items: Iterable[str]) -> str:
        """Items as ``a, b and c``."""
        from babel.lists import format_list

        return str(format_list(list(items), locale=self.locale))

    def joined(self, items: Iterable[str], key: str = "list.pair") -> str:
        """Items as ``a, b, c``, without a last ``and``; see :meth:`chained` for other keys."""
        return plain(self.chained(items, key))

    def chained(self, items: Iterable[Field], key: str) -> Spans:
        """Join the items that are not empty: with ``list.clauses`` as ``a; b``, with ``list.sentences`` as sentences."""
        parts = [spans for item in items if (spans := as_spans(item))]
        return reduce(lambda first, last: self.say(key, first=first, last=last), parts) if parts else ()

    def number(self, value: float, place: int) -> str:
        """Number rounded at a decimal place, with the language's separators."""
        from babel.numbers import format_decimal

        pattern, decimals = copy.copy(self.locale.decimal_formats[None]), max(0, -place)
        pattern.frac_prec = (decimals, decimals)
        return str(format_decimal(rounded(value, place), format=pattern, locale=self.locale)).replace("-", "\u2212")

    def percent(self, share: float, place: int) -> str:
        """Share [1] in per cent, rounded at a decimal place of the per cents; ``>99 %`` and ``<1 %`` are never called all and nothing."""
        return self.plain("unit.percent", value=self.percents(100.0 * share, place))

    def percents(self, value: float, place: int) -> str:
        """Number of a share in per cents, without its unit, as in :meth:`percent`."""
        sign, shown = bounded_percents(value, place)
        return f"{sign}{self.number(shown, place)}"

    def scaled(self, value: float) -> tuple[int, str]:
        """Power of ten and its word for a sum of money: (9, 'billion'), in Japanese (8, '億')."""
        names = self.locale.compact_decimal_formats[self.plain("unit.scale")]["other"]
        scales = {len(power) - 1: pattern for power, pattern in names.items() if pattern.pattern.count("0") == 1 and any(pattern.suffix)}
        for power, pattern in sorted(scales.items(), reverse=True):
            if power >= MIN_SCALE and abs(value) >= 10.0**power:
                return power, pattern.suffix[0].replace("'", "").strip()
        return 0, ""

    def day(self, when: date, precision: str = "day") -> str:
        """Date with a precision of day, month or year."""
        from babel.dates import format_date, format_skeleton

        skeleton = DATES.get(precision)
        text = format_skeleton(skeleton, when, locale=self.locale) if skeleton else format_date(when, "long", locale=self.locale)
        return str(text).replace(" ", NBSP)

    def short_day(self, when: date) -> str:
        """Date with a short month, for charts and tables."""
        from babel.dates import format_skeleton

        return str(format_skeleton("yMMMd", when, locale=self.locale)).replace(" ", NBSP)

    def short_month(self, when: date) -> str:
        """Short month with its year, for tables."""
        from babel.dates import format_skeleton

        return str(format_skeleton("yMMM", when, locale=self.locale)).replace(" ", NBSP)

    def month(self, when: date) -> str:
        """Short name of the month, for axes."""
        from babel.dates import format_date

        return str(format_date(when, format="LLL", locale=self.locale)).rstrip(".")[:3]

    def time(self, when: date, low: date | None = None, high: date | None = None) -> Span:
        """Date as a span, with the precision of its band; a date without a band is given by day."""
        precision = "day" if low is None and high is None else date_precision(low, high)
        return Span("time", self.day(when, precision), when.isoformat())

    def region(self, code: str) -> str:
        """Name of a region or a group of regions."""
        if self.has(f"region.{code}"):
            return self.plain(f"region.{code}")
        term = vocabulary.regions().get(code) or vocabulary.groups().get(code)
        return term.name(self.lang) if term else code

    def country(self, iso: str) -> str:
        """Name of a country by its ISO 3166 alpha-2 code; regions keep the vocabulary's names."""
        if self.has(f"region.{iso}") or iso in vocabulary.regions() or iso in vocabulary.groups():
            return self.region(iso)
        return str(self.locale.territories.get(iso, iso))

    def within(self, code: str) -> str:
        """Place with its preposition: ``in Japan``, ``in the United States``, ``in den USA``."""
        if self.has(f"within.{code}"):
            return self.plain(f"within.{code}")
        return self.plain("within.default", name=self.region(code))

    def source(self, text: str) -> str:
        """Description of a source: names of publications are unchanged, phrases of the package are translated."""
        for phrase, key in HOUSE_WORDS.items():
            text = text.replace(phrase, self.plain(f"source.{key}"))
        return text

    def stage(self, stage: str, *elements: str) -> str:
        """Name of a stage, or of final use, as it is called in the chains of some elements."""
        named = dict.fromkeys(self._stage_of(stage, element) for element in elements)
        return " / ".join(named) if named else self._stage_of(stage, "")

    def form(self, stage: str, *elements: str) -> str:
        """Form in which goods of a stage are traded, in the chains of some elements, within a sentence."""
        own = {element: vocabulary.stage_of(stage, element) for element in elements}
        named = dict.fromkeys(self._inside(term.name(self.lang)) if term else self.plain(f"form.{stage}") for term in own.values())
        return self.joined(named) if named else self.plain(f"form.{stage}")

    def _inside(self, name: str) -> str:
        """Name as within a sentence, without its capital letter where the language writes nouns so."""
        return name[:1].lower() + name[1:] if self.plain("style.nouns") == "lower" else name

    def _stage_of(self, stage: str, element: str) -> str:
        term = vocabulary.stage_of(stage, element) or vocabulary.stages().get(stage)
        return term.name(self.lang) if term else self.plain("stage.use") if stage == "use" else stage

    def sector(self, code: str) -> str:
        """Name of an end use, capitalised as in the vocabulary."""
        term = vocabulary.sectors().get(code)
        return term.name(self.lang) if term else code

    def element(self, symbol: str) -> str:
        """Name of an element, of the model's or of another that articles and controls name; pairs such as NdPr are unchanged."""
        term = vocabulary.symbols().get(symbol) or vocabulary.family_of_symbol().get(symbol)
        return term.name(self.lang) if term else symbol

    def commodity(self, code: str) -> str:
        """Name of a commodity ``stage.product``, or of the goods of a selector."""
        if self.has(f"commodity.{code}"):
            return self.plain(f"commodity.{code}")
        stage, _, product = code.partition(".")
        if product == "*" and self.has(f"commodity.every.{stage}"):
            return self.plain(f"commodity.every.{stage}")
        known = product in vocabulary.symbols() and self.has(f"commodity.of_element.{stage}")
        if known:
            return self.plain(f"commodity.of_element.{stage}", element=self.element(product))
        return self.plain(f"commodity.of.{stage}", product=product) if self.has(f"commodity.of.{stage}") else code


def filled(sentence: str, values: Mapping[str, Field]) -> Spans:
    """Sentence as spans, its fields replaced by strings or spans."""
    spans: list[Span] = []
    for literal, name, _, _ in string.Formatter().parse(sentence):
        spans += [Span("text", literal)] if literal else []
        spans += as_spans(values[name]) if name else ()
    return tuple(spans)


def as_spans(value: Field) -> Spans:
    """Spans of a string, a span or spans."""
    if isinstance(value, str):
        return (Span("text", value),) if value else ()
    return (value,) if isinstance(value, Span) else value


def capital(text: str) -> str:
    """Text with a capital first letter, the rest unchanged."""
    return text[:1].upper() + text[1:]


def band_dates(words: Words, low: date, high: date) -> Spans:
    """Range of two dates, with the precision of its width."""
    precision = date_precision(low, high)
    first, last = (Span("time", words.day(when, precision), when.isoformat()) for when in (low, high))
    return (first,) if first.text == last.text else words.say("range.dates", low=first, high=last)
