"""The bundled scenarios: complete, sourced, honest about what is assumed, free of later outcomes."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest

from ytterby.facts import load, quantities_with
from ytterby.measures import SIMULATED, DrawnValues, resolve
from ytterby.scenario.files import bundled, load_scenario
from ytterby.system import build

ASKED = {
    "quota-crisis-2010", "japan-embargo-2010", "china-licences-2025", "china-october-2025",
    "myanmar-stop", "japan-ban-2026", "suspension-ends-2026", "total-stop", "no-shock", "gallium-germanium-2023", "antimony-2024",
}  # fmt: skip
NAMES = sorted(bundled())
CONTROLS = dt.date(2023, 1, 1)
"""Day from which no outcome may enter a parameter."""


@cache
def goods(year: int, chain: str = "rare-earths") -> tuple[list[str], dict[str, dict[str, float]]]:
    """Commodities of a base and what they contain."""
    system = build(year, chain=chain)
    contents: dict[str, dict[str, float]] = {}
    for row in system.contents.itertuples(index=False):
        contents.setdefault(row.commodity, {})[row.element] = row.content
    return list(dict.fromkeys(system.all_markets["commodity"])), contents


def test_all_that_was_promised_is_there():
    assert set(NAMES) >= ASKED


@pytest.mark.parametrize("name", NAMES)
def test_words_in_english_and_german(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title("en") != scenario.title("de")
    assert len(scenario.summary("en")) > 30
    assert len(scenario.summary("de")) > 30
    assert scenario.summary("en") != scenario.summary("de")


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_exists_and_is_listed_at_the_top(name):
    scenario = load_scenario(name)
    known = load().table.index
    named = {fact for measure in scenario.all_measures() for fact in measure.facts}
    assert {*named, *scenario.facts} <= set(known)
    assert named <= set(scenario.facts)


@pytest.mark.parametrize("name", NAMES)
def test_no_outcome_of_the_controls_is_among_the_facts(name):
    """Volumes and prices of 2023 and later may be targets, never inputs."""
    scenario = load_scenario(name)
    table = load().table
    outcomes = quantities_with("outcome")
    for fact in scenario.facts:
        row = table.loc[fact]
        year = int(str(row["period"])[:4])
        base = name == "myanmar-stop" and fact == "CAP0059"  # mine output of the base year itself, which the base holds already
        assert row["quantity"] not in outcomes or year < CONTROLS.year or base, (fact, row["quantity"])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_drawn_is_marked_assumed_and_lies_inside_its_range(name):
    scenario = load_scenario(name)
    for key, spread in scenario.draws.items():
        if not key.startswith(("measures.", "forks.")):
            continue
        *_, measure_name, field = (
            key.replace(".approval_by_end_use.", ".approval_by_end_use/").replace(".customs_factor.", ".customs_factor/").rsplit(".", 1)
            if key.startswith("measures.")
            else key.rsplit(".", 2)[1:]
        )
        measure = next(m for m in scenario.all_measures() if m.name == measure_name.removeprefix("measures."))
        assert field.partition("/")[0] in measure.assumed
        written = getattr(measure, field.partition("/")[0])
        written = written[field.partition("/")[2]] if isinstance(written, dict) else written
        if isinstance(written, float):
            low, high = spread.extremes
            assert low <= written <= high
            assert high - low >= 0.25 * max(abs(high), 1e-9), f"{key}: an assumption needs a wide range"
        else:
            assert str(written) in spread.values


@pytest.mark.parametrize("name", NAMES)
def test_every_judgement_is_drawn_or_a_matter_of_scope(name):
    """Numbers that are assumed carry a range; dates, goods, holders and end uses may stand."""
    scenario = load_scenario(name)
    for measure in scenario.all_measures():
        for key in measure.assumed:
            if isinstance(getattr(measure, key if key != "from" else "from_"), float):
                assert any(f".{measure.name}.{key}" in f".{draw}" for draw in scenario.draws), (measure.name, key)


@pytest.mark.parametrize("name", NAMES)
def test_only_simulated_kinds_and_a_horizon_past_the_last_measure(name):
    scenario = load_scenario(name)
    kinds = {measure.kind for measure in scenario.all_measures()}
    assert kinds <= SIMULATED
    ends = [measure.end for measure in scenario.all_measures() if measure.end]
    assert all(end < scenario.last_day for end in ends)


@pytest.mark.parametrize("name", NAMES)
def test_goods_exist_in_the_base(name):
    scenario = load_scenario(name)
    for measure in scenario.all_measures():
        on_products = measure.kind == "tariff" and measure.groups and not measure.on
        assert on_products or resolve(measure.on, *goods(scenario.base_year, scenario.chain))


def test_the_quota_and_the_duties_of_2009_meet_all_raw_exports_once():
    scenario, (names, contents) = load_scenario("quota-crisis-2010"), goods(2009)
    traded = [name for name in names if name.startswith(("oxide.", "metal."))]
    quota, *duties = (m for m in scenario.measures if m.kind in ("quota", "export_duty"))
    assert set(traded) <= set(resolve(quota.on, names, contents))
    dutiable = [name for duty in duties for name in resolve(duty.on, names, contents)]
    assert sorted(dutiable) == sorted(traded)


def test_the_late_mines_bring_what_the_record_says():
    """Second road: the rows of output, and the part of neodymium in the baskets."""
    table = load().table
    usgs = sum(float(table.loc[fact, "value"]) for fact in ("A044", "A045", "A046", "A047"))
    company = sum(float(table.loc[fact, "value"]) for fact in ("A044", "A048", "A049", "A047"))
    late = {m.name: DrawnValues(m) for m in load_scenario("quota-crisis-2010").measures if m.kind == "project"}
    days = np.arange("2012-01-01", "2016-01-01", dtype="datetime64[D]")

    def capacity(name, days):
        return late[name].measure.capacity(days, late[name])

    mined = sum(capacity("mountain-pass-mine", days)) / 365.25
    assert company < mined < usgs
    treated = sum(sum(capacity(name, days)) for name in ("mountain-pass-plant", "silmet")) / 365.25
    neodymium = float(table.loc["ORE0064", "value"]) / 100
    assert treated == pytest.approx(mined * neodymium, rel=0.15)
    first, last = float(table.loc["A052", "value"]), float(table.loc["A053", "value"])
    quarters = [min(first + (last - first) * i / 8, last) for i in range(2, 10)]
    separated = sum(capacity("kuantan", days[days >= np.datetime64("2014-01-01")])) / 365.25
    assert separated == pytest.approx(sum(quarters) * float(table.loc["ORE0094", "value"]) / 100, rel=0.01)


def test_the_licences_of_april_are_on_their_seven_elements_and_no_other():
    licence = load_scenario("china-licences-2025").measures[0]
    found = set(resolve(licence.on, *goods(2024)))
    assert {"oxide.Sm", "oxide.Gd", "oxide.Tb", "oxide.Dy", "oxide.Lu", "oxide.Sc", "oxide.Y"} == {
        c for c in found if c.startswith("oxide.")
    }
    assert {"magnet.NdFeB-Dy", "magnet.SmCo"} == {c for c in found if c.startswith("magnet.")}
    assert not {"metal.NdPr", "oxide.NdPr", "oxide.La", "magnet.NdFeB"} & found


def test_the_october_package_never_bites_before_its_suspension_ends():
    scenario = load_scenario("china-october-2025")
    for name in ("five-more-elements", "rule-of-one-permille"):
        measure = next(m for m in scenario.measures if m.name == name)
        force = measure.in_force(scenario.mondays)
        assert force[scenario.mondays + 7 <= np.datetime64("2026-11-11")].max() == 0.0
        assert force[-1] == 1.0
    lapsed, extended = (path for _, path in scenario.paths())
    assert [m.name for m in lapsed.measures] == ["announcement-18", "five-more-elements", "rule-of-one-permille"]
    assert all(m.in_force(scenario.mondays).max() == 0.0 for m in extended.measures[1:])


def test_the_quotas_are_those_of_the_episode():
    """Second road: the figures of the episode's rows, added up by year."""
    table = load().table
    quota = load_scenario("quota-crisis-2010").measures[0]
    by_year: dict[int, float] = {}
    for part in quota.allocations:
        by_year[part.start.year] = by_year.get(part.start.year, 0.0) + part.tonnes
    for year, fact in {2009: "A007", 2010: "A008", 2011: "A009", 2012: "A013", 2013: "A016", 2014: "A019"}.items():
        assert by_year[year] == pytest.approx(float(table.loc[fact, "value"]))


def test_no_shock_does_nothing():
    scenario = load_scenario("no-shock")
    assert (scenario.measures, scenario.forks, scenario.draws) == ((), (), {})
