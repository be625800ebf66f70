# ruff: noqa: E501 (texts are kept on one line)
"""The gate between claims and measures: what is simulated, what waits for a person, what is left out; all on invented sentences."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.evidence.helpers import one, read_text
from ytterby.app import read, review
from ytterby.errors import InputError
from ytterby.evidence.clause_model import MODEL
from ytterby.evidence.drafts import build_drafts
from ytterby.evidence.events import build_events
from ytterby.evidence.gate import Gate, reasons
from ytterby.evidence.tables import read_table
from ytterby.scenario import load_text

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

DATED = "Notiz\n\n5 March 2026\n\n"


@pytest.fixture
def reading(tmp_path):
    def of(*texts, project=None):
        for number, text in enumerate(texts):
            (tmp_path / f"{number}.txt").write_text(DATED + text)
        return read(sorted(tmp_path.glob("*.txt")), project=project)

    return of


def _measures(found):
    return [measure for draft in found.drafts for measure in load_text(draft.yaml, "d").measures]


def _codes(found):
    return {record.code for record in found.to_confirm}


PASSES = {
    "China imposed export licences on dysprosium.": "licence",
    "Malaysia banned exports of terbium to Japan on Monday.": "ban",
    "China verhängte am Montag ein Ausfuhrverbot für Gallium nach Japan.": "ban",
    "Malaysia, by contrast, banned exports of unprocessed rare earths.": "ban",
    "A flood shut rare earth mines in Myanmar.": "outage",
    "Washington imposed a 20% tariff on cars from Japan.": "tariff",
    "Australia will open a separation plant with a capacity of 4,000 tonnes a year of neodymium in 2028.": "project",
}


@pytest.mark.parametrize(("text", "kind"), PASSES.items(), ids=PASSES)
def test_an_act_with_its_actor_in_its_own_clause_is_a_measure(reading, text, kind):
    found = reading(text)
    assert [measure.kind for measure in _measures(found)] == [kind]
    assert found.drafts[0].rests_on == {"confirmed": 0, "explicit": 1, "inherited": 0}
    assert found.to_confirm == ()


WAITS = {
    "The first snow fell early. The mild autumn had ended. Exports of dysprosium were banned on Monday.": "no_actor",
    "China met Vietnam in Hanoi. It banned exports of dysprosium on Monday.": "inherited_actor",
    "Japan banned exports of gallium on Monday.": "not_exporter",
    "Lesotho banned exports of dysprosium on Monday.": "part_of_region",
    "China's export ban on dysprosium hurts carmakers in Japan.": "state_only",
    "China imposed export licences on critical minerals.": "general_material",
    "A fire shut a rare earth plant in China.": "no_stage",
    "A fire shut a mine of rare earths in Estonia.": "no_plant",
    "Korea plans to build stocks of dysprosium.": "no_tonnes",
}


@pytest.mark.parametrize(("text", "code"), WAITS.items(), ids=WAITS)
def test_whatever_is_doubtful_waits_with_its_quote_and_reason(reading, text, code):
    found = reading(text)
    assert _measures(found) == []
    assert code in _codes(found)
    record = next(record for record in found.to_confirm if record.code == code)
    assert record.reason == reasons()[code]
    assert record.quote in text


NEVER = {
    "China and Japan signed an agreement on dysprosium plants in Tokyo.": "an agreement",
    "The leaders of China and Japan spoke by phone about rare earths.": "a call",
    "China's president will visit Japan to talk about rare earths.": "a visit",
    "China denied that it banned exports of dysprosium.": "a denial",
    "A spokesman for China declined to comment on the export ban on dysprosium.": "no comment",
    "China may ban exports of dysprosium.": "a possibility",
    "China eased its export controls on dysprosium.": "an end",
    "Washington paused the tariff on cars from Japan.": "a pause",
}


@pytest.mark.parametrize("text", NEVER, ids=NEVER.values())
def test_what_is_no_act_is_never_a_measure(reading, text):
    assert _measures(reading(text)) == []


def test_the_object_of_a_passive_ban_is_not_its_author():
    claim = one("South Korea was hit with an export ban on germanium.", "ban")
    assert (claim.actors, claim.targets) == ((), ("country:KR",))
    claim = one("Südkorea wurde von China mit einem Ausfuhrverbot für Germanium belegt.", "ban")
    assert (claim.actors, claim.targets) == (("country:CN",), ("country:KR",))


@pytest.mark.parametrize(
    "text",
    [
        "A spokesman refused to comment on Chile's export ban on tin.",
        "Ein Sprecher wollte das Ausfuhrverbot Chiles für Zinn nicht kommentieren.",
    ],
)
def test_declining_to_comment_denies_nothing(text):
    assert one(text, "ban").polarity == "pos"


def test_another_report_of_the_same_act_may_name_who_acts(reading):
    vague = "China met Vietnam in Hanoi. It banned exports of dysprosium to Japan on 2 March 2026."
    assert _measures(reading(vague)) == []
    both = reading(vague, "China banned exports of dysprosium to Japan on 2 March 2026, the agency Xin reported.")
    assert [measure.kind for measure in _measures(both)] == ["ban"]
    assert len(_measures(both)[0].evidence) == 2


def test_a_paused_duty_keeps_its_pause_although_the_sentence_only_points_back(reading):
    tariff = _measures(reading("Washington imposed a 20% tariff on cars from Japan. These tariffs are currently paused."))[0]
    assert [step.status for step in tariff.steps] == ["imposed", "paused"]


@pytest.mark.parametrize(
    ("said", "last"), [("until November 2026", "2026-11-30"), ("until the end of 2026", "2026-12-31"), ("for 90 days", "2026-06-03")]
)
def test_a_stated_end_of_a_suspension_is_kept(reading, said, last):
    licence = _measures(reading(f"China suspended its export controls on dysprosium {said}."))[0]
    assert [span.to.isoformat() for span in licence.suspended] == [last]
    assert "suspended" not in licence.assumed


def test_a_duty_on_other_products_is_none_of_the_model(reading):
    found = reading("Washington imposed a 20% tariff on steel from Japan.")
    assert _measures(found) == []
    assert "no_goods" in _codes(found)


def test_a_line_that_stands_for_want_of_material_is_an_effect(reading):
    assert "effect" in _codes(reading("A shortage of dysprosium shut magnet plants in Germany."))


@pytest.mark.parametrize("level", ["event", "claim"])
def test_a_persons_word_moves_a_claim_or_an_event_over(reading, tmp_path, level):
    text, project = "China trades in metals. It banned exports of dysprosium on Monday.", tmp_path / "p"
    first = reading(text, project=project)
    assert [record.code for record in first.to_confirm] == ["inherited_actor"]
    target = getattr(first.to_confirm[0], level)
    review(target, "confirm", project=project, by="Ada")
    again = reading(text, project=project)
    assert [measure.kind for measure in _measures(again)] == ["ban"]
    assert again.drafts[0].rests_on["confirmed"] == 1
    assert again.to_confirm == ()
    review(target, "reject", project=project, by="Ada")
    assert reading(text, project=project).drafts == ()


def test_confirm_lets_a_plan_through_and_accept_does_not(reading, tmp_path):
    text = "China is considering a ban on exports of dysprosium."
    name = next(claim.id for claim in reading(text, project=tmp_path / "p").claims if claim.event_type == "ban")
    review(name, "accept", project=tmp_path / "p")
    assert reading(text, project=tmp_path / "p").drafts == ()
    review(name, "confirm", project=tmp_path / "p")
    assert _measures(reading(text, project=tmp_path / "p"))


def test_a_denial_stays_one_whoever_confirms_it(reading, tmp_path):
    text = "China denied that it banned exports of dysprosium."
    name = next(claim.id for claim in reading(text, project=tmp_path / "p").claims if claim.event_type == "ban")
    review(name, "confirm", project=tmp_path / "p")
    assert reading(text, project=tmp_path / "p").drafts == ()


def test_the_draft_shows_what_waits_as_comments_and_quotes_its_keys(reading):
    text = reading("China imposed export licences on terbium. A fire shut a rare earth plant in China.").drafts[0].yaml
    assert "# To confirm: not run." in text
    assert "#     A fire shut a rare earth plant in China." in text
    assert reasons()["no_stage"] in text
    plain = yaml.safe_load(text)
    assert plain["measures"][0]["on"] == ["Tb"]
    assert True not in plain["measures"][0]
    assert [measure.kind for measure in load_text(text, "d").measures] == ["licence"]


def test_what_waits_has_the_keys_of_the_contract(reading):
    record = reading("Japan banned exports of gallium on Monday.").to_dict()["to_confirm"][0]
    assert {"claim", "reason"} <= set(record)


def test_a_draft_is_refused_with_the_way_out_where_all_waits(reading, tmp_path):
    from ytterby.app import write_draft

    with pytest.raises(InputError, match="1 claim to confirm"):
        write_draft(reading("Japan banned exports of gallium on Monday."), tmp_path / "d.yaml")


def test_provenance_tells_the_clause_from_its_surroundings():
    text = "China met Vietnam in Hanoi. It banned exports of dysprosium to Japan on Monday."
    claim = one(text, "ban")
    assert claim.provenance["actors"] == "inherited"
    assert {claim.provenance[name] for name in ("targets", "materials")} == {"explicit"}
    assert one("China banned exports of dysprosium.", "ban").provenance["actors"] == "explicit"
    assert one("China tightened the rules and banned exports of dysprosium.", "ban").provenance["actors"] == "explicit"


@pytest.mark.slow
def test_who_makes_and_exports_what_is_as_in_the_bases():
    from build_plants import table

    assert list(csv.DictReader(io.StringIO(table()))) == read_table("plants.csv")


def test_each_lent_field_holds_a_claim_back():
    claim = one("Malaysia banned exports of terbium to Japan on Monday.", "ban")
    gate = Gate("rare-earths", {claim.doc: "en"})
    assert gate.doubt(claim) == ""
    for name, code in (("actors", "inherited_actor"), ("targets", "inherited_target"), ("materials", "inherited_material")):
        lent = replace(claim, provenance={**claim.provenance, name: "inherited"})
        assert gate.doubt(lent) == code
    assert gate.doubt(replace(claim, targets=claim.actors)) == "own_target"


def test_the_same_act_told_again_in_a_doubtful_way_does_not_wait(reading):
    again = "China's export ban on dysprosium for Japan hurts carmakers."
    assert _codes(reading(again)) == {"state_only"}
    found = reading(f"China banned exports of dysprosium to Japan on 2 March 2026. {again}")
    assert [measure.kind for measure in _measures(found)] == ["ban"]
    assert found.to_confirm == ()


def _read_by(claim, rule):
    return replace(claim, extractor=f"rules:1:{rule}")


def test_what_the_model_reads_is_borne_out_by_a_rule_on_the_same_act_only():
    claim = one("Malaysia banned exports of terbium to Japan on Monday.", "ban")
    gate, learnt = Gate("rare-earths", {claim.doc: "en"}), _read_by(claim, MODEL)
    assert gate.doubt(learnt, [claim]) == ""
    assert gate.doubt(learnt, [learnt]) == "read_by_model"
    assert gate.doubt(learnt, [replace(claim, actors=("country:CN",))]) == "read_by_model"
    assert gate.doubt(learnt, [replace(claim, event_type="quota")]) == "read_by_model"


@pytest.mark.parametrize(
    ("owner", "code"), [("Japan", ""), ("The European Union", "several_owners"), ("Japan and Korea", "several_owners")]
)
def test_a_stock_has_one_owner(owner, code):
    claim = _read_by(one(f"{owner} plans to build a stock of 400 tonnes of dysprosium.", "stockpile"), "stockpile-verb")
    assert Gate("rare-earths", {claim.doc: "en"}).doubt(claim) == code


def test_relief_passes_with_its_act_by_the_model_only_where_no_rule_read_it(reading):
    found = reading("Washington imposed a 20% tariff on cars from Japan.")
    (duty,), event = found.claims, found.events[0]
    pause = replace(duty, id="p", event_type="tariff_paused", targets=())
    gate = Gate("rare-earths", {duty.doc: "en"})
    learnt = _read_by(replace(pause, id="q"), MODEL)
    assert [claim.id for claim in gate.open_for(event, [duty, pause, learnt])[0].claims] == [duty.id, "p"]
    assert [claim.id for claim in gate.open_for(event, [duty, learnt])[0].claims] == [duty.id, "q"]


@pytest.mark.parametrize(
    ("said", "end", "ends"),
    [
        ("for eight to ten weeks", "2031-07-05", ("2031-06-28", "2031-07-05", "2031-07-12")),
        ("for six weeks", "2031-06-14", ()),
        ("", "2031-08-02", ()),
    ],
)
def test_an_outage_lasts_as_long_as_is_stated(said: str, end: str, ends: tuple[str, ...]) -> None:
    document, found = read_text(f"Metal News, 3 May 2031\n\nAn earthquake in Myanmar halted dysprosium mining {said}.")
    (draft,) = build_drafts([document], found, build_events([document], found, {})).drafts
    scenario = load_text(draft.yaml, "a.yaml")
    (measure,) = scenario.measures
    assert (measure.kind, str(measure.end)) == ("outage", end)
    assert ("end" in measure.assumed) == (not said)
    drawn = scenario.draws.get(f"measures.{measure.name}.end")
    assert (drawn.values if drawn else ()) == ends
