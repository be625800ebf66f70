"""A firm's parts from file to answer: workbooks, CSV, template, page, and what a scenario delivers."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner

from tests.report.pages import parse
from ytterby.app import PartsRequest, bom, save_parts, save_template
from ytterby.app.parts.file import read_parts_file
from ytterby.app.parts.scenario import THRIFT, RunDeliveries
from ytterby.cli.exposure import command
from ytterby.errors import InputError, UnknownNameError
from ytterby.exposure import OPTIONAL, REQUIRED, Known, Part
from ytterby.report import Words, languages
from ytterby.report.parts import EXAMPLES, parts_paper, template_sheets
from ytterby.report.render import FORMULA, WorkbookSheet, harmless, html, workbook
from ytterby.scenario import load_text

if TYPE_CHECKING:
    from ytterby.exposure import PartsResult

PARTS = Path(__file__).parents[2] / "examples" / "parts.csv"
ON = dt.date(2026, 1, 5)
KNOWN = Known(
    frozenset({"magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo", "oxide.Ce"}),
    {"CN": "CHN", "JP": "JPN", "DE": "DEU", "FR": "FRA", "VN": "VNM"},
)
HOSTILE = ('=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1+1")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def found(project: Path) -> PartsResult:
    return bom(PartsRequest(PARTS, on=ON, project=project))


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path).worksheets}


# The answer


def test_a_magnet_from_japan_is_no_island(found: PartsResult) -> None:
    """What is bought elsewhere but 99 % Chinese upstream is missing after the own stock and the supplier's."""
    pump = next(row for row in found.parts if row.part == "coolant pump")
    assert (pump.country, pump.outlook) == ("JP", "stops")
    assert pump.upstream_share == pytest.approx(0.99, abs=0.01)
    assert pump.supplier_cover_assumed
    assert pump.days_to_stop_low is not None
    assert pump.days_to_stop is not None
    assert 70.0 < pump.days_to_stop_low < pump.days_to_stop
    assert pump.missing_from == ON + dt.timedelta(days=int(pump.days_to_stop))


def test_the_first_to_be_missing_comes_first(found: PartsResult) -> None:
    days = [row.days_to_stop for row in found.parts if row.days_to_stop is not None]
    assert days == sorted(days)
    assert (found.first_stop_days, found.parts[0].part) == (35.0, "e-axle resolver")
    assert (found.next_expiry, found.next_expiry_parts) == (dt.date(2026, 2, 15), ("power steering motor",))


def test_licences_are_listed_by_date_and_expired_ones_are_marked(project: Path) -> None:
    later = bom(PartsRequest(PARTS, on=dt.date(2026, 3, 1), project=project))
    assert [(row.date.isoformat(), row.expired, row.days) for row in later.licences] == [
        ("2026-02-15", True, -14),
        ("2026-06-30", False, 121),
    ]
    assert {row.part: row.licence_state for row in later.parts}["power steering motor"] == "expired"


def test_what_the_list_says_is_not_asked_again(project: Path, tmp_path: Path) -> None:
    head = "part,grade,grams,supplier,country,supplier_cover_weeks,upstream_share,licence\n"
    path = tmp_path / "list.csv"
    path.write_text(f"{head}a,N42SH,10,Told,JP,6,80 %,none\nb,N42SH,10,Silent,JP,,,\nc,N42SH,10,Mine,CN,,,none\n", "utf-8")
    asked = {row.supplier: row.ask for row in bom(PartsRequest(path, country="China", on=ON, project=project)).questions}
    assert asked == {"Silent": ("licence", "stock", "origin"), "Mine": ("elsewhere",)}


# Files


def test_a_workbook_and_a_text_of_the_same_list_are_the_same(tmp_path: Path) -> None:
    lines = [line.split(",") for line in PARTS.read_text("utf-8").splitlines()]
    book = workbook([WorkbookSheet("Notes", ("nothing",), ()), WorkbookSheet("List", tuple(lines[0]), tuple(map(tuple, lines[1:])))])
    (tmp_path / "parts.xlsx").write_bytes(book)
    assert read_parts_file(tmp_path / "parts.xlsx", KNOWN).parts == _read(PARTS)
    commas = "\n".join(";".join(cell.replace(".", ",") if re.fullmatch(r"[\d.]+", cell) else cell for cell in line) for line in lines)
    (tmp_path / "parts.csv").write_text(commas, "utf-8")
    assert read_parts_file(tmp_path / "parts.csv", KNOWN).parts == _read(PARTS)


