"""The page on losses lists what the total absence of each input for a year would cost, and no material costs what nobody would believe."""

from pathlib import Path

import pytest

from tests.docs import inputs
from ytterby.plan import PARTIES

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "losses.md"
MINOR = ("Er", "Eu", "Gd", "Ho", "Lu", "Sc", "Sm", "Tb", "Tm", "Yb")
"""Elements whose oxides go into a few products by the gram."""
MOST_OF_A_MINOR_ONE = 0.35
"""Largest loss for want of the oxide of a minor element [USD bn a year]: the dependent output of a branch of a few firms."""
MOST_OF_A_MATERIAL = 4.0
"""Largest loss for want of any other oxide or metal [USD bn a year]: a tenth of what the United States lose in a total stop."""


@pytest.fixture(scope="module")
def losses():
    return inputs.losses_without()


def test_the_page_lists_every_input():
    page = PAGE.read_text("utf-8")
    for line in inputs.rows():
        assert line in page


def test_no_material_costs_what_nobody_would_believe(losses):
    for name, row in losses.iterrows():
        stage, _, element = name.partition(".")
        if stage in ("oxide", "metal"):
            limit = MOST_OF_A_MINOR_ONE if stage == "oxide" and element in MINOR else MOST_OF_A_MATERIAL
            assert row["largest"] <= limit, name


def test_lutetium_and_cerium_cost_less_than_the_parts_of_motors(losses):
    """What plans had bought for a billion: positron scanners and wash coats."""
    assert losses.loc["oxide.Lu", list(PARTIES)].max() < 0.15
    assert losses.loc["oxide.Ce", "JP"] < 1.0
    motors = losses.loc[["component.small_motor", "component.traction_motor", "component.drive"], "JP"]
    assert losses.loc[[name for name in losses.index if inputs.stage(name) in ("oxide", "metal")], "JP"].max() < 0.1 * motors.min()


def test_absence_of_one_input_stops_no_more_than_what_depends_on_it(losses):
    sectors = inputs.base().sectors
    dependent = (sectors["value_added"] * sectors["dependent_share"]).sum() / 1e9
    assert (losses[list(PARTIES)].sum(axis=1) < 0.5 * dependent).all()
    assert (losses[list(PARTIES)] >= 0.0).all(axis=None)
