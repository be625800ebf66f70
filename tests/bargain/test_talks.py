"""Talks files: what is refused in one line, what is known on a day, what was agreed by when."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import pytest

from ytterby.bargain import MONEY, assumptions_of, bundled_talks, load_talks, weights_of
from ytterby.bargain.talks import talks_of_text
from ytterby.errors import InputError, ScenarioError, UnknownNameError

TEXT = (files("ytterby.bargain") / "files" / "us-japan-2025.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("parties: [JP, US]", "parties: [JP, XX]", "unknown region 'XX'"),
        ("parties: [JP, US]", "parties: [JP, KR]", "unknown party 'US'"),
        ("steps: [0.275, 0.15, 0.1, 0.025]", "steps: [11, 0.15, 0.1, 0.025]", "1,000 %"),
        ("{cars: 0.275, others: 0.24}", "{cars: 0.275, others: 24}", "1,000 %"),
        ("{JP: 1, US: 0}", "{JP: 0.7, US: 0.2}", "cost shares must add up to 1; they add up to 0.9"),
        ("steps: {cars: 0.15,", "steps: {cars: 0.14,", "0.14 is none of the steps of 'cars'; the nearest is 0.15"),
        ("steps: {cars: 0.15,", "steps: {carz: 0.15,", "unknown issue 'carz'; did you mean 'cars'?"),
        ("- {p: 0.5, low: 0.2, high: 0.8, label: 24 % begins,", "- {p: 0.6, low: 0.2, high: 0.8, label: 24 % begins,", "add up to 1.1"),
        ("duties: {cars: 0.275, others: 0.24}", "duties: {cars: 0.275}", "gives no duty for others"),
        ("minerals: projects, ships", "minerals: projets, ships", "the nearest is projects"),
        ("date: 2025-07-22", "date: 2025-11-22", "comes after 2025-11-22; write them by date"),
        ("  - from: 2025-04-05\n", "  - from: 2027-04-05\n", "write them by date"),
        ("kind: linked", "kind: linkd", "unknown kind 'linkd'"),
        ("steps: [each_alone, aid,", "steps: [each_alone, aids,", "unknown programme 'aids'; did you mean 'aid'?"),
    ],
)
def test_a_fault_is_said_in_one_line_with_its_place(before: str, after: str, said: str) -> None:
    assert before in TEXT
    with pytest.raises(ScenarioError) as error:
        talks_of_text(TEXT.replace(before, after, 1), "talks.yaml")
    lines = [line for line in str(error.value).splitlines() if said in line]
    assert lines
    assert all(line.startswith("talks.yaml, line ") for line in lines)


def test_talks_without_a_no_deal_are_refused() -> None:
    start, end = TEXT.index("no_deal:\n"), TEXT.index("outcome:\n")
    with pytest.raises(ScenarioError, match="'no_deal' is missing"):
        talks_of_text(TEXT[:start] + TEXT[end:], "talks.yaml")


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("CN.jobs=1", "unknown party 'CN'"),
        ("JP.job=1", "unknown term 'job'; did you mean 'jobs'?"),
        ("JP.jobs=many", "not of the form JP.jobs=2"),
        ("JP.jobs", "not of the form JP.jobs=2"),
        (",".join(f"JP.{term}=0" for term in MONEY), "make all utilities of JP nil"),
        ("JP.jobs=nan", "is not a number"),
    ],
)
def test_weights_that_mean_nothing_are_refused(weights: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace(".", r"\.")) as error:
        weights_of(("JP", "US"), weights)
    assert "\n" not in str(error.value)


def test_unknown_talks_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'us-japan-2025'"):
        load_talks("us-japan-2026")
    assert "us-japan-2025" in bundled_talks()


@pytest.mark.parametrize(
    ("day", "others"),
    [
        ("2025-04-08", [0.1]),
        ("2025-05-30", [0.1, 0.24]),
        ("2025-07-06", [0.1, 0.24]),
        ("2025-07-07", [0.1, 0.1, 0.25]),
        ("2025-10-28", [0.25]),
        ("2026-03-01", [0.1, 0.0]),
    ],
)
def test_only_what_is_known_on_a_day_holds_without_a_deal(talks, day: str, others: list[float]) -> None:
    path = talks.paths(dt.date.fromisoformat(day))[0]
    assert path.starts[0] == dt.date.fromisoformat(day)
    assert [duties["others"] for duties in path.duties] == others


def test_probabilities_of_paths_add_up(talks) -> None:
    for day in talks.story:
        assert sum(path.p for path in talks.paths(day)) == pytest.approx(1.0)


def test_the_chance_of_a_first_branch_is_an_assumption_and_the_others_keep_their_ratio(talks) -> None:
    day = dt.date(2026, 3, 1)
    row = assumptions_of(talks, day)["chance_2026-07-25"]
    assert (row.value, row.low, row.high) == (0.5, 0.2, 0.8)
    assert row.facts == ()
    assert [path.p for path in talks.paths(day, {row.name: row.value})] == pytest.approx([0.5, 0.25, 0.25])
    assert [path.p for path in talks.paths(day, {row.name: 0.2})] == pytest.approx([0.2, 0.4, 0.4])
    assert [path.p for path in talks.paths(day, {row.name: 1.0})] == pytest.approx([1.0, 0.0, 0.0])
    assert "chance_2026-07-25" not in assumptions_of(talks, dt.date(2025, 7, 21))


def test_before_anything_is_known_there_are_no_talks(talks) -> None:
    with pytest.raises(InputError, match="nothing is known on 2025-04-04"):
        talks.paths(dt.date(2025, 4, 4))


def test_what_was_agreed_grows_by_date(talks) -> None:
    names = [issue.id for issue in talks.issues]
    assert talks.agreed(dt.date(2025, 7, 21)) is None
    july, october = (dict(zip(names, talks.agreed(dt.date.fromisoformat(day)), strict=True)) for day in ("2025-07-22", "2025-10-28"))
    assert july["minerals"] == 0
    assert october["minerals"] > 0
    assert july["vehicle"] == october["vehicle"] == 3
