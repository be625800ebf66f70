"""Paths of shocks: deterministic, sourced, reduced without loss of mean and tail; files and their faults."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

import numpy as np
import pytest

from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load
from ytterby.plan import PlanData, controlled, designed_runs, fresh, read_shocks, shock_paths
from ytterby.plan.shock_draws import HistoryDraws, Restrictions
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS, OTHER, TradeGroups, contents_of, group_of
from ytterby.plan.shock_reduction import balanced, cvar, reduced, strata
from ytterby.plan.shock_response import Response
from ytterby.plan.shock_table import family_of_kind, family_rows, restriction_families
from ytterby.plan.shocks import no_shocks
from ytterby.system import build
from ytterby.validation.hazard import kinds, probability

YEARS = tuple(range(2026, 2041))


@pytest.fixture(scope="module")
def facts():
    return load()


@pytest.fixture(scope="module")
def system(facts):
    return build(2024, facts)


@pytest.fixture(scope="module")
def paths(facts, system):
    return shock_paths(facts, system, ("JP", "US"), seed=1)


@pytest.fixture(scope="module")
def response(system):
    return Response(designed_runs(system))


def one(scope, depth, weeks, start=0):
    """A single restriction."""
    text = np.array(["stop"]), np.array([scope])
    return Restrictions(np.array([0]), np.array([start]), *text, np.array([depth]), np.array([float(weeks)]))


def test_weights_add_up_and_cuts_are_shares(paths):
    assert len(paths.weights) == 20
    assert paths.weights.sum() == pytest.approx(1.0)
    assert np.all(paths.weights > 0.0)
    assert paths.cut.shape == (20, len(YEARS), len(GROUPS), len(DESTINATIONS))
    assert paths.cut.max() <= 1.0
    assert np.all((paths.price > 0.0) & (paths.price <= 1.0))
    assert not paths.later[~(paths.cut > 0.0).any(axis=2)].any(), "nothing goes on where nothing is cut"


def test_the_same_seed_gives_the_same_paths(facts, system, paths):
    again = shock_paths(facts, system, ("JP", "US"), seed=1)
    assert np.array_equal(again.cut, paths.cut)
    assert np.array_equal(again.weights, paths.weights)


def test_fresh_paths_are_others_of_equal_weight(paths):
    some = fresh(paths, 30, 5)
    assert np.array_equal(some.cut, fresh(paths, 30, 5).cut)
    assert not np.array_equal(some.cut, fresh(paths, 30, 6).cut)
    assert some.weights == pytest.approx(1.0 / 30)


def test_kept_paths_keep_mean_and_tail(paths):
    """Against a thousand fresh paths; against the drawn ones they are exact (next test)."""
    many = fresh(paths, 1000, 11)
    kept, drawn = paths.loss.sum(axis=1), many.loss.sum(axis=1)
    assert paths.weights @ kept == pytest.approx(drawn.mean(), rel=0.15)
    assert cvar(kept, paths.weights) == pytest.approx(cvar(drawn, many.weights), rel=0.2)


def test_a_rare_loss_is_among_fresh_paths_as_often_as_it_is_likely(paths):
    """Sets of two hundred have alike mean losses and worst tenths; drawn at random their means lie between two thirds and four thirds."""
    sets = [fresh(paths, 200, seed) for seed in range(20, 24)]
    losses = [(one.loss.sum(axis=1), one.weights) for one in sets]
    mean, worst = np.array([loss @ weights for loss, weights in losses]), np.array([cvar(*each) for each in losses])
    assert np.ptp(mean) < 0.3 * mean.mean()
    assert np.ptp(worst) < 0.35 * worst.mean()


@pytest.mark.parametrize("kept", [20, 200])
def test_balanced_paths_share_the_means_of_all(kept):
    rng = np.random.default_rng(3)
    losses = np.where(rng.random((3200, 2)) < 0.4, 0.0, rng.lognormal(0.0, 1.6, (3200, 2)))
    chosen = balanced(losses, np.zeros((3200, 1)), kept)
    assert len(np.unique(chosen)) == kept
    assert losses[chosen].sum(axis=1).mean() == pytest.approx(losses.sum(axis=1).mean(), rel=0.1)


def test_weighted_paths_are_reduced_as_if_each_stood_there_as_often():
    """Second road: a path of weight two is two paths of weight one."""
    rng = np.random.default_rng(4)
    losses, wars, times = rng.lognormal(0.0, 1.6, (400, 1)), np.zeros((400, 1)), rng.integers(1, 4, 400)
    kept, weights = reduced(losses, wars, 20, weights=times / times.sum())
    every = np.repeat(losses[:, 0], times)
    assert weights @ losses[kept, 0] == pytest.approx(every.mean(), rel=0.03)
    assert cvar(losses[kept, 0], weights) == pytest.approx(cvar(every, np.full(len(every), 1.0 / len(every))), rel=0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_reduction_keeps_mean_and_cvar_within_3_percent(seed):
    rng = np.random.default_rng(seed)
    losses = np.where(rng.random((2000, 2)) < 0.4, 0.0, rng.lognormal(0.0, 1.6, (2000, 2)))
    wars = (rng.random((2000, 1)) < 0.3).astype(float)
    kept, weights = reduced(losses, wars, 20)
    assert len(kept) <= 20
    total, equal = losses.sum(axis=1), np.full(2000, 1 / 2000)
    assert weights @ total[kept] == pytest.approx(total.mean(), rel=0.03)
    assert cvar(total[kept], weights) == pytest.approx(cvar(total, equal), rel=0.03)
    assert weights @ wars[kept, 0] == pytest.approx(wars.mean(), rel=0.1)


def test_two_seeds_agree(facts, system, paths):
    other = shock_paths(facts, system, ("JP", "US"), seed=2)
    assert paths.weights @ paths.loss.sum(axis=1) == pytest.approx(other.weights @ other.loss.sum(axis=1), rel=0.1)


def test_strata_share_out_all_paths():
    total = np.r_[np.zeros(50), np.arange(1.0, 151.0)]
    parts = strata(total, np.zeros((200, 1)), 12, np.full(200, 1 / 200))
    assert sorted(np.concatenate(parts).tolist()) == list(range(200))
    assert len(parts) <= 12


def test_too_few_paths_are_refused():
    with pytest.raises(InputError, match="at least 4"):
        reduced(np.ones((10, 1)), np.zeros((10, 1)), 3)


def test_cvar_equals_sorting():
    loss = np.arange(1.0, 101.0)
    assert cvar(loss, np.full(100, 0.01)) == pytest.approx(loss[-10:].mean())
    assert cvar(np.array([0.0, 8.0]), np.array([0.95, 0.05])) == pytest.approx(4.0)


def test_every_row_has_a_range_and_every_source_exists(facts):
    for row in family_rows():
        assert row.low < row.high
        for fact in row.facts.split():
            facts.row(fact)


def test_every_kind_of_the_record_has_a_family():
    assert set(family_of_kind()) >= set(kinds())
    assert set(family_of_kind().values()) <= set(restriction_families())


def test_what_was_not_known_does_not_count(facts):
    """With the record until 2024 there is no standing licence, and restrictions are rarer than with that of 2026."""
    before = HistoryDraws(facts, 1, 400, YEARS, dt.date(2024, 12, 31)).histories().restrictions
    today = HistoryDraws(facts, 1, 400, YEARS).histories().restrictions
    assert not np.any(before.start < 0)
    assert np.sum(today.start < 0) == 400


def test_rate_of_new_restrictions_is_that_of_the_hazard(facts):
    """Without relaxation, the mean number of years with a new restriction is the mean chance."""
    draws = HistoryDraws(facts, 3, 2000, YEARS)
    chance = np.mean([draws.chance(year, np.zeros(2000, dtype=bool)).mean() for year in YEARS])
    assert 0.19 < -np.log1p(-chance) < 0.61
    begun = sum(np.mean(draws.u(f"event.{year}") < draws.chance(year, np.zeros(2000, dtype=bool))) for year in YEARS) / len(YEARS)
    assert begun == pytest.approx(chance, rel=0.05)


def test_a_designed_run_gives_its_own_cuts(response):
    """A restriction that is itself a designed run is read back."""
    for run in response.runs:
        if run.design.weeks != 52 or not run.design.is_ban:
            continue
        cut, later = response.cuts(one(run.design.scope, run.design.depth, 52), 1, 3)
        positive = run.cut[0] > 0.0
        assert cut[0, 0][positive] == pytest.approx(run.cut[0][positive])
        assert not later.any()


def test_restrictions_that_meet_do_not_add_up(response):
    both = one("all", 0.8, 52).joined(one("magnets", 0.8, 52))
    cut, _ = response.cuts(both, 1, 2)
    alone, _ = response.cuts(one("all", 0.8, 52), 1, 2)
    assert np.all(cut[alone > 0] <= 1.0)
    assert np.all(cut[alone > 0] >= alone[alone > 0] - 1e-12)


def test_groups_follow_stage_and_elements(system):
    contents = contents_of(system)
    found = {name: group_of(name, contents) for name in ("oxide.NdPr", "oxide.Dy", "magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo")}
    assert list(found.values()) == ["light", "heavy", "magnet", "heavy_magnet", "heavy_magnet"]
    assert {group_of(f"{stage}.{element}", contents) for stage in ("oxide", "metal") for element in ("La", "Ce")} == {"surplus"}
    assert group_of("magnet.CeFeB", contents) == "heavy_magnet"
    assert group_of("mine.concentrate-mount-weld", contents) == "mine"
    assert group_of("component.drive", contents) == "component"


def test_groups_of_links_add_up_to_trade(system):
    trade = TradeGroups(system)
    flow = system.links["flow"].to_numpy(float)
    assert trade.base.sum() == pytest.approx(flow[trade.origin < 0].sum())
    assert trade.destinations[-1] == OTHER


@pytest.mark.parametrize(("family", "scope", "depth", "weeks"), [("licence", "licence-all", 0.4, 104), ("stop", "all", 1.0, 26)])
def test_a_control_met_by_a_path_is_as_if_it_had_been_drawn_with_it(facts, system, family, scope, depth, weeks):
    """Another road: all restrictions of one path put to the designed runs together. A licence of 2026 makes no old shortage of the
    stop that begins in 2027, which would cost less."""
    first, stop = (0, 0, family, scope, depth, float(weeks)), (0, 1, "stop", "all", 1.0, 52.0)
    response, span = Response(designed_runs(system)), len(YEARS)

    def of(*rows):
        return response.cuts(Restrictions(*(np.array(column) for column in zip(*rows, strict=True))), 1, span)

    cut, later = of(stop)
    alone = replace(no_shocks(YEARS), cut=cut, later=later)
    met = controlled(PlanData(system, facts, (), alone), family, weeks, depth).shocks
    together, state = of(first, stop)
    np.testing.assert_allclose(met.cut, together, atol=1e-12)
    np.testing.assert_array_equal(met.later, state)
    assert not met.later[0, 1].any()


def test_no_shocks():
    none = no_shocks()
    assert none.weights.tolist() == [1.0]
    assert not none.cut.any()
    assert np.all(none.price == 1.0)
    with pytest.raises(InputError, match="not drawn"):
        fresh(none, 10, 1)


YAML = """
paths:
  - name: stop of 2028
    weight: 0.1
    family: stop
    years:
      2028: {cut: {magnet: {JP: 0.8, OTHER: 0.5}, heavy: 0.9}}
      2029: {cut: {magnet: 0.4}, price: 0.6}
