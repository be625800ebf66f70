"""Contracts, approvals and programmes in the full network: each pulls in its direction, balances close, and idle it changes no bit."""

import datetime as dt

import numpy as np
import pytest

from tests.simulation import numpy_reading
from ytterby.errors import NotSimulatedError, ScenarioError
from ytterby.measures import mondays
from ytterby.scenario import load_text
from ytterby.simulation import batch
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import Effect
from ytterby.simulation.labelled_network import LabelledNetwork, seasonal_losses
from ytterby.simulation.measure_effects import interventions_of
from ytterby.system import build, sum_at

WEEKS = 60
MONDAYS = mondays(dt.date(2025, 1, 6), WEEKS)
LICENCE = "{kind: licence, on: oxide.Dy, from: CN, to: JP, start: 2025-02-01, processing_days: 30, approval_rate: 0.9%s}"
STOP = "{kind: outage, on: oxide.Dy, from: CN, start: 2025-03-01, end: 2025-11-01, loss: 0.97}"


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


def run(network, *measures, engine=batch, top=""):
    scenario = load_text(f"name: terms\nstart: 2025-01-06\nweeks: {WEEKS}\n{top}\nmeasures: [{', '.join(measures)}]\n")
    policy = interventions_of(network, scenario)
    trace = engine.simulate(network.net, policy, behaviour(), WEEKS)
    closes(network.net, trace)
    return policy, trace


def closes(net, trace):
    """Stock + arrivals + production + releases - use - shipments - residual is the next stock; nothing is negative."""
    sent = np.stack([sum_at(net.origin, row, len(net.price)) for row in trace.shipped])
    before = np.vstack([net.cover * net.outflow - net.imports, trace.stock[:-1]])
    after = before + trace.arrivals + trace.production + trace.released - trace.consumption - sent - trace.residual
    assert np.abs(after - trace.stock).max() < 1e-9 * trace.stock.max()
    assert min(trace.stock.min(), trace.shipped.min(), trace.served.min(), trace.backlog.min()) > -1e-9


def market(network, name):
    return network.labels.markets.index(name)


def test_with_contracts_first_the_base_year_rests(network):
    policy, trace = run(network, top="rationing: contract_first")
    assert {int(Effect.FIRST), int(Effect.LOCAL)} <= set(policy.kind.tolist())
    assert np.abs(trace.price / network.net.price - 1).max() < 1e-8
    assert np.abs(trace.served - network.net.use).max() < 1e-8


def test_who_holds_more_contracts_is_served_first(network):
    """When China runs short of dysprosium, Japan (0.75 under contract) loses less, and others (0.5) lose more, than in proportion."""
    net, names = network.net, np.array(network.labels.markets)
    _, fair = run(network, STOP)
    _, first = run(network, STOP, top="rationing: contract_first")
    out = np.flatnonzero((names[net.origin] == "metal.Dy@CN") & (net.flow > 0))
    japan = names[net.destination[out]] == "metal.Dy@JP"
    gained = first.shipped[:, out].sum(axis=0) / fair.shipped[:, out].sum(axis=0)
    assert gained[japan][0] > 1.02
    assert np.median(gained[~japan]) < 1.0


def test_approvals_lapse(network):
    """Where the seller is short, short-lived approvals must be asked for again: less waits approved, and less ships."""
    links = network.links_where(["oxide.Dy"], ["CN"], ["JP"])
    shipped = []
    for validity in ("", ", validity_days: 7"):
        _, trace = run(network, LICENCE % validity, STOP)
        shipped.append(trace.shipped[:, links].sum())
    assert shipped[1] < shipped[0]


def test_licensed_goods_are_not_sold_on(network):
    net = network.net
    held = "{kind: licence, on: oxide.*, from: CN, to: all, start: 2025-02-01, processing_days: 7%s}"
    free, bound = (run(network, held % words) for words in ("", ", no_transfer: true"))
    shut = bound[0].target[bound[0].kind == Effect.OPEN]
    assert len(shut)
    assert (network.region[net.origin[shut]] != "CN").all()
    assert bound[1].shipped[20:, shut].sum() < 0.9 * free[1].shipped[20:, shut].sum()


def test_recycling_adds_the_oxides_that_the_goods_hold(network):
    measure = "{kind: recycling, on: magnet.NdFeB-Dy, from: JP, start: 2025-02-03, collection: 0.5, recovery: 0.8, retired: 0.4%s}"
    none = run(network)[1]
    policy, trace = run(network, measure % "")
    capped = run(network, measure % ", capacity_t_per_year: 2")[1]
    net, k = network.net, np.flatnonzero(network.commodity[network.net.demand_market] == "magnet.NdFeB-Dy")
    used = net.use[k[network.region[net.demand_market[k]] == "JP"]].sum()
    at = market(network, "oxide.Dy@JP")
    gain = (policy.level @ np.ones(WEEKS)).max() * policy.weight[policy.target == at].sum()
    assert gain == pytest.approx(used * 0.5 * 0.4 * 0.8 * network.contents["magnet.NdFeB-Dy"]["Dy"] * (WEEKS - 4), rel=1e-9)
    assert trace.production[10, at] > none.production[10, at] + 0.9 * gain / (WEEKS - 4)
    assert trace.price[-1, at] < none.price[-1, at]
    assert none.production[10, at] < capped.production[10, at] < trace.production[10, at]


