"""Value added lost and jobs at risk: invariants, then closed cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.economy import worlds
from tests.economy.numpy_losses import lost_output, substituted_share, worked_around
from ytterby.economy import assumptions
from ytterby.economy.criticality import criticality_model
from ytterby.economy.losses import loss_model, losses, sector_stops, substitution_model, table
from ytterby.economy.parts import parts_model
from ytterby.economy.production_stops import stops
from ytterby.economy.sector_groups import SectorGroups
from ytterby.units import WEEKS_PER_YEAR

DEMANDS, SECTORS = worlds.demands(), worlds.sectors()
SIZE = len(DEMANDS)
MODEL = loss_model(DEMANDS, SECTORS)


def lose(available, sectors=SECTORS, model=MODEL, **more):
    return losses(np.asarray(available, float), DEMANDS, sectors, model, **more)


def availability(seed: int, weeks: int = 30) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.where(rng.random((weeks, SIZE)) < 0.5, 1.0, rng.random((weeks, SIZE)))


def test_no_shortfall_no_loss():
    result = lose(np.ones((20, SIZE)))
    totals = result.totals()
    for values in (result.gross(), result.net(), result.jobs(), totals.usd("sales"), totals.jobs(worst=True)):
        assert (values == 0).all()
    assert table(totals).empty


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_losses_lie_within_value_added_and_jobs_follow(seed):
    result = lose(availability(seed))
    added, jobs = SECTORS["value_added"].to_numpy(), SECTORS["jobs"].to_numpy()
    assert (result.gross() >= 0).all()
    assert (result.gross() <= added / WEEKS_PER_YEAR + 1e-6).all()
    totals = result.totals()
    assert (totals.net <= totals.gross + 1e-12).all()
    assert (totals.net >= -1e-12).all()
    np.testing.assert_allclose(result.jobs() * added, result.gross() * WEEKS_PER_YEAR * jobs)
    np.testing.assert_allclose(totals.usd(), result.gross().sum(axis=0))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 1.0), st.integers(0, 29), st.integers(0, SIZE - 1))
def test_less_of_an_input_never_reduces_the_gross_loss(seed, cut, week, demand):
    mild = availability(seed)
    deep = mild.copy()
    deep[week, demand] *= cut
    assert (lose(deep).lost >= lose(mild).lost - 1e-12).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 1.0))
def test_a_deeper_cut_of_arrivals_never_reduces_the_gross_loss(seed, cut):
    """From arrivals to money: the chain keeps the direction, also with incomplete units and substitution."""
    rng = np.random.default_rng(seed)
    mild = rng.uniform(0, 1.4, (40, SIZE))
    deep = mild.copy()
    deep[5:20, rng.integers(SIZE)] *= cut
    runs = [
        lose(stops(np.ones((40, SIZE)), path, np.full(SIZE, 5.0), parts_model(DEMANDS)).output, scarcity=np.clip(1.0 - path, 0, 1)).lost
        for path in (mild, deep)
    ]
    assert (runs[1] >= runs[0] - 1e-9).all()


def test_order_of_sectors_and_demands_does_not_matter():
    available = availability(5)
    base = lose(available)
    order = np.random.default_rng(1).permutation(len(SECTORS))
    shuffled = SECTORS.iloc[order]
    np.testing.assert_allclose(lose(available, shuffled, loss_model(DEMANDS, shuffled)).lost, base.lost[:, order])
    uses = np.random.default_rng(2).permutation(SIZE)
    moved = DEMANDS.iloc[uses]
    again = losses(available[:, uses], moved, SECTORS, loss_model(moved, SECTORS))
    np.testing.assert_allclose(again.lost, base.lost)


FULL = MODEL._replace(
    criticality=MODEL.criticality._replace(share=np.ones(SIZE), worked_around=np.zeros(SIZE)),
    substitution=MODEL.substitution._replace(share=np.zeros(SIZE)),
)
"""Every input stops all of the dependent output, and nothing helps."""


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_compiled_losses_are_their_plain_reading(seed, draws, each):
    """Bit for bit but for the product over a sector's inputs, whose order NumPy does not promise."""
    rng = np.random.default_rng(seed)
    shape = (3, 30, SIZE) if draws else (30, SIZE)
    available = np.where(rng.random(shape) < 0.6, 1.0, rng.random(shape) * 1.2 - 0.1)
    scarcity, onset = rng.random(shape), rng.integers(0, 40, SIZE) if each else int(rng.integers(0, 40))
    model = MODEL._replace(joint=np.broadcast_to(rng.random(len(SECTORS)), (*shape[:-2], len(SECTORS))))
    found = lose(available, model=model, scarcity=scarcity, onset=onset)
    by_input, lost = lost_output(available, DEMANDS, SECTORS, model, scarcity, onset)
    np.testing.assert_array_equal(found.by_input, by_input)
    np.testing.assert_allclose(found.lost, lost, rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(
        lose(available, model=model).lost, lose(available, model=model, scarcity=np.clip(1.0 - available, 0, 1)).lost
    )


def test_the_scarcest_of_joint_inputs_rules():
    available = np.ones((1, SIZE))
    cars = [i for i, key in enumerate(DEMANDS.index) if key.endswith("@JP|cars_battery")]
    available[0, cars] = 0.7, 0.2
    battery = list(SECTORS.index).index("cars_battery@JP")
    assert lose(available, model=FULL._replace(joint=np.ones(len(SECTORS)))).lost[0, battery] == pytest.approx(0.8)
    apart = lose(available, model=FULL._replace(joint=np.zeros(len(SECTORS)))).lost[0, battery]
    assert apart == pytest.approx(1.0 - 0.7 * 0.2)


def test_only_the_dependent_share_stops():
    lost = lose(np.zeros((1, SIZE)), model=FULL).lost[0]
    fed = [
        f"{sector}@{region}" in {f"{s}@{r}" for s, r in zip(DEMANDS["sector"], DEMANDS["region"], strict=True)}
        for sector, region in zip(SECTORS["sector"], SECTORS["region"], strict=True)
    ]
    np.testing.assert_allclose(lost, np.where(fed, SECTORS["dependent_share"], 0.0))


def test_an_input_stops_no_more_than_its_criticality():
    """Dependence is by input: cerium for glass stops a part of glass, a traction motor all of a battery car, less who has a way round."""
    lost = lose(np.zeros((1, SIZE))).lost[0]
    share, stop_share = criticality_model(DEMANDS).share, {row.parameter: row.value for row in assumptions.read("input_classes").rows}
    glass, motor = list(DEMANDS["sector"]).index("glass"), list(DEMANDS["commodity"]).index("component.traction_motor")
    assert share[glass] == pytest.approx(0.3 * stop_share["material.stop_share"])
    assert share[motor] == pytest.approx(1.0 * stop_share["engineered_part.stop_share"])
    assert lost[list(SECTORS.index).index("glass@JP")] == pytest.approx(0.2 * share[glass])


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 30))
def test_work_arounds_grow_with_time_and_shrink_with_scarcity(a, b, onset):
    model, low, high = MODEL.criticality, min(a, b), max(a, b)
    few, many = (worked_around(model, np.full((60, SIZE), share), onset) for share in (low, high))
    assert (np.diff(few, axis=0) >= -1e-12).all()
    assert (few >= many - 1e-12).all()
    assert (few[: onset + 1] == 0.0).all()
    if low == 0.0 and onset == 0:
        np.testing.assert_allclose(few[-1], model.worked_around * (1.0 - np.exp(-59 / model.weeks)))


