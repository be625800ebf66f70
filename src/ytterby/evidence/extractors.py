"""All extractors of this package as one: each reads the languages that it supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.rules.extractor import RuleExtractor
from ytterby.evidence.unspaced.extractor import UnspacedExtractor

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim, Extractor
    from ytterby.evidence.clean_view import CleanView
    from ytterby.evidence.documents import Document


class ExtractorByLanguage:
    """The first extractor that supports a document's language; see :class:`ytterby.evidence.claims.Extractor`."""

    def __init__(self, *extractors: Extractor) -> None:
        self.extractors = extractors

    def supports(self, language: str) -> bool:
        """Whether one of the extractors does."""
        return any(extractor.supports(language) for extractor in self.extractors)

    def extract(self, document: Document, view: CleanView) -> list[Claim]:
        """Claims of a document in order of place."""
        return next(extractor.extract(document, view) for extractor in self.extractors if extractor.supports(document.language))


EXTRACTORS = ExtractorByLanguage(RuleExtractor(), UnspacedExtractor())