def test_substitution_saves_and_part_of_it_stays(network):
    measure = "{kind: substitution, on: magnet.NdFeB-Dy, to: JP, start: 2025-02-03, end: 2025-08-03, saving: 0.3, ramp_weeks: 9, kept: 0.5}"
    net, trace = network.net, run(network, measure)[1]
    hit = (network.commodity[net.demand_market] == "magnet.NdFeB-Dy") & (network.region[net.demand_market] == "JP")
    ratio = trace.want[:, hit].sum(axis=1) / net.use[hit].sum()
    assert ratio[3] == pytest.approx(1.0)
    assert ratio[20] == pytest.approx(0.7, abs=0.02)
    assert ratio[-1] == pytest.approx(0.85, abs=0.02)
    with pytest.raises(ScenarioError, match="nobody in JP finally uses"):
        run(network, "{kind: substitution, on: metal.Dy, to: JP, start: 2025-02-03, saving: 0.3}")


def test_an_offtake_is_bought_and_served_first(network):
    measure = "{kind: offtake, on: oxide.NdPr, from: MY, to: JP, start: 2025-02-03, tonnes_per_year: %g}"
    stop = "{kind: outage, on: oxide.NdPr, from: MY, start: 2025-03-01, loss: 0.5}"
    link = network.links_where(["oxide.NdPr"], ["MY"], ["JP"])
    base = network.net.flow[link].sum() * 365.25 / 7
    without, held = run(network, stop)[1], run(network, measure % base, stop)[1]
    more = run(network, measure % (1.2 * base))[1]
    assert held.shipped[30:, link].sum() > 1.05 * without.shipped[30:, link].sum()
    assert more.shipped[10:14, link].sum() > 1.1 * network.net.flow[link].sum() * 4
    with pytest.raises(ScenarioError, match="no route"):
        run(network, "{kind: offtake, on: oxide.NdPr, from: BR, to: JP, start: 2025-02-03, share: 0.5}")
    with pytest.raises(NotSimulatedError, match="fixed or floor price"):
        run(network, "{kind: offtake, on: oxide.NdPr, from: MY, to: JP, start: 2025-02-03, share: 0.5, price_rule: fixed, price: 60}")


def test_step_and_numpy_reading_agree_on_the_new_terms(network):
    measures = (
        LICENCE % ", validity_days: 30, no_transfer: true",
        STOP,
        "{kind: recycling, on: magnet.*, from: [JP, US], start: 2025-02-03, collection: 0.5, recovery: 0.8}",
        "{kind: substitution, on: magnet.*, to: JP, start: 2025-02-03, saving: 0.3, ramp_weeks: 10}",
        "{kind: offtake, on: oxide.NdPr, from: MY, to: JP, start: 2025-02-03, tonnes_per_year: 800}",
    )
    top = "rationing: contract_first"
    fast, plain = run(network, *measures, top=top)[1], run(network, *measures, top=top, engine=numpy_reading)[1]
    for name in ("price", "stock", "shipped", "served", "backlog", "production"):
        ours, theirs = getattr(fast, name), getattr(plain, name)
        assert np.abs(ours - theirs).max() <= 1e-9 * max(1.0, np.abs(theirs).max()), name


@pytest.mark.parametrize("year", [2010, 2024, 2031, 2069])
def test_a_season_has_mean_one_over_every_calendar_year_and_its_trough_at_the_festival(year):
    weeks = mondays(dt.date(year, 1, 1), 54)
    weeks = weeks[weeks.astype("datetime64[Y]") == np.datetime64(str(year))]
    loss = seasonal_losses(weeks)["CN"]
    assert abs(loss.mean()) < 1e-12
    trough = weeks[loss.argmax()]
    assert {2010: "2010-02-08", 2024: "2024-02-05", 2031: "2031-01-20", 2069: "2069-01-21"}[year] == str(trough)


@pytest.mark.parametrize("engine", [batch, numpy_reading])
def test_in_the_season_chinese_plants_slow_down_and_others_do_not(network, engine):
    policy, trace = run(network, engine=engine, top="calendar: {season: true}")
    assert set(policy.kind.tolist()) == {int(Effect.OUTAGE)}
    here, there = market(network, "metal.NdPr@CN"), market(network, "magnet.NdFeB@JP")
    festival = 3  # the scenario starts on 2025-01-06, Chinese New Year is 2025-01-29
    assert trace.production[festival, here] < 0.35 * trace.production[0, here]
    assert trace.production[festival, there] > 0.99 * trace.production[0, there]
    assert abs(trace.production[:52, here].mean() / (trace.production[0, here] / (1.0 - seasonal_losses(MONDAYS)["CN"][0])) - 1) < 0.02


def test_a_season_beyond_the_table_of_dates_is_refused(network):
    with pytest.raises(ScenarioError, match=r"calendar.season: Chinese New Year is known from 2005-02-09 to 2070-02-11 only"):
        interventions_of(network, load_text("name: far\nstart: 2069-01-07\nweeks: 120\ncalendar: {season: true}\nmeasures: []\n"))
