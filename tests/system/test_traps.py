"""Known traps of the data: gross and contained, oxide and metal, swarf, editions, VAT, clays."""

from __future__ import annotations

import pytest

from ytterby.system import account
from ytterby.system.composition import Composition
from ytterby.system.customs import records
from ytterby.system.inputs import FigureExpressions


@pytest.fixture(scope="module")
def composition(facts):
    return Composition(FigureExpressions(facts, 2024))


def coefficients(system, process):
    cells = system.recipes[system.recipes["process"] == process]
    return dict(zip(cells["market"], cells["coefficient"], strict=True))


def test_monazite_is_counted_by_content(base, facts):
    """48,380 t of monazite by weight are some 26.6 kt REO."""
    links = base.links[base.links["commodity"].str.startswith("mine.concentrate-monazite") & base.links["destination"].str.endswith("@CN")]
    gross = facts.value("CAP0125")
    assert links["flow"].sum() == pytest.approx(0.55 * gross, rel=0.15)
    assert links["flow"].sum() < 0.7 * gross


def test_metal_is_lighter_than_its_oxide(base, facts, composition):
    for element, id in {"Dy": "YIE0054", "Tb": "YIE0053", "Sm": "YIE0050"}.items():
        cells = coefficients(base, f"metal.{element}@CN")
        oxide = -cells[f"oxide.{element}@CN"]
        assert oxide > 1 / facts.value(id)
        assert oxide == pytest.approx(1 / (facts.value(id) * facts.value("YIE0027") / 100), rel=1e-12)
        assert composition.metal(element) == {element: pytest.approx(1 / facts.value(id), rel=1e-12)}


def test_ndpr_keeps_nd_and_pr_apart_in_the_balance(base, composition):
    content = account.contents(base.contents)
    assert set(content["oxide.NdPr"]) == {"Nd", "Pr"}
    assert sum(content["oxide.NdPr"].values()) == pytest.approx(1.0, rel=1e-12)
    mined = {row["element"]: row["mined"] for row in account.by_element(base)}
    assert mined["Nd"] / (mined["Nd"] + mined["Pr"]) == pytest.approx(composition.nd_share, abs=0.01)


def test_finished_magnets_are_less_than_rough_ones(base, facts):
    """Finished = 0.715 x rough in China; the swarf leaves as scrap of the same make-up."""
    for grade in ("NdFeB", "NdFeB-Dy", "CeFeB"):
        cells = coefficients(base, f"magnet.{grade}@CN")
        rough = cells[f"magnet.{grade}@CN"] + cells[f"scrap.{grade}@CN"]
        assert 1 / rough == pytest.approx(1 - facts.value("YIE0032") / 100, rel=1e-12)
        metal = sum(-value for market, value in cells.items() if market.startswith("metal."))
        content = account.contents(base.contents)
        assert content[f"magnet.{grade}"] == content[f"scrap.{grade}"]
        assert metal < rough


def test_swarf_is_not_mined_twice(base):
    """Mined = lost + used + residual: what recycling returns is no part of it."""
    for row in account.by_element(base):
        assert row["mined"] == pytest.approx(row["lost"] + row["used"] + row["residual"], rel=1e-9)
    neodymium = next(row for row in account.by_element(base) if row["element"] == "Nd")
    assert neodymium["recycled"] > 0.2 * neodymium["mined"]


def test_clay_recovers_each_element_differently(base):
    cells = coefficients(base, "oxide.clay-cn@CN")
    basket = account.contents(base.contents)["mine.concentrate-clay-cn"]
    rates = {element: cells[f"oxide.{element}@CN"] / basket[element] for element in ("La", "Ce", "Dy", "Lu", "Y")}
    assert len({round(rate, 3) for rate in rates.values()}) >= 4
    assert max(rates.values()) < 0.96


def test_light_oxides_do_not_close_by_demand(base):
    """China makes more La and Ce than anyone records to use; Malaysia rejects most of its own."""
    for element in ("La", "Ce"):
        assert base.markets.at[f"oxide.{element}@CN", "residual"] > 20_000
        rejected = base.processes.at[f"oxide.reject-{element}@MY", "activity"]
        assert rejected / base.markets.at[f"oxide.{element}@MY", "production"] > 0.6
        assert base.processes.at[f"oxide.reject-{element}@MY", "unit_cost"] < -base.markets.at[f"oxide.{element}@MY", "price"]


def test_australia_is_that_of_the_newer_edition(base):
    assert base.processes.at["mine.mount-weld@AU", "activity"] == pytest.approx(29_000, rel=0.1)


def test_prices_at_home_are_fob_quotes_without_vat(base, facts):
    for element, id in {"Dy": "PRI0049", "Tb": "PRI0044", "Y": "PRI0074", "La": "PRI0004"}.items():
        assert base.markets.at[f"oxide.{element}@CN", "price"] == pytest.approx(facts.value(id))
    assert base.links.at["oxide.Dy@CN>oxide.Dy@JP", "vat_unrefunded"] == pytest.approx(0.13)
    assert base.links.at["magnet.NdFeB@CN>magnet.NdFeB@DE", "vat_unrefunded"] == 0.0


def test_taiwan_is_found_in_customs(facts):
    assert any("TW" in (record.origin, record.destination) for record in records(FigureExpressions(facts, 2024)))


def test_a_weight_that_cannot_be_is_left_out(facts):
    """40,700 t from Turkey to Benin at 0.05 USD/kg are an error of weight."""
    assert all(record.unit_value >= 0.2 for record in records(FigureExpressions(facts, 2024)))
    assert not any(record.tonnes > 15_000 for record in records(FigureExpressions(facts, 2024)))


def test_smuggling_is_no_part_of_2009(base09):
    names = [*base09.processes.index, *base09.links.index, *base09.demands.index]
    assert not any("smuggl" in name for name in names)
