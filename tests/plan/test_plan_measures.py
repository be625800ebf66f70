"""Plans as measures: plants that hang in the air are left out, those that live on one another stay."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from ytterby.plan import Decision, PlanMeasures

RECIPES = {
    "mine.far": {"mine.far": 1.0},
    "separation.far": {"mine.far": -2.0, "oxide.Nd": 1.0},
    "metal": {"oxide.Nd": -1.2, "metal.Nd": 1.0},
}


def plant(name: str, *, alone: bool = False) -> Decision:
    """A plant decision of one recipe of its own name."""
    return Decision(name, "JP", 2027, "plant", 100.0, None, None, pays_alone=alone)


def measures(*names: str, alone: tuple[str, ...] = ()) -> PlanMeasures:
    """Plan of some plants, beside those that pay by themselves."""
    maker = SimpleNamespace(
        reference=SimpleNamespace(system=SimpleNamespace(markets=pd.DataFrame({"commodity": ["oxide.Nd", "metal.Nd"]}))),
        recipes={name: SimpleNamespace(cells=cells) for name, cells in RECIPES.items()},
    )
    candidates = {name: SimpleNamespace(recipes=(name,)) for name in RECIPES}
    chosen = tuple((plant(name), 1.0) for name in names)
    return PlanMeasures(maker, candidates, (), chosen, tuple((plant(name, alone=True), 1.0) for name in alone))


@pytest.mark.parametrize(
    ("names", "alone", "kept"),
    [
        (("separation.far", "metal"), ("mine.far",), {"separation.far", "metal", "mine.far"}),
        (("separation.far", "metal"), (), {"metal"}),
        (("metal",), ("mine.far",), {"metal"}),
        (("mine.far", "separation.far"), (), {"mine.far", "separation.far"}),
    ],
)
def test_a_plant_stays_if_its_own_concentrate_is_made_and_taken(names, alone, kept):
    found = measures(*names, alone=alone)
    assert {each.candidate for each, _ in (*found._taken, *found._standing)} == kept
    assert all(not each.pays_alone for each, _ in found._taken)
    assert all(each.pays_alone for each, _ in found._standing)
