"""The page on losses says what each output gives for one stop, and says it with the numbers of these outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ytterby.app import PlanRequest, plan, rivals, run

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "losses.md"
PATHS = "path,weight,family,year,group,destination,cut,price\nhard,0.1,stop,2033,magnet,,0.9,\n"
"""A plan needs some path; what a full stop costs does not hang on it."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Losses of Japan by output and by what is counted [USD bn]."""
    folder = tmp_path_factory.mktemp("losses")
    simulated = run("total-stop", draws=24, project=folder / "project").summary.headline["JP"]
    (folder / "paths.csv").write_text(PATHS, "utf-8")
    programme = plan(PlanRequest(budget=1e8, shocks=str(folder / "paths.csv"), slack=0.0, project=folder / "project"))
    stop = next(row for row in programme.stops if row.party == "JP" and row.depth == 1.0)
    beside = rivals("JP")
    usd = {
        "`brief`, `run`: gross, without suppliers": simulated.value_added_usd,
        "`brief`, `run`: net, without suppliers": simulated.net_usd,
        "`plan`: gross, without suppliers": stop.loss_usd,
        "`rivals`: gross, without suppliers": beside.gross_usd,
        "`rivals`: net, without suppliers": beside.net_usd,
        "`rivals`: suppliers": beside.suppliers_usd,
        "`rivals`: net, with suppliers": beside.loss_usd,
    }
    return {name: amount / 1e9 for name, amount in usd.items()}


def test_the_table_of_losses_is_that_of_the_outputs(told: dict[str, float]) -> None:
    page = PAGE.read_text("utf-8")
    for name, amount in told.items():
        assert f"| {name} | {amount:.2g} |" in page, (name, amount)


def test_what_is_counted_explains_the_losses(told: dict[str, float]) -> None:
    assert told["`rivals`: net, with suppliers"] == pytest.approx(told["`rivals`: net, without suppliers"] + told["`rivals`: suppliers"])
    assert told["`rivals`: net, without suppliers"] < told["`rivals`: gross, without suppliers"]
    assert told["`brief`, `run`: net, without suppliers"] < told["`brief`, `run`: gross, without suppliers"]
