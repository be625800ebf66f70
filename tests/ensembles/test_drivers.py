from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from ytterby.ensembles.drivers import correlations, limit_of_chance, split

LOSS = "outcome.value_added_lost.JP"


def table(seed: int, draws: int = 200, inputs: int = 60) -> pd.DataFrame:
    """Inputs without effect, and a loss that hangs on none of them."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.random((draws, inputs)), columns=[f"behaviour.x{i}" for i in range(inputs)]).assign(**{LOSS: rng.random(draws)})


def test_a_true_effect_is_found_with_its_correlation() -> None:
    """Second road: SciPy's Spearman."""
    draws = table(1)
    draws[LOSS] += 2.0 * draws["behaviour.x7"]
    found = correlations(draws, LOSS)
    assert list(found) == ["behaviour.x7"]
    assert found["behaviour.x7"] == pytest.approx(spearmanr(draws["behaviour.x7"], draws[LOSS]).statistic)


def test_chance_alone_speaks_up_in_one_run_of_twenty_at_most() -> None:
    noise = [len(correlations(table(seed), LOSS)) > 0 for seed in range(400)]
    assert 0.01 < np.mean(noise) < 0.08


def test_without_the_guard_chance_would_speak_up_always() -> None:
    """A test of the test: the largest of sixty correlations without effect looks like something."""
    largest = [max(abs(np.corrcoef(table(seed).to_numpy(), rowvar=False)[-1, :-1])) for seed in range(20)]
    assert min(largest) > 0.1
    assert limit_of_chance(60, 200) > 0.2


def test_more_draws_lower_the_limit_and_more_inputs_raise_it() -> None:
    assert limit_of_chance(60, 800) < limit_of_chance(60, 200) < limit_of_chance(600, 200)


def test_outcomes_are_no_inputs_and_constants_move_nothing() -> None:
    draws = table(3)
    draws["outcome.other"] = draws[LOSS]
    draws["behaviour.fixed"] = 1.0
    assert "outcome.other" not in correlations(draws, LOSS)
    assert correlations(draws.assign(**{LOSS: 0.0}), LOSS) == {}


def test_a_threshold_is_found_where_it_lies() -> None:
    rng = np.random.default_rng(5)
    x = rng.random(400)
    draws = pd.DataFrame({"a": x, LOSS: np.where(x > 0.62, 10.0, 1.0) + rng.random(400) * 0.1})
    found = split(draws, "a", LOSS)
    assert found is not None
    assert found.value == pytest.approx(0.62, abs=0.13)
    assert found.above > 0.95
    assert found.below < 0.25


def test_no_threshold_where_nothing_varies() -> None:
    draws = pd.DataFrame({"a": np.ones(50), "b": np.arange(50.0), LOSS: np.arange(50.0)})
    assert split(draws, "a", LOSS) is None
    assert split(draws.assign(**{LOSS: 1.0}), "b", LOSS) is None