def test_a_total_stop_stays_severe():
    """Nobody finds a second source where there is none: nothing is worked around, however many weeks go by."""
    missing, plain = np.zeros((52, SIZE)), MODEL._replace(substitution=FULL.substitution)
    apart = lose(missing, model=plain, scarcity=np.zeros((52, SIZE))).lost
    together = lose(missing, model=plain, scarcity=np.ones((52, SIZE))).lost
    np.testing.assert_allclose(together, np.broadcast_to(together[0], together.shape))
    hit = together[0] > 0.0
    assert (np.diff(apart[:, hit], axis=0) < 0.0).all()
    battery = list(SECTORS.index).index("cars_battery@JP")
    rest = 1.0 - MODEL.criticality.worked_around[list(DEMANDS["commodity"]).index("component.traction_motor")]
    assert apart[-1, battery] / together[-1, battery] == pytest.approx(rest, abs=0.01)


def test_the_first_stop_is_the_week_in_which_a_twentieth_of_output_stands():
    available = np.ones((30, SIZE))
    traction = list(DEMANDS.index).index("component.traction_motor@JP|cars_battery")
    available[4:, traction] = 0.0
    available[2:, list(DEMANDS.index).index("oxide.Ce@JP|glass")] = 0.0
    found = lose(available, scarcity=np.ones((30, SIZE)))
    first, line, binding = sector_stops(found, SectorGroups.of(DEMANDS, SECTORS))
    battery, glass, ships = (list(SECTORS.index).index(name) for name in ("cars_battery@JP", "glass@JP", "ships@JP"))
    assert first[battery] == line[battery] == 4.0
    assert binding[battery] == traction
    assert found.lost[4, battery] >= 0.5
    assert np.isnan(first[[glass, ships]]).all()
    assert (binding[[glass, ships]] == -1).all()


