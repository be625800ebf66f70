"""Whose production figures a base has, and whose it has not."""

from __future__ import annotations

import pytest

from ytterby.app import chain
from ytterby.facts import load
from ytterby.system import build, chains, coverage, newest_base_year


@pytest.mark.parametrize("minerals", chains())
def test_every_region_with_output_has_a_figure_or_is_named(minerals: str) -> None:
    """Second road: the plants one by one; a figure counts where the plant's own facts are no assumptions."""
    system, kinds = build(newest_base_year(minerals), chain=minerals), load().table["kind"].to_dict()
    rows = {row.stage: row for row in coverage(system)}
    assert [row.figured for row in rows.values()] == sorted(row.figured for row in rows.values())
    plants = [plant for plant in system.processes.itertuples() if plant.activity > 0.0 and not plant.stage.startswith("scrap")]
    assert set(rows) == {plant.stage.partition(".")[0] for plant in plants}
    for stage, row in rows.items():
        own = [plant for plant in plants if plant.stage.partition(".")[0] == stage]
        figured = {plant.region for plant in own if plant.kind in {"reported", "derived"}}
        assert set(row.without) == {plant.region for plant in own} - figured
        known = [plant for plant in own if plant.kind == "reported"]
        assert all(any(kinds[name] != "assumed" for name in plant.facts.split() if name in kinds) for plant in known if plant.facts)
        assert 0.0 <= row.figured <= 1.0


def test_the_countries_behind_the_rest_of_the_world_are_named_and_plants_without_figures_too() -> None:
    """Tajikistan's ore stands in the rest of the world; Belgium's oxide in the rest of the EU, without a figure."""
    rows = {row.stage: row for row in chain(2023, minerals="antimony").coverage}
    assert rows["mine"].figured == 1.0
    assert "TJ" in rows["mine"].inside["ROW"]
    assert rows["oxide"].figured == 0.0
    assert "EUX" in rows["oxide"].without
