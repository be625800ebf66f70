"""Loss curves: convex, nil at nothing missing, near the simulator on the runs that were held out; designed runs as they ship."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from ytterby import tables
from ytterby.errors import UnknownNameError
from ytterby.facts import expand_regions, load
from ytterby.plan import PARTIES, designed_runs, loss_curves, run_designs
from ytterby.plan.loss_design import DEPTHS, DURATIONS, SCOPES, YEARS, designs, scenario_of
from ytterby.plan.loss_fit import RELEVANT, TOLERANCE, LossFit
from ytterby.plan.loss_supply import supplies
from ytterby.plan.loss_table import BASES, curve_table
from ytterby.plan.loss_weights import CLASSES, DRAWS, SEED
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS
from ytterby.scenario import load_scenario
from ytterby.system import build

WELL = 0.85
"""Share of the held-out runs that must lie within 30 %; the others are listed in the docs."""
WELL_END_TO_END = 0.75
"""The same from the shock in a plan's terms."""


@pytest.fixture(scope="module")
def system():
    return build(2024, load())


@pytest.fixture(scope="module")
def runs(system):
    return designed_runs(system)


@pytest.fixture(scope="module", params=["supply", "arrivals"])
def curves(system, request):
    return loss_curves(system, request.param)


@pytest.fixture(scope="module")
def scores(system, runs):
    return LossFit(system, tuple(run for run in runs if run.design.is_ban)).scores({basis: curve_table(basis) for basis in BASES})


def some_shares(curves, seed=0, rows=40):
    rng = np.random.default_rng(seed)
    return rng.random((rows, len(curves.demands))) ** 3


def test_nothing_missing_costs_nothing(curves):
    for later in (False, True):
        assert np.all(curves.loss(np.zeros(len(curves.demands)), later) == 0.0)


def test_loss_is_convex_and_rises(curves):
    one, two = some_shares(curves), some_shares(curves, 1)
    for later in (False, True):
        left, right, middle = (curves.loss(shares, later) for shares in (one, two, (one + two) / 2))
        assert np.all(middle <= (left + right) / 2 + 1e-6 * (1 + left + right))
        assert np.all(curves.loss(np.minimum(one + 0.1, 1.0), later) >= left)


def test_loss_is_never_more_than_what_depends_on_rare_earths(system, curves):
    """The largest loss of a sector is bounded by a small multiple of its dependent value added: no piece runs away."""
    most = curves.loss(np.ones(len(curves.demands)), True)
    dependent = (system.sectors["value_added"] * system.sectors["dependent_share"]).to_numpy(float)
    assert np.all(most <= 1.5 * dependent)


def test_loss_is_the_optimum_of_a_linear_programme(curves):
    """Second road: least total loss above all affine pieces, by a linear programme over the sectors of Japan."""
    shares = some_shares(curves, 2, 1)[0]
    sectors = [i for i, name in enumerate(curves.sectors) if name.endswith("@JP")]
    rows, right = [], []
    for place, sector in enumerate(sectors):
        for demand in np.flatnonzero(curves.sector_of == sector):
            for slope, fixed in zip(curves.slopes[0, demand], curves.intercepts[0, demand], strict=True):
                row = np.zeros(len(sectors))
                row[place] = -1.0
                rows.append(row)
                right.append(-(slope * shares[demand] + fixed) / 1e9)
    found = linprog(np.ones(len(sectors)), A_ub=np.array(rows), b_ub=np.array(right), bounds=(0, None))
    assert found.x * 1e9 == pytest.approx(curves.loss(shares)[sectors], rel=1e-6, abs=1e-3)


def test_users_arrivals_are_after_all_stocks():
    assert all(0.0 < share <= 2.0 for share in curve_table().drawn)
    assert curve_table("arrivals").drawn == (0.0,) * len(CLASSES)


def test_handing_the_lack_down_the_chain_gives_what_the_simulator_shows(system, runs):
    """Stops of heavy elements and of all for a year: the missing share of motors by the chain, with its stocks, beside the simulator's."""
    fit = LossFit(system, tuple(run for run in runs if run.design[:3] in (("heavy", 52, 1.0), ("all", 52, 1.0))))
    commodity, region = (system.demands[name].to_numpy(str) for name in ("commodity", "region"))
    for drawn, near in ((curve_table().drawn, 0.08), ((0.0,) * len(CLASSES), None)):
        rows = [row for row in fit.years(drawn) if row.party == PARTIES.index("JP")]
        off = []
        for row in rows:
            motors = (commodity[row.demands] == "component.small_motor") & (region[row.demands] == "JP")
            off.append(abs(np.median(row.supply[motors]) - np.median(row.arrivals[motors])))
        assert max(off) < near if near else max(off) > 0.2


def test_demands_of_a_sector_are_those_that_can_stop_it(curves):
    inputs = curves.demands_of("cars_battery@DE")
    assert any("traction_motor" in name for name in inputs)
    assert all(name.endswith("|cars_battery") for name in inputs)
    with pytest.raises(UnknownNameError):
        curves.demands_of("cars_batery@DE")


def test_an_unknown_basis_is_refused(system):
    with pytest.raises(UnknownNameError):
        loss_curves(system, "stocks")


def test_the_design_is_complete_and_half_of_it_is_held_out():
    assert len(designs()) == len(SCOPES) * len(DEPTHS) * len(DURATIONS)
    held = [design.held_out for design in designs()]
    assert 0.45 < np.mean(held) < 0.55
    for weeks in DURATIONS:
        assert {design.depth for design in designs() if design.weeks == weeks and design.held_out} == set(DEPTHS)


