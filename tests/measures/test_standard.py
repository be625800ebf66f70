"""A standard: certified goods keep their way, others pay; nothing asked changes nothing; what leaves is counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import SHARE, TO, dates, goods
from ytterby.ensembles import standard_outcome
from ytterby.measures import effects, measure
from ytterby.scenario import load_text
from ytterby.simulation import Effect, Experiment, LabelledNetwork, behaviour, footprints, interventions_of, simulate
from ytterby.system import INDICATORS, build

RANDOM = dates(
    "standard",
    on=goods(("oxide.NdPr", "magnet.*", "metal.NdPr", "oxide.*")),
    to=TO,
    limit=st.floats(0.5, 1.5),
    indicator=st.just("residue"),
    charge_usd_per_t=st.floats(100.0, 20_000.0),
    compliance_usd_per_t=st.floats(0.0, 2_000.0),
    uptake=SHARE,
    ramp_weeks=st.floats(0.0, 40.0),
)
DRAWN = {
    "{kind: standard, name: green, on: oxide.*, to: [JP, US], charge_usd_per_t: 4000, compliance_usd_per_t: 500, uptake: 0.5, "
    "ramp_weeks: 20, start: 2025-02-03}": {
        "charge_usd_per_t": "{dist: uniform, low: 500, high: 9000}",
        "compliance_usd_per_t": "{dist: uniform, low: 100, high: 900}",
        "uptake": "{dist: uniform, low: 0, high: 1}",
        "ramp_weeks": "{dist: uniform, low: 1, high: 60}",
    }
}
WEEKS = 104
HEAD = f"{{name: green, start: 2025-01-06, weeks: {WEEKS}, measures: ["
RULE = {"kind": "standard", "on": ["oxide.NdPr"], "to": ["JP", "US", "DE", "VN"], "start": "2025-02-03", "limit": 0.9}


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


@pytest.fixture(scope="module")
def calm(network):
    return Experiment(network, load_text(HEAD + "]}"), 0, 1)


def run(network, *measures):
    policy = interventions_of(network, calm_with(measures))
    return policy, simulate(network.net, policy, behaviour(), WEEKS)


def calm_with(measures):
    return load_text(HEAD + "]}").update(measures=tuple(measures))


def rule(**more):
    return measure(**RULE | {"charge_usd_per_t": 5000} | more)


def split(**more):
    return effects.CertifiedShare(**{"indicator": "co2e", "limit": 0.9} | more)


def test_footprints_of_markets_add_to_those_of_plants(network):
    """Second road: sums over what is made are sums over what plants do, and no good carries more than the world emits."""
    net = network.net
    for indicator in INDICATORS:
        by_plant = float(net.activity @ footprints.own_footprint(network, indicator))
        by_market = float(network.base_production @ footprints.market_footprint(network, indicator))
        assert by_market == pytest.approx(by_plant, rel=1e-12)


def test_footprints_are_those_of_the_figures(network):
    at = {name: i for i, name in enumerate(network.labels.processes)}
    own = footprints.own_footprint(network, "co2e")
    assert own[at["oxide.mountain-pass@US"]] == 15
    assert own[at["oxide.mountain-pass@CN"]] == 25
    assert own[at["mine.clay-mm@MM"]] + own[at["oxide.clay-mm@CN"]] == pytest.approx(35)
    assert footprints.own_footprint(network, "residue")[at["oxide.mount-weld@MY"]] == pytest.approx(2.85, rel=1e-3)


def test_a_good_carries_what_its_makers_and_their_inputs_do(network):
    """Magnets of the base carry the metal's footprint and their own."""
    entries = enumerate(zip(network.net.recipe_market, network.net.recipe_coefficient, strict=True))
    r = next(r for r, (m, size) in entries if network.labels.markets[m] == "magnet.NdFeB@JP" and size > 0)
    made = footprints.entry_footprint(network, "co2e")
    metal = footprints.goods_footprint(network, "co2e")[network.labels.markets.index("metal.NdPr@JP")]
    assert made[r] == pytest.approx(0.99 * (15 + 0.405 * metal), rel=0.05)


