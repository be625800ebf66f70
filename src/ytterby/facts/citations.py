"""Where a figure was published, apart from where it was read: mirror sites and folders of gathered files are no publications."""

from __future__ import annotations

import re
from typing import NamedTuple

from ytterby.facts import vocabulary

JOINED = " + "
"""Between the sources of a figure that rests on several."""
MIRROR = re.compile(r"github\.com/|(?<!\w)data/raw/|\bvia \S+\.\w+/")
"""Marks a place where something was read."""


class Citation(NamedTuple):
    """A publication with its address, and where it was read if that is another place."""

    text: str
    url: str
    read_at: str = ""


def cited(source: str, url: str = "") -> Citation:
    """Publication behind the cells ``source`` and ``url`` of a figure.

    Publishers and their pages stand in ``schema/publishers.csv``; a source that is not there stays as it is.

    Parameters
    ----------
    source : str
        One source, or several joined by ``+``.
    url : str
        Address where it was read, empty where none was kept.
    """
    parts = [_publisher(part) for part in source.split(JOINED)]
    home = next((row["url"] for row in parts if row["url"]), "")
    text = JOINED.join(dict.fromkeys(row["text"] for row in parts))
    mirrors = [part for part, row in zip(source.split(JOINED), parts, strict=True) if row["url"] and MIRROR.search(part)]
    if not mirrors:
        return Citation(text, url or home)
    elsewhere = url if url and url != home else ""
    return Citation(text, home, JOINED.join(filter(None, (*mirrors, elsewhere))))


def _publisher(part: str) -> dict[str, str]:
    """Row of the publisher of a source; the source itself, without an address, where it is not known."""
    rows = vocabulary.listed("publishers").values()
    return next((row for row in rows if row["phrase"] in part), {"text": part, "url": ""})
