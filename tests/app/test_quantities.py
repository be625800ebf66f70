"""Register of quantities: what two outputs print is one number, computed in one place.

Each entry names a quantity and gives it as the command's JSON, Python and the briefing have it; the briefing rounds, so the unrounded
number is put into its words.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import ytterby as yt
from ytterby.app import BriefRequest, brief
from ytterby.cli import cli
from ytterby.report import Words, plain
from ytterby.report.briefing import Table, Timeline

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.app import WrittenBriefing

SCENARIO, FORKED, PLACE, DRAWS, TODAY = "china-licences-2025", "suspension-ends-2026", "JP", 24, dt.date(2026, 11, 1)
pytestmark = pytest.mark.slow


class Outputs:
    """The three outputs of one question."""

    def __init__(self, project: Path) -> None:
        self.project, self.words = project, Words("en")
        self.world = yt.load(2024, project)
        self.run = self.world.simulate(SCENARIO, draws=DRAWS, seed=1)
        self.exposed = self.world.exposure(PLACE)
        self.paper = self.briefed(SCENARIO)

    def briefed(self, scenario: str) -> WrittenBriefing:
        return brief(BriefRequest((scenario,), "en", PLACE, DRAWS, 1, project=self.project, today=TODAY))

    def command(self, *words: str) -> dict[str, Any]:
        told = CliRunner().invoke(cli, [*words, "--json", "--project", str(self.project)])
        assert told.exit_code == 0, told.output
        return dict(json.loads(told.stdout))

    def table(self, begins: str) -> list[tuple[str, ...]]:
        """Rows of a table of the briefing, by the beginning of its caption."""
        briefing = self.paper.briefing
        tables = [chart.table for chart in briefing.charts()]
        tables += [block for section in briefing.sections for block in section.blocks if isinstance(block, Table)]
        return list(next(table.rows for table in tables if table.caption.startswith(begins)))

    def text(self, paper: WrittenBriefing | None = None) -> str:
        """Page one, the leads of the sections and the titles of their timelines."""
        briefing = (paper or self.paper).briefing
        blocks = [block for section in briefing.sections for block in section.blocks if hasattr(block, "spans")]
        inner = [
            each
            for section in briefing.sections
            for block in section.blocks
            for each in getattr(block, "blocks", ())
            if hasattr(each, "spans")
        ]
        timelines = [block for section in briefing.sections for block in section.blocks if isinstance(block, Timeline)]
        titles = [entry.title for timeline in timelines for entry in timeline.entries]
        lines = [briefing.answer, *briefing.unknowns, *(block.spans for block in (*blocks, *inner)), *titles]
        return " ".join(plain(line) for line in lines).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    return Outputs(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def exposed(outputs: Outputs) -> dict[str, Any]:
    return outputs.command("exposure", "--importer", PLACE)


@pytest.fixture(scope="module")
def ran(outputs: Outputs) -> dict[str, Any]:
    return outputs.command("run", SCENARIO, "--draws", str(DRAWS), "--seed", "1")


def test_exposure_is_one_in_command_and_python(outputs: Outputs, exposed: dict[str, Any]) -> None:
    assert outputs.exposed.to_dict() == exposed


def test_direct_embedded_and_traced_shares(outputs: Outputs, exposed: dict[str, Any]) -> None:
    for row in outputs.table("Share of China in what is used"):
        element = next(name for name in ("Dy", "Tb", "Nd") if outputs.words.element(name) == row[0].lower())
        of = [entry for entry in exposed["entries"] if (entry["element"], entry["supplier"], entry["end_use"]) == (element, "CN", "all")]
        inside = sum(entry["share"] for entry in of if entry["stage"] in ("component", "product"))
        passed = next(p["share"] for p in exposed["passed"] if (p["element"], p["supplier"], p["end_use"]) == (element, "CN", "all"))
        raw = (sum(entry["share"] for entry in of) - inside, inside, passed)
        assert row[1:4] == tuple(outputs.words.percent(value, 0) for value in raw)
        found = outputs.exposed.dependence(element, "CN")
        assert (found.direct, found.embedded, found.traced) == pytest.approx(raw)


def test_reliance_cover_and_survival(outputs: Outputs, exposed: dict[str, Any]) -> None:
    words = outputs.words
    for row in outputs.table("How fragile supply"):
        element, stage = row[0].lower(), row[1]
        at = next(i for i in exposed["indicators"] if words.element(i["element"]) == element and words.stage(i["stage"]) == stage)
        use = next(u for u in exposed["uses"] if u["element"] == at["element"])
        bought = next(i for i in exposed["indicators"] if (i["element"], i["stage"]) == (at["element"], use["bought_as"]))
        assert (use["import_reliance"], use["net_exporter"]) == (bought["import_reliance"], bought["net_exporter"])
        assert row[2] == words.number(at["hhi"], -2)
        assert row[3].startswith("net exporter" if use["net_exporter"] else words.percent(use["import_reliance"], 0))
        assert row[4] == words.percent(at["n_minus_1_cover"], 0)
        assert float(row[5].replace(",", "")) == pytest.approx(at["cover_days"], rel=0.05)


def test_the_weakest_stage_is_one_in_command_and_briefing(outputs: Outputs) -> None:
    weakest = {outputs.words.element(row.element): outputs.words.stage(row.stage) for row in outputs.exposed.weakest()}
    shown = outputs.table("How fragile supply")
    assert shown
    assert all(weakest[row[0].lower()] == row[1] for row in shown)


def test_value_at_stake_is_one_in_command_python_and_briefing(outputs: Outputs, exposed: dict[str, Any]) -> None:
    whole = outputs.exposed.stake("CN")
    assert whole is not None
    row = next(row for row in exposed["at_stake_by_supplier"] if row["supplier"] == "CN")
    assert (row["at_stake_usd"], row["low"], row["high"]) == (whole.at_stake_usd, whole.low, whole.high)
    told = outputs.words.number(whole.at_stake_usd / 1e9, 1)
    assert f"USD {told} billion" in outputs.text().split("Why share and loss differ")[1]


def test_geopolrisk_and_the_share_that_is_assumed(outputs: Outputs, exposed: dict[str, Any]) -> None:
    words, text = outputs.words, outputs.text()
    assert f"{words.number(exposed['geopolrisk'], -2)} (0 is safe" in text
    mass = sum(use["use_t"] for use in exposed["uses"])
    assumed = sum(use["use_t"] * use["assumed"] for use in exposed["uses"]) / mass
    assert f"{words.percent(assumed, 0)} of the uses behind the shares" in text


def test_losses_are_one_in_command_python_and_briefing(outputs: Outputs, ran: dict[str, Any]) -> None:
    python = outputs.run.losses
    rows = [row for row in ran["losses"] if row["country"] == PLACE]
    own = python[python["country"] == PLACE].reset_index(drop=True)
    assert own["value_added_usd"].tolist() == [row["value_added_usd"] for row in rows]
    assert outputs.run.summary.headline[PLACE].value_added_usd == ran["headline"][PLACE]["value_added_usd"]
    top = sorted(rows, key=lambda row: (-row["value_added_usd"], -row["high"]))
    for shown, row in zip(outputs.table("Value added lost"), top, strict=False):
        assert float(shown[3].replace(",", "")) == pytest.approx(row["high"] / 1e6, rel=0.1)
    mean = outputs.run.mean("value_added_lost").sel(region=PLACE).sum(("date", "sector"))
    assert float(mean) <= ran["headline"][PLACE]["high"] * 1.5


def test_stops_are_one_in_command_and_python(outputs: Outputs, ran: dict[str, Any]) -> None:
    python = outputs.run.first_stops
    assert python["date_low"].fillna("").tolist() == [row["date_low"] or "" for row in ran["first_stops"]]
    assert python["probability"].tolist() == [row["probability"] for row in ran["first_stops"]]


def test_drivers_are_one_in_command_python_and_briefing(outputs: Outputs, ran: dict[str, Any]) -> None:
    assert outputs.run.drivers["rho"].tolist() == [row["rho"] for row in ran["drivers"]]


def test_branches_are_one_in_scenario_calendar_and_briefing(outputs: Outputs) -> None:
    scenario, text = yt.load_scenario(FORKED), outputs.text(outputs.briefed(FORKED))
    told = outputs.command("calendar", "--on", str(TODAY))
    row = next(row for row in told["calendar"] if row["scenario"] == FORKED)
    wanted = [(branch.label, branch.p) for branch in scenario.forks[0].branches]
    assert [(branch["label"], branch["p"]) for branch in row["branches"]] == wanted
    for label, p in wanted:
        assert f"{label} (probability {outputs.words.percent(p, 0)})" in text
    assert sum(round(100 * p) for _, p in wanted) == 100


def test_goods_under_control_are_one_in_register_exposure_and_briefing(outputs: Outputs, exposed: dict[str, Any]) -> None:
    register = outputs.command("controls")["controls"]
    told = {row["order"]: row["told"] for row in register}
    assert exposed["controls"]
    assert all(told[row["order"]] == row["told"] for row in exposed["controls"])
    assert len(outputs.table("Goods in Japan under control")) == len(outputs.world.exposure(PLACE).controls)


def test_series_are_one_in_export_and_python(outputs: Outputs, tmp_path: Path) -> None:
    import xarray as xr

    path = tmp_path / "run.nc"
    told = outputs.command("export", outputs.run.run.folder.name, "-o", str(path))
    assert "price" in told["measures"]
    with xr.open_dataset(path) as found:
        xr.testing.assert_allclose(found["price"].astype(float), outputs.run.price.drop_attrs())
        xr.testing.assert_allclose(found["shortfall_mean"].astype(float), outputs.run.mean("shortfall").drop_attrs())


PATHS = """path,weight,family,year,group,destination,cut,price
mild,0.3,quota,2031,light,,0.4,
mild,,,2031,magnet,,0.4,
hard,0.1,stop,2033,magnet,,0.9,
hard,,,2033,heavy_magnet,,0.9,
"""
"""Own paths of restrictions, few enough for a quick plan."""


@pytest.fixture(scope="module")
def planned(outputs: Outputs, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A plan as the command prints it, and the folder into which it saved it."""
    folder = tmp_path_factory.mktemp("plans")
    (folder / "paths.csv").write_text(PATHS)
    given = ("--allies", "JP", "--budget", "1e9", "--shocks", str(folder / "paths.csv"), "--slack", "0")
    return outputs.command("plan", *given, "--out", str(folder / "jp")), folder / "jp"


