"""Targets: all of them, by rule, and nothing that a calibration must not see."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from ytterby.errors import DataGapError
from ytterby.facts import Facts, load, periods
from ytterby.scenario import load_scenario
from ytterby.simulation import LabelledNetwork, drawn_behaviour, no_interventions, simulate
from ytterby.system import build
from ytterby.validation.customs_targets import IMPORTERS, YEARS, customs_targets, producers, records, traced_shares
from ytterby.validation.replay import EPISODES, Replay, replay_of, scenario_until
from ytterby.validation.targets import LAST_FITTED_DAY, calibration_targets, kind_of, targets


def test_every_marked_row_is_a_target_and_no_other():
    episode = load().episode()
    marked = episode.index[episode["target"].isin(["fit", "judge"])]
    assert [t.id for t in targets(load())] == list(marked)
    assert {t.id for t in targets(load()) if t.fitted} == set(episode.index[episode["target"] == "fit"])


def test_rows_map_by_rule():
    found = {t.id: t for t in targets(load())}
    assert found["A133"].kind == "fob"
    assert found["A167"].kind == "inside"
    assert found["A167"].unit == "CNY/kg"
    assert found["A167"].value == pytest.approx(1075.0)
    assert found["A248"].kind == "abroad"
    assert found["A029"].value == pytest.approx(0.525)
    assert found["A300"].first == dt.date(2010, 11, 1)
    with pytest.raises(DataGapError, match="no rule"):
        kind_of("price", "on the moon")


def test_calibration_sees_nothing_after_2015():
    assert all(t.last <= LAST_FITTED_DAY for t in calibration_targets(load()))
    table = load().table.copy()
    table.loc["A133", "period"] = "2016-03-14"
    late = Facts(table, load().extras)
    with pytest.raises(DataGapError, match="A133"):
        calibration_targets(late)


def test_no_fact_after_the_start_enters_but_as_an_input_listed_in_the_file():
    """Rows that are targets, or dated after 2015, are not inputs; what the scenario cites is what its file lists."""
    rows = load().table
    goals = {t.id for t in targets(load())}
    for name in EPISODES:
        scenario = load_scenario(name)
        cited = {fact for measure in scenario.all_measures() for fact in measure.facts}
        listed = set(scenario.facts)
        assert cited <= listed
        for fact in listed:
            assert fact not in goals, f"{fact} is a target and an input"
            last = periods.end(rows.loc[fact, "period"])
            basket = rows.loc[fact, "quantity"] == "basket_share"
            assert basket or last is None or last <= dt.date(2016, 12, 31), fact


def test_later_outcomes_do_not_move_the_calibration_targets():
    facts = load()
    kept = facts.table[~facts.table.index.isin(facts.outcome_after(LAST_FITTED_DAY))]
    assert calibration_targets(
        Facts(kept, {"episode": facts.extras["episode"].loc[lambda f: f.index.isin(kept.index)]})
    ) == calibration_targets(facts)


def test_ranges_and_scales():
    target = next(t for t in targets(load()) if t.id == "A166")
    assert target.error(140.0) == 0.0  # inside the published range of 130-160
    assert target.error(80.0) == pytest.approx(np.log(80.0 / 130.0))
    assert target.hit(160.0 * 1.49)
    assert not target.hit(160.0 * 1.51)


def test_customs_targets_cover_codes_importers_and_years():
    found = customs_targets(load())
    assert sum(t.kind == "unit_value" for t in found) == 3 * len(IMPORTERS) * (len(YEARS) - 1)
    assert sum(t.kind == "share_direct" for t in found) == len(IMPORTERS) * len(YEARS)
    japan = [t.value for t in found if t.kind == "share_direct" and t.region == "JP"][:4]
    assert [round(100 * value) for value in japan] == [83, 79, 64, 54]  # as in the design, computed here from BACI
    assert not any(t.fitted for t in found)


def test_the_unit_value_of_the_base_year_is_a_reference_and_no_target():
    found = [t for t in customs_targets(load()) if t.kind == "unit_value"]
    assert min(t.last.year for t in found) == YEARS[0] + 1
    rows = records(load())
    for t in found:
        own = rows[(rows["hs"] == t.heading) & (rows["importer"] == t.region) & (rows["year"] == YEARS[0])]
        assert t.reference == pytest.approx(own["value_kusd"].sum() / own["quantity_t"].sum(), rel=1e-12)


def test_at_rest_a_unit_value_stays_what_it_was_in_the_base_year():
    """Whatever the quality: without events the price has not moved, and twice the price is twice the unit value."""
    found = tuple(t for t in customs_targets(load()) if t.kind == "unit_value" and t.last.year == YEARS[1])
    replay = Replay(LabelledNetwork.of(build(2009)), scenario_until(EPISODES[0], LAST_FITTED_DAY), found)
    weeks = replay.scenario.weeks
    rest = no_interventions(replay.network.net, weeks)
    trace = simulate(replay.network.net, rest, drawn_behaviour({}), weeks)
    values = replay.operator.outputs(replay.network.net, rest, trace)
    assert values == pytest.approx([t.reference for t in found], rel=1e-9)
    later = np.arange(weeks)[:, None] >= 52
    dearer = trace._replace(deal=np.where(later, 2.0, 1.0) * trace.deal)
    assert replay.operator.outputs(replay.network.net, rest, dearer) == pytest.approx([2.0 * t.reference for t in found], rel=0.1)


def test_traced_share_equals_following_every_path():
    """Second road: pass goods on step by step instead of solving the linear system."""
    flows = {("CN", "FR"): 60.0, ("RU", "FR"): 40.0, ("FR", "JP"): 30.0, ("CN", "JP"): 70.0, ("JP", "FR"): 20.0, ("US", "JP"): 10.0}
    names = {name for pair in flows for name in pair}
    share = dict.fromkeys(names, 0.0)
    for _ in range(200):
        of = {n: 1.0 if n == "CN" else 0.0 if n in producers() else share[n] for n in names}
        for buyer in names:
            bought = {a: t for (a, b), t in flows.items() if b == buyer}
            share[buyer] = sum(t * of[a] for a, t in bought.items()) / sum(bought.values()) if bought else 0.0
    solved = traced_shares(flows, "CN")
    assert solved["JP"] == pytest.approx(share["JP"], abs=1e-12)
    assert solved["FR"] == pytest.approx(share["FR"], abs=1e-12)
    assert solved["JP"] > 70.0 / 110.0


def test_at_rest_the_base_year_is_met():
    """Without any event the model's outputs of 2009 are the base's: quotes at their facts, shares as BACI."""
    facts = load()
    replay = replay_of(EPISODES[0], build(2009), facts)
    values = dict(zip([t.id for t in replay.targets], replay.ensemble(pd.DataFrame(index=[0]))[0], strict=True))
    by_id = {t.id: t for t in replay.targets}
    for name in ("A080", "A081", "A082", "A085", "A087"):
        assert abs(by_id[name].error(values[name])) < 0.1
    assert abs(by_id["A022"].error(values["A022"])) < 0.1
    assert abs(by_id["BACI-DIRECT-JP-2009"].error(values["BACI-DIRECT-JP-2009"])) < 0.06
    assert np.isfinite(list(values.values())).all()
