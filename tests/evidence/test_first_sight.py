"""The invented articles that were marked before any rule ran on them: every mark stands in its text."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "first_sight"


def test_every_mark_is_exactly_where_it_says():
    rows = [json.loads(line) for line in (FOLDER / "gold.jsonl").read_text("utf-8").splitlines()]
    texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    assert {row["doc"] for row in rows} == set(texts)
    assert [row["id"] for row in rows if texts[row["doc"]][row["start"] : row["end"]] != row["quote"]] == []
    assert len({row["id"] for row in rows}) == len(rows)