def test_the_full_stop_of_the_design_is_the_bundled_scenario():
    """Same measures, draws and base as ``total-stop``, so that its losses are what ``ytterby run`` gives."""
    full = next(design for design in designs() if design[:3] == ("all", 52, 1.0))
    ours, theirs = scenario_of(full), load_scenario("total-stop")
    assert ours.weeks == theirs.weeks
    assert ours.draws == theirs.draws
    common = {"kind", "on", "from_", "to", "start", "end"}
    for one, other in zip(ours.measures, theirs.measures, strict=True):
        keys = common | ({"factor", "half_life_weeks", "holders"} if one.kind == "hoarding" else {"depth"})
        assert [getattr(one, key) for key in sorted(keys)] == [getattr(other, key) for key in sorted(keys)]


def test_held_out_runs_are_within_30_percent_but_for_the_listed_ones(scores):
    for basis, share in (("table", WELL), ("end_to_end", WELL_END_TO_END)):
        for party in PARTIES:
            held = [score for score in scores if score.party == party and score.run.design.held_out]
            assert len(held) >= 8
            near = [abs(getattr(score, basis) / score.simulated - 1.0) <= TOLERANCE for score in held]
            assert sum(near) >= 8
            assert np.mean(near) >= share - 0.15
        every = [abs(getattr(score, basis) / score.simulated - 1.0) <= TOLERANCE for score in scores if score.run.design.held_out]
        assert np.mean(every) >= share
        double = [0.5 <= getattr(score, basis) / score.simulated <= 2.0 for score in scores if score.run.design.held_out]
        assert np.mean(double) >= 0.95


def test_the_listed_scores_are_those_of_the_table(scores):
    """The misses in the docs come from this file."""
    listed = {(row["scope"], row["weeks"], row["depth"], row["party"]): row for row in tables.rows("ytterby.plan", "tables/loss_scores")}
    assert len(listed) == len(scores)
    for score in scores:
        scope, weeks, depth = score.run.design
        row = listed[scope, str(weeks), f"{depth:.4g}", score.party]
        assert [float(row[key]) for key in ("simulated", "table", "end_to_end")] == pytest.approx(list(score[2:]), rel=2e-3)
        assert row["half"] == ("held out" if score.run.design.held_out else "fitted")


def test_the_fit_is_judged_where_the_loss_counts(system, runs, scores):
    full = next(run for run in runs if run.design[:3] == ("all", 52, 1.0))
    for party in PARTIES:
        own = np.flatnonzero(system.sectors["region"].isin(expand_regions(party)).to_numpy())
        least = RELEVANT * full.loss[:, own].sum()
        assert min(score.simulated for score in scores if score.party == party) >= least


def test_designed_runs_say_the_shock_in_a_plans_terms(runs):
    for run in runs:
        assert run.cut.shape == (YEARS, len(GROUPS), len(DESTINATIONS))
        assert run.cut.max() <= 1.0
        assert run.cut[:, [group in ("mine", "light", "heavy") for group in GROUPS]].min() >= 0.0
        spared = [not run.design.hits(place) for place in DESTINATIONS]
        assert run.cut[:, [group != "component" for group in GROUPS]][..., spared].min(initial=0.0) >= 0.0
        assert np.all(run.cut[run.years_in_force :] == 0.0)
    full = next(run for run in runs if run.design[:3] == ("all", 104, 1.0))
    magnet = full.cut[:, GROUPS.index("magnet")]
    assert np.all(magnet[1, :4] > 0.95)
    assert np.all(full.cut[0, GROUPS.index("component"), :4] < 0.0), "components come instead of magnets"
    raw = next(run for run in runs if run.design[:3] == ("raw", 52, 1.0))
    assert raw.cut[0, GROUPS.index("heavy_magnet"), DESTINATIONS.index("JP")] < 0.0, "magnets come instead of own ones"


def test_what_is_cut_is_missing_down_the_chain(system):
    """Crude supply: nothing cut leaves nothing missing, more cut never less missing, and a cut of ores alone reaches the motors."""
    drawn = curve_table().drawn
    for supply in supplies(system):
        none, half, whole = (supply.missing(np.full((1, 2, len(GROUPS)), cut), drawn)[0] for cut in (0.0, 0.5, 1.0))
        assert np.abs(none).max() < 1e-9
        assert np.all(half <= whole + 1e-12)
        assert np.all(whole[0] <= whole[1] + 1e-12), "stocks that are gone do not help in the second year"
        assert whole.max() > 0.9
        bare = supply.missing(np.ones((1, 1, len(GROUPS))), (0.0,) * len(CLASSES))[0, 0]
        assert np.all(bare >= whole[1] - 1e-12)
        each = np.array([supply.missing(row[None, None], drawn)[0, 0] for row in np.eye(len(GROUPS))])
        assert each == pytest.approx(supply.missing(np.eye(len(GROUPS))[:, None], drawn)[:, 0])


@pytest.mark.slow
def test_designed_runs_are_those_of_the_simulator(system, runs):
    """Refit with ``python scripts/fit_loss_table.py`` if this fails: the simulator, the losses or the base have changed."""
    chosen = tuple(design for design in designs() if design[:3] in (("all", 52, 1.0), ("JP", 26, 0.8)))
    for design, found in run_designs(system, chosen, DRAWS, SEED):
        shipped = next(run for run in runs if run.design == design)
        assert shipped.loss == pytest.approx(found.loss, rel=1e-3, abs=2e3)
        own = shipped.missing.any(axis=0)
        assert shipped.missing[:, own] == pytest.approx(found.arrivals[:, own], abs=1e-4)
