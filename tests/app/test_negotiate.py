"""Talks from end to end: the command, its keys, its answers; programmes on minerals equal plan and cooperate."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from tests.bargain.conftest import table_of
from ytterby.app import CooperateRequest, NegotiateRequest, Negotiation, concluded, cooperate, negotiate, step_text, trade
from ytterby.bargain import EACH_ALONE, TERMS, TONNE, chosen
from ytterby.cli import cli
from ytterby.economy import trade as block
from ytterby.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"parties", "no_deal", "packages", "nash", "kalai_smorodinsky", "actual"}
FURTHER = {
    "terms_by_part", "rates", "no_deal_path", "delay", "control_shift", "flip", "sensitivity", "excluded", "seconds",
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("talks")


@pytest.fixture(scope="module")
def work(project: Path) -> Negotiation:
    return Negotiation(NegotiateRequest(without_minerals=True, draws=20, project=project))


@pytest.fixture(scope="module")
def found(work: Negotiation):
    return concluded(work)


def test_the_command_prints_one_document_with_the_keys_of_the_contract(project: Path) -> None:
    done = CliRunner().invoke(cli, ["negotiate", "--without-minerals", "--draws", "2", "--json", "--project", str(project)])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert set(document) >= KEYS | FURTHER
    assert set(document["packages"][0]) >= {"terms", "utilities", "pareto"}
    assert set(document["nash"]) >= {"terms", "utilities"}
    assert set(document["actual"]) >= {"terms", "utilities", "distance"}


def test_the_terminal_answers_first(project: Path) -> None:
    done = CliRunner().invoke(cli, ["negotiate", "--without-minerals", "--draws", "2", "--project", str(project)])
    assert done.exit_code == 0, done.output
    assert "outside the room" in done.output
    assert "Single steps from what was agreed" in done.output
    cells = done.output.replace("|", " ").split()
    assert not [cell for cell in cells if cell[0] in "+-" and len(cell) > 1 and not cell.strip("+-0.,")], "nothing has no sign"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--parties", "JP,CN"], "are not those of 'us-japan-2025' (JP, US)"),
        (["--parties", "JP,Atlantis"], "unknown"),
        (["--talks", "us-japan-2024"], "did you mean 'us-japan-2025'"),
        (["--weights", "JP.jobs"], "is not of the form JP.jobs=2"),
        (["--as-of", "2025-01-01"], "nothing is known on 2025-01-01"),
    ],
)
def test_bad_input_is_refused_in_one_line(project: Path, options: list[str], said: str) -> None:
    done = CliRunner().invoke(cli, ["negotiate", *options, "--without-minerals", "--project", str(project)])
    assert done.exit_code == 2 or isinstance(done.exception, InputError | UnknownNameError)
    text = str(done.exception) if isinstance(done.exception, InputError) else done.output
    assert said in text
    assert len(text.strip().splitlines()) == 1


def test_dysprosium_that_nobody_could_use_pays_for_nothing(project: Path) -> None:
    """A point of duty may weigh as much as more dysprosium than a country takes in a year; told as a rate that would be no trade."""
    told = {}
    for name, worth in (("cheap", 2.8e6), ("dear", 2.8e9)):
        work = Negotiation(NegotiateRequest(draws=0, project=project))
        work.__dict__["_minerals"] = (table_of()._replace(tonne=np.array([worth, worth])), name)
        told[name] = concluded(work)
    rows = {
        name: [row for row in found.rates if row.at == "actual" and row.unit == "point" and row.per == TONNE]
        for name, found in told.items()
    }
    used = {row.party: row.most for row in rows["cheap"]}
    assert 200 < used["JP"] < 400
    assert 10 < used["US"] < 30
    assert not any(row.pays for row in rows["cheap"])
    assert all(row.pays for row in rows["dear"])
    assert "No amount of separated dysprosium pays JP or US for it" in " ".join(told["cheap"].answers)
    assert "It weighs as much as separated dysprosium given in every year: JP" in " ".join(told["dear"].answers)
    assert all(row.most is None for row in told["cheap"].rates if row.per != TONNE)


def test_utilities_are_the_sums_of_their_terms(work: Negotiation, found) -> None:
    weights = work.weights
    for name in ("nash", "actual"):
        gains = getattr(found, name).gains
        for number, party in enumerate(found.parties):
            terms = [found.terms_by_part[name][party][term] for term in TERMS]
            assert gains[party] == pytest.approx(float(weights[number] @ terms), rel=1e-9, abs=1.0)


def test_packages_that_are_said_to_be_on_the_front_are_not_dominated(found) -> None:
    utilities = np.array([list(row.utilities.values()) for row in found.packages])
    pareto = np.array([row.pareto for row in found.packages])
    for own in utilities[pareto]:
        assert not ((utilities >= own).all(axis=1) & (utilities > own).any(axis=1)).any()


def test_points_of_rules_are_better_than_no_deal_for_all(found) -> None:
    for rule in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian"):
        point = getattr(found, rule)
        assert min(point.gains.values()) > 0.0
        assert min(point.hull.gains.values()) >= -1e-3


def test_the_better_package_near_the_outcome_is_better_for_all(work: Negotiation, found) -> None:
    better = found.actual.better
    assert better is not None
    assert min(better.gains.values()) > 0.0
    assert set(better.terms) <= {issue.id for issue in work.talks.issues}


def test_extra_value_makes_the_outcome_the_nash_point(work: Negotiation, found) -> None:
    extra = found.actual.extra
    room, package = work.room, work.actual
    best = chosen(room, "nash")
    assert best is not None
    assert package is not None
    product = float(np.prod(best.utilities - room.no_deal))
    for number, party in enumerate(found.parties):
        if extra[party] is not None:
            gains = room.gains[package].copy()
            gains[number] += extra[party]
            assert float(np.prod(gains)) >= product * (1.0 - 1e-9)


def test_a_break_even_is_where_the_outcome_enters_the_room(work: Negotiation, found) -> None:
    assert found.break_even
    for row in found.break_even:
        sides = []
        for at in (row.value * 0.98, row.value * 1.02):
            evaluation = work.bargain.evaluate(work.assumed | {row.input: at}, only=(work.actual,))
            sides.append(bool(work.room_of(evaluation).gains.min() > 0.0))
        assert sides == [not row.inside_above, row.inside_above]


def test_a_flip_is_a_weight_at_which_the_nash_package_changes(work: Negotiation, found) -> None:
    for row in found.flip[:6]:
        just_below, at = (
            Negotiation(
                NegotiateRequest(weights=f"{row.party}.{row.term}={weight}", without_minerals=True, draws=0, project=work.request.project)
            )
            for weight in (row.weight * 0.9, row.weight * 1.0001)
        )
        assert at.nash != work.nash
        if row.term not in ("jobs", "balance", "prestige"):
            continue
        assert just_below.nash is not None


def test_waiting_costs_what_the_stretches_say(work: Negotiation, found) -> None:
    """Another road: the flow of each day until the date, added up."""
    row = next(each for each in found.delay if each.package == "nash" and each.date == "2025-08-01")
    stretch = next(each for each in found.no_deal_path if each.start == "2025-07-21")
    cases = work.bargain.cases
    terms = cases.terms(work.bargain.parameters, work.assumed["value_added_lost"]).values[:, :, :3].sum(axis=2)
    steps = work.bargain.packages.steps[[work.nash]]
    agreed = terms[cases.case(steps[:, :2])][0]
    others = ("investment", "minerals", "cost_shares", "purchases", "linked")
    days = (dt.date(2025, 8, 1) - work.day).days
    for number, party in enumerate(found.parties):
        rest = sum(found.terms_by_part["nash"][party][term] for term in others)
        flow = agreed[number] - stretch.utilities[party] + rest
        factors = 1.05 ** (-(np.arange(days) + 0.5) / 365.25)
        assert row.cost[party] == pytest.approx(flow * float(factors.sum()) / 365.25, rel=1e-3)


def test_a_later_day_moves_no_deal_but_not_the_steps(project: Path) -> None:
    rooms = [
        negotiate(NegotiateRequest(as_of=dt.date.fromisoformat(day), without_minerals=True, draws=0, project=project))
        for day in ("2025-05-30", "2025-07-21", "2026-03-01")
    ]
    assert len({json.dumps(each.no_deal) for each in rooms}) == 3
    assert len({each.count for each in rooms}) == 1
    # the letter's threat is dearer to Japan than the pause, and the court's ruling takes it away
    assert rooms[1].no_deal["JP"] < rooms[0].no_deal["JP"] < rooms[2].no_deal["JP"]


def test_talks_are_fast_once_programmes_are_at_hand(work: Negotiation) -> None:
    """20,000 packages; the bound of the issue is wall time on a quiet machine, so CPU time is measured, with room."""
    again = Negotiation(NegotiateRequest(without_minerals=True, draws=50, project=work.request.project))
    again.bargain.packages.steps  # noqa: B018 (base and tables are no part of what is measured)
    began = time.process_time()
    concluded(again)
    assert time.process_time() - began < 6.0


def test_steps_are_written_as_they_are_read() -> None:
    assert [step_text(value) for value in (0.15, True, 5.5e11, 2, {"JP": 1.0, "US": 0.0}, "own", 0.0)] == [
        "15 %", "yes", "550 bn", "2", "JP 100 %, US 0 %", "own", "0 %",
    ]  # fmt: skip


def test_a_step_has_the_same_words_in_packages_and_in_steps(project: Path) -> None:
    done = CliRunner().invoke(cli, ["negotiate", "--without-minerals", "--draws", "2", "--project", str(project)])
    assert "8 bn USD a year" in done.output
    for raw in ("each_alone", "snap_back", "with_snap_back", "arms 1.0", "start 0", "start 2", "won / lost"):
        assert raw not in done.output
    words = [
        ("purchases", 0.0), ("purchases", 8e9), ("orders", 1.0), ("start", 0), ("start", 2), ("minerals", EACH_ALONE),
        ("cost_shares", "own"),
    ]  # fmt: skip
    assert [step_text(value, kind) for kind, value in words] == [
        "none", "8 bn USD a year", "all", "at once", "after 2 months", "none: each its own plan", "each its own",
    ]  # fmt: skip


def test_what_was_agreed_has_the_band_of_the_same_draws_in_its_first_sentence(work: Negotiation, found) -> None:
    """Another road: the outcome alone evaluated in each draw, its order statistics interpolated by hand."""
    assert found.actual is not None
    for number, party in enumerate(found.parties):
        drawn = sorted(float(room.utilities[work.actual, number] - room.no_deal[number]) for room in work.drawn_rooms)
        place = 0.05 * (len(drawn) - 1)
        low = drawn[int(place)] + (place - int(place)) * (drawn[int(place) + 1] - drawn[int(place)])
        band = found.actual.gains_band[party]
        assert band.low == pytest.approx(low)
        assert band.value == found.actual.gains[party]
        assert found.actual.utilities_band[party].value == found.actual.utilities[party]
    headline = found.answers[0].partition(". By itself")[0]
    first = found.break_even and next(row for row in found.break_even if row.input.startswith("delivered"))
    assert "5 to 95 %" in headline
    assert f"in {100 * found.actual.inside_share:.0f} % of the draws" in headline
    assert f"less than {100 * first.value:.2g} % of the sum promised is invested (taken: 70 %, assumed)" in headline
    assert "loan" not in found.answers[0], "no figure says what the sum consists of"
    assert "US lowered duties for nothing" in found.answers[0]


@pytest.mark.parametrize("draws", [1, 2, 4])
def test_a_band_holds_its_figure_and_few_draws_are_said(draws: int, project: Path) -> None:
    options = ["negotiate", "--without-minerals", "--draws", str(draws), "--project", str(project)]
    assert f"Only {draws} draws: the bands are rough." in " ".join(CliRunner().invoke(cli, options).stdout.split())
    found = json.loads(CliRunner().invoke(cli, [*options, "--json"]).stdout)
    bands: list[dict[str, float]] = []

    def gather(part: object) -> None:
        if isinstance(part, dict):
            if set(part) == {"value", "low", "high"}:
                bands.append(part)
            for each in part.values():
                gather(each)
        elif isinstance(part, list):
            for each in part:
                gather(each)

    gather(found)
    assert len(bands) > 10
    assert all(band["low"] <= band["value"] <= band["high"] for band in bands)


def test_without_programmes_no_answer_names_minerals_and_the_title_says_so(work: Negotiation, found) -> None:
    assert found.title.endswith("without programmes on minerals")
    for point in (found.nash, found.kalai_smorodinsky, found.egalitarian, found.utilitarian, found.actual):
        assert not {"minerals", "cost_shares"} & set(point.terms)
    assert {"minerals", "cost_shares", "ships", "standard"} == set(found.left_out)
    utilities = work.room.utilities
    assert len(np.unique(utilities.round(2), axis=0)) == len(utilities) == found.count
    band = found.feasible_band
    assert f"5 to 95 % of the draws: {100 * band.low:.0f} to {100 * band.high:.0f} %" in found.answers[1]


def test_a_nash_package_that_changes_at_weights_next_to_the_present_ones_is_called_fragile(found) -> None:
    room = next(answer for answer in found.answers if "better than no deal for all. The Nash point gives" in answer)
    close = [row for row in found.flip if row.usual > 0.0 and row.weight <= 1.05 * row.usual]
    assert {row.usual for row in found.flip if row.term in ("revenue", "buyers")} == {1.0}
    assert {row.usual for row in found.flip if row.term in ("jobs", "balance", "prestige")} == {0.0}
    assert ("fragile" in room) == bool(close)
    assert all(f"{row.party}.{row.term} {row.weight:.3g} instead of 1" in room for row in sorted(close, key=lambda row: row.weight)[:2])


def test_an_outcome_that_adds_what_changes_no_number_is_not_shown_twice(project: Path) -> None:
    done = CliRunner().invoke(cli, ["negotiate", "--without-minerals", "--draws", "0", "--project", str(project)])
    assert "What was added on 2025-10-28 changes no number here" in " ".join(done.output.split())
    assert done.output.count("\nagreed 2025") == 1


def test_jobs_of_a_duty_are_those_of_the_trade_block_at_the_same_horizon(work: Negotiation) -> None:
    """Another road: the scenario's own step of 7 August 2025, cars 27.5 % and 15 % on other goods, at the short horizon."""
    base = work.bargain.base
    short = block.central(base.groups, base.suppliers, "short")
    cases = work.bargain.cases
    jobs = cases.terms(short, 1.0).values[:, 0, 3]
    ours = float(jobs[next(i for i, rates in enumerate(cases.rates) if tuple(rates) == (0.275, 0.15))])
    steps = trade("us-tariffs-japan-2025", "short", draws=0, project=work.request.project).steps
    step = next(row for row in steps if row.start == "2025-08-07")
    assert ours == pytest.approx(step.jobs, rel=0.05)  # the step holds steel and aircraft too; other partners' duties differ by weeks


