"""The Python face: one-line representations and tables of results."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import ytterby as yt
from ytterby.errors import UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def world() -> yt.World:
    return yt.load(2024)


def test_everything_that_is_shown_in_a_session_takes_one_line(world: yt.World, tmp_path: Path) -> None:
    result = world.simulate("no-shock", out=tmp_path / "run")
    exposure = world.exposure("JP", element="Dy")
    for shown in (world, world.system, world.facts, exposure, exposure.suppliers[0], result, result.run, result.summary):
        for text in (repr(shown), str(shown)):
            assert "\n" not in text
            assert len(text) < 1000
    assert "no-shock" in repr(result)


def test_rows_of_a_result_are_tables(world: yt.World) -> None:
    exposure = world.exposure("JP", element="Dy")
    table = exposure.table("suppliers")
    assert isinstance(table, pd.DataFrame)
    assert len(table) == len(exposure.suppliers)
    assert table["share_traced"].tolist() == [row.share_traced for row in exposure.suppliers]
    assert exposure.model_copy(update={"warnings": (), "suppliers": ()}).table("suppliers").columns.tolist() == table.columns.tolist()
    with pytest.raises(UnknownNameError, match="suppliers"):
        exposure.table("supplier")


def test_dependence_is_what_the_rows_add_up_to(world: yt.World) -> None:
    """Second road: the shares by form of arrival, and the shares that passed the supplier."""
    exposure = world.exposure("DE", element="Dy")
    rows, found = exposure.table("entries"), exposure.dependence("Dy", "CN")
    china = rows[(rows["supplier"] == "CN") & (rows["end_use"] == "all")].groupby("stage")["share"].sum()
    assert found.direct == pytest.approx(china.drop("component").sum())
    assert found.embedded == pytest.approx(china["component"])
    assert found.direct + found.embedded <= 1.0 + 1e-9
    assert found.traced >= found.direct - 1e-9
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.traced <= found.high


def test_no_question_is_answered_with_a_dictionary() -> None:
    """Answers name their fields; a dictionary would hide which keys there are."""
    methods = {
        name: getattr(yt.World, name) for name in dir(yt.World) if not name.startswith("_") and inspect.isfunction(getattr(yt.World, name))
    }
    assert len(methods) > 40
    told = {name: str(method.__annotations__.get("return", "")) for name, method in methods.items()}
    assert {name: given for name, given in told.items() if re.search(r"\b(dict|Mapping)\[|\bAny\b", given)} == {}
