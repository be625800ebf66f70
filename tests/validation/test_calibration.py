"""Calibration on a problem with a known answer, and what the shipped posterior is."""

import numpy as np
import pytest

from ytterby.facts import load
from ytterby.simulation import parameters
from ytterby.validation import calibration as room
from ytterby.validation.calibration import PosteriorSample, calibrate, effective, weights
from ytterby.validation.criteria import QUOTED
from ytterby.validation.cross_validation import leave_one_out
from ytterby.validation.free_parameters import free_keys, spread
from ytterby.validation.posterior import parameter_summary, posterior, posterior_rows, record
from ytterby.validation.replay import replay_of
from ytterby.validation.targets import calibration_targets

GOLDEN_RMS = 0.42
"""rms log error of the quotes that was reached, with room for a few draws: a change that errs more fails."""


class Toy:
    """A model whose log prices are linear in the first free parameter's position."""

    def __init__(self, truth: float):
        self.targets = [t for t in calibration_targets(load()) if t.kind == "fob"]
        self.truth = truth

    def ensemble(self, rows, progress=None):
        low, high = spread(np.zeros((1, 6)))[0, 0], spread(np.ones((1, 6)))[0, 0]
        at = (rows.iloc[:, 0].to_numpy() - low) / (high - low)
        value = np.array([t.value for t in self.targets])
        return np.exp(np.log(value)[None, :] + 3.0 * (at - self.truth)[:, None])


def test_known_answer_is_found_and_other_parameters_stay_wide():
    toy = Toy(0.3)
    sample = calibrate(toy, 400, 1)
    w = weights(sample, toy.targets, np.ones(len(toy.targets), dtype=bool))
    mean = w @ sample.unit
    sd = np.sqrt(w @ (sample.unit - mean) ** 2)
    assert mean[0] == pytest.approx(0.3, abs=0.03)
    assert sd[0] < 0.06
    assert np.all(sd[1:] > 0.2)
    assert effective(w) > 20


def test_adapted_draws_are_weighed_by_their_density():
    """The mean over the flat prior of a bounded function is that of the weighted draws, adapted or not."""
    toy = Toy(0.3)
    sample = calibrate(toy, 2000, 3)
    estimate = np.mean(np.sin(3 * sample.unit[:, 0]) / sample.density)
    assert estimate == pytest.approx((1 - np.cos(3.0)) / 3.0, abs=0.05)


def test_a_target_that_is_left_out_has_no_say():
    toy = Toy(0.3)
    sample = calibrate(toy, 200, 1)
    out = np.array([t.element == "Dy" for t in toy.targets])
    changed = PosteriorSample(sample.unit, sample.density, np.where(out[None, :], 1e3, sample.values))
    assert np.array_equal(weights(sample, toy.targets, ~out), weights(changed, toy.targets, ~out))
    assert {row.left_out for row in leave_one_out(toy.targets, sample).element} == {t.element for t in toy.targets}


def test_repeated_rows_of_one_event_count_once():
    toy = Toy(0.3)
    sample = calibrate(toy, 100, 1)
    chosen = np.ones(len(toy.targets), dtype=bool)
    doubled = [*toy.targets, *toy.targets]
    twice = PosteriorSample(sample.unit, sample.density, np.concatenate([sample.values, sample.values], axis=1))
    assert np.allclose(weights(sample, toy.targets, chosen), weights(twice, doubled, np.ones(len(doubled), dtype=bool)))


def test_at_most_six_free_parameters_with_ranges_and_sources():
    rows = room.table("free")
    assert len(rows) <= 6
    assert all(float(row["low"]) < float(row["high"]) and row["source"] for row in rows)
    for key in free_keys():
        assert key.startswith("measures.") or key.removeprefix("behaviour.") in parameters()


def test_posterior_lies_in_the_prior_and_rows_do_not_depend_on_their_number():
    frame = posterior()
    for row in room.table("free"):
        assert frame[row["key"]].between(float(row["low"]) - 1e-9, float(row["high"]) + 1e-9).all()
    few, many = posterior_rows(5, 7), posterior_rows(50, 7)
    assert few.equals(many.iloc[:5])
    assert list(posterior_rows(3, 1, prefix="behaviour.").columns) == [k for k in free_keys() if k.startswith("behaviour.")]
    big = posterior_rows(4000, 2)
    for item in parameter_summary():
        assert big[item.key].mean() == pytest.approx(item.mean, rel=0.05)


def test_record_lists_all_fit_rows_and_no_other():
    assert record().targets == tuple(t.id for t in calibration_targets(load()))


def test_golden_skill_of_the_calibration():
    """What the shipped posterior reached against limits that were set before: a calibration that loses one of them fails."""
    early, out = record().early_fit, [row for row in record().leave_one_out.element if row.left_out in QUOTED]
    assert early.skill_year_ends >= 0.25
    assert 0.7 <= early.coverage_80 <= 0.9
    assert np.sqrt(np.average([row.rms_ln**2 for row in out], weights=[row.rows for row in out])) <= 0.45
    assert record().fit.rms_ln <= GOLDEN_RMS


@pytest.mark.slow
def test_golden_skill_of_the_episode():
    """Skill is recorded; a change that lowers it fails."""
    from ytterby.system import build
    from ytterby.validation.backtest import backtest

    result = backtest("quota-crisis-2010", build(2009), load(), draws=12)
    assert result.scores.rms_ln_quotes <= GOLDEN_RMS
    assert result.scores.rms_ln_fob_after_2009 < min(result.scores.naive_rms_ln_fob_after_2009.values())
    assert result.of == len(replay_of("quota-crisis-2010", build(2009), load()).targets)
    misses = [row.hit for row in result.targets]
    assert misses == sorted(misses)