@pytest.mark.slow
def test_programmes_equal_plan_and_cooperate(tmp_path: Path) -> None:
    """The same parties, figures, paths and seed: each value to the solver's gap, from the same solved coalitions."""
    asked = NegotiateRequest(as_of=dt.date(2025, 7, 21), draws=0, project=tmp_path)
    work = Negotiation(asked)
    table = work.minerals
    assert table is not None
    request = CooperateRequest(("JP", "US"), scenarios=asked.scenarios, seed=asked.seed, as_of=work.day, project=tmp_path)
    together, without = cooperate(request), cooperate(CooperateRequest(**{**request.__dict__, "no_aid": True}))
    gain = table.gain[0]
    alone = gain[table.portfolios.index(EACH_ALONE)]
    for name, value in (("together", together.values["JP+US"]), ("without_aid", without.values["JP+US"])):
        assert float((gain[table.portfolios.index(name)] - alone).sum()) == pytest.approx(value, abs=2.0 * table.gap + 1e4)
    parts = together.parts["JP+US"]
    steps = [float(gain[table.portfolios.index(name)].sum()) for name in (EACH_ALONE, "aid", "stocks", "projects", "together")]
    for part, low, high in zip((parts.aid, parts.stocks, parts.projects, parts.technology), steps, steps[1:], strict=False):
        assert high - low == pytest.approx(part, abs=2.0 * table.gap + 1e4)
    again = Negotiation(asked)
    began = time.process_time()
    assert again.minerals_digest == work.minerals_digest
    assert time.process_time() - began < 30.0  # read, not made
    np.testing.assert_array_equal(again.minerals.gain, table.gain)  # type: ignore[union-attr]


@pytest.mark.parametrize("day", ["2025-05-30", "2025-07-21", "2025-10-28", "2026-03-01"])
def test_programmes_of_a_day_know_no_later_project_restriction_or_order(day: str, tmp_path: Path) -> None:
    """What plans of a day choose from, and the record that their paths are drawn from: nothing dated later."""
    from ytterby.app.planning.inputs import PlanInputs
    from ytterby.validation.hazard import cached_posterior

    seen_from = dt.date.fromisoformat(day)
    inputs = PlanInputs(tmp_path, as_of=seen_from)
    assert all(each.status == "generic" or each.as_of <= day for each in inputs.candidates.values())
    seen, everything = (cached_posterior(inputs.facts, until).record.seen for until in (seen_from, None))
    assert seen
    assert {item.fact for item in seen} == {item.fact for item in everything if item.day <= seen_from}
    if day < "2025-10-28":
        assert len(seen) < len(everything)
