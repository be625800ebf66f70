"""What a reader would be misled by, found in invented articles of several genres: an act told twice, denied, or dated in the wrong year."""

from __future__ import annotations

import pytest

from tests.evidence.helpers import claims, one, read_text
from ytterby.evidence.pipeline import assemble
from ytterby.scenario import load_text


def _measures(text):
    reading = assemble([read_text(text)])
    return [measure for draft in reading.drafts for measure in load_text(draft.yaml, draft.name).measures]


@pytest.mark.parametrize(
    "text",
    [
        "Nordfunk, 4. März 2031\n\nMalaysia verschärft die Ausfuhrkontrollen für Neodym\n\n"
        "Malaysia verschärft zum 1. Mai seine Ausfuhrkontrollen für Neodym. Das teilte das Handelsministerium mit.",
        "Nordfunk, 4 March 2031\n\nMalaysia tightens export controls on neodymium\n\n"
        "Malaysia will tighten its export controls on neodymium from 1 May. The ministry said so.",
    ],
)
def test_a_heading_and_its_article_are_one_act_from_the_stated_day_on(text):
    assert [(measure.kind, measure.start.isoformat()) for measure in _measures(text)] == [("licence", "2031-05-01")]


def test_a_day_that_an_act_takes_effect_on_is_the_next_one():
    claim = one("Chile verbietet zum 1. August die Ausfuhr von Lithium.", "ban", published="2031-07-09")
    assert (claim.date["resolved"], claim.date["kind"], claim.modality) == ("2031-08-01", "from", "planned")


@pytest.mark.parametrize("text", ["Beijing has banned nothing so far.", "Peking hat bisher nichts verboten."])
def test_who_bans_nothing_bans_nothing(text):
    assert not [claim for claim in claims(f"Prices of neodymium rose. {text}") if claim.polarity == "pos" and claim.event_type == "ban"]


def test_what_might_be_banned_is_not_banned():
    text = "Händler führen den Anstieg auf Gerüchte zurück, China könne die Ausfuhr von Gallium ganz verbieten."
    assert {claim.modality for claim in claims(text) if claim.event_type == "ban"} <= {"could"}
