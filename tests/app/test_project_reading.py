"""An article that is given twice is one article."""

from __future__ import annotations

import json
from pathlib import Path

from ytterby.app import article_text, project_reading, read, review
from ytterby.app.articles.project_reading import reading_model

ARTICLE = Path(__file__).parents[2] / "examples" / "articles" / "brasil-loan.txt"


def _give(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())
    return folder / name


def test_the_same_text_under_two_names_is_one_article(tmp_path: Path) -> None:
    text, project = ARTICLE.read_text("utf-8"), tmp_path / "p"
    read([_give(tmp_path, "second.txt", text)], project=project)
    once = project_reading(project)
    read([_give(tmp_path, "first.txt", text.replace("\n", "\r\n"))], project=project)
    twice = project_reading(project)
    assert [row.name for row in twice.documents] == ["first.txt"]
    assert (len(twice.claims), len(twice.events), len(twice.ledger)) == (len(once.claims), len(once.events), len(once.ledger))
    assert {row.sources for row in twice.events} == {row.sources for row in once.events}
    assert article_text("second.txt", project).name == article_text("first.txt", project).name == "first.txt"


def test_the_one_that_was_judged_stays(tmp_path: Path) -> None:
    text, project = ARTICLE.read_text("utf-8"), tmp_path / "p"
    read([_give(tmp_path, "second.txt", text)], project=project)
    target = project_reading(project).claims[0].id
    review(target, "reject", project=project, by="A", why="constructed", correction={})
    read([_give(tmp_path, "first.txt", text)], project=project)
    found = project_reading(project)
    assert [row.name for row in found.documents] == ["second.txt"]
    assert any(claim.id == target and claim.review for claim in found.claims) or target not in {claim.id for claim in found.claims}


def test_another_text_is_another_article(tmp_path: Path) -> None:
    text, project = ARTICLE.read_text("utf-8"), tmp_path / "p"
    read([_give(tmp_path, "first.txt", text), _give(tmp_path, "second.txt", text.replace("465", "565"))], project=project)
    assert [row.name for row in project_reading(project).documents] == ["first.txt", "second.txt"]


def test_every_key_of_a_reading_is_described_and_none_is_lost(tmp_path: Path) -> None:
    """What the pages and the API give is what ``ytterby read --json`` prints, field by field."""
    found = read([path for path in ARTICLE.parent.iterdir() if path.stem != "SOURCES"], project=tmp_path / "p")
    plain = json.loads(json.dumps(found.to_dict()))
    assert reading_model(found).to_dict() == plain
    assert all(plain[name] for name in ("claims", "events", "ledger", "drafts", "to_confirm"))
