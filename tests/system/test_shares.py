"""What comes out of 2024 and 2009, and that no share of a country goes in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.system import account, assemble, tables
from ytterby.system.build import build
from ytterby.system.inputs import FigureExpressions
from ytterby.system.layouts import full_chain, reduced_chain


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("mine", 0.65, 0.71), ("refining_magnet_ree", 0.90, 0.92), ("separation_heavy", 0.98, 1.0), ("magnet", 0.93, 0.94)],
)
def test_china_comes_out(base, name, low, high):
    assert low <= account.shares(base)[name]["CN"] <= high


def test_world_mine_output(base):
    assert 380e3 <= account.world_mine(base) <= 413e3


def test_shares_sum_to_one_and_are_sorted(system):
    for name, shares in account.shares(system).items():
        assert sum(shares.values()) == pytest.approx(1.0), name
        assert list(shares.values()) == sorted(shares.values(), reverse=True), name


def without(facts, ids):
    keep = ~facts.table.index.isin(list(ids))
    extras = {name: extra[~extra.index.isin(list(ids))] for name, extra in facts.extras.items()}
    return replace(facts, table=facts.table[keep], extras=extras)


@pytest.mark.parametrize("year", [2024, 2009])
def test_held_out_shares_change_nothing(facts, system, year):
    if system.year != year:
        pytest.skip("the other year")
    quantity = facts.table["quantity"]
    shares = {id for id in quantity.index[quantity.isin(["market_share", "import_share", "import_reliance"])] if not id.startswith("SEC")}
    held = facts.held_out() | shares
    assert {"CAP0261", "CAP0268", "CAP0274", "CAP0276"} <= held
    assert build(year, without(facts, held)).digest == system.digest


def test_comparison_leaves_out_what_is_absent(facts, base):
    assert {row["fact"] for row in account.compared(base, FigureExpressions(facts, 2024))} == {
        "CAP0262",
        "CAP0268",
        "CAP0272",
        "CAP0273",
        "CAP0274",
    }
    assert account.compared(base, FigureExpressions(without(facts, facts.held_out()), 2024)) == []


def test_a_miss_is_shown_with_its_reason(facts, base):
    for row in account.compared(base, FigureExpressions(facts, 2024)):
        assert row["hit"] == (row["low"] <= row["here"] <= row["high"])
        assert row["reason"]


def oxides_and_metals(system):
    links = system.links[~system.links["commodity"].str.startswith("mine.")]
    ends = {end: links[end].str.partition("@")[2] for end in ("origin", "destination")}
    return links.assign(**ends)


def test_legal_exports_of_china_in_2009(base09, facts):
    links = oxides_and_metals(base09)
    assert links[links["origin"] == "CN"]["flow"].sum() == pytest.approx(facts.value("A022"), rel=0.01)


def test_direct_share_of_china_in_japanese_imports_of_2009(base09):
    """BACI says 82.7 %; trade through the rest of the world blurs it by less than two points."""
    into = oxides_and_metals(base09).query("destination == 'JP'")
    share = into[into["origin"] == "CN"]["flow"].sum() / into["flow"].sum()
    assert share == pytest.approx(0.827, abs=0.02)


def test_quotes_of_2009_are_the_prices(base09, facts):
    for element, id in {"La": "A080", "Ce": "A081", "Nd": "A082", "Pr": "A083", "Dy": "A085", "Tb": "A087", "Eu": "A086"}.items():
        assert base09.markets.at[f"oxide.{element}@CN", "price"] == pytest.approx(facts.value(id))


def test_2009_has_nd_and_pr_apart_and_magnets_in_two_countries(base09):
    assert {"oxide.Nd@JP", "oxide.Pr@JP"} <= set(base09.markets.index)
    assert not base09.markets.index.str.startswith("oxide.NdPr").any()
    assert set(base09.markets[base09.markets["stage"] == "magnet"]["region"]) == {"CN", "JP"}


@pytest.mark.parametrize("year", [2024, 2009])
def test_no_outcome_of_later_years_is_used(facts, year):
    inputs = FigureExpressions(facts, year)
    module = {2024: full_chain, 2009: reduced_chain}[year]
    composition, layout = module.layout(inputs)
    tables.system_tables(inputs, composition, assemble.solve(inputs, layout))
    assert len(inputs.used) > 100
    assert not inputs.used & facts.outcome_after()
    assert not inputs.used & facts.held_out()


def test_newest_observation_dates_the_base(base, base09):
    assert base.as_of.startswith("2024")
    assert base09.as_of.startswith("20")
