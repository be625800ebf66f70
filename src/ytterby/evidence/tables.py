"""Tables of the lexicons: languages, event types and the rules that find them.

What belongs to one language lies in a folder of its own below ``lexicons``; everything else holds for all languages.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_FOLDER = files("ytterby.evidence") / "lexicons"
LANGUAGES = tuple(sorted(folder.name for folder in _FOLDER.iterdir() if (folder / "language.csv").is_file()))
"""Languages that have a folder of lexicons, by ISO 639-1 code."""


class ClaimRule(NamedTuple):
    """A row of ``rules.csv``: concepts that a clause must and must not contain to hold a claim of an event type.

    ``when[0]`` are the concepts that can trigger the rule; each further set must be met by one of its concepts.
    """

    id: str
    type: str
    when: tuple[frozenset[str], ...]
    unless: tuple[frozenset[str], ...]
    flags: frozenset[str]


class EventType(NamedTuple):
    """A row of ``types.csv``: how the fields of claims of an event type are filled.

    ``things`` are the kinds of things that are targets, ``planned_as`` is the type of an act that is still to come, and
    ``traits.csv`` says what the ``traits`` mean.
    """

    tier: str
    materials: str
    stage: str
    units: frozenset[str]
    actors: str
    modality: str
    dated: str
    things: frozenset[str]
    planned_as: str
    traits: frozenset[str]


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file below ``lexicons``; empty cells are empty strings."""
    text = (_FOLDER / name).read_text("utf-8")
    return [{key: value or "" for key, value in row.items()} for row in csv.DictReader(text.splitlines())]


def patterns(cell: str) -> list[str]:
    """Patterns of a cell, which are separated by semicolons."""
    return [pattern.strip() for pattern in cell.split(";") if pattern.strip()]


@cache
def language_settings(lang: str) -> dict[str, str]:
    """Settings of a language, such as its decimal sign."""
    return {row["key"]: row["value"] for row in read_table(f"{lang}/language.csv")}


@cache
def event_types() -> dict[str, EventType]:
    """Event types by name."""
    sets = ("units", "things", "traits")
    rows = ({key: frozenset(cell.split()) if key in sets else cell for key, cell in row.items()} for row in read_table("types.csv"))
    return {str(row.pop("type")): EventType(**row) for row in rows}  # type: ignore[arg-type]


@cache
def claim_rules() -> tuple[ClaimRule, ...]:
    """Rules in order of priority; the same for all languages."""
    return tuple(
        ClaimRule(
            row["id"],
            row["type"],
            tuple(frozenset(word.split("|")) for word in row["when"].split()),
            tuple(frozenset(word.split("+")) for word in row["unless"].split()),
            frozenset(row["flags"].split()),
        )
        for row in read_table("rules.csv")
    )


@cache
def rules_by_trigger() -> dict[str, tuple[int, ...]]:
    """Numbers of the rules that each concept can trigger."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(claim_rules()):
        for name in rule.when[0]:
            found.setdefault(name, []).append(number)
    return {name: tuple(numbers) for name, numbers in found.items()}


@cache
def host_of_firms() -> dict[str, str]:
    """Countries of firms that have plants in one only, by the facts (``hosts.csv``)."""
    rows = (row for row in read_table("hosts.csv") if row["kind"] == "firm")
    return {row["name"]: f"country:{row['countries']}" for row in rows if " " not in row["countries"]}
