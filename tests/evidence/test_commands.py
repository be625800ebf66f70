"""The commands `read` and `review` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ytterby.cli import cli
from ytterby.errors import InputError
from ytterby.scenario import load_scenario

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"


@pytest.fixture
def run(tmp_path):
    def call(*args):
        return CliRunner().invoke(cli, [str(arg) for arg in args] + ["--project", str(tmp_path / "p")], catch_exceptions=False)

    return call


def test_read_prints_json_or_words(run):
    found = json.loads(run("read", EXAMPLES / "brasil-loan.txt", "--json").stdout)
    assert set(found) == {"documents", "claims", "events", "relations", "ledger", "drafts", "to_confirm", "left_out"}
    words = run("read", EXAMPLES / "brasil-loan.txt").stdout
    assert "brasil-loan.txt  en, 2025-08-07 (meta line" in words
    assert "ledger:" in words


def test_score_prints_the_keys_of_the_contract(run):
    found = json.loads(run("read", EXAMPLES, "--score", EXAMPLES / "gold.jsonl", "--json").stdout)
    assert {"docs", "recall", "precision", "fields", "offsets", "boilerplate_f1"} <= set(found)
    assert set(found["fields"]) == {"actors", "targets", "materials", "stage", "quantity", "date", "modality", "attribution"}


def test_a_draft_is_written_and_loads(run, tmp_path):
    path = tmp_path / "draft.yaml"
    assert "measures" in run("read", EXAMPLES / "myanmar-mines.txt", "--draft", path).stdout
    kinds = [measure.kind for measure in load_scenario(path).measures]
    assert sorted(kinds) == ["ban", "outage"]


def test_nothing_is_written_where_no_event_is_a_measure(run, tmp_path):
    text = tmp_path / "a.txt"
    text.write_text("Kobalt ist für Batterien unverzichtbar.")
    with pytest.raises(InputError, match="no event of these articles is a measure"):
        run("read", text, "--draft", tmp_path / "draft.yaml")
    assert not (tmp_path / "draft.yaml").exists()


def test_an_archive_goes_into_a_folder(run, tmp_path):
    found = json.loads(run("read", EXAMPLES, "--out", tmp_path / "out", "--json").stdout)
    assert (found["documents"], found["failed"]) == (10, 0)
    assert (tmp_path / "out" / "events.jsonl").exists()


def test_review_keeps_a_judgement(run):
    claim = json.loads(run("read", EXAMPLES / "brasil-loan.txt", "--json").stdout)["claims"][0]["id"]
    assert "kept in" in run("review", claim, "correct", "--by", "Ada", "--set", "modality=planned").stdout
    again = json.loads(run("read", EXAMPLES / "brasil-loan.txt", "--json").stdout)["claims"]
    judged = next(c for c in again if c["id"] == claim)
    assert (judged["modality"], judged["review"]["by"]) == ("planned", "Ada")


def test_the_queue_confirms_rejects_and_corrects_by_single_keys(tmp_path):
    article = tmp_path / "a.txt"
    article.write_text(
        "Japan banned exports of lutetium on Monday.\n\nA fire shut a rare earth plant in China.\n\nLesotho banned exports of terbium."
    )
    call = ["read", str(article), "--project", str(tmp_path / "p"), "--review"]
    answers = 'yne\nactors=["country:CN"]\n\n'.replace("e\n", "e")
    out = CliRunner().invoke(cli, call, input=answers, catch_exceptions=False).stdout
    assert "1 confirmed, 1 corrected, 1 rejected" in out
    assert "measures: 2 (2 confirmed)" in out
    assert "to confirm" not in out.partition("kept in")[2]


def test_the_queue_can_be_left_and_skips(tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("Japan banned exports of gallium on Monday.\n\nLesotho banned exports of terbium.")
    call = ["read", str(article), "--project", str(tmp_path / "p"), "--review"]
    assert "0 confirmed, 0 corrected, 0 rejected" in CliRunner().invoke(cli, call, input="sq", catch_exceptions=False).stdout
