"""The base is an exact rest point of mass: markets, processes, elements, tables."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from ytterby.facts import STAGES, elements, minerals, regions, sectors, split_market
from ytterby.system import account
from ytterby.system.draft import SUBSTITUTE
from ytterby.system.system import TABLES


def test_every_market_closes(system):
    m = system.markets
    gap = m["production"] + m["imports"] - m["exports"] - m["use"] - m["residual"]
    assert (gap.abs() <= 1e-9 * (m["production"] + m["imports"])).all()
    assert account.balance_error(system) < 1e-9


def test_market_sums_are_those_of_the_tables(system):
    """A second road to the sums: from recipes, links and demands."""
    m, activity = system.markets, system.processes["activity"]
    size = system.recipes["coefficient"] * system.recipes["process"].map(activity)
    made = size.clip(lower=0).groupby(system.recipes["market"]).sum()
    taken = (-size).clip(lower=0).groupby(system.recipes["market"]).sum()
    sums = {
        "production": made,
        "imports": system.links.groupby("destination")["flow"].sum(),
        "exports": system.links.groupby("origin")["flow"].sum(),
        "use": taken.add(system.demands.groupby("market")["use"].sum(), fill_value=0.0),
    }
    for name, found in sums.items():
        assert np.allclose(m[name], found.reindex(m.index).fillna(0.0), rtol=1e-12, atol=1e-9), name


def test_no_process_makes_an_element(system):
    """Substitutes that make one good do so together, in their split of the base year: the good is counted at this split."""
    content = account.contents(system.contents)
    competes = system.processes.index[system.processes["driver"] == SUBSTITUTE]
    made = {name: name.partition("-from-")[0] + "@" + name.partition("@")[2] for name in competes}
    size = system.processes["activity"].reindex(competes)
    share = (size / size.groupby(made).transform("sum")).to_dict()
    net: dict[str, Counter] = {}
    for process, market, coefficient in zip(
        system.recipes["process"], system.recipes["market"], system.recipes["coefficient"], strict=True
    ):
        for element, part in content[split_market(market)[0]].items():
            net.setdefault(made.get(process, process), Counter())[element] += share.get(process, 1.0) * coefficient * part
    for process, gain in net.items():
        if not process.startswith("mine."):
            assert max(gain.values()) <= 1e-12, process


def test_world_balance_of_each_element_closes(system):
    for row in account.by_element(system):
        assert abs(row["gap"]) <= 1e-9 * row["mined"], row


def test_nothing_is_negative_but_residuals(system):
    for table, columns in {
        "markets": ["price", "cover", "production", "imports", "exports", "use"],
        "processes": ["activity", "capacity"],
        "links": ["flow", "low", "high", "cost", "duty", "vat_unrefunded"],
        "demands": ["use", "low", "high", "elasticity_short", "elasticity_long", "choke"],
        "stockpiles": ["tonnes", "low", "high"],
        "sectors": ["value_added", "value_added_low", "jobs", "dependent_share"],
        "contents": ["content"],
    }.items():
        assert (getattr(system, table)[columns] >= 0).all().all(), table


def test_capacity_holds_the_activity(system):
    assert (system.processes["capacity"] >= system.processes["activity"] * (1 - 1e-12)).all()


def test_tables_have_the_columns_of_the_contract(system):
    for name, columns in TABLES.items():
        table = getattr(system, name)
        assert {*table.columns, table.index.name} - {None} == set(columns), name
        assert not table.drop(columns=[c for c in ("facts",) if c in table]).isna().any().any(), name
        assert table.index.is_unique, name


def test_names_come_from_the_closed_lists(system):
    m = system.markets
    assert set(m["region"]) <= set(regions())
    assert set(m["stage"]) <= set(STAGES)
    assert set(system.contents["element"]) <= {*elements(), *minerals()}
    assert set(system.demands["sector"]) <= set(sectors())
    assert [f"{c}@{r}" for c, r in zip(m["commodity"], m["region"], strict=True)] == list(m.index)
    assert set(system.recipes["market"]) | set(system.demands["market"]) <= set(m.index)
    assert set(system.links["origin"]) | set(system.links["destination"]) <= set(m.index)


def test_all_sectors_and_regions_occur_in_2024(base):
    assert set(base.demands["sector"]) == set(sectors())
    assert set(base.markets["region"]) == set(regions())


def test_links_join_two_regions_and_are_few_enough(base):
    assert (base.links["origin"] != base.links["destination"]).all()
    same = [split_market(o)[0] == split_market(d)[0] for o, d in zip(base.links["origin"], base.links["destination"], strict=True)]
    assert all(same)
    assert 900 <= len(base.links) <= 1900
    assert (base.links["transit"] >= 1).all()


def test_a_maker_makes_at_least_what_it_buys(system):
    m = system.markets
    assert ((m["kind"] == "net_producer") == (m["production"] >= m["imports"])).all()


def test_every_use_is_made_or_bought(system):
    m = system.markets
    assert (m["production"] + m["imports"] > 0)[m["use"] > 0].all()


@pytest.mark.parametrize("element", ["Nd", "Pr", "Dy", "Tb", "La", "Ce", "Y", "Sc", "Lu"])
def test_each_element_runs_from_mine_to_use(base, element):
    row = next(row for row in account.by_element(base) if row["element"] == element)
    assert row["mined"] > row["used"] > 0


def test_contents_of_concentrates_sum_to_one(system):
    mined = system.contents[system.contents["commodity"].str.startswith("mine.")]
    assert np.allclose(mined.groupby("commodity")["content"].sum(), 1.0, rtol=1e-12)
