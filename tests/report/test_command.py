"""``ytterby brief`` from its inputs to its files."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.report.pages import parse
from tests.report.synthetic import TODAY, inputs, record, series, summary
from ytterby.app import BriefRequest, WrittenBriefing, brief, sort
from ytterby.cli.brief import command
from ytterby.errors import InputError, UnknownNameError
from ytterby.report.briefing.briefing_input import BriefedRun
from ytterby.report.briefing.compose import write
from ytterby.report.catalogue import languages
from ytterby.report.text import plain
from ytterby.scenario import bundled
from ytterby.store import ProjectStore, read_run, write_run


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run", record() | {"base_year": 2024}, summary(), series())


def program(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "ytterby", "brief", *arguments], capture_output=True, text=True, cwd=cwd, timeout=300)


def test_inputs_are_sorted_by_what_they_are(tmp_path: Path, run_folder: Path) -> None:
    article = tmp_path / "news.txt"
    article.write_text("China hat die Ausfuhr beschränkt.", "utf-8")
    found = sort([str(article), "no-shock", str(run_folder)])
    assert found.articles == (article,)
    assert [scenario.name for scenario in found.scenarios] == ["no-shock"]
    assert found.runs == (run_folder,)


@pytest.mark.parametrize("text", ["no-shok", "china-licences"])
def test_an_unknown_name_is_refused_with_the_nearest(text: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        sort([text])
    assert error.value.nearest in bundled()


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(InputError, match=r"gone\.txt: no such file"):
        sort(["gone.txt"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-shok",), "did you mean 'no-shock'"),
        (("gone/article.txt",), "no such file or folder"),
        (("no-shock", "--importer", "Nippn"), "unknown region 'Nippn'"),
        (("no-shock", "--lang", "fr"), f"'--lang': 'fr' is not one of {str(languages())[1:-1]}"),
        ((), "INPUT"),
    ],
)
def test_bad_input_is_one_clear_message_and_nothing_is_written(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = program(*arguments, "-o", "out.html", cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "[]", '{"episode": "x", "hits": 3}', "{"])
def test_a_foreign_backtest_is_refused(tmp_path: Path, run_folder: Path, text: str) -> None:
    path = tmp_path / "hits.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"hits\.json: is not what 'ytterby backtest EPISODE --json' prints"):
        brief(BriefRequest((str(run_folder),), backtest=path))


def test_the_help_shows_an_example() -> None:
    told = CliRunner().invoke(command, ["--help"]).output
    assert "ytterby brief china-licences-2025 -o brief.html" in told


def written() -> WrittenBriefing:
    return WrittenBriefing(write(inputs(), "en"), TODAY)


def test_files_are_whole_readable_and_named_as_asked(tmp_path: Path) -> None:
    assert written().save(tmp_path / "a.html") == [tmp_path / "a.html"]
    assert written().save(tmp_path / "b.pdf") == [tmp_path / "b.pdf"]
    assert written().save(tmp_path / "c.html", with_pdf=True) == [tmp_path / "c.html", tmp_path / "c.pdf"]
    assert (tmp_path / "b.pdf").read_bytes() == (tmp_path / "c.pdf").read_bytes()
    assert parse((tmp_path / "a.html").read_text("utf-8")).all("h1")[0].text() == "Invented licences"
    assert (tmp_path / "a.html").stat().st_mode & 0o044


def test_a_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        written().save(tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        written().save(Path("/proc/nowhere/brief.html"))


def test_a_part_of_the_series_is_the_part_of_the_whole(run_folder: Path) -> None:
    done = read_run(run_folder)
    part = BriefedRun("run", done.record, done.summary, done.dataset).at("price", "oxide.Dy", "JP")
    assert part is not None
    whole = done.series
    wanted = whole[(whole["measure"] == "price") & (whole["commodity"] == "oxide.Dy") & (whole["destination"] == "JP")]
    assert part.to_numpy().reshape(-1).tolist() == wanted["value"].tolist()
    assert part.size > 0


@pytest.mark.slow
def test_a_run_folder_becomes_a_briefing_with_the_real_base(run_folder: Path, tmp_path: Path) -> None:
    """The base system, the exposure and the facts are real; the run is invented and says so."""
    order = BriefRequest((str(run_folder),), lang="de", importer="DE", project=tmp_path / "project", today=dt.date(2026, 11, 22))
    found = brief(order)
    told = found.summary()
    assert told.sections == ("supposed", "exposure", "outlook", "losses", "matters")
    assert any("10.\u00a0November\u00a02026" in line for line in told.warnings)
    page = parse(found.html())
    assert "Erfundene Lizenzen" in page.text()
    assert len(found.briefing.sources) > 5
    assert all(source.licence for source in found.briefing.sources)
    assert not list((tmp_path / "project").glob("**/*")) or (tmp_path / "project").is_dir()


@pytest.mark.slow
def test_articles_on_gallium_are_briefed_on_the_base_of_gallium(tmp_path: Path) -> None:
    """The draft is simulated on the chain of its materials, and the exposure is that of the same base."""
    article = tmp_path / "gallium.txt"
    article.write_text("China curbs gallium\n\n3 July 2023\n\nChina has banned exports of gallium to Japan from 1 August 2023.\n", "utf-8")
    found = brief(BriefRequest((str(article),), draws=4, project=tmp_path / "p", today=dt.date(2023, 7, 10)))
    record = read_run(found.runs[0]).record
    assert (record["chain"], record["base_year"]) == ("gallium-germanium", 2022)
    assert record["scenario"]["measures"][0]["on"] == ["Ga"]
    assert "gallium" in plain(next(s for s in found.briefing.sections if s.name == "exposure").blocks[0].blocks[0].spans)


@pytest.mark.slow
def test_a_scenario_is_run_and_the_second_time_taken_from_the_project(tmp_path: Path) -> None:
    first = program("china-licences-2025", "--draws", "10", "--json", "--project", "p", "-o", "a.html", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    again = json.loads(program("china-licences-2025", "--draws", "10", "--json", "--project", "p", "-o", "b.html", cwd=tmp_path).stdout)
    assert told["runs"] == again["runs"]
    assert told["answer"] == again["answer"]
    assert "licences" in told["title"]
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_run_is_found_by_its_name_in_the_project(tmp_path: Path, run_folder: Path) -> None:
    from shutil import copytree

    name = run_folder.name
    ProjectStore(tmp_path / "p")
    copytree(run_folder, tmp_path / "p" / "runs" / name)
    assert sort([name], tmp_path / "p").runs == (tmp_path / "p" / "runs" / name,)
    with pytest.raises(InputError, match="unknown scenario, article or run 'x-of-nowhere'"):
        sort(["x-of-nowhere"], tmp_path / "p")
    assert not (tmp_path / "none").exists()
    with pytest.raises(InputError, match="unknown scenario"):
        sort(["x-of-nowhere"], tmp_path / "none")
    assert not (tmp_path / "none").exists(), "a project is made only where something is written"
