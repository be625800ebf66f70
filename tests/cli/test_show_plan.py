"""Terminal output of plans and alliances: in words, and true of their results."""

from __future__ import annotations

import pytest

from tests.report.saved import alliance, plan
from ytterby.cli import show_cooperate, show_plan
from ytterby.cooperation import FreshValue
from ytterby.plan import LeftOutRow, heavy_stocks_left_out, why_left_out


def told(capsys: pytest.CaptureFixture[str], show, found) -> str:
    """What is printed, in one line."""
    show(found)
    return " ".join(capsys.readouterr().out.split())


def test_families_are_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, show_plan.show, plan(families={"aimed": 0.6, "heavy": 0.3, "quota": 0.1}))
    assert "aimed at one party 60%, heavy elements only 30%, quota 10%" in text


def test_the_chance_of_a_year_stands_beside_the_share_of_paths(capsys: pytest.CaptureFixture[str]) -> None:
    rates = {"aimed": 0.025, "stop": 0.004, "aimed at JP": 0.015, "aimed at US": 0.006}
    text = told(capsys, show_plan.show, plan(new_a_year=rates))
    assert "begins with a probability of: aimed at one party 2.5%, stop 0.4% (of those aimed at one party 1.5% at JP)." in text


def test_the_gain_has_its_expected_part_and_what_each_budget_adds(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, show_plan.show, plan())
    assert "less expected loss minus resource cost, is 0.22 bn." in text
    assert "0.05 0.049 0.78 0.78 0.15 1.2 0.25 0.19 1.4 0.62" in text


@pytest.mark.parametrize(
    ("optimism", "words"),
    [
        (0.65, "54% more than promised. Warning: the few kept paths miss part of the tail, or the fresh ones happen to have more of it"),
        (1.5, "33% less than promised. Warning"),
        (1.0, "about what was promised."),
    ],
)
def test_the_promise_is_judged_in_words(capsys: pytest.CaptureFixture[str], optimism: float, words: str) -> None:
    fresh = plan().fresh
    assert fresh is not None
    assert words in told(capsys, show_plan.show, plan(fresh=fresh.model_copy(update={"optimism": optimism}).to_dict()))


@pytest.mark.parametrize(
    ("value", "words"),
    [(17.0, "is worth 17 times what"), (2.2, "is worth 2.2 times what"), (0.3, "is worth 30% of what"), (-1.0, "is worth 0% of what")],
)
def test_an_alliance_that_is_worth_something_else_on_other_paths_is_warned_of(
    capsys: pytest.CaptureFixture[str], value: float, words: str
) -> None:
    fresh = FreshValue.of(40, value * 1e9, value * 1e9, value * 1e9, 1e9)
    assert fresh.apart
    assert fresh.ratio == value
    text = told(capsys, show_cooperate.show, alliance(fresh=fresh.to_dict()))
    assert f"Warning: on other paths the alliance {words} the plans promise. 4 paths are too few" in text


@pytest.mark.parametrize("value", [0.5, 1.0, 2.0])
def test_a_promise_that_holds_on_other_paths_is_not_warned_of(capsys: pytest.CaptureFixture[str], value: float) -> None:
    fresh = FreshValue.of(40, value * 1e9, 0.0, 3e9, 1e9)
    assert not fresh.apart
    assert "Warning" not in told(capsys, show_cooperate.show, alliance(fresh=fresh.to_dict()))


def test_few_paths_are_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Warning: made for 19 paths only" in told(capsys, show_plan.show, plan(scenarios=19))
    assert "Warning: made for" not in told(capsys, show_plan.show, plan(scenarios=20))


def test_what_pays_alone_is_counted_to_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    one = plan().pays_alone[0].to_dict()
    text = told(capsys, show_plan.show, plan(pays_alone=[one] * 12))
    assert "Longonjo: mine (would not if prices fell by 50%); 6 more." in text


def test_price_war_commitments_and_heavy_elements_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, show_plan.show, plan())
    assert "If China sold at 60% of today's prices, 25% of the new capacity" in text
    assert "What was committed before, beside this plan" in text
    assert "stock-oxide.Dy (would enter if it cost 31% less)" in text


def test_what_governments_have_really_funded_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, show_plan.show, plan())
    assert "What governments have really funded" in text
    for words in ("runs or is being built", "pays by itself to -16%", "costs 40% too much", "200 M AUD"):
        assert words in text, words


