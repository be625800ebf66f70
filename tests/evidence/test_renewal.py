# ruff: noqa: E501, RUF001 (texts are kept on one line)
"""What becomes of a suspension, however it is negated and whoever says so; denials of denials; clashes only between voices."""

from __future__ import annotations

import pytest

from tests.evidence.helpers import claims, one, read_text
from ytterby.evidence import read
from ytterby.evidence.drafts import build_drafts
from ytterby.evidence.events import build_events
from ytterby.evidence.relations import claim_relations

ENDED = (
    "Peking hat seine Ausfuhrkontrollen für Gallium ausgesetzt. Die Aussetzung werde nicht verlängert, sagte ein Sprecher des Ministeriums.",
    "China will die Aussetzung seiner Exportkontrollen für Holmium nicht verlängern.",
    "China lässt die Aussetzung der Exportkontrollen für Graphit auslaufen.",
    "Die Aussetzung der chinesischen Exportkontrollen für Holmium ist am Dienstag abgelaufen.",
    "Vietnam hob die Aussetzung seines Exportverbots für Nickelerz auf.",
    "Peking habe nicht vor, die Aussetzung der Exportkontrollen für Antimon zu verlängern, hieß es aus dem Ministerium.",
    "Vietnam weigert sich, die Aussetzung seines Exportverbots für Yttrium zu verlängern.",
    "Chile will not renew the suspension of its export controls on lithium.",
    "Chile said the suspension of its export controls on lithium will not be renewed.",
    "Chile has no plans to extend the suspension of its export controls on lithium.",
    "Beijing will let the suspension of its export curbs on antimony lapse.",
    "The suspension of Chile's export controls on germanium expired on Monday.",
    "Russia ended the suspension of its export ban on palladium.",
    "Chile declined to extend the suspension of its export controls on lithium.",
    "Vietnam dementierte, dass es die Aussetzung seines Exportverbots für Yttrium verlängern werde.",
    "中国はガリウムの輸出規制の停止を延長しないと発表した。",
    "中国のアンチモン輸出規制の一時停止は10日に失効した。",
    "中国はレアアースの輸出規制の停止措置を打ち切ると発表した。",
    "ペルーはコバルト輸出規制の停止を延長するとの報道を否定した。",
)
EXTENDED = (
    "Peking verlängert die Aussetzung der Exportkontrollen für Seltene Erden um ein Jahr.",
    "Die Aussetzung der chinesischen Exportkontrollen für Gallium wird um zwölf Monate verlängert.",
    "Peking dementierte, dass es die Aussetzung der Exportkontrollen für Gallium nicht verlängern werde.",
    "Chile extended the suspension of its export controls on lithium by a year.",
    "Chile denied that it would let the suspension of its export curbs on lithium lapse.",
    "The suspension of the ban on nickel ore exports from Indonesia will be extended until June.",
    "中国商務省はレアアースの輸出規制の停止措置を1年延長すると発表した。",
    "ペルーはコバルト輸出規制の停止を延長しないとの報道を否定した。",
)
OPEN = (
    "Chile suspended its export controls on lithium on Monday.",
    "Chile's suspension of export controls on lithium expires on 10 November 2031.",
    "Die Aussetzung der chilenischen Exportkontrollen für Lithium läuft am 10. November 2031 aus.",
    "中国のアンチモン輸出規制の一時停止は11月10日に失効する。",
)


def _renewals(text: str) -> list[str]:
    return [claim.renewal for claim in claims(text) if claim.renewal]


@pytest.mark.parametrize("text", ENDED)
def test_a_suspension_that_is_not_renewed_ends(text: str) -> None:
    assert _renewals(text) == ["ended"]
    assert [claim.polarity for claim in claims(text) if claim.renewal] == ["neg"]


@pytest.mark.parametrize("text", EXTENDED)
def test_a_suspension_that_is_extended_goes_on(text: str) -> None:
    assert _renewals(text) == ["extended"]
    assert {claim.polarity for claim in claims(text)} == {"pos"}


@pytest.mark.parametrize("text", OPEN)
def test_a_term_says_nothing_of_what_becomes_of_it(text: str) -> None:
    assert not _renewals(text)
    assert {claim.polarity for claim in claims(text)} == {"pos"}


