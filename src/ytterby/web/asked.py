"""What a request asks for: page, language, country; and addresses that keep these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ytterby.app import DEFAULT_IMPORTER
from ytterby.errors import YtterbyError
from ytterby.facts import groups, names, regions
from ytterby.report import Words, languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

KEPT = ("lang", "importer")
"""Parameters that links from page to page keep."""
FALLBACK = "en"


@dataclass(frozen=True)
class Asked:
    """A request for a page.

    Attributes
    ----------
    path : str
        Path of the page.
    query : mapping of str to str
        Parameters of the address.
    words : Words
        Language in which to answer: the parameter ``lang``, else what the browser prefers, else English.
    importer : str
        Region or group that the page is about.
    """

    path: str
    query: Mapping[str, str]
    words: Words
    importer: str = DEFAULT_IMPORTER
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        """Language of the page."""
        return self.words.lang

    def url(self, path: str = "", **changed: str | int | None) -> str:
        """Address of a page that keeps language and country; parameters that are None are left out.

        Without a path it is this page with its parameters, some of them changed.
        """
        base = dict(self.query) if not path else dict(self.kept)
        found = {key: str(value) for key, value in (base | changed).items() if value not in (None, "")}
        return (path or self.path) + (f"?{urlencode(found)}" if found else "")

    def text(self, key: str, /, **values: str) -> str:
        """Sentence of a page as plain text."""
        return self.words.plain(f"web-{key}", **values)


def asked_of(request: Request) -> Asked:
    """What a request asks for; an unknown language falls back to the browser's, an unknown country is told by :func:`check_place`."""
    query = dict(request.query_params)
    lang = query.get("lang", "")
    if lang not in languages():
        query.pop("lang", None)
        lang = _preferred(request.headers.get("accept-language", ""))
    importer = _importer(query.get("importer", ""))
    kept = {key: query[key] for key in KEPT if query.get(key) and (importer or key != "importer")}
    return Asked(request.url.path, query, Words(lang), importer or DEFAULT_IMPORTER, kept)


def _preferred(header: str) -> str:
    """First language of an ``Accept-Language`` header that has a catalogue."""
    wanted = (part.partition(";")[0].strip().lower().partition("-")[0] for part in header.split(","))
    return next((lang for lang in wanted if lang in languages()), FALLBACK)


def _importer(text: str) -> str:
    """Code of a country or group by its code or name; empty where it is unknown."""
    try:
        return names.region(text, "importer").code if text else ""
    except YtterbyError:
        return ""


def check_place(asked: Asked) -> None:
    """Refuse a country that nobody knows, so that no other is shown in its name.

    Raises
    ------
    UnknownNameError
        If the parameter names no country or group.
    """
    if given := asked.query.get("importer", ""):
        names.region(given)


def places(words: Words) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Countries, then groups, as pairs of code and name in the language's order of names."""
    told = [sorted(((code, words.region(code)) for code in table), key=lambda item: item[1]) for table in (regions(), groups())]
    return told[0], told[1]
