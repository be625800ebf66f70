"""Standards as an issue of talks: what they are worth by a second road, that they change utilities and stand among concessions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ytterby.app import NegotiateRequest, Negotiation, concluded
from ytterby.bargain import TERMS, StandardCurve, bundled_text
from ytterby.bargain.standards import standard_worth
from ytterby.bargain.talks import talks_of_text
from ytterby.errors import ScenarioError, UnknownNameError
from ytterby.facts import load, vocabulary
from ytterby.measures import measure
from ytterby.scenario import load_text
from ytterby.simulation import Experiment, LabelledNetwork, footprints, indices
from ytterby.system import build, with_footprints
from ytterby.units import WEEKS_PER_YEAR

from .test_talks import TEXT

if TYPE_CHECKING:
    from pathlib import Path

ISSUE = """  - kind: standard
    id: certified
    name_en: common standard for oxides
    on: [oxide.NdPr, oxide.Dy]
    to: [JP, US]
    recognised: [JP, US, AU]
    charge_usd_per_t: 6000
    compliance_usd_per_t: 600
    steps: [none, recognition, charge]
"""
WITH = TEXT.replace("no_deal:\n", f"{ISSUE}no_deal:\n", 1)
WEEKS = 52
RULE = {
    "kind": "standard", "on": ["oxide.NdPr"], "to": ["JP", "US"], "start": "2025-02-03", "charge_usd_per_t": 6000.0,
    "compliance_usd_per_t": 500.0, "uptake": 0.3,
}  # fmt: skip


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    facts = load()
    network = LabelledNetwork.of(with_footprints(build(2024, facts), facts))
    return Experiment(network, load_text(f"{{name: calm, start: 2025-01-06, weeks: {WEEKS}, measures: []}}"), 0, 1)


def test_of_all_regions_together_proof_and_the_triangle_of_trade_given_up_are_lost(experiment: Experiment) -> None:
    """Second road: what one region gets more another pays more, so the sum is what proof costs and half of charge times fall of trade."""
    standard = measure(**RULE)
    regions = tuple(vocabulary.regions())
    found = standard_worth(experiment, standard, regions)
    scenario = experiment.scenario
    after = replace(experiment, scenario=scenario.model_copy(update={"measures": (standard,)}))
    before, then = (each.draw(0).trace.shipped for each in (experiment, after))
    network, net = experiment.network, experiment.network.net
    links = indices(standard.links, network)[0]
    links = links[network.region[net.origin[links]] != network.region[net.destination[links]]]
    share = footprints.certified_share(network, standard.certified())[net.origin[links]]
    other = (1.0 - share) * 0.7
    force = standard.in_force(scenario.mondays)
    proof = (force @ (0.5 * (before + then))[:, links]) @ (1.0 - other) * 500.0
    triangle = 0.5 * (force @ (before - then)[:, links]) @ other * 6000.0
    years = float(force.sum()) / WEEKS_PER_YEAR
    assert float(found.total.sum()) * years == pytest.approx(-float(proof + triangle), rel=1e-6)
    assert float(proof) > 0.0


def test_a_charge_of_nil_is_worth_nothing(experiment: Experiment) -> None:
    found = standard_worth(experiment, measure(**RULE | {"charge_usd_per_t": 0.0, "compliance_usd_per_t": 0.0}), ("JP", "US"))
    assert np.abs(found.total).max() == pytest.approx(0.0, abs=1e-3)


def test_a_standard_changes_utilities_and_stands_among_the_concessions(tmp_path: Path) -> None:
    file = tmp_path / "talks.yaml"
    file.write_text(WITH, "utf-8")
    work = Negotiation(NegotiateRequest(talks=str(file), without_minerals=True, draws=0, project=tmp_path))
    found = concluded(work)
    assert found.actual is not None
    assert found.actual.terms["certified"] == "none"
    column = [issue.id for issue in work.talks.issues].index("certified")
    terms = work.evaluation.packages[:, :, TERMS.index("standards")]
    steps = work.bargain.packages.steps[:, column]
    assert work.talks.issue("certified").values == ("none", "recognition", "charge")
    for number, step in ((1, "recognition"), (2, "charge")):
        (worth,) = work.bargain.standards["certified"][step].worths
        row = next(row for row in found.concessions if (row.at, row.issue, row.to) == ("actual", "certified", step))
        assert tuple(row.gains.values()) == pytest.approx(tuple(worth.total))
        np.testing.assert_allclose(terms[steps == number], np.broadcast_to(worth.total, terms[steps == number].shape))
    recognition, charge = (work.bargain.standards["certified"][step].worths[0] for step in ("recognition", "charge"))
    assert not recognition.revenue.any(), "nothing is charged"
    assert (charge.revenue > 0.0).all()
    assert not terms[steps == 0].any()
    bare = Negotiation(NegotiateRequest(without_minerals=True, draws=0, project=tmp_path))
    assert 3 * len(bare.room.utilities) == len(work.room.utilities)
    np.testing.assert_allclose(work.room.utilities[steps == 0], bare.room.utilities)


def test_the_bundled_talks_value_a_common_standard_where_it_is_asked_for(tmp_path: Path) -> None:
    """M8: none, mutual recognition, a charge besides; left out with a word otherwise, as each package would be there three times."""
    bare = Negotiation(NegotiateRequest(without_minerals=True, draws=0, project=tmp_path))
    assert concluded(bare).left_out["standard"] == "not asked for: --with standard"
    asked = Negotiation(NegotiateRequest(without_minerals=True, draws=0, project=tmp_path, also=("standard",)))
    found = concluded(asked)
    assert found.count == 3 * len(bare.room.utilities)
    steps = {row.to: row.gains for row in found.concessions if (row.at, row.issue) == ("actual", "standard")}
    assert set(steps) == {"recognition", "charge"}
    for step, gains in steps.items():
        assert tuple(gains.values()) == pytest.approx(tuple(asked.bargain.standards["standard"][step].total(5000.0)))
    assert "mutual recognition: JP" in " ".join(found.answers)
    with pytest.raises(UnknownNameError, match="unknown issue 'standards'; did you mean 'standard'"):
        _ = Negotiation(NegotiateRequest(also=("standards",), project=tmp_path)).talks


def test_the_charge_of_the_bundled_standard_is_drawn_and_moves_the_answer(tmp_path: Path) -> None:
    """Second road: a talks file whose charge is an end of the range is worth what the end is here."""
    work = Negotiation(NegotiateRequest(without_minerals=True, draws=4, project=tmp_path, also=("standard",)))
    row = work.assumptions["charge_standard"]
    assert row.low < row.value < row.high
    assert row.unit == "USD/t"
    assert len({assumed["charge_standard"] for assumed, _ in work.drawn_values}) == work.request.draws
    bare = Negotiation(NegotiateRequest(without_minerals=True, draws=4, project=tmp_path))
    assert "charge_standard" not in bare.assumptions
    for (drawn, _), (other, _) in zip(work.drawn_values, bare.drawn_values, strict=True):
        assert {name: drawn[name] for name in other} == other, "draws of the others stay"
    found = concluded(work)
    assert {row.end for row in found.sensitivity if row.input == "charge_standard"} == {"low", "high"}
    column = [issue.id for issue in work.talks.issues].index("standard")
    charged = np.flatnonzero(work.bargain.packages.steps[:, column] == 2)[:1]
    place = TERMS.index("standards")
    for end in (row.low, row.high):
        ranged = "charge_usd_per_t: 5000\n    charge_low: 2500\n    charge_high: 10000\n"
        text = bundled_text("us-japan-2025").replace(ranged, f"charge_usd_per_t: {end}\n")
        file = tmp_path / f"at-{end:.0f}.yaml"
        file.write_text(text, "utf-8")
        other = Negotiation(NegotiateRequest(talks=str(file), without_minerals=True, draws=0, project=tmp_path, also=("standard",)))
        assert "charge_standard" not in other.assumptions, "no range, nothing to draw"
        ours = work.bargain.evaluate(work.assumed | {"charge_standard": end}, only=charged).package(0)[:, place]
        np.testing.assert_allclose(ours, other.bargain.evaluate(other.assumed, only=charged).package(0)[:, place])
        assert f"at {end:,.0f} USD/t JP" in " ".join(found.answers)


@pytest.mark.parametrize("charge", [3600.0, 7200.0])
def test_between_charges_that_were_run_the_parabola_is_close_to_a_run_of_its_own(charge: float, experiment: Experiment) -> None:
    at = (2500.0, 5000.0, 10000.0)
    worths = tuple(standard_worth(experiment, measure(**RULE | {"charge_usd_per_t": each}), ("JP", "US")) for each in at)
    own = standard_worth(experiment, measure(**RULE | {"charge_usd_per_t": charge}), ("JP", "US")).total
    np.testing.assert_allclose(StandardCurve(at, worths).total(charge), own, rtol=0.01)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("to: [JP, US]\n    recog", "to: [JP, KR]\n    recog", "unknown party 'KR'"),
        ("on: [oxide.NdPr, oxide.Dy]", "on: [oxide.XX]", "oxide.XX"),
        ("charge_usd_per_t: 6000", "charge_usd_per_t: -1", "charge_usd_per_t"),
        ("charge_usd_per_t: 6000", "charge_usd_per_t: 6000\n    charge_low: 7000", "the charge 6000 does not lie between 7000 and 6000"),
        ("    charge_usd_per_t: 6000\n", "", "charge_usd_per_t"),
    ],
)
def test_a_fault_of_a_standard_is_said_in_one_line(before: str, after: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said.replace("(", "\\(")):
        talks_of_text(WITH.replace(before, after))
