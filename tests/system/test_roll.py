"""A base rolled forward: balanced, at rest, listed; two rolls are one, no roll is none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from ytterby import tables
from ytterby.errors import DataGapError, InputError, UnknownNameError
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import account, build, changes_until, demand_paths, roll
from ytterby.system.dated_changes import PlantRow, _level
from ytterby.system.inputs import FigureExpressions

DAY = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def rolled(base, facts):
    return roll(base, changes_until(base, facts, DAY))


def test_a_day_of_the_base_year_changes_nothing(base, facts):
    assert roll(base, changes_until(base, facts, dt.date(2024, 12, 1))) is base


def test_without_changes_the_later_day_is_the_base(base, facts):
    none = replace(changes_until(base, facts, DAY, "flat"), additions=())
    same = roll(base, none)
    for table, column in (("links", "flow"), ("processes", "activity"), ("markets", "residual"), ("demands", "use")):
        before, after = getattr(base, table)[column], getattr(same, table)[column]
        np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize("path", demand_paths())
def test_every_market_closes_and_no_flow_is_negative(base, facts, path):
    found = roll(base, changes_until(base, facts, DAY, path))
    assert account.balance_error(found) < 1e-12
    assert (found.links["flow"] > 0).all()
    assert (found.processes["activity"] > 0).all()
    assert all(abs(row["gap"]) < 1e-6 for row in account.by_element(found))


@pytest.mark.parametrize("path", ["flat", "announced-pledges"])
def test_supply_grows_by_what_is_listed(base, facts, path):
    found = roll(base, changes_until(base, facts, DAY, path))
    listed = found.rolled[found.rolled["good"].str.startswith("mine.") & ~found.rolled["good"].str.contains("scandium")]
    assert account.world_mine(found) - account.world_mine(base) == pytest.approx(listed["added"].sum(), rel=1e-9)


def test_each_plant_makes_what_is_listed(base, facts, rolled):
    for each in changes_until(base, facts, DAY).additions:
        region = each.process.partition("@")[2]
        r = rolled.recipes
        [coefficient] = r.loc[(r["process"] == each.process) & (r["market"] == f"{each.good}@{region}"), "coefficient"]
        assert coefficient * rolled.processes.at[each.process, "activity"] == pytest.approx(each.output.value)
        assert each.output.low <= each.output.value <= each.output.high


def test_use_lies_on_its_path(base, facts, rolled):
    years = (DAY - dt.date(2024, 7, 1)).days / 365.25
    magnet = (facts.value("DEM0079") / facts.value("DEM0078")) ** (years / 7)
    ratio = rolled.demands["use"] / base.demands["use"]
    assert ratio[base.demands["commodity"] == "component.traction_motor"].to_numpy() == pytest.approx(magnet)
    assert ratio[base.demands["commodity"] == "oxide.Ce"].to_numpy() == pytest.approx(1.015**years)


def difference(one, other):
    """Largest difference of link flows over the imports of their market."""
    gap = (one.links["flow"] - other.links["flow"].reindex(one.links.index)).abs()
    return float((gap / one.links["destination"].map(one.markets["imports"]).to_numpy()).max())


def test_two_rolls_are_one_unless_a_plant_opens_between(base, facts):
    same = dt.date(2026, 6, 1)
    one = roll(base, changes_until(base, facts, DAY))
    assert difference(one, roll(roll(base, changes_until(base, facts, same)), changes_until(base, facts, DAY))) < 1e-9
    early = roll(base, changes_until(base, facts, dt.date(2025, 10, 1)))
    two = roll(early, changes_until(base, facts, DAY))
    assert difference(one, two) < 2e-3
    np.testing.assert_allclose(two.demands["use"], one.demands["use"])
    listed, again = (each.rolled.set_index(["kind", "item", "good"])["added"].sort_index() for each in (one, two))
    plants = listed.index.get_level_values(0) != "mine"
    np.testing.assert_allclose(again[plants], listed[plants], rtol=1e-9, atol=1e-6)


def test_order_of_rows_does_not_matter(base, facts, rolled):
    rng = np.random.default_rng(4)
    shuffled = replace(base, **{name: getattr(base, name).sample(frac=1.0, random_state=rng) for name in ("links", "demands", "markets")})
    other = roll(shuffled, changes_until(base, facts, DAY))
    np.testing.assert_allclose(other.links["flow"].reindex(rolled.links.index), rolled.links["flow"], rtol=1e-8)


def test_the_later_day_is_a_rest_point(rolled):
    network = LabelledNetwork.of(rolled)
    trace = Experiment(network, load_scenario("no-shock"), 0, 1).draw(0).trace
    assert np.abs(trace.price / network.net.price - 1.0).max() < 1e-8
    assert np.abs(trace.shipped - network.net.flow).max() / network.net.flow.max() < 1e-8
    assert np.abs(trace.served - trace.want).max() < 1e-8


def test_the_base_keeps_its_digest_and_the_rolled_one_has_its_own(base, rolled):
    assert rolled.digest != base.digest
    assert type(rolled).from_bytes(rolled.to_bytes()).digest == rolled.digest


def test_what_cannot_be_rolled(base, facts, rolled):
    with pytest.raises(UnknownNameError, match="did you mean 'flat'"):
        changes_until(base, facts, DAY, "flatt")
    with pytest.raises(InputError, match="cannot be rolled back"):
        roll(base, changes_until(base, facts, dt.date(2020, 1, 1)))
    with pytest.raises(InputError, match="cannot go on"):
        roll(rolled, changes_until(base, facts, dt.date(2027, 1, 1), "flat"))
    other = build(2023, chain="antimony")
    with pytest.raises(DataGapError, match="antimony"):
        changes_until(other, facts, DAY)


def test_slip_delays_and_ramp_rises(facts):
    inputs = FigureExpressions(facts, 2024)
    row = next(row for row in tables.records("ytterby.system", "forward/plants", PlantRow) if row.project == "eVAC Sumter")
    opened = dt.date.fromisoformat(row.opened)
    levels = [_level(row, inputs, opened + dt.timedelta(weeks=weeks)).value for weeks in (1, 14, 80, 200, 400)]
    assert levels[0] == 0.0
    assert levels == sorted(levels)
    assert levels[1] == pytest.approx(facts.value("YIE0136") / 100)


def test_every_project_under_way_is_rolled_or_left_out_with_a_reason(facts):
    """Projects that make goods, run or are being built, and start by 2028."""
    under_way = ("ramp-up", "operating", "running", "construction", "commissioning", "expansion", "supply deals")
    projects = facts.projects()
    makes = ~projects["stage"].str.contains("policy|stockpile|offtake|trade")
    early = projects["start"].str[:4].replace("", "9999").astype(int) <= 2028
    asked = set(projects.index[makes & early & projects["status"].isin(under_way)])
    named = {fact for row in tables.records("ytterby.system", "forward/plants", PlantRow) for fact in row.facts}
    left = {row["fact"]: row["reason"] for row in tables.rows("ytterby.system", "forward/left_out")}
    later = {"PRO0015"}  # deals between plants that run
    assert asked - named - set(left) - later == set()
    assert all(left.values())


def test_no_outcome_of_the_controls_enters(facts):
    rows = tables.records("ytterby.system", "forward/plants", PlantRow)
    used = {id_ for row in rows for id_ in (*row.facts, *row.nameplate.split(), *row.ramp)}
    assert not used & facts.outcome_after()
    assert not any("outcome: not for calibration" in str(facts.row(id_)["scope"]) for id_ in used)