def test_substitution_follows_a_line_from_the_onset():
    model = substitution_model(DEMANDS)
    share = substituted_share(model, 600, onset=10)
    for demand in range(SIZE):
        delay = float(model.delay[demand])
        assert (share[: int(10 + delay / 2), demand] == 0).all()
        assert share[int(10 + delay), demand] == pytest.approx(model.share[demand] / 2, abs=0.02)
        assert share[int(12 + 1.5 * delay), demand] == pytest.approx(model.share[demand])
    refining = list(DEMANDS["sector"]).index("refining")
    lost = lose(np.zeros((120, SIZE))).lost[:, list(SECTORS.index).index("refining@US")]
    critical = 0.35 * MODEL.criticality.share[refining]
    assert lost[0] == pytest.approx(critical)
    assert lost[-1] == pytest.approx(critical * (1 - model.share[refining]))  # all of it is missing, so nothing is worked around


def test_table_has_the_contracted_columns_and_ordered_ends():
    draws = np.stack([availability(seed) for seed in range(20)])
    rows = table(lose(draws).totals())
    assert {"country", "sector", "value_added_usd", "jobs", "low", "high"} <= set(rows.columns)
    assert (rows["low"] <= rows["value_added_usd"]).all()
    assert (rows["value_added_usd"] <= rows["high"]).all()
    assert (rows["net_usd"] <= rows["value_added_usd"] + 1e-3).all()
    assert list(rows["value_added_usd"]) == sorted(rows["value_added_usd"], reverse=True)


def test_without_ranges_the_band_has_no_width():
    sectors = worlds.sectors(spread=0.0)
    same = np.repeat(availability(4)[None], 5, axis=0)
    rows = table(lose(same, sectors).totals())
    np.testing.assert_allclose(rows["low"], rows["value_added_usd"])
    np.testing.assert_allclose(rows["high"], rows["value_added_usd"])


def test_what_a_country_is_barred_from_buying_reaches_it_through_a_leakage_only():
    """Defence: criticality x stop share x leakage, and nothing at all without leakage."""
    table = assumptions.read("criticality")
    use = ("defence", "magnet.SmCo")
    leakage, stop = table.pick("leakage", [use])[0], assumptions.read("input_classes").values()
    demands = DEMANDS.iloc[:1].assign(sector=use[0], commodity=use[1])
    share = stop[assumptions.read("input_classes").find("engineered_part.stop_share")]
    assert 0.0 < leakage < 0.5
    assert criticality_model(demands).share[0] == pytest.approx(0.3 * share * leakage)
