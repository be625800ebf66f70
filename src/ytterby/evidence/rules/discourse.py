"""What a text has mentioned so far, so that pronouns and incomplete sentences can be resolved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ytterby.evidence.claims import GENERIC_MATERIALS, countries_and_groups
from ytterby.evidence.rules.materials import MATERIAL_KINDS, materials_in
from ytterby.evidence.rules.mentions import ADJECTIVE, METONYM
from ytterby.evidence.tables import event_types
from ytterby.facts import elements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.evidence.rules.rule_matching import ParsedSentence
    from ytterby.evidence.rules.sentences import Sentence

RARE_EARTH_MATERIALS = frozenset(("rare_earths", "heavy_rare_earths", "light_rare_earths", "ree_magnets", *elements()))
"""Materials of which several, named equally often, mean rare earths in general."""

AT_HOME = 2
"""How many times as often as any other country a text names the one in which its plants are taken to stand."""

MENTIONED = MATERIAL_KINDS | {"symbol"}
"""Kinds of hits that a sentence without an entity can bring up."""


@dataclass
class DiscourseContext:
    """Entities and materials that the next sentence of a document can refer to.

    ``focus`` are the subjects of the last sentence that had any, ``pair`` two countries named together, ``persons`` full names
    and countries by first and last name, ``tariff`` and ``deal`` actors and targets of the last tariff and agreement, ``due``
    the date of the last goal, ``speaker`` the last source, and ``is_fresh`` says that the last sentence set the focus. ``companies``
    are the names of firms that no list knows, by first word, ``acts`` the last claims by family of events, and ``owners`` the countries
    of the act that named ``materials``. The ``main_...`` fields concern the whole document, and so does ``home``, the country that it
    names far more often than any other.
    """

    focus: list[str] = field(default_factory=list)
    pair: list[str] = field(default_factory=list)
    persons: dict[str, tuple[str, str]] = field(default_factory=dict)
    materials: list[str] = field(default_factory=list)
    owners: frozenset[str] = frozenset()
    main_materials: list[str] = field(default_factory=list)
    main_actor: str = ""
    home: str = ""
    company: str = ""
    speaker: str = ""
    organisation: str = ""
    government: str = ""
    due: str = ""
    is_fresh: bool = False
    companies: dict[str, str] = field(default_factory=dict)
    acts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    tariff: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    deal: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> DiscourseContext:
        """Context at the beginning of a document: its most frequent pair of countries, material and country."""
        pairs: Counter[tuple[str, ...]] = Counter()
        materials: Counter[str] = Counter()
        countries: Counter[str] = Counter()
        for sentence in sentences:
            named = [hit.value for hit in sentence.of("place") if hit.value.startswith("country:")]
            countries.update(named)
            names = tuple(sorted(set(named)))
            if len(names) == 2:
                pairs[names] += 1
            if MATERIAL_KINDS & sentence.by_kind.keys():
                materials.update(hit.value for hit in sentence.hits if hit.kind in MATERIAL_KINDS)
        ranked = sorted(materials, key=lambda m: -materials[m])
        equal = [name for name in ranked if name in RARE_EARTH_MATERIALS and materials[name] == materials[ranked[0]]]
        main = ["rare_earths"] if len(equal) > 1 and "rare_earths" not in equal else ranked[:1]
        pair = list(pairs.most_common(1)[0][0]) if pairs else []
        most = countries.most_common(2)
        home = most[0][0] if most and (len(most) == 1 or most[0][1] >= AT_HOME * most[1][1]) else ""
        return cls(pair=pair, main_materials=main, main_actor=max(countries, key=lambda c: countries[c], default=""), home=home)

    @property
    def country(self) -> str:
        """The country in focus; empty if there is none."""
        return next((name for name in self.focus if name.startswith("country:")), "")

    @property
    def power(self) -> str:
        """The country or group in focus, else the document's most frequent country."""
        return next(iter(countries_and_groups(self.focus)), self.main_actor)

    def is_of_others(self, places: set[str]) -> bool:
        """Whether the materials in mind are those of an act in which none of these countries has a part."""
        return bool(places and self.owners) and self.owners.isdisjoint(places)

    def update(self, parsed: ParsedSentence, claims: Sequence[dict[str, Any]]) -> None:
        """Take up what a sentence and the claims found in it mention."""
        entities = parsed.entities
        if not entities and not claims and parsed.source is None and MENTIONED.isdisjoint(parsed.sentence.by_kind):
            self.is_fresh = False
            return
        named = [e for e in entities if e.form != ADJECTIVE and e.role in {"subj", "gen", "by", "of_or_by"}]
        subjects = [e.value for e in named if e.role == "subj"] or [e.value for e in named]
        self.is_fresh = bool(subjects)
        if subjects:
            self.focus = list(dict.fromkeys([*subjects, *(e.owner for e in named if e.owner and e.value in subjects)]))
        pair = list(dict.fromkeys(e.value for e in entities if e.value.startswith("country:") and e.role not in {"in", "to", "beside"}))
        if len(pair) == 2:
            self.pair = pair
        companies = [e.value for e in entities if e.form == "company"]
        if companies:
            self.company = companies[-1]
        materials = materials_in(parsed.sentence, None)
        specific = [name for name in materials if name not in GENERIC_MATERIALS]
        if specific or (materials and set(self.main_materials) <= GENERIC_MATERIALS):
            self.materials = specific or materials
            self.owners = frozenset(countries_and_groups(name for claim in claims for name in (*claim["actors"], *claim["targets"])))
        organisations = [e.value for e in entities if e.form == "group" and e.value.startswith("org:")]
        self.organisation = organisations[-1] if organisations else self.organisation
        self._update_from_claims(claims)
        owners = [e.owner for e in entities if e.owner]
        countries = [e.owner or e.value for e in entities if e.owner or e.form in {"country", METONYM, ADJECTIVE}]
        if countries and (owners or parsed.sentence.of("government")):
            self.government = (owners or countries)[0]
        if parsed.source and parsed.source.official:
            self.speaker = parsed.source.name
        acting = [claim["actors"] for claim in claims if claim["actors"] and event_types()[claim["event_type"]].tier == "core"]
        if acting and not subjects:
            self.focus, self.is_fresh = list(acting[0]), True

    def _update_from_claims(self, claims: Iterable[dict[str, Any]]) -> None:
        """Parties of tariffs and agreements, and dates of goals, to which later sentences refer."""
        for claim in claims:
            kind, actors, day = claim["event_type"], claim["actors"], claim["date"]
            traits = event_types()[kind].traits
            targets = countries_and_groups(claim["targets"])
            if kind.startswith("tariff") and actors and claim["targets"]:
                self.tariff = (countries_and_groups(actors), targets)
            if "deal" in traits and actors:
                self.deal = (list(actors), targets)
            if "goal" in traits and day and day.get("resolved"):
                self.due = str(day["resolved"])