def _read(path: Path) -> tuple[Part, ...]:
    return read_parts_file(path, KNOWN).parts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Bauteil;Güte;Gewicht (g);Land\nLüfter;N35;12,5;China\n".encode(encoding))
    read = read_parts_file(path, KNOWN)
    assert (read.parts[0].part, read.parts[0].grams) == ("Lüfter", 12.5)
    assert [note.code for note in read.notes] == (["encoding"] if encoding == "cp1252" else [])


def test_what_is_no_list_is_refused_in_a_line(tmp_path: Path) -> None:
    def refused(name: str, data: bytes) -> str:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_parts_file(tmp_path / name, KNOWN)
        return str(caught.value)

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 101_000_000)
    assert "unpacks to more than" in refused("bomb.xlsx", stream.getvalue())
    assert "is not a workbook" in refused("a.xlsx", b"part,grade")
    assert "call it .xlsx" in refused("a.csv", stream.getvalue())
    assert "is empty" in refused("b.csv", b"")
    assert "larger than 5 MB" in refused("c.csv", b"a" * 5_000_001)
    assert "allowed are .xlsx" in refused("a.pdf", b"x")


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_template_is_read_as_it_is_written(tmp_path: Path, lang: str, ending: str) -> None:
    path = tmp_path / f"parts.{ending}"
    save_template(path, lang)
    read = read_parts_file(path, KNOWN)
    assert [(part.part, part.grams, part.country) for part in read.parts] == [(row[0], row[2], row[4]) for row in EXAMPLES]
    assert not [note for note in read.notes if note.code == "unused"]
    assert (read.parts[2].supplier_cover, read.parts[2].upstream_share) == (6.0, 0.8)
    with pytest.raises(InputError, match="not written over"):
        save_template(path, lang)


def test_the_template_has_and_explains_every_column() -> None:
    form, about = template_sheets(Words("en"), "parts.xlsx")
    assert len(form.head) == len({*REQUIRED, *OPTIONAL} - {"material"})
    assert [row[0] for row in about.rows] == list(form.head)
    assert [form.head[place] for place in form.needed] == list(REQUIRED)


