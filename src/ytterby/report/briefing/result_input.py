"""What the page of a result rests on besides the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.report.briefing.cited_writer import CitedWriter, Notes
from ytterby.report.text import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ytterby.report.briefing.briefing_input import CitedFact


@dataclass(frozen=True, eq=False)
class ResultFrame:
    """What a page is written with besides its result.

    Attributes
    ----------
    today : date
        Date of writing.
    version : str
        Version of the program.
    as_of : str
        Period of the newest fact.
    facts : mapping
        Figures behind the result, by id.
    shocks : tuple of str
        Ids of the figures behind the paths of restrictions.
    """

    today: date
    version: str = ""
    as_of: str = ""
    facts: Mapping[str, CitedFact] = field(default_factory=dict)
    shocks: tuple[str, ...] = ()

    def writer(self, lang: str) -> CitedWriter:
        """Writer of numbers in a language."""
        words = Words(lang)
        return CitedWriter(words, Notes(words, {name: fact.kind for name, fact in self.facts.items()}))