def test_a_plan_is_one_in_command_folder_and_page(outputs: Outputs, planned: tuple[dict[str, Any], Path]) -> None:
    told, folder = planned
    assert json.loads((folder / "plan.json").read_text("utf-8")) == told
    briefing = brief(BriefRequest((str(folder),), "en", project=outputs.project, today=TODAY)).briefing
    tables = {chart.table.caption: chart.table.rows for chart in briefing.charts()}
    curve = tables["What a budget buys"]
    gains = [0.0, *(point["gain"] for point in told["curve"])]
    for row, point, before in zip(curve[1:], told["curve"], gains, strict=False):
        shown = [1e6 * float(cell.replace(",", "")) for cell in row[1:]]
        wanted = [point["public_usd"], point["gain"], point["gain"] - before, point["expected_loss"], point["cvar"]]
        assert shown == pytest.approx(wanted, rel=0.06, abs=6e4)
    assert float(curve[0][4].replace(",", "")) * 1e6 == pytest.approx(told["risk_before"], rel=0.06)
    by_year = {int(row[0]): sum(float(cell.replace(",", "")) for cell in row[1:]) for row in tables["Public money by year, not discounted"]}
    for account in told["accounts"]:
        assert 1e6 * by_year.get(account["year"], 0.0) == pytest.approx(account["public_usd"], rel=0.1, abs=4e5)
    paid = next(block for section in briefing.sections for block in section.blocks if isinstance(block, Table))
    assert [row[1] for row in paid.rows] == [str(row["year"]) for row in told["portfolio"][: len(paid.rows)]]
