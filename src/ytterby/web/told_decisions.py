"""Dated decisions in the words of the page; a promise that an article tells stays a quotation in the language of the article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.briefing import decision_words

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import CalendarRow
    from ytterby.report import Words


@dataclass(frozen=True)
class ToldDecision:
    """What is decided.

    Attributes
    ----------
    text : str
        In the words of the page, or the quotation without its marks.
    quoted : bool
        Whether it is the words of an article.
    lang : str
        Language of the quotation; empty where it is that of the page or not known.
    articles : tuple of str
        Names of the articles that tell it.
    """

    text: str
    quoted: bool = False
    lang: str = ""
    articles: tuple[str, ...] = ()

    def plain(self, words: Words) -> str:
        """The same as one text, with the marks of a quotation."""
        return words.plain("happened.quoted", text=self.text) if self.quoted else self.text


def told_decision(words: Words, bench: Workbench, row: CalendarRow) -> ToldDecision:
    """What is decided, as the page tells it."""
    if not (row.promise and row.origin == "articles"):
        return ToldDecision(decision_words(words, row.id, row.decision))
    names = tuple(name for name in row.source.split(", ") if name)
    read = bench.article_languages()
    lang = next((read[name] for name in names if read.get(name)), "")
    return ToldDecision(row.decision, True, "" if lang == words.lang else lang, tuple(name for name in names if name in read))