def test_the_answer_says_from_which_money_on_more_buys_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert "bn on, what more money buys is worth less than it costs." in told(capsys, show_plan.show, plan())
    short = [point.to_dict() for point in plan().curve[:1]]
    assert "what more money buys" not in told(capsys, show_plan.show, plan(curve=short))


def test_heavy_elements_in_stock_are_not_told_as_left_out() -> None:
    rows = [
        LeftOutRow(measure=f"stock-{good}", name=good, party="JP", too_dear_by=dear, reason="")
        for good, dear in (("metal.Tb", 0.2), ("oxide.Dy", 0.31), ("metal.Dy", 1.2), ("oxide.Ce", 0.0), ("magnet.NdFeB-Dy", 0.1))
    ]
    assert [row.name for row in heavy_stocks_left_out(rows)] == ["metal.Tb", "oxide.Dy"]
    assert [row.name for row in heavy_stocks_left_out(rows, ["stock-oxide.Tb"])] == ["oxide.Dy"]
    assert [why_left_out(row) for row in rows[:4]] == ["dearer", "dearer", "never", "as_good"]


def test_what_is_held_already_is_told_beside_what_keeps_a_stock_out() -> None:
    row = LeftOutRow(measure="stock-metal.Dy", name="Stock of dysprosium metal", party="JP", too_dear_by=0.08, reason="", held_weeks=26.1)
    assert show_plan.left_out(row) == "Stock of dysprosium metal (would enter if it cost 8% less; 26 weeks of use are held already)"


def test_an_alliance_tells_what_it_rests_on(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, show_cooperate.show, alliance())
    assert "JP, US together save 1 bn USD (0.72 to 1.2, four cases in five) beyond what each does alone" in text
    assert "The plans' own 4 paths promised 1.6 bn" in text
    assert "not enough: sparing it on every path would not do" in text
    assert "all, and" not in text
    assert "96% of it is mutual aid, which rests on a promise to share when one is short oneself" in text
    assert "that is the error of the arithmetic on these 4 paths, not of the answer" in text
    assert "For two members the Shapley value and the nucleolus agree by definition." in text
    assert "takes at least 0.25 bn of public money in sum if each acts alone, and 0.02 bn if they act together" in text
    assert "The joint plan spends 0.099 bn because it does not stop there" in text
    assert "made restrictions 20 times rarer, the same party would gain most, and it would still be possible" in text
    assert "20 times rarer, the same party would gain most, and it would still not be possible" in told(
        capsys, show_cooperate.show, alliance(core_empty=True)
    )


def test_the_worst_case_stands_beside_the_expected_loss(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"party": "JP", "year": 2032, "depth": depth, "loss_usd": loss, "chance": chance}
        for depth, loss, chance in ((0.6, 2e8, 0.032), (1.0, 1.2e10, 0.0))
    ]
    text = told(capsys, show_plan.show, plan(stops=rows))
    assert "100% held back costs 12 bn, more than any year of the paths; 60% held back costs 0.2 bn, as much or more in 3.2% of" in text


def test_targets_are_told_by_element_with_their_ratio_and_price_floors(capsys: pytest.CaptureFixture[str]) -> None:
    text = "oxide:US:min=0.25@2035"
    paid = {"measure": "round-top", "name": "Round Top", "party": "US", "share": 0.4, "public_usd": 3e8}
    targets = {
        "targets": [text], "together_usd": 3e8, "alone_usd": {"US": 4e8}, "ratio": 0.75, "floor_usd": 4.4e8,
        "reached": {text: {"NdPr": 0.66, "Dy": 0.16}}, "floor_alone_usd": {"US": 5.9e8}, "measures": [paid],
    }  # fmt: skip
    said = told(capsys, show_plan.show, plan(("JP", "US"), targets=targets))
    assert "takes at least 0.3 bn USD of public money together, US alone 0.4 bn, a ratio of 0.75" in said
    assert "Without public money: NdPr 66%, Dy 16%." in said
    assert "US alone 0.4 0.59 together 0.3 0.44" in said
    assert "Paid for together: Round Top (US, 0.3)." in said


def test_a_part_of_a_plant_is_no_choice_where_whole_parts_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    row = plan().portfolio[0].to_dict() | {"of_plant": 0.2}
    for share, words in ((0.5, "--units takes all they may take or none."), (1.0, "It is all that the parties may take.")):
        assert words in told(capsys, show_plan.show, plan(portfolio=[row | {"share": share}]))


def test_figures_of_a_later_date_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, show_plan.show, plan(as_of="2025-06-01", share_later=0.14))
    assert "Known on 2025-06-01" in text
    assert "14% of the public money rests on figures of a later date." in text
