"""What helps: measures are compared with the scenario on the same draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.datasets import run_summary
from tests.report.synthetic import first_stop, sector_loss
from ytterby.ensembles import DrawAssessment, Remedy, draw_table, remedies
from ytterby.ensembles import remedies as face
from ytterby.ensembles.remedies import bottlenecks, sample
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

DRAWS = 4


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return Experiment(LabelledNetwork.of(build(2024)), load_scenario("china-licences-2025"), 8, 3)


def test_the_bottlenecks_are_those_behind_the_largest_losses() -> None:
    stops = [
        first_stop("glass", "JP", "2025-05-05", "2025-05-05", None, 1.0, input="oxide.Ce"),
        first_stop("cars_battery", "JP", "2025-06-02", "2025-05-12", None, 0.5, input="component.traction_motor"),
        first_stop("industry", "DE", "2025-06-02", "2025-05-12", None, 1.0, input="component.drive"),
    ]
    losses = [sector_loss("JP", "cars_battery", 2e9, 0, 3e9, 1), sector_loss("JP", "glass", 1e6, 0, 3e6, 1)]
    summary = run_summary(first_stops=stops, losses=losses)
    assert bottlenecks(summary, ("JP",)) == ("component.traction_motor", "oxide.Ce")


def test_nobody_short_needs_no_help(experiment: Experiment) -> None:
    assert remedies(experiment, run_summary(first_stops=[], losses=[], shortfall=[]), "JP", DRAWS) == ()


@pytest.fixture(scope="module")
def found(experiment: Experiment) -> tuple[Remedy, ...]:
    stops = [first_stop("cars_combustion", "DE", "2025-06-02", "2025-05-12", None, 0.5, input="component.small_motor")]
    summary = run_summary(first_stops=stops, losses=[sector_loss("DE", "cars_combustion", 1e8, 0, 3e8, 1)], shortfall=[])
    return face(experiment, summary, "DE", DRAWS)


@pytest.mark.slow
def test_the_loss_without_a_measure_is_that_of_the_run(experiment: Experiment, found: tuple[Remedy, ...]) -> None:
    """Second road: the table of draws that the run folder keeps."""
    job = DrawAssessment(experiment)
    table = draw_table(job, job.chunk((0, experiment.draws)))
    assert found[0].loss_usd == pytest.approx(table["outcome.value_added_lost.DE"].iloc[:DRAWS].mean(), rel=1e-12)


@pytest.mark.slow
def test_measures_come_best_first_and_a_stock_helps(found: tuple[Remedy, ...]) -> None:
    assert [row.avoided_usd for row in found] == sorted((row.avoided_usd for row in found), reverse=True)
    stock = next(row for row in found if row.kind == "stock")
    assert 0.0 < stock.avoided_usd <= stock.loss_usd
    assert stock.goods == ("component.small_motor",)
    use = build(2024).demands.query("commodity == 'component.small_motor' and region == 'DE'")["use"].sum()
    price = build(2024).markets.query("commodity == 'component.small_motor'")["price"].median()
    assert stock.value_usd == pytest.approx(use * 60 / 365.25 * 1000 * price)
    source = next(row for row in found if row.kind == "second_source")
    assert source.places not in ((), ("CN",), ("DE",))


@pytest.mark.slow
def test_a_measure_that_does_nothing_avoids_nothing(experiment: Experiment) -> None:
    from ytterby.measures import measure

    idle = measure(kind="substitution", on=["component.small_motor"], to=["DE"], start=experiment.scenario.start, saving=0.0)
    scenario = experiment.scenario.model_copy(update={"measures": (*experiment.scenario.measures, idle)})
    before, after = (DrawAssessment(one).chunk((0, DRAWS))["gross"] for one in (experiment, replace(experiment, scenario=scenario)))
    np.testing.assert_array_equal(before, after)


def test_a_sample_stratified_by_loss_meets_the_mean_that_few_draws_carry() -> None:
    """The first draws of the design miss the tail or have too much of it; each draw of the sample stands for its part."""
    lost = np.random.default_rng(5).lognormal(0.0, 2.5, 200)
    chosen = sample(lost, 24)
    assert len(set(chosen.draws)) == len(chosen.draws) == 24
    assert chosen.weights.sum() == pytest.approx(1.0)
    assert set(np.argsort(-lost)[:12]) <= set(chosen.draws)
    assert chosen.weights @ lost[list(chosen.draws)] == pytest.approx(lost.mean(), rel=0.05)
    assert abs(lost[:24].mean() / lost.mean() - 1.0) > 0.05, "the case is one in which the first draws mislead"


def test_few_draws_are_all_compared() -> None:
    assert sample(np.arange(5.0), 24).draws == (0, 1, 2, 3, 4)


@pytest.mark.slow
def test_a_stock_is_kept_while_nothing_is_short(experiment: Experiment) -> None:
    """Given out by the calendar it displaces orders and leaves a gap: it then costs more than it saves."""
    stops = [first_stop("cars_combustion", "DE", "2025-06-02", "2025-05-12", None, 0.5, input="component.small_motor")]
    summary = run_summary(first_stops=stops, losses=[sector_loss("DE", "cars_combustion", 1e8, 0, 3e8, 1)], shortfall=[])
    lost = np.array([1.0, 9.0, 2.0, 8.0, 3.0, 7.0, 4.0, 6.0])
    rows = face(experiment, summary, "DE", 4, lost)
    assert next(row for row in rows if row.kind == "stock").avoided_usd > 0.0
    assert rows[0].draws == 4
