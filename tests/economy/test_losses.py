"""Value added lost and jobs at risk: invariants, then closed cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.economy import worlds
from ytterby.economy.losses import loss_model, losses, substituted_share, substitution_model, table
from ytterby.economy.production_stops import parts_model, stop_dates
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
    markets = sorted(set(DEMANDS["market"]))
    place = np.array([markets.index(name) for name in DEMANDS["market"]])
    mild = rng.uniform(0, 1.4, (40, len(markets)))
    deep = mild.copy()
    deep[5:20, rng.integers(len(markets))] *= cut
    runs = [
        lose(stop_dates(np.ones((40, SIZE)), path, np.full(len(markets), 5.0), place, parts_model(DEMANDS)).output).lost
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


def test_the_scarcest_of_joint_inputs_rules():
    available = np.ones((1, SIZE))
    cars = [i for i, key in enumerate(DEMANDS.index) if key.endswith("@JP|cars_battery")]
    available[0, cars] = 0.7, 0.2
    lost = lose(available, model=MODEL._replace(joint=np.ones(len(SECTORS)))).lost[0]
    assert lost[list(SECTORS.index).index("cars_battery@JP")] == pytest.approx(0.8)
    apart = lose(available, model=MODEL._replace(joint=np.zeros(len(SECTORS)))).lost[0]
    stakes = (DEMANDS["use"] * DEMANDS["choke"]).to_numpy()[cars]
    assert apart[list(SECTORS.index).index("cars_battery@JP")] == pytest.approx((0.3 * stakes[0] + 0.8 * stakes[1]) / stakes.sum())


def test_only_the_dependent_share_stops():
    lost = lose(np.zeros((1, SIZE)), model=MODEL._replace(joint=np.ones(len(SECTORS)))).lost[0]
    fed = [
        f"{sector}@{region}" in {f"{s}@{r}" for s, r in zip(DEMANDS["sector"], DEMANDS["region"], strict=True)}
        for sector, region in zip(SECTORS["sector"], SECTORS["region"], strict=True)
    ]
    np.testing.assert_allclose(lost, np.where(fed, SECTORS["dependent_share"], 0.0))


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
    assert lost[0] == pytest.approx(0.35)
    assert lost[-1] == pytest.approx(0.35 * (1 - model.share[refining]))


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