@pytest.mark.parametrize("text", OPEN[1:3])
def test_the_day_of_a_term_is_the_last_one(text: str) -> None:
    claim = one(text, "export_control_suspended")
    assert claim.date is not None
    assert (claim.date["resolved"], claim.date["kind"]) == ("2031-11-10", "until")


def test_who_says_it_is_who_acts_where_the_controls_are_his() -> None:
    claim = one("Chile said the suspension of its export controls on lithium will not be renewed.", "export_control_suspended")
    assert (claim.actors, claim.targets) == (("country:CL",), ())


def test_an_open_question_negates_nothing() -> None:
    claim = one("Chile has not decided whether to extend the suspension of its export controls on lithium.", "export_control_suspended")
    assert (claim.renewal, claim.modality) == ("extended", "could")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Metal News, 3 May 2031\n\nThe suspension of Chile's export controls on germanium expired on Monday.", "ended"),
        ("Metal News, 3 May 2031\n\nChile will not renew the suspension of its export controls on lithium.", "to end"),
        ("Metal News, 3 May 2031\n\nChile suspended its export controls on lithium. The suspension was not renewed, Chile said.", "ended"),
        ("Metal News, 3 May 2031\n\nChile extended the suspension of its export controls on lithium by a year.", "suspended"),
        ("Metal News, 3 May 2031\n\nChile denied that it had suspended its export controls on lithium.", "denied"),
    ],
)
def test_the_status_of_an_event_tells_the_end(text: str, status: str) -> None:
    document, found = read_text(text)
    assert [event.status for event in build_events([document], found, {})] == [status]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Chile denied that it had refused export licences for lithium.", "pos"),
        ("Das Ministerium in Chile dementierte, Exportlizenzen für Lithium nicht erteilt zu haben.", "pos"),
        ("Chile bestreitet, Ausfuhrlizenzen für Lithium verweigert zu haben.", "pos"),
        ("Chile denied that it had granted export licences for lithium.", "neg"),
        ("Chile refused to grant export licences for lithium.", "neg"),
    ],
)
def test_who_denies_a_refusal_does_not_deny_the_act(text: str, polarity: str) -> None:
    assert one(text, "licence").polarity == polarity


def test_what_is_said_after_a_denial_is_not_denied_again() -> None:
    assert one("Chile denied the report and said it would not ban exports of lithium.", "ban").polarity == "neg"


def _clashes(tmp_path, *texts: str) -> list[str]:
    for at, text in enumerate(texts):
        (tmp_path / f"a{at}.txt").write_text(f"Metal News, {3 + at} May 2031\n\n{text}\n", "utf-8")
    return [relation.note for relation in read([tmp_path]).relations if relation.kind == "contradicts"]


def test_one_voice_does_not_contradict_itself(tmp_path) -> None:
    text = "Chile suspended its export ban on lithium. Chile will not renew the suspension of its export ban on lithium."
    assert not _clashes(
        tmp_path, text + " Chile mines 20 percent of the world's lithium. Chile accounted for 30 percent of world lithium mining."
    )


def test_two_articles_or_two_sources_of_one_clash(tmp_path) -> None:
    first = "Chile extended the suspension of its export ban on lithium by a year."
    assert _clashes(tmp_path, first, "Chile ended the suspension of its export ban on lithium.") == [
        "one says that it goes on, the other that it ends"
    ]


def test_a_source_that_denies_what_an_article_tells_clashes(tmp_path) -> None:
    assert _clashes(
        tmp_path, 'Chile banned exports of lithium. "Chile has not banned exports of lithium," said Bolivia\'s mining minister Ana Roca.'
    ) == ["one denies what the other says"]


