"""The review queue of ``ytterby read --review``: a quote, its reading, one key."""

from __future__ import annotations

import getpass
import textwrap
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

    from ytterby.evidence import Claim, ReadingResult, ToConfirm

KEYS = {"y": "confirm", "n": "reject", "e": "correct", "s": "", "q": ""}
"""Verdict of each key; an empty one leaves the claim as it is."""
HELP, SHORT_HELP = "y confirm, n reject, e edit, s skip, q quit: ", "y n e s q: "
"""What the keys do, at the first claim and at the others, which are to be read quickly."""
WIDTH = 76
"""Columns of a line of text; signs of East Asian scripts take two."""
WIDE = frozenset("FW")
"""Classes of signs that take two columns (Unicode Standard Annex 11)."""


def review_queue(reading: ReadingResult, project: Path) -> int:
    """Ask about every claim that waits, and keep the answers; returns how many were judged."""
    from ytterby.app import review

    claims, counts, by = {claim.id: claim for claim in reading.claims}, Counter[str](), getpass.getuser()
    for number, record in enumerate(reading.to_confirm, 1):
        click.echo(f"\n{number}/{len(reading.to_confirm)}")
        click.echo(shown(record, claims[record.claim]))
        key = asked(HELP if number == 1 else SHORT_HELP)
        if key == "q":
            break
        correction: dict[str, JsonValue] = edited() if key == "e" else {}
        verdict = KEYS[key] if key != "e" or correction else ""
        if verdict:
            review(record.claim, verdict, project=project, by=by, correction=correction)
            counts[verdict] += 1
    click.echo(f"\n{counts['confirm']} confirmed, {counts['correct']} corrected, {counts['reject']} rejected; kept in {project}\n")
    return counts.total()


def asked(keys: str = HELP) -> str:
    """A key of the queue; others are asked again."""
    click.echo(keys, nl=False)
    while (key := _key()) not in KEYS:
        pass
    click.echo(key)
    return key


def _key() -> str:
    """The next key; ``q`` at the end of the input, on Ctrl-C and without a terminal."""
    try:
        key = click.getchar().lower()
    except (EOFError, KeyboardInterrupt, OSError):
        return "q"
    return "q" if key in {"", "\x03", "\x04"} else key


def edited() -> dict[str, JsonValue]:
    """Corrected fields, such as ``actors=["country:CN"]``; an empty line ends them."""
    from ytterby.cli.review import pairs

    values: list[str] = []
    while text := click.prompt("FIELD=VALUE (empty line: done)", default="", show_default=False):
        values.append(text)
    return pairs(tuple(values))


def shown(record: ToConfirm, claim: Claim) -> str:
    """The quote, how it was read, and why it waits."""
    who = ", ".join(claim.actors) or "nobody"
    whom = f" -> {', '.join(claim.targets)}" if claim.targets else ""
    what = ", ".join(claim.materials) or "no material"
    day = (claim.date or {}).get("resolved") or "no day"
    head = f"{claim.event_type} ({claim.modality}): {who}{whom}; {what}; {day}"
    quote = [f"  {line}" for line in wrapped(record.quote)]
    return "\n".join([*quote, *wrapped(head), *wrapped(f"waits: {record.reason}  [{record.doc}]")])


def wrapped(text: str) -> list[str]:
    """Lines of a text for a terminal of 80 columns, broken between words where there are any."""
    is_wide = any(unicodedata.east_asian_width(sign) in WIDE for sign in text)
    return textwrap.wrap(text, WIDTH // 2 if is_wide else WIDTH)
