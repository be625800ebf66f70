"""Who a sentence mentions: entities with their roles, and the source of what it says."""

from __future__ import annotations

from dataclasses import dataclass

ADJECTIVE, GENITIVE, METONYM, GOVERNMENT = "country_adj", "country_gen", "metonym", "government"


@dataclass
class EntityMention:
    """An entity at words ``i`` to ``j`` (exclusive).

    ``role`` is the grammatical role or the preposition, ``form`` how it is named (adjective, genitive, capital, ...), ``owner``
    the country of a person, and ``article`` the grammatical gender of a country that takes an article. What is ``guessed`` does not
    name the country itself: *the government*, an office without its country.
    """

    value: str
    i: int
    j: int
    role: str = "subj"
    form: str = ""
    owner: str = ""
    article: str = ""
    guessed: bool = False

    @property
    def is_country(self) -> bool:
        """Whether it is a country or a group of countries."""
        return self.value.startswith(("country:", "group:"))

    @property
    def is_person(self) -> bool:
        """Whether it is a person."""
        return self.value.startswith("person:")


@dataclass(frozen=True)
class ClaimSource:
    """Who says what a sentence reports.

    Statements of ``official`` sources (persons, states, texts) are claims of theirs, those of media are reports. ``at`` is the
    word that names the source, ``announced`` says that the verb announces an act, and ``backward`` that the sentence attributes
    the one before, as in *This was reported by ...*.
    """

    name: str
    official: bool
    at: int = 0
    announced: bool = False
    backward: bool = False
