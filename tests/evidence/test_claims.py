# ruff: noqa: E501 (texts are kept on one line)
"""Claims from invented sentences: other countries, minerals and numbers than in any article at hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.helpers import claims, one
from ytterby.evidence.tables import read_table
from ytterby.facts import elements

DE = {
    "CL": "Chile",
    "VN": "Vietnam",
    "IN": "Indien",
    "KZ": "Kasachstan",
    "BR": "Brasilien",
    "NO": "Norwegen",
    "ZM": "Sambia",
    "TR": "die Türkei",
}
EN = {"CL": "Chile", "VN": "Vietnam", "IN": "India", "KZ": "Kazakhstan", "BR": "Brazil", "NO": "Norway", "ZM": "Zambia", "TR": "Turkey"}
MINERALS = {
    "Li": ("Lithium", "lithium"),
    "W": ("Wolfram", "tungsten"),
    "Ga": ("Gallium", "gallium"),
    "Co": ("Kobalt", "cobalt"),
    "Tb": ("Terbium", "terbium"),
}
pairs = st.lists(st.sampled_from(sorted(DE)), min_size=2, max_size=2, unique=True)


def _start(name: str) -> str:
    return name[0].upper() + name[1:]


@settings(max_examples=60, deadline=None)
@given(pair=pairs, mineral=st.sampled_from(sorted(MINERALS)), percent=st.integers(5, 95))
def test_german_templates_keep_who_what_and_how_much(pair, mineral, percent):
    a, b = pair
    metal = MINERALS[mineral][0]
    claim = one(f"{_start(DE[a])} hat Ausfuhrkontrollen für {metal} eingeführt.", "export_control_imposed")
    assert (claim.actors, claim.materials, claim.modality, claim.polarity) == ((f"country:{a}",), (mineral,), "done", "pos")
    claim = one(f"{_start(DE[a])} kontrolliert über {percent} Prozent der weltweiten Förderung von {metal}.", "market_share")
    assert claim.actors == (f"country:{a}",)
    assert claim.quantity["lo"] == pytest.approx(percent / 100)
    assert claim.stage == ("mining",)
    claim = one(f"{_start(DE[a])} und {DE[b]} haben ein Abkommen über {metal} unterzeichnet.", "agreement_signed")
    assert set(claim.actors) == {f"country:{a}", f"country:{b}"}


@settings(max_examples=60, deadline=None)
@given(pair=pairs, mineral=st.sampled_from(sorted(MINERALS)), amount=st.integers(2, 900))
def test_english_templates_keep_who_what_and_how_much(pair, mineral, amount):
    a, b = pair
    metal = MINERALS[mineral][1]
    claim = one(f"{EN[a]} imposed an export ban on {metal}.", "ban")
    assert (claim.actors, claim.materials, claim.modality) == ((f"country:{a}",), (mineral,), "done")
    claim = one(f"{EN[a]} wants to reduce its dependence on {EN[b]} for {metal}.", "reduce_dependence")
    assert claim.actors == (f"country:{a}",)
    assert f"country:{b}" in claim.targets
    assert claim.modality == "planned"
    claim = one(f"{EN[a]} will invest ${amount} million in {metal} mines in {EN[b]}.", "investment")
    assert claim.quantity["value"] == amount * 10**6
    assert claim.quantity["unit"] == "USD"


@pytest.mark.parametrize("symbol", sorted(elements()))
def test_all_seventeen_elements_by_name_in_both_languages(symbol):
    term = elements()[symbol]
    assert one(f"Chile verbietet die Ausfuhr von {term.name('de')}.", "ban").materials == (symbol,)
    assert one(f"Chile banned exports of {term.name('en')}.", "ban").materials == (symbol,)


def test_symbols_count_beside_other_symbols_and_not_as_words():
    assert one("Chile banned exports of Dy, Tb and Er on Monday.", "ban").materials == ("Dy", "Tb", "Er")
    assert one("Er sagte, Chile verbiete die Ausfuhr von Kobalt.", "ban").materials == ("Co",)


@pytest.mark.parametrize(
    ("text", "kind", "modality"),
    [
        ("Chile will die Exportkontrollen für Lithium verschärfen.", "export_control_tightened", "planned"),
        ("Chile könnte die Exportkontrollen für Lithium verschärfen.", "export_control_tightened", "could"),
        ("Chile habe die Exportkontrollen für Lithium verschärft.", "export_control_tightened", "claimed"),
        ("Chile hat die Exportkontrollen für Lithium verschärft.", "export_control_tightened", "done"),
        ("Chile wird die Exportkontrollen für Lithium verschärfen.", "export_control_tightened", "planned"),
        ("Chile may tighten export controls on lithium.", "export_control_tightened", "could"),
        ("Chile plans to tighten export controls on lithium.", "export_control_tightened", "planned"),
        ("Chile tightened export controls on lithium.", "export_control_tightened", "done"),
        ("Chile erwägt ein Exportverbot für Lithium.", "ban", "proposed"),
        ("Indien und Chile verhandeln derzeit über Kupfer.", "negotiation", "ongoing"),
    ],
)
def test_modality_per_clause(text, kind, modality):
    assert one(text, kind).modality == modality


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Chile plant kein Ausfuhrverbot für Lithium.", "ban"),
        ("Das Ministerium in Santiago dementierte ein Ausfuhrverbot für Lithium.", "ban"),
        ("Chile has not imposed export controls on lithium.", "export_control_imposed"),
        ("Chile denied reports of an export ban on lithium.", "ban"),
    ],
)
def test_a_denial_is_negative_and_never_the_act(text, kind):
    assert one(text, kind).polarity == "neg"


def test_not_only_is_no_denial():
    assert one("Chile hat nicht nur ein Exportverbot für Lithium verhängt.", "ban").polarity == "pos"


@pytest.mark.parametrize(
    ("text", "kind", "source"),
    [
        ("Laut der Zeitung Andenbote plant Chile ein Exportverbot für Lithium.", "ban", "Andenbote"),
        ("Chile plane ein Exportverbot für Lithium, sagte Präsident Pablo Mendes.", "ban", "Pablo Mendes"),
        ("Nach Einschätzung von Analysten könnte Chile die Ausfuhr von Lithium verbieten.", "ban", "unnamed analysts"),
        ("Chile plans an export ban on lithium, President Pablo Mendes said.", "ban", "Pablo Mendes"),
        ("According to analysts, Chile may ban exports of lithium.", "ban", "unnamed analysts"),
        ("Chile hat ein Exportverbot für Lithium verhängt, berichtet andenbote.example.", "ban", "andenbote.example"),
    ],
)
def test_the_nearest_named_source_is_kept(text, kind, source):
    found = one(text, kind).attributed_to
    assert found == source or (source == "andenbote.example" and found is None)


def test_capitals_act_for_their_states_but_places_do_not():
    claim = one("Hanoi hat Ausfuhrkontrollen für Wolfram eingeführt.", "export_control_imposed")
    assert claim.actors == ("country:VN",)
    claim = one("Chile und Indien haben in Hanoi ein Abkommen über Kupfer unterzeichnet.", "agreement_signed")
    assert set(claim.actors) == {"country:CL", "country:IN"}


def test_persons_are_found_by_their_office_and_later_by_surname():
    text = "Chiles Präsident Pablo Mendes und Indiens Premierministerin Asha Rao haben ein Abkommen über Lithium unterzeichnet. Mendes will die Förderung ausbauen."
    claim = one(text, "agreement_signed")
    assert set(claim.actors) == {"person:Pablo Mendes", "country:CL", "person:Asha Rao", "country:IN"}


def test_two_shares_of_two_stages_are_two_claims():
    found = [
        c
        for c in claims("Indonesien, das über 55 Prozent der Förderung und fast die gesamte Verarbeitung von Nickel kontrolliert, zögert.")
        if c.event_type == "market_share"
    ]
    assert sorted(c.stage for c in found) == [("mining",), ("processing",)]
    assert [c.quantity["lo"] for c in sorted(found, key=lambda c: c.stage)] == [0.55, 0.9]


def test_promotion_is_not_mining_in_german():
    claim = one("Geplant ist die Förderung von Bergbauprojekten in Sambia.", "investment")
    assert claim.stage == ("mining",)
    assert "mining" not in one("Korea plant die Forschung an Ersatzstoffen und die Förderung von Innovationen.", "research").stage


@pytest.mark.parametrize("lang", ["de", "en"])
def test_vague_words_are_intervals_within_zero_and_one(lang):
    for row in read_table(f"{lang}/quantities.csv"):
        if row["label"] == "vague" and row["lo"] and row["unit"].startswith("share"):
            assert 0 <= float(row["lo"]) <= float(row["hi"]) <= 1


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="Chile China verhängt Exportkontrollen für Lithium.,;\"'()0123456789 %\n„“ü—", max_size=400))
def test_any_text_gives_exact_offsets(text):
    if text.strip():
        claims(text)
