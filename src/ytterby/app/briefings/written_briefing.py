"""A briefing as it was written: its page, its PDF, its files, and what programs want to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.report import plain
from ytterby.report.render import html
from ytterby.result_model import ResultModel
from ytterby.store import write_bytes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from ytterby.report.briefing import Briefing


class BriefingSummary(ResultModel):
    """What programs want to know of a briefing."""

    title: str
    lang: str
    answer: str
    """The answer in one sentence."""
    beside: tuple[str, ...]
    """The answer for each further importer."""
    support: str
    """Where the answer comes from, in a sentence."""
    warnings: tuple[str, ...]
    sections: tuple[str, ...]
    """Names of the sections."""
    notes: int
    """Number of notes."""
    runs: tuple[str, ...]
    """Run folders that it was written from."""


@dataclass(frozen=True, eq=False)
class WrittenBriefing:
    """A briefing with the date on which it was written and the runs that it was written from."""

    briefing: Briefing
    made: dt.date
    runs: tuple[Path, ...] = field(default=())

    def html(self) -> str:
        """The briefing as one HTML file."""
        return html(self.briefing)

    def pdf(self) -> bytes:
        """The briefing as a tagged PDF."""
        from ytterby.report.render import pdf

        return pdf(self.briefing, self.made)

    def save(self, path: Path, *, with_pdf: bool = False) -> list[Path]:
        """Write HTML, or PDF where the name ends so; with ``with_pdf`` both; each file is written whole.

        Raises
        ------
        InputError
            If the place cannot be written.
        """
        if path.is_dir():
            raise InputError(f"{path}: is a folder; give the name of a file such as {path / 'brief.html'}")
        made: dict[Path, Callable[[], bytes]] = {}
        if path.suffix != ".pdf":
            made[path] = lambda: self.html().encode()
        if path.suffix == ".pdf" or with_pdf:
            made[path.with_suffix(".pdf")] = self.pdf
        try:
            for place, content in made.items():  # the page first: where the PDF cannot be made, it is there
                write_bytes(place, content())
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None
        return sorted(made)

    def summary(self) -> BriefingSummary:
        """What programs want to know of the briefing."""
        return BriefingSummary(
            title=self.briefing.title,
            lang=self.briefing.lang,
            answer=plain(self.briefing.answer),
            beside=tuple(plain(text) for text in self.briefing.beside),
            support=plain(self.briefing.support),
            warnings=tuple(plain(line) for line in self.briefing.warnings),
            sections=tuple(section.name for section in self.briefing.sections),
            notes=len(self.briefing.notes),
            runs=tuple(str(folder) for folder in self.runs),
        )
