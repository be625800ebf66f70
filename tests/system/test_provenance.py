"""Facts behind markets, demands and sectors of the base."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.facts import load
from ytterby.system.build import build
from ytterby.system.provenance import Provenance, added, ranked, united, weighed

PARTS = st.lists(st.tuples(st.lists(st.sampled_from("ABCDE"), max_size=4, unique=True), st.floats(0.01, 1.0)), max_size=6)


@given(PARTS)
def test_a_fact_weighs_what_its_rows_carry(parts):
    found = weighed([" ".join(names) for names, _ in parts], [part for _, part in parts])
    for name in "ABCDE":
        assert found.get(name, 0.0) == pytest.approx(sum(part for names, part in parts if name in names))
    assert list(ranked(found)) == sorted(found, key=lambda name: (-found[name], name))


@given(PARTS)
def test_the_facts_of_a_sum_are_those_of_its_parts(parts):
    found = united([names for names, _ in parts], [part for _, part in parts])
    assert len(found) == len(set(found))
    assert set(found) == {name for names, _ in parts for name in names}


def test_the_first_fact_of_the_largest_part_leads():
    assert united([("A", "B"), ("C", "D")], [0.3, 0.7])[0] == "C"
    assert weighed([None, float("nan"), ""], [1.0, 1.0, 1.0]) == {} == added()


@pytest.mark.parametrize("year", [2024, 2009])
def test_all_facts_behind_a_market_exist_and_stand_in_its_rows(year):
    system, known = build(year), set(load().table.index)
    base = Provenance(system)
    for market in system.markets.index[::7]:
        commodity, _, region = market.partition("@")
        found = base.market(commodity, region)
        links, demands = (table[table[key] == market] for table, key in ((system.links, "destination"), (system.demands, "market")))
        makers = system.recipes[(system.recipes["market"] == market) & (system.recipes["coefficient"] > 0)]["process"]
        cells = [*links["facts"], *demands["facts"], *system.processes.loc[makers, "facts"]]
        assert set(found) <= {name for cell in cells for name in cell.split()}
        assert {name for name in found if not name.startswith("BACI-")} <= known


def test_another_fact_of_a_link_shows_where_the_link_arrives_and_nowhere_else():
    system = build(2024)
    link = system.links[system.links["destination"] == "oxide.Dy@JP"]["flow"].idxmax()
    marked = replace(system, links=system.links.assign(facts=system.links["facts"].where(system.links.index != link, "MARK")))
    base = Provenance(marked)
    assert {market for market, weights in base.supply.items() if "MARK" in weights} == {"oxide.Dy@JP"}
    assert "MARK" in base.demand("oxide.Dy", "JP", "industry")
    assert "MARK" not in base.market("oxide.Dy", "US")