EXTENDED_WORDS = (
    "Peking, 30. Oktober 2026\n\nChina verlängert die Aussetzung seiner Exportkontrollen für Seltene Erden um ein Jahr.",
    "Peking, 30. Oktober 2026\n\nPeking prolongiert die Aussetzung der Exportkontrollen auf Seltene Erden.",
    "Peking, 30. Oktober 2026\n\nChinas Exportkontrollen für Seltene Erden bleiben bis zum 10. November 2027 ausgesetzt.",
    "Peking, 30. Oktober 2026\n\nChina hält an der Aussetzung seiner Exportkontrollen für Seltene Erden fest.",
    "Peking, 30. Oktober 2026\n\nChina lässt seine Exportkontrollen für Seltene Erden weiter ausgesetzt.",
    "Peking, 30. Oktober 2026\n\nDie chinesische Regierung dehnt die Aussetzung der Ausfuhrkontrollen für Seltene Erden aus.",
    "Peking, 30. Oktober 2026\n\nChina setzt seine Exportkontrollen für Seltene Erden für ein weiteres Jahr aus.",
    "Beijing, 30 October 2026\n\nChina extends the pause on its export controls on rare earths by one year.",
    "Beijing, 30 October 2026\n\nChina keeps controls on rare earth exports suspended until 10 November 2027.",
    "Beijing, 30 October 2026\n\nChina will keep its export controls on rare earths suspended for another year.",
    "Beijing, 30 October 2026\n\nChina's export controls on rare earths remain suspended until November 2027.",
    "Beijing, 30 October 2026\n\nBeijing sticks to the suspension of its export controls on rare earths.",
    "2026年10月30日\n\n中国はレアアースの輸出規制の停止措置を1年延長した。",
    "2026年10月30日\n\n中国はレアアースの輸出管理の停止を維持する。",
    "2026年10月30日\n\n中国はレアアースの輸出規制を引き続き停止する。",
)


def _measures(text: str) -> int:
    """Measures that an article gives."""
    document, found = read_text(text)
    drafts = build_drafts([document], found, build_events([document], found, {})).drafts
    return sum(draft.measures for draft in drafts)


@pytest.mark.parametrize("text", EXTENDED_WORDS)
def test_a_suspension_that_goes_on_drafts_no_restriction(text: str) -> None:
    _, found = read_text(text)
    assert [(claim.event_type, claim.renewal) for claim in found] == [("export_control_suspended", "extended")]
    assert _measures(text) == 0


def test_the_draft_of_another_act_says_why_an_extension_gives_none() -> None:
    text = "Beijing, 30 October 2026\n\nChina extends the pause on its export controls on rare earths. Chile bans exports of lithium."
    document, found = read_text(text + " Vietnam bans exports of rare earths.")
    (draft,) = build_drafts([document], found, build_events([document], found, {})).drafts
    assert draft.measures == 1
    assert "suspension extended" in " ".join(draft.skipped)


@pytest.mark.parametrize(
    "text",
    [
        "Beijing, 30 October 2026\n\nChina suspended its export controls on rare earths for one year.",
        "Peking, 30. Oktober 2026\n\nChina hat seine Exportkontrollen für Seltene Erden bis November 2027 ausgesetzt.",
    ],
)
def test_a_first_suspension_is_no_extension(text: str) -> None:
    _, found = read_text(text)
    assert [(claim.event_type, claim.renewal) for claim in found] == [("export_control_suspended", None)]
    assert _measures(text) == 1


def test_controls_that_no_longer_stay_suspended_are_no_extension() -> None:
    claim = one("Chinas Exportkontrollen für Seltene Erden bleiben nicht ausgesetzt.", "export_control_suspended")
    assert claim.renewal == "ended"


def test_an_extension_and_the_first_decision_are_one_event_of_the_day_of_the_extension() -> None:
    german = "China verlängert die Aussetzung seiner Exportkontrollen für Seltene Erden um ein Jahr."
    german += " China hatte seine Exportkontrollen für Seltene Erden am 10. November 2025 ausgesetzt."
    english = "China extends the suspension of its export controls on rare earths by one year."
    english += " China had suspended its export controls on rare earths on 10 November 2025."
    pairs = [
        read_text(f"Peking, 30. Oktober 2026\n\n{german}", "a.txt"),
        read_text(f"Beijing, 31 October 2026\n\n{english}", "b.txt"),
    ]
    documents, found = [document for document, _ in pairs], [claim for _, listed in pairs for claim in listed]
    (event,) = build_events(documents, found, {})
    assert (event.date, event.documents) == ("2026-10-30", ("a.txt", "b.txt"))
    assert not [relation for relation in claim_relations(found, [event], {}) if relation.kind in {"contradicts", "modality_conflict"}]
    assert not build_drafts(documents, found, [event]).drafts