def test_certified_share_lies_between_and_grows_with_the_limit(network):
    shares = [footprints.certified_share(network, split(limit=limit)) for limit in (0.0, 0.5, 1.0, 1.5, 10.0)]
    for low, high in zip(shares, shares[1:], strict=False):
        assert (low <= high + 1e-12).all()
    assert shares[0].max() >= 0.0
    assert shares[-1].max() == pytest.approx(1.0)
    china = network.markets_where(["oxide.NdPr"], ["CN"])
    assert footprints.certified_share(network, split(limit=0.0, recognised=("CN",)))[china] == pytest.approx(1.0, abs=0.05)


def test_certified_goods_and_others_bear_the_whole(network):
    policy, _ = run(network, rule(compliance_usd_per_t=1000))
    rows = policy.kind == Effect.CHARGE
    borne = np.zeros(len(network.net.flow))
    np.add.at(borne, policy.target[rows], policy.level[policy.measure[rows], -1] * policy.weight[rows])
    links = np.unique(policy.target[rows])
    share = footprints.certified_share(network, split())[network.net.origin[links]]
    assert borne[links] == pytest.approx(share * 1.0 + (1.0 - share) * 5.0)


def test_nothing_asked_changes_nothing(network, calm):
    _, bare = run(network)
    for words in ({"charge_usd_per_t": 0}, {"limit": 10}, {"uptake": 1}):
        _, trace = run(network, rule(**words))
        assert np.abs(trace.price / bare.price - 1.0).max() < 1e-9
    found = standard_outcome(calm, rule(charge_usd_per_t=0))
    assert (found.kept_out_t, found.diverted_t, found.compliance_usd, found.revenue_usd) == (0.0, 0.0, 0.0, 0.0)
    assert all(one.avoided == 0.0 for one in found.effects)
    assert found.usd_per_t_co2e is None


def test_a_charge_moves_trade_to_certified_goods(network, calm):
    found = standard_outcome(calm, rule(compliance_usd_per_t=200))
    assert 0.0 < found.certified_share < 1.0
    assert found.kept_out_t > 0.0
    assert found.revenue_usd > 0.0
    assert found.compliance_usd > 0.0
    (premium,) = found.premium
    assert 0.0 < premium.usd_per_kg <= 5.0
    more = standard_outcome(calm, rule(compliance_usd_per_t=200, charge_usd_per_t=9000))
    assert more.kept_out_t > found.kept_out_t
    assert more.premium[0].usd_per_kg > premium.usd_per_kg


def test_those_who_comply_emit_less_and_pay_no_charge(calm):
    never, half = (standard_outcome(calm, rule(compliance_usd_per_t=300, uptake=share, charge_usd_per_t=300)) for share in (0.0, 0.5))
    avoided = [one.effects[0].avoided for one in (never, half)]
    assert avoided[1] > avoided[0]
    assert half.revenue_usd == pytest.approx(0.5 * never.revenue_usd, rel=0.02)
    assert half.usd_per_t_co2e == pytest.approx(half.compliance_usd / avoided[1])


def test_recognition_spares_a_supplier(calm):
    strict, open_ = (standard_outcome(calm, rule(recognised=names)) for names in ((), ("CN",)))
    assert open_.certified_share > strict.certified_share
    assert open_.revenue_usd < strict.revenue_usd


def test_a_base_with_footprints_has_a_name_of_its_own():
    from ytterby.facts import load
    from ytterby.system import with_footprints

    base = build(2024)
    richer = with_footprints(base, load())
    assert richer.digest != base.digest
    assert replace(richer, footprints=base.footprints).digest == base.digest
    assert np.array_equal(
        footprints.own_footprint(LabelledNetwork.of(richer), "co2e"), footprints.own_footprint(LabelledNetwork.of(base), "co2e")
    )
