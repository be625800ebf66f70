"""Rules of honesty: kind, range, licence, edition, address and the mark of outcomes."""

from __future__ import annotations

import math
import re

FACTOR = 1.5
"""Range of an assumed figure without one of its own: value / 1.5 to value x 1.5."""

PUBLIC = re.compile(r"USGS|BEA |US Census|Census trade|R47833|USITC|DOE (?:2011|2023|Critical)", re.IGNORECASE)
EDITION = (
    (re.compile(r"(?:Mineral Commodity Summaries|MCS) (\d{4})"), "MCS {}"),
    (re.compile(r"Minerals Yearbook (\d{4})"), "MYB {}"),
    (re.compile(r"(?:Global Critical Minerals Outlook|GCMO) (\d{4})"), "IEA GCMO {}"),
    (re.compile(r"OFR (\d{4}-\d{4})"), "USGS OFR {}"),
    (re.compile(r"OECD Input-Output Tables (\d{4})"), "OECD ICIO {}"),
    (re.compile(r"WIOD (\d{4})"), "WIOD {}"),
    (re.compile(r"BEA .*?(\d{4})"), "BEA {}"),
)
ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)+(?:com|org|net|news|io|ai|gov|gov\.au|eu|be|au|info|kr|jp|cn|dev|wiki|sg|co|in|de|uk|edu)(?![\w.])(?:/[^\s,;()]*)?"
)


def edition(source: str) -> str:
    """Edition that the source names, such as ``MCS 2026``; several are joined by a comma."""
    found = [form.format(match[1]) for pattern, form in EDITION for match in pattern.finditer(source)]
    return ", ".join(dict.fromkeys(found))


def address(source: str) -> str:
    """First address in a source, empty if none was written down."""
    found = ADDRESS.search(source)
    return "" if found is None else found[0] if "://" in found[0] else f"https://{found[0]}"


def locate(source: str, given: str) -> tuple[str, str]:
    """Address of a source and the source's text; a given address that is none goes into the text."""
    if given.startswith(("http://", "https://")) and " " not in given:
        return given, source
    if found := re.match(r"([\w.-]+/[\w.-]+)(?::| \()(.+?)\)?$", given):
        return f"https://github.com/{found[1]}", f"{source} ({found[2]})"
    if not given or given == "address not kept":
        return address(source), f"{source} (address not kept)" if given else source
    return address(given), f"{source} ({given})"


def licence(source: str, kind: str) -> str:
    """Licence under which the figure is shipped."""
    if PUBLIC.search(source):
        return "public-domain-us"
    if "BACI" in source:
        return "etalab-2.0"
    if source.startswith(("general knowledge", "recalled")) or (source.startswith("computed here") and kind == "assumed"):
        return "own-estimate"
    return "cited-figure"


def kind(flag: str, source: str, note: str = "", *, exact: bool = False) -> str:
    """Return ``reported``, ``derived`` or ``assumed``.

    A derived row is ``derived`` only if its source names what it was computed from; with any recalled or
    unnamed input it is ``assumed``.
    """
    if flag == "SEEN":
        return "reported"
    if flag == "RECALLED":
        return "assumed"
    named = source.replace("computed here from rows of these files", "").strip(" +")
    recalled = re.search(r"recalled|general knowledge|assumption", f"{source} {note}", re.IGNORECASE)
    return "derived" if exact or (named and not recalled) else "assumed"


def source_status(flag: str, source: str, url: str) -> str:
    """``located``, ``unlocated`` (read, but the address was not kept), ``computed`` or ``recalled``."""
    if flag == "RECALLED":
        return "recalled"
    lost = "not kept" in source or "not always kept" in source
    if flag == "DERIVED":
        return "unlocated" if lost else "computed"
    return "unlocated" if lost or not url else "located"


def spread(value: float, low: float, high: float, unit: str, *, assumed: bool) -> tuple[float, float, bool]:
    """Low and high bound; the last says whether the factor rule gave one of them."""
    if math.isnan(value):
        return low, high, False
    ruled = assumed and (math.isnan(low) or math.isnan(high))
    if ruled:
        narrow, wide = sorted((value / FACTOR, value * FACTOR))
        low, high = (narrow if math.isnan(low) else low), (wide if math.isnan(high) else high)
        if unit == "%" and 0 <= value <= 100:
            high = min(high, 100.0)
    return low, high, ruled
