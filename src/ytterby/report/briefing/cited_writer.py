"""Numbers with references: each printed figure carries the number of the note that gives its source."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.facts import cited
from ytterby.report.briefing.document import Note, Span
from ytterby.report.digits import band_place, plain_place, share_of_draws

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.report.text import Words

ORIGINS = ("simulated", "reported", "derived", "assumed", "article")
"""Origins of notes; the message catalogues have a word for each."""


MAX_FACTS = 12
"""Figures that a note names."""


@dataclass
class Notes:
    """Notes in the order of first use, one for each key.

    Parameters
    ----------
    words : Words
        Language of the notes.
    kinds : mapping of str to str
        Kind of each figure by id; a note names no others.
    """

    words: Words
    kinds: Mapping[str, str]
    _numbers: dict[str, str] = field(default_factory=dict)
    _notes: list[Note] = field(default_factory=list)

    def add(  # noqa: PLR0913, PLR0917
        self, key: str, origin: str, title: str, text: str, url: str = "", facts: Iterable[str] = (), common: str = "", read_at: str = ""
    ) -> str:
        """Number of the note with this key; made on first use. Of the ``facts``, the most important first, it names a dozen."""
        if key not in self._numbers:
            number = str(len(self._notes) + 1)
            self._numbers[key] = number
            known = tuple((name, self.kinds[name]) for name in facts if name in self.kinds)
            more = self.words.plain("page.more_facts", count=str(len(known) - MAX_FACTS)) if len(known) > MAX_FACTS else ""
            self._notes.append(Note(number, origin, title, text, url, known[:MAX_FACTS], more, common, read_at))
        return self._numbers[key]

    def add_fact(self, name: str, kind: str, what: str, source: str, url: str) -> str:
        """Number of the note on a figure: what it is, who published it, and where it was read."""
        found = cited(source, url)
        said = self.words.source(found.text)
        text = f"{what}. {said}" if what and said else what or said
        return self.add(f"fact:{name}", kind, name, text, found.url, read_at=found.read_at)

    def all(self) -> tuple[Note, ...]:
        """All notes, by number."""
        return tuple(self._notes)


MANY_DRAWS = 100
"""From so many draws on a share of them is given in per cent."""


@dataclass(frozen=True)
class CitedWriter:
    """Writes numbers in the language of a briefing and adds their notes."""

    words: Words
    notes: Notes

    def number(self, value: float, low: float | None, high: float | None, ref: str, unit: str = "") -> Span:
        """Value with its band, as ``47 (31 to 68) t``, rounded to the digits of the band."""
        place = band_place(value, low, high)
        return Span("num", self._with_band(value, low, high, place, unit), ref)

    def share(self, share: float, low: float | None, high: float | None, ref: str) -> Span:
        """Share [1] in per cent with its band, rounded to whole per cents or coarser; 100 % only if it is exactly 1."""
        first, last = (None if end is None else 100.0 * end for end in (low, high))
        place = max(band_place(100.0 * share, first, last), 0)
        if share < 1.0 and round(100.0 * share) == 100:
            return Span("num", self.words.plain("odds.above", value=self.words.percent(0.99, 0)), ref)
        return Span("num", self._with_band(100.0 * share, first, last, place, "percent"), ref)

    def ratio(self, ratio: float, low: float, high: float, ref: str) -> Span:
        """Ratio [1] that may be above 1 in per cent with its band, rounded to whole per cents or coarser."""
        value, first, last = 100.0 * ratio, 100.0 * low, 100.0 * high
        return Span("num", self._with_band(value, first, last, max(band_place(value, first, last), 0), "percent"), ref)

    def plain_share(self, share: float, ref: str) -> Span:
        """Share [1] in whole per cents, without a band."""
        return Span("num", self.words.percent(share, 0), ref)

    def money(self, usd: float, low: float | None, high: float | None, ref: str, *, band: bool = True) -> Span:
        """Sum in USD with its band, in millions or billions; without ``band`` rounded by it all the same, but without its ends."""
        power, word = self.words.scaled(usd or high or 0.0)
        if band and high is not None and not word:  # a middle too small for a word beside an end that has one
            power, word = self.words.scaled(high)
        value, first, last = (None if item is None else item / 10.0**power for item in (usd, low, high))
        place = band_place(value or 0.0, first, last)
        first, last = (first, last) if band else (None, None)
        return Span("num", self._with_band(value or 0.0, first, last, place, "usd_scaled" if word else "usd", word), ref)

    def of_draws(self, share: float, draws: int, ref: str) -> Span:
        """Share of the draws as a count, such as ``23 of 24 draws``; from a hundred draws on in whole per cents, but for all and none."""
        count = round(share * draws)
        if count == draws:
            text = self.words.plain("odds.all", draws=str(draws))
        elif draws < MANY_DRAWS or not 0 < round(100.0 * share) < 100:
            text = self.words.plain("odds.some" if count else "odds.none", count=str(count), draws=str(draws))
        else:
            text = self.words.plain("odds.share", share=self.words.percent(share, 0))
        return Span("num", text, ref)

    def odds_text(self, share: float, draws: int) -> str:
        """Probability estimated from draws: rounded according to its 90 % interval, never 0 or 100 %."""
        _, low, high = share_of_draws(round(share * draws), draws)
        place = max(band_place(100.0 * share, 100.0 * low, 100.0 * high), 0)
        step = 10.0**place
        value = round(100.0 * share / step) * step
        if value <= 0.0:
            return self.words.plain("odds.below", value=self.words.percent(math.ceil(100.0 * high) / 100.0, 0))
        if value >= 100.0:
            return self.words.plain("odds.above", value=self.words.percent(math.floor(100.0 * low) / 100.0, 0))
        return self.words.percent(value / 100.0, place)

    def plain(self, value: float, ref: str, unit: str = "", digits: int = 2) -> Span:
        """Value without a band, to some significant digits."""
        return Span("num", self._with_band(value, None, None, plain_place(value, digits), unit), ref)

    def _with_band(self, value: float, low: float | None, high: float | None, place: int, unit: str, scale: str = "") -> str:
        words, number = self.words, self.words.percents if unit == "percent" else self.words.number
        text = number(value, place)
        ends = (number(low, place), number(high, place)) if low is not None and high is not None else ("", "")
        if not ends[0] or ends[0] == ends[1]:
            return words.plain(f"unit.{unit}", value=text, scale=scale) if unit else text
        both = words.plain("range.band", value=text, low=ends[0], high=ends[1])
        return words.plain(f"band.{unit}", value=text, low=ends[0], high=ends[1], scale=scale) if unit else both
