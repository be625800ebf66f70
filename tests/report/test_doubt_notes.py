"""Notes on doubts are in the language of the briefing, whatever form the relation's note has."""

from __future__ import annotations

import pytest

from ytterby.report.briefing.doubt_notes import doubt_note
from ytterby.report.text import Words

NOTES = {
    "one denies what the other says": "das eine bestreitet, was das andere sagt",
    "400 Milliarden Dollar against $400 million: off by 1,000; one of them has a wrong unit": "400 Milliarden Dollar gegen $400 million: "
    "Unterschied um das 1.000-Fache; eine der Einheiten ist falsch",
    "90% against about 60 %": "90% gegen about 60 %",
    "90% against 60 %; the stage may resolve it: 60 % is of mine, the other names no stage": "90% gegen 60 %; die Stufe kann es erklären: "
    "60 % gilt für Bergbau, das andere nennt keine Stufe",
    "90% against 60 %; resolved by the stage: the first figure is of mine, of oxide/metal it is 88 %": "90% gegen 60 %; die Stufe erklärt "
    "es: die erste Zahl gilt für Bergbau, für Trennung/Metall ist es 88 %",
}


@pytest.mark.parametrize(("note", "said"), NOTES.items(), ids=range(len(NOTES)))
def test_a_note_is_said_in_german(note, said):
    assert doubt_note(Words("de"), note).replace("\u00a0", " ") == said


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("lang", ["de", "ja"])
def test_no_english_word_of_a_note_is_left(note, lang):
    said = doubt_note(Words(lang), note)
    assert not {"against", "stage", "unit", "denies", "resolved"} & set(said.replace(";", " ").split())


def test_a_note_of_another_form_stays():
    assert doubt_note(Words("de"), "USGS says 60 to 70 %.") == "USGS says 60 to 70 %."