def test_examples_that_are_left_in_the_list_are_named(project: Path, tmp_path: Path) -> None:
    save_template(tmp_path / "parts.csv")
    notes = bom(PartsRequest(tmp_path / "parts.csv", project=project)).notes
    assert [note.about for note in notes if note.code == "examples"] == [tuple(row[0] for row in EXAMPLES)]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_no_cell_becomes_a_formula_and_names_come_back_whole(project: Path, tmp_path: Path, ending: str) -> None:
    path, out = tmp_path / "list.csv", tmp_path / f"out.{ending}"
    rows = "\n".join(f'"{name.replace(chr(34), chr(34) * 2)}",N35,10,"{name.strip()[:1]}supplier",CN' for name in HOSTILE)
    path.write_text(f"part,grade,grams,supplier,country\n{rows}\n", "utf-8")
    save_parts(bom(PartsRequest(path, project=project)), out)
    if ending == "csv":
        fields = [field for row in pd.read_csv(out, dtype=str).fillna("").to_numpy().tolist() for field in row]
        assert not [field for field in fields if field.startswith(FORMULA)]
        return
    written = openpyxl.load_workbook(out)
    texts = [cell for sheet in written.worksheets for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert texts
    assert not [cell.value for cell in texts if cell.data_type == "f" or cell.value.startswith(FORMULA)]
    sheet = next(sheet for sheet in written.worksheets if sheet.title == "Parts")
    heads = [cell.value for cell in sheet[1]]
    assert {str(row[heads.index("part")].value).lstrip("'") for row in sheet.iter_rows(min_row=2)} == {name.strip() for name in HOSTILE}


def test_numbers_and_dates_are_not_guarded() -> None:
    assert [harmless(value) for value in (-1.5, None, ON, "a-b", "-1")] == [-1.5, None, ON, "a-b", "'-1"]


def test_the_workbook_holds_what_the_json_holds(found: PartsResult, tmp_path: Path) -> None:
    save_parts(found, tmp_path / "parts.xlsx")
    sheets = cells(tmp_path / "parts.xlsx")
    assert list(sheets) == ["Answer", "Parts", "Ladder", "Licences", "Questions"]
    head, *rows = sheets["Parts"]
    assert [row[head.index("part")] for row in rows] == [part.part for part in found.parts]
    assert [row[head.index("day")] for row in rows] == pytest.approx([part.days_to_stop for part in found.parts])
    assert [row[head.index("missing from")].date() for row in rows] == [part.missing_from for part in found.parts]  # type: ignore[attr-defined]
    assert [row[0] for row in sheets["Ladder"][1:]] == [", ".join(step.parts) for step in found.ladder]
    assert len(sheets["Questions"]) == 1 + sum(len(row.ask) for row in found.questions)


# The page


@pytest.mark.parametrize("lang", languages())
def test_the_page_stands_alone_and_says_what_the_result_says(found: PartsResult, lang: str) -> None:
    words = Words(lang)
    text = html(parts_paper(found, words, "0.1.0", ON))
    page = parse(text)
    policy = next(meta.attributes["content"] for meta in page.all("meta") if "content" in meta.attributes)
    assert "default-src 'none'" in policy
    assert not [element for element in page.walk() if {"src", "style", "onclick"} & {*element.attributes}]
    shown = " ".join(element.text() for element in page.all("header", "main"))
    for row in found.parts:
        assert row.part in shown
        assert row.supplier in shown
    assert words.short_day(found.parts[0].missing_from) in shown  # type: ignore[arg-type]
    assert words.plain("parts.section.ask") in shown
    assert "{" not in shown


def test_names_of_the_list_are_text_on_the_page(found: PartsResult) -> None:
    row = found.parts[0].model_copy(update={"part": "<script>alert(1)</script>", "supplier": "<b>x</b>"})
    text = html(parts_paper(found.model_copy(update={"parts": (row,)}), Words("en"), "0", ON))
    assert "<script>alert" not in text
    assert "<b>x</b>" not in text


def test_the_answer_counts_every_part_once(found: PartsResult) -> None:
    said = "".join(span.text for span in parts_paper(found, Words("en"), "0", ON).answer)
    assert sum(map(int, re.findall(r"(\d+) (?:stop|run|go|is|are)", said))) == len(found.parts)
    assert f"Of {len(found.parts)} parts" in said


# Scenarios

SCENARIO = """
name: test
start: 2027-01-04
weeks: 10
measures:
  - {kind: KIND, name: one, on: [magnet.NdFeB-Dy], from: CN, to: GOAL, start: 2027-01-04}
"""


def deliveries(kind: str = "licence", goal: str = "all", home: tuple[str, ...] = (), on: dt.date = dt.date(2027, 1, 4)) -> RunDeliveries:
    """A run of ten weeks: nothing from China to Germany for four weeks, half to Japan; Japan's own buyers get three quarters."""
    links = [
        ("magnet.NdFeB-Dy@CN", "magnet.NdFeB-Dy@DE", 521.7857142857143),
        ("magnet.NdFeB-Dy@CN", "magnet.NdFeB-Dy@JP", 521.7857142857143),
    ]
    names = [f"{first}>{last}" for first, last, _ in links]
    markets = [f"magnet.NdFeB-Dy@{region}" for region in ("CN", "DE", "JP")]
    system = SimpleNamespace(
        links=pd.DataFrame(
            {
                "origin": [a for a, _, _ in links],
                "destination": [b for _, b, _ in links],
                "commodity": "magnet.NdFeB-Dy",
                "flow": [c for *_, c in links],
            },
            index=names,
        ),
        markets=pd.DataFrame({"commodity": "magnet.NdFeB-Dy", "use": 521.7857142857143}, index=markets),
        contents=pd.DataFrame({"commodity": ["magnet.NdFeB-Dy"], "element": ["Dy"], "content": [0.03]}),
        market=lambda commodity, region: f"{commodity}@{region}",
    )
    flow = np.array([[0.0] * 4 + [10.0 * (1 - THRIFT / 2)] * 6, [5.0] * 4 + [10.0] * 6]).T
    taken = np.array([[10.0] * 10, [10.0] * 10, [7.5] * 10]).T
    weeks = np.array([np.datetime64("2027-01-04") + 7 * number for number in range(10)])
    dataset = xr.Dataset(
        {"flow": (("week", "link"), flow), "consumption": (("week", "market"), taken)},
        {"week": weeks.astype("datetime64[ns]"), "link": names, "market": markets},
    )
    scenario = load_text(SCENARIO.replace("KIND", kind).replace("GOAL", goal), "test.yaml")
    return RunDeliveries(SimpleNamespace(dataset=dataset), system, scenario, home, on)  # type: ignore[arg-type]


def part(country: str = "CN", licence: str = "unknown", expiry: dt.date | None = None) -> Part:
    return Part("p", "magnet.NdFeB-Dy", "N42SH", 1.0, "s", country, 2.0, licence, expiry)


def shares(found: RunDeliveries, wanted: Part, weeks: list[float]) -> list[float]:
    given = found.source(wanted, wanted.country)
    assert given is not None
    return [round(value, 6) for value in given.on(np.array(weeks))[1].tolist()]


def test_deliveries_are_the_shipments_to_where_the_firm_works() -> None:
    assert shares(deliveries(home=("DE",)), part(), [0, 3.9, 4, 9]) == [0.0, 0.0, 1.0, 1.0]
    assert shares(deliveries(home=("JP",)), part(), [0, 4]) == [0.5, 1.0]
    assert shares(deliveries(), part(), [0, 4]) == [0.25, 1.0]


def test_a_supplier_elsewhere_delivers_what_its_market_gets() -> None:
    assert shares(deliveries(home=("DE",)), part("JP"), [0, 9]) == [0.75, 0.75]
    assert shares(deliveries(home=("DE",)), part("DE"), [0, 9]) == [1.0, 1.0]


def test_a_measure_that_does_not_reach_the_firm_restricts_nothing() -> None:
    assert shares(deliveries(goal="JP", home=("DE",)), part(), [0]) == [1.0]
    assert shares(deliveries(goal="JP", home=("JP",)), part(), [0]) == [0.5]


def test_a_licence_in_hand_ships_until_it_ends_but_not_against_a_ban() -> None:
    held = part(licence="general", expiry=dt.date(2027, 1, 18))
    assert shares(deliveries(home=("DE",)), held, [0, 1.9, 2, 4]) == [1.0, 1.0, 0.0, 1.0]
    assert shares(deliveries("ban", home=("DE",)), held, [0, 2]) == [0.0, 0.0]
    assert shares(deliveries(home=("DE",)), part(licence="pending"), [0]) == [0.0]
    assert shares(deliveries(home=("DE",)), part(licence="general"), [0]) == [0.0]  # without a date it is not counted on


@pytest.mark.parametrize(("on", "first"), [("2026-12-21", [1.0, 1.0, 0.0, 1.0]), ("2027-01-18", [0.0, 0.0, 1.0, 1.0])])
def test_the_first_day_may_lie_before_or_within_the_run(on: str, first: list[float]) -> None:
    found = deliveries(home=("DE",), on=dt.date.fromisoformat(on))
    assert shares(found, part(), [0, 1.9, 2, 6]) == first
    assert found.weeks == pytest.approx(12.0 if on.startswith("2026") else 8.0)


def test_what_the_run_does_not_know_is_unknown() -> None:
    assert deliveries().source(part("VN"), "VN") is None


@pytest.mark.slow
def test_a_bundled_scenario_from_name_and_from_run(project: Path) -> None:
    """The queue of April 2025: what has a licence goes on, what waits for one is missing after its stock."""
    asked = PartsRequest(PARTS, scenario="china-licences-2025", importer="DE", project=project)
    first = bom(asked)
    outlook = {row.part: row.outlook for row in first.parts}
    assert outlook["e-axle resolver"] == "stops"
    assert outlook["traction motor rotor"] == outlook["catalyst washcoat"] == "goes on"
    assert first.scenario is not None
    assert first.on == dt.date(2025, 4, 4)
    again = bom(replace(asked, scenario=first.scenario.run))
    assert again.parts == first.parts
    with pytest.raises(InputError, match="the run ends on"):
        bom(replace(asked, scenario=first.scenario.run, on=dt.date(2040, 1, 1)))
    text = html(parts_paper(first, Words("de"), "0", ON))
    assert "steht still" in text


# The command


def called(*words: str) -> str:
    result = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("lang", languages())
def test_the_command_prints_the_first_shortage_in_the_language(project: Path, lang: str) -> None:
    said = called("--bom", str(PARTS), "--on", "2026-01-05", "--lang", lang, "--project", str(project))
    assert "e-axle resolver" in said.splitlines()[0]
    assert "parts." not in said.replace("parts.csv", "")


def test_names_and_codes_of_the_lost_country_are_the_same(project: Path) -> None:
    options = ("--bom", str(PARTS), "--on", "2026-01-05", "--json", "--project", str(project))
    assert json.loads(called(*options, "--without", "Deutschland")) == json.loads(called(*options, "--without", "DE"))


@pytest.mark.parametrize("ending", ["html", "xlsx", "csv"])
def test_exposure_is_written_as_a_file(project: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"exposure.{ending}"
    found = json.loads(
        called("--importer", "DE", "--element", "Dy", "-o", str(out), "--json", "--project", str(project)).partition("written")[0]
    )
    if ending == "html":
        assert "Germany" in out.read_text("utf-8")
    elif ending == "csv":
        assert len(pd.read_csv(out)) == len(found["suppliers"])
    else:
        assert len(cells(out)["suppliers"]) == 1 + len(found["suppliers"])


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_history_is_written_as_a_table(project: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"history.{ending}"
    called("--history", "--importer", "JP", "-o", str(out), "--project", str(project))
    rows = len(pd.read_csv(out)) if ending == "csv" else len(cells(out)["history"]) - 1
    assert rows == 30


@pytest.mark.parametrize(
    ("name", "words"), [("x.docx", "unknown format '.docx'"), ("no/x.html", "there is no folder"), (".", "unknown format")]
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the work was begun")

    monkeypatch.setattr("ytterby.app.bom", work)
    result = CliRunner().invoke(command, ["--bom", str(PARTS), "-o", str(tmp_path / name)])
    assert result.exit_code == 2
    assert words in " ".join(result.output.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


def test_an_unknown_scenario_is_told_with_the_nearest(project: Path) -> None:
    with pytest.raises(UnknownNameError, match="china-licences-2025"):
        bom(PartsRequest(PARTS, scenario="china-licence-2025", project=project))


def test_a_list_over_several_minerals_is_split_and_answered_as_one(project: Path, tmp_path: Path) -> None:
    """Each part fares as in a list of its own minerals; ladder, licences and questions are of all."""
    head = "part,material,grams,country,weeks_of_cover,units_per_week,licence_expiry\n"
    rows = {
        "rotor": "rotor,N42,2,CN,6,100,2026-05-01\n",
        "wafer": "wafer,GaAs,2,CN,5,100,2026-03-01\n",
        "cloth": "cloth,Sb2O3,9,JP,1,100,\n",
    }
    path = tmp_path / "teile.csv"

    def of(text: str) -> PartsResult:
        path.write_text(head + text, "utf-8")
        return bom(PartsRequest(path, country="CN", on=ON, project=project))

    alone = {name: of(row) for name, row in rows.items()}
    assert {name: (result.bases[0].chain, result.base_year) for name, result in alone.items()} == {
        "rotor": ("rare-earths", 2024), "wafer": ("gallium-germanium", 2022), "cloth": ("antimony", 2023),
    }  # fmt: skip
    mixed = of("".join(rows.values()) + "bolt,platinum,2,ZA,1,100,\n")
    for row in mixed.parts:
        (own,) = alone[row.part].parts
        assert row.model_copy(update={"line": own.line}) == own
    days = [row.days_to_stop for row in mixed.parts]
    assert days == sorted(days, key=lambda day: float("inf") if day is None else day)
    assert {name for step in mixed.ladder for name in step.parts} >= {"rotor", "wafer"}
    assert [row.parts for row in mixed.licences] == [("wafer",), ("rotor",)]
    assert {name for asked in mixed.questions for name in asked.parts} == set(rows)
    assert {row.chain: row.parts for row in mixed.bases} == {result.bases[0].chain: (name,) for name, result in alone.items()}
    assert [(note.code, note.about) for note in mixed.notes if note.code == "outside"] == [("outside", ("bolt (platinum)",))]
    for lang, words in (("en", "rare earths, 2024: rotor"), ("de", "Seltene Erden, 2024: rotor"), ("ja", "レアアース（2024年）はrotor")):
        assert words in plain_page(mixed, lang)


def plain_page(found: PartsResult, lang: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html(parts_paper(found, Words(lang), "0", ON))))


def test_parts_of_other_minerals_than_asked_for_are_left_out_and_named(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "teile.csv"
    path.write_text("part,material,grams,country\nwafer,GaAs,2,CN\nrotor,N42,2,CN\n", "utf-8")
    found = bom(PartsRequest(path, chain="rare-earths", on=ON, project=project))
    assert [row.part for row in found.parts] == ["rotor"]
    assert ("other_minerals", ("wafer (GaAs)",)) in [(note.code, note.about) for note in found.notes]
    with pytest.raises(InputError, match=r"no part is of the minerals asked for, antimony: wafer \(GaAs\), rotor \(N42\)"):
        bom(PartsRequest(path, chain="antimony", on=ON, project=project))


@pytest.mark.parametrize(("element", "year"), [("Ga", 2022), ("Sb", 2023), ("Dy", 2024)])
def test_the_chain_of_an_element_is_found(project: Path, element: str, year: int) -> None:
    told = CliRunner().invoke(command, ["--element", element, "--importer", "DE", "--json", "--project", str(project)])
    assert json.loads(told.stdout)["year"] == year
