# ruff: noqa: E501 (texts are kept on one line)
"""Judgements: kept with who, when and why; a later reading never overwrites them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ytterby.app import read, review
from ytterby.cli import cli
from ytterby.cli.queue import WIDTH, wrapped
from ytterby.errors import InputError, UnknownNameError
from ytterby.store import ProjectStore

TEXT = "Chile hat ein Exportverbot für Lithium verhängt.\n\nIndien investiert 300 Millionen Dollar in Minen in Sambia.\n"


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    return path


def _ids(reading):
    return {c.event_type: c.id for c in reading.claims}


def test_a_rejected_claim_stays_visible_but_carries_nothing(article, tmp_path):
    project = tmp_path / "p"
    first = read([article], project=project)
    review(_ids(first)["ban"], "reject", project=project, by="Ada", why="a satire")
    again = read([article], project=project)
    rejected = next(c for c in again.claims if c.event_type == "ban")
    assert (rejected.review["verdict"], rejected.review["by"], rejected.review["why"]) == ("reject", "Ada", "a satire")
    assert rejected.review["made"]
    assert not any(e.event_type == "ban" for e in again.events)
    assert any(e.event_type == "ban" for e in first.events)


def test_a_correction_changes_the_fields_and_what_follows(article, tmp_path):
    project = tmp_path / "p"
    name = _ids(read([article], project=project))["ban"]
    review(name, "correct", project=project, by="Ada", correction={"actors": ["country:PE"], "modality": "planned"})
    again = read([article], project=project)
    claim = next(c for c in again.claims if c.id == name)
    assert (claim.actors, claim.modality) == (("country:PE",), "planned")
    assert any(e.actors == ("country:PE",) for e in again.events)


def test_the_last_judgement_counts_and_all_are_kept(article, tmp_path):
    project = tmp_path / "p"
    name = _ids(read([article], project=project))["ban"]
    review(name, "reject", project=project, by="Ada")
    review(name, "accept", project=project, by="Bo")
    assert next(c for c in read([article], project=project).claims if c.id == name).review["verdict"] == "accept"
    assert [(row["verdict"], row["by_whom"]) for row in ProjectStore(project).reviews(name)] == [("reject", "Ada"), ("accept", "Bo")]


def test_an_accepted_claim_survives_when_the_rules_no_longer_find_it(article, tmp_path, monkeypatch):
    project = tmp_path / "p"
    name = _ids(read([article], project=project))["ban"]
    review(name, "accept", project=project, by="Ada")
    from ytterby.evidence.rules.extractor import RuleExtractor

    monkeypatch.setattr(RuleExtractor, "extract", lambda *_: [])
    kept = read([article], project=project)
    assert [c.id for c in kept.claims] == [name]
    assert any(e.event_type == "ban" for e in kept.events)


def test_an_event_can_be_rejected(article, tmp_path):
    project = tmp_path / "p"
    event = next(e for e in read([article], project=project).events if e.event_type == "investment")
    review(event.id, "reject", project=project, by="Ada")
    again = read([article], project=project)
    assert next(e for e in again.events if e.id == event.id).review["verdict"] == "reject"
    assert event.id not in {row.id.removeprefix("ledger-") for row in again.ledger}
    shown = CliRunner().invoke(cli, ["read", str(article), "--project", str(project)]).output
    assert "rejected by Ada" in " ".join(shown.partition(f"[{event.id}]")[2].split("\n")[1].split())
    assert shown.count("rejected by") == 1


def test_what_cannot_be_judged_is_refused_with_the_way_out(article, tmp_path):
    project = tmp_path / "p"
    name = _ids(read([article], project=project))["ban"]
    with pytest.raises(UnknownNameError, match="did you mean"):
        review(name[:-1] + "x", "accept", project=project)
    with pytest.raises(UnknownNameError, match="verdict 'rejected'"):
        review(name, "rejected", project=project)
    with pytest.raises(UnknownNameError, match="field 'quote'"):
        review(name, "correct", project=project, correction={"quote": "no"})
    with pytest.raises(InputError, match="needs at least one"):
        review(name, "correct", project=project)
    with pytest.raises(InputError, match="a list of names"):
        review(name, "correct", project=project, correction={"actors": "country:CL"})
    assert ProjectStore(project).reviews() == []


ARTICLES = Path(__file__).parent / "second_sight"


def test_ten_claims_are_judged_with_ten_keys_within_eighty_columns(tmp_path, monkeypatch):
    paths = [str(path) for path in [*sorted(ARTICLES.glob("en*.txt")), *sorted(ARTICLES.glob("de*.txt"))]]
    keys = iter("yynyyynyyy" + "q")
    monkeypatch.setattr("click.getchar", lambda: next(keys))
    shown = CliRunner().invoke(cli, ["read", *paths, "--review", "--project", str(tmp_path / "p")])
    assert shown.exit_code == 0
    queue, _, rest = shown.output.partition("8 confirmed, 0 corrected, 2 rejected")
    assert rest
    assert len(ProjectStore(tmp_path / "p").reviews()) == 10
    assert max(map(len, queue.splitlines())) <= 80
    assert queue.count("y confirm, n reject") == 1
    claims = queue.split("\n\n")[:10]
    assert max(len(claim.split()) for claim in claims) <= 60
    assert sum(len(claim.split()) for claim in claims) / len(claims) <= 40


def test_a_quote_is_broken_between_words_and_wide_signs_take_two_columns():
    lines = wrapped("Nach schweren Regenfällen ruht der Betrieb im Tagebau von Gascoyne Minerals, wie der Konzern am Donnerstag mitteilte.")
    assert all(len(line) <= WIDTH for line in lines)
    assert " ".join(lines).split() == [
        "Nach",
        "schweren",
        "Regenfällen",
        "ruht",
        "der",
        "Betrieb",
        "im",
        "Tagebau",
        "von",
        "Gascoyne",
        "Minerals,",
        "wie",
        "der",
        "Konzern",
        "am",
        "Donnerstag",
        "mitteilte.",
    ]
    assert max(map(len, wrapped("政府は" * 40))) <= WIDTH // 2