"""
CSV = """path,weight,family,year,group,destination,cut,price
stop of 2028,0.1,stop,2028,magnet,JP,0.8,
stop of 2028,,,2028,magnet,OTHER,0.5,
stop of 2028,,,2028,heavy,,0.9,
stop of 2028,,,2029,magnet,,0.4,
stop of 2028,,,2029,,,,0.6
"""


def test_yaml_and_csv_say_the_same(tmp_path):
    for name, text in (("a.yaml", YAML), ("a.csv", CSV)):
        (tmp_path / name).write_text(text, "utf-8")
    one_way, other = (read_shocks(tmp_path / name) for name in ("a.yaml", "a.csv"))
    for key in ("weights", "cut", "later", "price"):
        assert np.array_equal(getattr(one_way, key), getattr(other, key))
    assert one_way.weights.tolist() == pytest.approx([0.1, 0.9])
    assert one_way.family == ("stop", "none")
    at = YEARS.index(2028)
    assert one_way.cut_for("JP")[0, at, GROUPS.index("magnet")] == 0.8
    assert one_way.cut_for("GB")[0, at, GROUPS.index("magnet")] == 0.5
    assert one_way.cut_for("US")[0, at, GROUPS.index("magnet")] == 0.0
    assert one_way.later_for("JP")[0, at + 1]
    assert not one_way.later_for("JP")[0, at]
    assert one_way.price[0, at + 1] == 0.6


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (YAML.replace("magnet:", "magnets:", 1), UnknownNameError, "magnet"),
        (YAML.replace("JP:", "JPN:"), UnknownNameError, "JP"),
        (YAML.replace("0.8", "1.8"), InputError, "outside"),
        (YAML.replace("0.8", "much"), InputError, "not a number"),
        (YAML.replace("2028:", "2050:"), InputError, "2026 to 2040"),
        (YAML.replace("weight: 0.1", "weight: 0"), InputError, "weight above 0"),
        (YAML.replace("price", "prise"), UnknownNameError, "price"),
        ("paths: 3", InputError, "list 'paths'"),
        ("paths: [", InputError, "line 1"),
        ("paths: &a [*a]", InputError, "anchor|alias"),
        ("paths: " + "[" * 3000, InputError, "deep|nested|level"),
        (YAML.replace("2028:", "2028-13-45:"), InputError, "2028-13-45|not YAML"),
    ],
)
def test_faults_of_files_are_named(tmp_path, text, error, words):
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(error, match=words):
        read_shocks(tmp_path / "a.yaml")


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_shocks(tmp_path / "none.yaml")


def test_a_pipe_is_no_file_of_paths(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InputError, match="no plain file"):
        read_shocks(tmp_path / "pipe.yaml")


class Memory(dict):
    """A checkpoint that counts what is put into it."""

    def put(self, digest, content):
        self[digest] = content


def test_kept_paths_are_the_drawn_ones(facts, system):
    kept = Memory()
    first, again, without = (
        shock_paths(facts, system, ("JP",), seed=3, drawn=40, keep=6, checkpoint=checkpoint) for checkpoint in (kept, kept, None)
    )
    assert len(kept) == 1
    for other in (again, without):
        for name in ("weights", "cut", "later", "price", "loss"):
            assert np.array_equal(getattr(first, name), getattr(other, name))
        assert first.family == other.family
    drawn, read = fresh(first, 8, 5), fresh(again, 8, 5)
    assert len(kept) == 2
    assert np.array_equal(drawn.cut, read.cut)
    assert np.array_equal(drawn.cut, fresh(without, 8, 5).cut)


def test_other_questions_are_not_answered_from_what_is_kept(facts, system):
    kept = Memory()
    for options in ({"seed": 3}, {"seed": 4}, {"seed": 3, "rate_factor": 2.0}, {"seed": 3, "as_of": dt.date(2025, 1, 1)}):
        shock_paths(facts, system, ("JP",), drawn=40, keep=6, checkpoint=kept, **options)
    shock_paths(facts, system, ("US",), drawn=40, keep=6, seed=3, checkpoint=kept)
    assert len(kept) == 5


def test_damaged_paths_are_drawn_again(facts, system):
    kept = Memory()
    first = shock_paths(facts, system, ("JP",), seed=3, drawn=40, keep=6, checkpoint=kept)
    [(key, content)] = kept.items()
    kept[key] = content.replace(b"1", b"2")
    assert np.array_equal(shock_paths(facts, system, ("JP",), seed=3, drawn=40, keep=6, checkpoint=kept).cut, first.cut)
    assert kept[key] == content


def test_the_mix_of_families_is_that_of_all_drawn_paths(facts, system):
    """Of the few kept paths it is chance: aimed restrictions were 7 or 60 % of them from one loss table to another."""
    found = [shock_paths(facts, system, ("KR",), seed=seed, drawn=500, keep=8).mix for seed in (1, 2)]
    assert all(sum(mix.values()) == pytest.approx(1.0) for mix in found)
    assert all(list(mix.values()) == sorted(mix.values(), reverse=True) for mix in found)
    for name in ("licence", "quota", "aimed"):
        assert found[0][name] == pytest.approx(found[1][name], abs=0.03)
    assert no_shocks().mix == {"none": 1.0}


def test_one_year_of_a_path_has_about_the_chance_that_the_calendar_gives_a_decision(facts):
    """Paths take it from the kinds on record with prior counts of their own (0.027), the calendar from the targets on record (0.038)."""
    found = HistoryDraws(facts, 1, 4000, YEARS).histories()
    rows = found.restrictions
    first = ((rows.family == "aimed") & (rows.start == 0)).sum() / len(found.price)
    one_year = [probability(facts, "CN", "rare_earths", target=target).probability for target in ("any", "all")]
    assert 0.5 < first / (one_year[0] - one_year[1]) < 2.0


def test_restrictions_a_year_add_up(facts):
    found = HistoryDraws(facts, 1, 500, YEARS).histories()
    rates = found.new_a_year()
    assert rates["aimed"] == pytest.approx(sum(rate for name, rate in rates.items() if name.startswith("aimed at ")))
    new = (found.restrictions.start >= 0).sum()
    assert sum(rate for name, rate in rates.items() if not name.startswith("aimed at ")) * 500 * len(YEARS) == pytest.approx(new)
