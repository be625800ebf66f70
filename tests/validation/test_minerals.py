"""Restrictions of other minerals: the market against a general solver, inputs as dated, forecasts that do not see their episode."""

import dataclasses
import json
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.optimize import root
from scipy.stats import t as student

from ytterby.app import EPISODES
from ytterby.cli.backtest import command
from ytterby.errors import DataGapError, UnknownNameError
from ytterby.facts import load
from ytterby.validation.minerals import calibration
from ytterby.validation.minerals.backtest import drawn, error, hit
from ytterby.validation.minerals.calibration import calibrate, fitted_cases, likelihood, record, shipped, spread, values_of, write
from ytterby.validation.minerals.cases import SOURCES, answers, case, model, naive, on_paper, recovery
from ytterby.validation.minerals.model import PARAMETERS, AnnualMarket, simulate
from ytterby.validation.minerals.restriction_inputs import AnnualRestrictions, episodes, policy
from ytterby.validation.minerals.trade import flows_of, growth, log_ratio, trade, weights

NAME = "minerals-1995-2024"


def restricted(facts, name):
    """Episode of that name."""
    return next(item for item in episodes(facts) if item.id == name)


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    return EPISODES[NAME].score(NAME, draws=20, project=tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def result(scored):
    """The document that the command prints."""
    return scored.to_dict()


def rule(years=3, ban=0.0, duty=0.0, quota=np.inf, licence=0.0):
    return AnnualRestrictions(np.full(years, ban), np.full(years, licence), np.full(years, duty), np.full(years, quota))


def some(seed=0, draws=3):
    return values_of(np.random.default_rng(seed).standard_normal((draws, len(PARAMETERS))))


def market(seed=0, sellers=4, buyers=5):
    rng = np.random.default_rng(seed)
    return AnnualMarket(rng.gamma(1.0, 100.0, (sellers, buyers)), 0)


@pytest.mark.parametrize("given", [rule(1, duty=0.3), rule(1, ban=0.7), rule(1, quota=20.0), rule(1, ban=1.0, duty=0.2)])
def test_first_year_solves_the_equations_of_the_market(given):
    """Second road: all sellers' log prices at once by a general root finder, from the equations as the docs state them."""
    for seed in range(4):
        at, values = market(seed), some(seed, 1)
        p = {name: float(column[0]) for name, column in values.items()}
        need = at.flows.sum(axis=0)
        share = (1 - p["search"]) * at.flows / need + p["search"] * (at.flows.sum(axis=1) / at.flows.sum())[:, None]
        offer = (share * need).sum(axis=1)
        adapted = 1 - np.exp(-1 / p["lag"])
        most = min(offer[0] * (1 - given.ban[0] * (1 - p["leak"])), given.quota[0])

        def flows(price, p=p, share=share, need=need, adapted=adapted):
            pull = share * np.exp(-p["sigma"] * price)[:, None]
            index = pull.sum(axis=0) ** (-1 / p["sigma"])
            return pull / pull.sum(axis=0) * need * index ** (-p["eta"] * (1 + adapted))

        def gap(price, p=p, offer=offer, most=most, adapted=adapted, flows=flows):
            supply = offer * np.exp(p["supply"] * adapted * price)
            supply[0] = min(offer[0] * (np.exp(price[0]) / (1 + given.duty[0])) ** p["home"], most)
            return np.log(flows(price).sum(axis=1)) - np.log(supply)

        found = root(gap, np.r_[1.0, np.full(3, 0.1)], method="lm", options={"xtol": 1e-14})
        assert np.abs(gap(found.x)).max() < 1e-8
        assert simulate(at, given, values)[0, 0] == pytest.approx(flows(found.x), rel=1e-6)


def test_no_restriction_leaves_what_was_there():
    at, values = market(), some()
    flows = simulate(at, rule(), values)
    assert flows.sum(axis=(2, 3)) == pytest.approx(np.full((3, 3), at.flows.sum()), rel=1e-9)
    assert np.ptp(flows, axis=1).max() < 1e-6
    only_own = {**values, "search": np.zeros(3)}
    assert simulate(at, rule(), only_own)[:, 0] == pytest.approx(np.repeat(at.flows[None], 3, axis=0), rel=1e-9)


def test_the_trend_goes_on_by_its_share():
    at, values = dataclasses.replace(market(), growth=0.1, ahead=2.0), some()
    world = simulate(at, rule(), values).sum(axis=(2, 3)) / at.flows.sum()
    assert world == pytest.approx(np.exp(0.1 * values["trend"][:, None] * (2.0 + np.arange(3))), rel=1e-9)


def test_doubled_trade_doubles_flows_and_order_does_not_matter():
    at, values, given = market(), some(), rule(ban=0.8, duty=0.1)
    flows = simulate(at, given, values)
    twice = simulate(dataclasses.replace(at, flows=2 * at.flows), given, values)
    assert twice == pytest.approx(2 * flows, rel=1e-9)
    sellers, buyers = [2, 0, 3, 1], [4, 1, 0, 3, 2]
    mixed = simulate(AnnualMarket(at.flows[np.ix_(sellers, buyers)], 1), given, values)
    assert mixed == pytest.approx(flows[:, :, sellers][:, :, :, buyers], rel=1e-8)


def test_a_deeper_rule_lets_less_through_and_others_fill_a_part():
    at, values = market(), some()
    for field, depths in (("ban", (0.0, 0.4, 0.9)), ("duty", (0.0, 0.1, 0.5)), ("licence", (0.0, 0.5, 1.0))):
        flows = [simulate(at, rule(**{field: depth}), values) for depth in depths]
        own = [found[:, 0, 0].sum(axis=1) for found in flows]
        rest = [found[:, 0, 1:].sum(axis=(1, 2)) for found in flows]
        assert (own[0] > own[1]).all()
        assert (own[1] > own[2]).all()
        assert (rest[2] > rest[0]).all()
        assert (rest[2] - rest[0] < own[0] - own[2]).all()


def test_a_quota_is_kept_and_trust_comes_back_slowly():
    at, values = market(), some()
    given = AnnualRestrictions(np.array([1.0, 1.0, 0.0, 0.0, 0.0]), np.zeros(5), np.zeros(5), np.full(5, np.inf))
    own = simulate(at, given, {**values, "kept": np.full(3, 1e-9)})[:, :, 0].sum(axis=2)
    assert (np.diff(own[:, 2:], axis=1) > 0).all()
    assert (own[:, 2] < at.flows[0].sum()).all()
    limited = simulate(at, rule(quota=0.3 * at.flows[0].sum()), values)[:, :, 0].sum(axis=2)
    assert limited.max() <= 0.3 * at.flows[0].sum() * (1 + 1e-6)


def test_policies_are_the_dated_facts():
    facts = load()
    ban = policy(facts, restricted(facts, "ID-nickel-2014"))
    assert ban.ban[:4] == pytest.approx([354 / 365, 1.0, 1.0, 11 / 365])
    assert ban.quota[3:].tolist() == [15e6] * 3
    assert np.isinf(ban.quota[:3]).all()
    assert policy(facts, restricted(facts, "CD-copper-2013")).ban.max() < 0.01
    quota = policy(facts, restricted(facts, "CN-rare-earths-2010")).quota
    assert quota[:5].tolist() == [30258, 30246, 30996, 30999, 30611]
    assert np.isinf(quota[5:]).all()
    with pytest.raises(DataGapError, match="A021"):
        policy(facts, dataclasses.replace(restricted(facts, "ID-nickel-2014"), facts=("A021",)))


def test_missing_and_absurd_weights_are_made_good_and_sound_ones_kept():
    rows = [(2000 + y, "x", s, "B", 10.0 * (s + 1) * 100, 100.0) for y in range(6) for s in range(5)]
    flows = pd.DataFrame(rows, columns=["year", "hs", "exporter", "importer", "value_kusd", "quantity_t"])
    flows["exporter"] = flows["exporter"].map(lambda s: f"S{s}")
    broken = flows.copy()
    broken.loc[3, "quantity_t"] = np.nan
    broken.loc[11, "quantity_t"] = 100_000.0
    broken.loc[17, "quantity_t"] = 0.01
    assert weights(broken).to_numpy() == pytest.approx(np.full(30, 100.0))
    assert (weights(flows) == flows["quantity_t"]).all()


def test_traps_of_the_customs_figures():
    """Congo 2014 declares 44 t of 1.3 billion USD; titanium ore of 2014 has one flow a thousand times too heavy."""
    facts = load()
    copper = flows_of(facts, ("260300",))
    congo = copper[(copper["exporter"] == "CD") & (copper["year"] == 2014)]["tonnes"].sum()
    assert 4e5 < congo < 1e6
    titanium = flows_of(facts, ("261400",)).groupby("year")["tonnes"].sum()
    assert titanium[2014] < 1.5 * titanium[2013]
    assert (copper["exporter"] != copper["importer"]).all()


def test_trade_keeps_the_total_and_the_supplier():
    facts = load()
    found = trade(facts, ("260400",), "ID", (2011, 2013), 2019)
    flows = flows_of(facts, ("260400",))
    assert found.between(2012, 2012).sum() == pytest.approx(flows[flows["year"] == 2012]["tonnes"].sum())
    seller = flows[(flows["exporter"] == "ID") & (flows["year"] == 2013)]["tonnes"].sum()
    assert found.between(2013, 2013)[0, found.exporters.index("ID")].sum() == pytest.approx(seller)
    assert 0.05 < growth(found, (2011, 2013)) <= 0.15


def test_years_to_recover():
    def by_hand(path):
        for start, value in enumerate(path):
            if value < 0.8:
                return next((k for k, later in enumerate(path[start:]) if later >= 0.8), len(path) - start)
        return 0

    paths = np.random.default_rng(2).uniform(0.4, 1.3, (200, 6))
    assert recovery(paths).tolist() == [by_hand(list(path)) for path in paths]


def test_naive_forecasts_are_what_their_names_say():
    prepared = case(load(), restricted(load(), "ID-nickel-2014"))
    still, lost, routed = (dict(zip([q.id for q in prepared.questions], naive(prepared, source), strict=True)) for source in SOURCES)
    assert all(value == pytest.approx(1.0) for name, value in still.items() if name != "recovery")
    assert still["recovery"] == 0.0
    assert lost["exports-2015"] == routed["exports-2015"] == 0.0
    assert on_paper(prepared)[1] == 0.0
    assert lost["others-PH"] == pytest.approx(1.0)
    assert routed["others-PH"] == pytest.approx(routed["others-NC"])
    assert routed["others-PH"] > 1.5
    assert routed["total-CN"] > 0.95 > lost["total-CN"]


def test_likelihood_is_that_of_student_errors():
    """Second road: scipy's density; constants drop out of differences between draws."""
    prepared, moves = case(load(), restricted(load(), "KP-titanium-2016")), record().moves
    found = np.random.default_rng(3).uniform(0.1, 1.5, (2, len(prepared.questions)))
    seen, kinds = answers(prepared, prepared.observed)[0], [q.kind for q in prepared.questions]
    total = np.zeros(2)
    for i, q in enumerate(prepared.questions):
        if q.kind != "recovery":
            z = (log_ratio(found[:, i]) - log_ratio(seen[i])) / spread(moves, q.kind, q.year - prepared.episode.first)
            total += calibration.INDEPENDENT[q.kind] / kinds.count(q.kind) * student(calibration.FREEDOM).logpdf(z)
    own = likelihood(prepared, found, moves)
    assert own[0] - own[1] == pytest.approx(total[0] - total[1])


def test_a_forecast_does_not_see_its_own_episode():
    sample = shipped()
    name = "ID-nickel-2014"
    tampered = dataclasses.replace(sample, fits={**sample.fits, name: sample.fits[name] + np.linspace(0, 50, len(sample.prior))})
    assert (tampered.weights(name) == sample.weights(name)).all()
    assert not np.allclose(tampered.weights(), sample.weights())
    one, two = (drawn(s, name, 50, np.random.default_rng(1)) for s in (sample, tampered))
    assert all((one[key] == two[key]).all() for key in PARAMETERS)


def test_nothing_after_2022_is_fitted(monkeypatch):
    facts = load()
    assert {item.episode.id for item in fitted_cases(facts)} == set(shipped().fits)
    late = [dataclasses.replace(item, last=2023, fitted=True) for item in episodes(facts)[-1:]]
    monkeypatch.setattr(calibration, "episodes", lambda facts: tuple(late))
    with pytest.raises(DataGapError, match="later than 2022"):
        fitted_cases(facts)


def test_a_fit_can_be_repeated_and_written(tmp_path, monkeypatch):
    chosen = [item for item in episodes(load()) if item.id in ("KP-titanium-2016", "ID-nickel-2020")]
    monkeypatch.setattr(calibration, "episodes", lambda facts: tuple(chosen))
    (one, moves), (two, _) = (calibrate(load(), 40, 7) for _ in range(2))
    assert (one.weights() == two.weights()).all()
    write(one, moves, tmp_path, record().calibration.model_copy(update={"draws": 40}))
    rows = (tmp_path / "minerals_posterior.csv").read_text("utf-8").splitlines()
    assert rows[0].split(",") == [*PARAMETERS, "prior", "fit.KP-titanium-2016", "fit.ID-nickel-2020"]
    assert len(rows) == 41
    assert json.loads((tmp_path / "minerals_fit.json").read_text("utf-8"))["draws"] == 40


def test_keys_and_order_of_the_contract(result):
    assert {"episode", "hits", "of", "targets"} <= set(result)
    assert {"id", "what", "unit", "target", "model", "low", "high", "hit", "fitted"} <= set(result["targets"][0])
    assert result["of"] == len(result["targets"]) == len({row["id"] for row in result["targets"]})
    assert result["hits"] == sum(row["hit"] for row in result["targets"]) == sum(row["hits"] for row in result["episodes"])
    assert [row["hit"] for row in result["targets"]] == sorted(row["hit"] for row in result["targets"])
    assert not any(row["fitted"] for row in result["targets"])
    json.dumps(result)


def test_recorded_skill(result):
    """What the model reaches against naive forecasts must not get worse; re-routing is a known miss."""
    scores = result["scores"]
    for aspect, most in (("depth", 0.75), ("diversion", 0.65), ("recovery", 1.8)):
        assert scores[aspect]["model"]["error"] < most
        assert scores[aspect]["model"]["error"] < scores[aspect]["no change"]["error"]
    assert scores["re-routing"]["model"]["error"] < scores["re-routing"]["proportional re-routing"]["error"]
    assert all(row["coverage_80"] > 0.65 for row in scores.values())


def test_errors_and_hits():
    assert error("exports", 0.5, 0.5) == 0.0
    assert hit("exports", 0.12, 0.0)
    assert hit("others", 2.4, 2.0)
    assert not hit("others", 2.7, 2.0)
    assert hit("recovery", 3.0, 4.0)
    assert not hit("recovery", 1.0, 4.0)


def test_what_a_ban_lets_through_differs_between_episodes():
    prepared = case(load(), restricted(load(), "ID-nickel-2020"))
    alike = {name: np.full(300, float(np.sqrt(low * high))) for name, (_, low, high) in PARAMETERS.items()}
    found = model(prepared, alike, np.random.default_rng(1))
    assert np.ptp(found[:, 0]) > 0.05
    assert np.ptp(model(prepared, {**alike, "unlike": np.zeros(300)}, np.random.default_rng(1))[:, 0]) == 0.0


def test_charts_and_words(scored, tmp_path):
    for path in EPISODES[NAME].write_plots(scored, tmp_path):
        assert ET.fromstring(path.read_text("utf-8")).tag.endswith("svg")
    told = CliRunner().invoke(command, [NAME, "--draws", "5", "--project", str(tmp_path / "p")])
    assert told.exit_code == 0, told.output
    assert "17 restrictions" in told.output
    assert "missed targets, worst first" in told.output


def test_a_wrong_name_lists_the_episodes(tmp_path):
    told = CliRunner().invoke(command, ["zzz", "--project", str(tmp_path)])
    assert isinstance(told.exception, UnknownNameError)
    assert NAME in str(told.exception)
    assert "quota-crisis-2010" in str(told.exception)
