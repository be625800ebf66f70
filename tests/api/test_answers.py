"""Answers: ETags, compression, tables as files, memory, and the schema that describes them."""

from __future__ import annotations

import io
import subprocess
import sys
import threading

import pytest

from ytterby.api.answers import RecentAnswers
from ytterby.api.replies import Format
from ytterby.errors import InputError
from ytterby.result_model import ResultModel

QUESTION = "exposure?importer=JP&element=Dy"


class Row(ResultModel):
    """A number."""

    value: int


def test_who_has_the_answer_is_told_so(client):
    first = client.get(QUESTION)
    tag = first.headers["etag"]
    known = client.get(QUESTION, headers={"if-none-match": tag})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert client.get(QUESTION, headers={"if-none-match": '"other", ' + tag}).status_code == 304
    assert client.get(QUESTION, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get("exposure?importer=JP&element=Nd").headers["etag"] != tag


def test_answers_are_sent_compressed_to_those_who_can_read_it(client):
    plain = client.get(QUESTION, headers={"accept-encoding": "identity"})
    packed = client.get(QUESTION, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert packed.json() == plain.json()
    assert "accept-encoding" in packed.headers["vary"].lower()


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.json])
def test_tables_are_the_rows_of_the_answer(client, form):
    import pandas as pd

    rows = client.get(QUESTION).json()["suppliers"]
    found = client.get(f"{QUESTION}&format={form}&table=suppliers")
    assert f'exposure-JP-suppliers.{form}"' in found.headers["content-disposition"]
    stream = io.BytesIO(found.content)
    if form is Format.csv:
        table = pd.read_csv(stream)
    elif form is Format.xlsx:
        table = pd.read_excel(stream)
    else:
        table = _parquet(found.content)
    assert len(table) == len(rows)
    assert table["share_traced"].sum() == pytest.approx(sum(row["share_traced"] or 0.0 for row in rows), rel=1e-9)
    assert client.get(f"{QUESTION}&format={form}&table=suppliers", headers={"if-none-match": found.headers["etag"]}).status_code == 304


def _parquet(content):
    import duckdb

    with duckdb.connect() as connection:
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "x"
            place.write_bytes(content)
            return connection.execute(f"SELECT * FROM read_parquet('{place}')").df()


def test_unknown_tables_and_formats_are_named(client):
    found = client.get(f"{QUESTION}&format=csv&table=supplyers")
    assert (found.status_code, found.json()["nearest"]) == (422, "suppliers")
    assert client.get(f"{QUESTION}&format=pdf").status_code == 422


def test_a_question_is_worked_out_once_for_all_who_ask_it():
    answers, made, start = RecentAnswers(10_000), [], threading.Barrier(8)

    def work():
        made.append(1)
        return Row(value=len(made))

    def one():
        start.wait()
        found.append(answers.get("q", work).value)

    found: list[int] = []
    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, made) == ([1] * 8, [1])


def test_errors_are_not_kept_and_reach_all_who_wait():
    answers = RecentAnswers(10_000)
    for _ in range(2):
        with pytest.raises(InputError, match="no"):
            answers.get("q", lambda: (_ for _ in ()).throw(InputError("no")))
    assert answers.get("q", lambda: Row(value=1)).value == 1


def test_what_is_kept_has_a_limit_and_the_oldest_goes_first():
    size = len(b'{"value":10}')
    answers = RecentAnswers(3 * size)
    for number in range(10, 15):
        answers.get(number, lambda number=number: Row(value=number))
    assert answers.sizes() == {"answers": 3, "bytes": 3 * size}
    asked: list[int] = []
    for number in (14, 10):
        answers.get(number, lambda number=number: (asked.append(number), Row(value=number))[1])
    assert asked == [10]
    assert answers.kept(lambda: answers.get(99, lambda: Row(value=1))) is None


def test_the_server_starts_without_the_heavy_half_of_the_program():
    code = "import sys; from ytterby.api import create_api, Settings; create_api(Settings()); print([m for m in sys.modules if m in HEAVY])"
    heavy = "HEAVY = ('numpy', 'pandas', 'scipy', 'numba', 'highspy', 'duckdb', 'altair', 'xarray', 'openpyxl')\n"
    found = subprocess.run([sys.executable, "-c", heavy + code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_field_of_the_schema_has_its_meaning(client):
    document = client.get("/openapi.json").json()
    missing = [
        f"{name}.{key}"
        for name, schema in document["components"]["schemas"].items()
        for key, field in schema.get("properties", {}).items()
        if not field.get("description")
    ]
    assert missing == []
    assert len(document["paths"]) > 45
    for path, answers in document["paths"].items():
        for method, answer in answers.items():
            assert answer["description"], (method, path)
            assert {"403", "421"} <= set(answer["responses"])
