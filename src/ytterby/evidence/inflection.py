"""Patterns generated from lemmas: verbs in all their forms, compounds and phrases of what acts and what it acts on.

How a language inflects and joins is data in ``inflection.csv`` of its folder: rows ``irregular`` give the forms of a verb, rows
``regular`` a regular expression and forms by its groups (the first that fits counts), rows ``separable`` and ``compound`` the
patterns made of forms and parts.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.tables import patterns, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARABLE = "|"
"""Stands in a lemma between the part that can be separated and the verb, in the order in which the language writes them."""


class Inflection(NamedTuple):
    """How a language inflects verbs and joins words."""

    irregular: dict[str, list[str]]
    regular: list[tuple[re.Pattern[str], list[str]]]
    separable: list[str]
    compound: list[str]


@cache
def inflection_of(lang: str) -> Inflection:
    """The rules of a language."""
    found = Inflection({}, [], [], [])
    for row in read_table(f"{lang}/inflection.csv"):
        forms = patterns(row["forms"])
        if row["kind"] == "irregular":
            found.irregular[row["lemma"]] = forms
        elif row["kind"] == "regular":
            found.regular.append((re.compile(row["lemma"]), forms))
        else:
            (found.separable if row["kind"] == "separable" else found.compound).extend(forms)
    return found


def verb_patterns(lemma: str, lang: str) -> list[str]:
    """Patterns of all forms of a verb; ``ein|führen`` and ``put|off`` are separable.

    Raises
    ------
    ValueError
        If the language has no rule for the verb.
    """
    rules, (first, mark, second) = inflection_of(lang), lemma.partition(SEPARABLE)
    if not mark:
        return _forms(first, rules)
    is_last = any(template.startswith("{0} {p}") for template in rules.separable)
    verb, particle = (first, second) if is_last else (second, first)
    forms, joint = [form.rstrip("*") for form in _forms(verb, rules)], " " if " " in particle else ""
    return list(dict.fromkeys(template.format(*forms, p=particle, j=joint) for template in rules.separable))


def _forms(lemma: str, rules: Inflection) -> list[str]:
    if lemma in rules.irregular:
        return rules.irregular[lemma]
    for pattern, forms in rules.regular:
        match = pattern.fullmatch(lemma)
        if match:
            return [match.expand(form) for form in forms]
    raise ValueError(f"no rule inflects '{lemma}'")


def generated_patterns(lang: str) -> Iterator[tuple[str, str]]:
    """Labels and patterns of all verbs and compounds of a language."""
    for row in read_table(f"{lang}/verbs.csv"):
        for lemma in patterns(row["lemmas"]):
            for pattern in verb_patterns(lemma, lang):
                yield row["label"], pattern
    for row in read_table(f"{lang}/compounds.csv"):
        for head, modifier, template in product(patterns(row["heads"]), patterns(row["modifiers"]), inflection_of(lang).compound):
            yield row["label"], template.format(h=head, m=modifier)
