"""A span of a raw text as a reader sees it: without markup, with entities resolved, on one line."""

from __future__ import annotations

import html
import re

TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
CUT = re.compile(r"^[^<>]{0,200}(?<=[\"'\w/])>|<[A-Za-z/!][^<>]{0,200}$")
"""Rests of a tag at the ends of a span that was cut inside of it."""
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")


def shown(text: str) -> str:
    """Return the text of a span of a page; of a plain text the span itself, on one line."""
    plain = TAG.sub("", text)
    return " ".join(UNSEEN.sub("", html.unescape(plain)).split())


def shown_around(text: str) -> str:
    """Return the text of a span beside another, whose ends may lie inside of a tag; a blank at an end stays."""
    plain = CUT.sub("", text) if TAG.search(text) or "<" in text else text
    return " " * plain[:1].isspace() + shown(plain) + " " * (len(plain) > 1 and plain[-1:].isspace())
