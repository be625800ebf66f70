"""The small chains: one element from mine to use, by-products that hardly answer prices, shares that sum to one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ytterby.errors import UnknownNameError
from ytterby.exposure import element_network, stages_of
from ytterby.scenario import Scenario
from ytterby.system import account
from ytterby.system.assumptions import Assumptions
from ytterby.system.bases import RARE_EARTHS, base_of, bases
from ytterby.system.build import build
from ytterby.system.compile import BY_PRODUCT_ELASTICITY, compile_network

SMALL = [(base.chain, base.year) for base in bases() if base.chain != RARE_EARTHS]
BY_PRODUCTS = ("alumina", "zinc", "gold", "scrap")


@pytest.mark.parametrize(("chain", "year"), SMALL)
def test_by_products_follow_their_main_product(chain, year):
    system = build(year, chain=chain)
    net, labels = compile_network(system)
    drivers = system.processes["driver"]
    for name, answer in zip(labels.processes, net.elasticity, strict=True):
        if drivers[name] in BY_PRODUCTS:
            assert answer == BY_PRODUCT_ELASTICITY <= 0.1
    assert any(driver in BY_PRODUCTS for driver in drivers)


@pytest.mark.parametrize(("chain", "year"), SMALL)
def test_uses_of_a_good_are_the_whole_of_it(chain, year):
    assumptions = Assumptions(base_of(year, chain))
    shares: dict[str, float] = {}
    for row in assumptions.rows("uses"):
        shares[row.commodity] = shares.get(row.commodity, 0.0) + row.share
        assert row.share_low < row.share < row.share_high
        assert assumptions.rows("keys", key=row.key)
    assert all(total == pytest.approx(1.0) for total in shares.values())


@pytest.mark.parametrize(("chain", "year"), SMALL)
def test_everything_assumed_has_a_range(chain, year):
    assumptions = Assumptions(base_of(year, chain))
    assert all(row.rel > 0 for table in ("steps", "keys", "uses") for row in assumptions.rows(table))
    assert all(row.low < row.value < row.high for row in assumptions.rows("prices"))


def test_world_output_of_antimony_is_that_of_the_survey():
    """Second road: the rows of 2023 added up against the survey's own world total."""
    from ytterby.facts import load

    table = load().table
    rows = table[table.index.str.match(r"MCS2025-Sb-PRO-..-2023")]
    assert rows["value"].sum() == pytest.approx(load().value("MCS2025-Sb-PRO-WORLD-2023"), rel=0.01)
    made = math.fsum(size for _, _, size in account.outputs(build(2023, chain="antimony"), "mine.*", "mine.*"))
    assert made == pytest.approx(rows["value"].sum(), rel=0.05)


def test_antimony_oxide_comes_after_metal():
    assert stages_of(element_network(build(2023, chain="antimony"), "Sb")) == ("mine", "metal", "oxide")
    assert stages_of(element_network(build(2024), "Dy")) == ("mine", "oxide", "metal", "magnet", "component")


def test_the_order_of_the_recipe_tables_is_own_then_2024_then_common():
    small = Assumptions(base_of(2023, "antimony"))
    assert small.rows("headings")[0].heading == "261710"
    for table in ("sector_links", "covers"):
        assert small.frame(table).equals(Assumptions(base_of(2024)).frame(table))
    assert not small.frame("choke").equals(Assumptions(base_of(2024)).frame("choke"))


@pytest.mark.parametrize(("year", "chain", "said"), [(2024, "antimony", "2023"), (2022, "galium-germanium", "gallium-germanium")])
def test_an_unknown_base_names_the_nearest(year, chain, said):
    with pytest.raises(UnknownNameError, match=said):
        build(year, chain=chain)


def test_the_chain_counts_in_the_digest_only_where_it_is_not_the_rare_earths():
    bare = Scenario(name="x", start="2024-01-01", weeks=10)
    assert bare.digest == Scenario(name="x", start="2024-01-01", weeks=10, chain=RARE_EARTHS).digest
    assert bare.digest != Scenario(name="x", start="2024-01-01", weeks=10, base_year=2023, chain="antimony").digest
    assert build(2023, chain="antimony").digest != build(2022, chain="gallium-germanium").digest


def test_trade_where_customs_tell_the_good_is_what_they_recorded():
    links = build(2023, chain="antimony").links
    ore = links[links["commodity"] == "mine.Sb"]
    assert {"mine.Sb@RU>mine.Sb@CN", "mine.Sb@ROW>mine.Sb@CN"} <= set(ore.index)
    assert np.isclose(ore["flow"].sum(), 30_000, rtol=0.2)
    assert (ore["kind"] == "reported").sum() >= 10
