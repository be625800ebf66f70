"""The answer names the sectors hit hardest, when and how surely they stand still, and what they lack."""

from __future__ import annotations

import re

import pytest

from tests.report.synthetic import first_stop, inputs, place_loss, run, sector_loss, summary
from ytterby.ensembles import BranchResult, BranchSupply, Driver, PairedBranch, PairedLoss
from ytterby.report import Words, plain
from ytterby.report.briefing import write
from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
from ytterby.report.briefing.cited_writer import CitedWriter, Notes
from ytterby.report.briefing.document import Para, Table
from ytterby.report.briefing.input_names import measure_words

CARS = first_stop(
    "cars_battery", "JP", "2025-06-02", "2025-05-12", "2025-07-14", 0.97,
    line_stop="2025-09-01", line_stop_probability=0.75, input="magnet.NdFeB-Dy",
)  # fmt: skip


def briefed(**changes: object) -> BriefingInput:
    base = run()
    return inputs(runs=(BriefedRun(base.folder, base.record, summary(**changes), base.dataset),))


def answer(lang: str = "en", **changes: object) -> str:
    return plain(write(briefed(**changes), lang).answer).replace("\u00a0", " ")


def test_the_answer_is_about_the_largest_losses() -> None:
    assert answer(first_stops=[CARS]) == (
        "If “Invented licences” holds, value added in Japan falls by USD 3.7 billion (1.6 to 7.6) (gross, without suppliers); hit hardest: "
        "battery-electric cars (USD 2.1 billion) and hybrid cars (USD 1.4 billion). "
        "In battery-electric cars, one plant in twenty stands still in June 2025 (90% band: May 2025 to July 2025) in 97% of the draws, "
        "and half of them in the week of 1 September 2025 in 75% of the draws. The bottleneck is NdFeB magnets with dysprosium."
    )


def test_an_early_stop_of_a_small_sector_is_not_the_headline() -> None:
    early = first_stop("other", "JP", "2025-04-07", "2025-04-07", "2025-04-14", 1.0)
    assert "other" not in answer(first_stops=[early, CARS]).partition(" holds, ")[2].replace("another", "")


def test_a_sector_that_loses_a_twentieth_of_the_first_is_not_named_beside_it() -> None:
    losses = [sector_loss("JP", "cars_battery", 2.0e9, 1e9, 3e9, 1.0), sector_loss("JP", "glass", 1.0e8, 0.0, 2e8, 1.0)]
    assert "glass" not in answer(losses=losses)


@pytest.mark.parametrize(
    ("draws", "stops", "words"),
    [
        (24, 0.0, "in all 24 draws"),
        (24, 1 / 24, "in 23 of 24 draws"),
        (24, 1.0, "in none of the 24 draws"),
        (200, 0.25, "in 75% of the draws"),
    ],
)
def test_draws_are_counted_and_never_guessed(draws: int, stops: float, words: str) -> None:
    nothing = {"first_stops": [], "losses": [], "headline": {"JP": place_loss(0.0, 0.0, 0.0)}}
    assert words in answer(draws=draws, stops={"JP": stops}, **nothing)


def test_a_stop_in_few_draws_has_no_middle_date() -> None:
    told = answer(first_stops=[first_stop("cars_battery", "JP", None, "2026-01-05", None, 0.2)])
    assert "In 20% of the draws, one plant in twenty in battery-electric cars stands still, not before 5 January 2026." in told


def test_a_stop_in_one_draw_of_two_hundred_is_counted_and_has_no_bottleneck() -> None:
    rare = first_stop("cars_battery", "JP", None, None, None, 0.005, input="oxide.Eu")
    told = answer(first_stops=[rare], stops={"JP": 0.005})
    assert "In 199 of 200 draws, no sector in Japan comes to the point where one plant in twenty stands still." in told
    assert "bottleneck" not in told
    assert "0%" not in told


def test_a_loss_that_is_mostly_nothing_is_not_given_as_a_figure() -> None:
    losses = [sector_loss("JP", "cars_battery", 0.0, 0.0, 9e7, 1.0)]
    told = answer(losses=losses, first_stops=[], stops={}, headline={"JP": place_loss(1e3, 0.0, 9e7)})
    assert (
        "falls by up to USD 90 million, next to nothing in half of the draws (gross, without suppliers); hit hardest: battery-electric"
        in told
    )
    assert "No sector in Japan comes to the point" in told


def test_sectors_that_mostly_lose_nothing_are_ranked_by_their_upper_ends() -> None:
    losses = [sector_loss("JP", "defence", 2e3, 0.0, 6e5, 1.0), sector_loss("JP", "industry", 1e3, 0.0, 3e7, 1.0)]
    told = answer(losses=losses, first_stops=[], stops={}, headline={"JP": place_loss(3e3, 0.0, 3e7)})
    assert "hit hardest: industrial motors and robots" in told


EXTENDED = BranchResult(fork=0, label="Extended", p=0.75, draws=150, headline={"JP": place_loss(0.0, 0.0, 0.0)}, stops={"JP": 0.0})
FOR_ALL = BranchResult(fork=0, label="In force for all", p=0.22, draws=44, headline={"JP": place_loss(2e9, 1e9, 4e9)}, stops={"JP": 0.5})
AIMED = BranchResult(fork=0, label="Aimed at Japan", p=0.03, draws=0, headline={}, stops={})
BROUGHT = [{"kind": "licence", "from": "CN", "start": "2026-11-11"}, {"kind": "hoarding", "holders": ["JP"], "start": "2026-11-11"}]


def paired_loss(
    *lost: float, added: tuple[float, float, float] = (0.0, 0.0, 0.0), stops: float = 0.0, mean: float | None = None
) -> PairedLoss:
    middle, low, high = lost
    more, least, most = added
    mean = middle if mean is None else mean
    return PairedLoss(
        value_added_usd=middle, low=low, high=high, mean_usd=mean, added_usd=more, added_low=least, added_high=most, stops=stops
    )


ON_THE_SAME_DRAWS = (
    PairedBranch(label="Extended", p=0.75, draws=48, places={"JP": paired_loss(0.0, 0.0, 0.0)}),
    PairedBranch(
        label="In force for all", p=0.22, draws=48, places={"JP": paired_loss(2e9, 1e9, 4e9, added=(1.9e9, 9e8, 3.8e9), stops=0.5)}
    ),
    PairedBranch(label="Aimed at Japan", p=0.03, draws=48, places={"JP": paired_loss(0.0, 0.0, 4e7, added=(0.0, 0.0, 4e7), stops=0.25)}),
)


def forked(lang: str = "en", branches: tuple[PairedBranch, ...] = ON_THE_SAME_DRAWS, decided: str = "2027-11-11") -> str:
    """Answer of a run whose fork brings licences and alarm in one branch."""
    base, brought = run(), {"In force for all": BROUGHT}
    ways = [{"label": way.label, "p": way.p, "measures": brought.get(way.label, [])} for way in (EXTENDED, FOR_ALL, AIMED)]
    declared = {**base.record["scenario"], "forks": [{"date": decided, "label": "", "branches": ways}]}
    record = {**base.record, "scenario": declared}
    made = BriefedRun(base.folder, record, summary(branches=[EXTENDED, FOR_ALL, AIMED], first_stops=[CARS]), base.dataset)
    return plain(write(inputs(runs=(made,), branches=branches), lang).answer).replace("\u00a0", " ")


def test_what_hangs_on_a_decision_is_told_in_two_sentences() -> None:
    assert forked() == (
        "The loss of value added in Japan (gross, without suppliers) depends on the decision of 11 November 2027: "
        "with “Extended” (probability 75%) next to nothing; "
        "with “In force for all” (22%) USD 2.0 billion (1.0 to 4.0). "
        "Hit hardest: battery-electric cars, then hybrid cars; "
        "in the first, one plant in twenty stands still in June 2025 in 97% of the draws; "
        "the bottleneck is NdFeB magnets with dysprosium."
    )
    assert "3.7 billion" not in forked(), "the mean over branches answers no question"


def test_the_costliest_of_the_other_branches_is_told_beside_the_most_likely() -> None:
    first, second, third = ON_THE_SAME_DRAWS
    costly = third.model_copy(update={"places": {"JP": paired_loss(5e9, 1e9, 9e9)}})
    assert "with “Aimed at Japan” (3%) USD 5" in forked(branches=(first, second, costly))
    assert "In force for all" not in forked(branches=(first, second, costly))
    seldom = third.model_copy(update={"places": {"JP": paired_loss(0.0, 0.0, 4e7)}})
    assert "with “Aimed at Japan” (3%) up to USD 40 million." in forked(branches=(first, seldom))


def test_a_mean_far_above_its_band_is_told_with_it() -> None:
    """The measures are judged by the mean, which a single draw may carry: a band without it would contradict them."""
    first, second, _ = ON_THE_SAME_DRAWS
    carried = first.model_copy(update={"places": {"JP": paired_loss(0.0, 0.0, 2.7e6, mean=6.5e7)}})
    told = forked(branches=(carried, second))
    assert "with “Extended” (probability 75%) up to USD 2.7 million; there, a few draws carry the mean of USD 65 million; with" in told
    assert "dort tragen wenige Ziehungen das Mittel von 65 Mio. USD" in forked("de", (carried, second))
    assert "a few draws" not in forked()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "depends on what was decided by 10 November 2020 (not in the sources): with"),
        ("de", "hängt davon ab, was bis zum 10. November 2020 entschieden wurde (nicht in den Quellen): bei"),
        ("ja", "2020年11月10日までの決定（結果は出典にない）による"),
    ],
)
def test_a_decision_that_is_past_is_not_told_as_ahead(lang: str, words: str) -> None:
    assert words in forked(lang, decided="2020-11-10")


def test_branches_on_different_draws_are_said_to_be_so() -> None:
    told = forked(branches=())
    assert "each way told on the draws that take it: with “Extended” (probability 75%) next to nothing" in told


@pytest.mark.parametrize(("lang", "most"), [("en", 4 * 100), ("de", 4 * 100), ("ja", 4 * 50)])
def test_the_answer_on_a_decision_has_four_lines_at_most(lang: str, most: int) -> None:
    assert len(forked(lang)) <= most


@pytest.mark.parametrize(
    ("lang", "words"), [("de", "hängt an der Entscheidung vom 11. November 2027"), ("ja", "2027年11月11日の決定による")]
)
@pytest.mark.parametrize("branches", [ON_THE_SAME_DRAWS, ()])
def test_branches_lead_in_every_language(lang: str, words: str, branches: tuple[PairedBranch, ...]) -> None:
    told = forked(lang, branches)
    assert words in told.split("75")[0]
    assert "{" not in told


def test_the_branches_have_a_table_on_the_same_draws() -> None:
    made = write(inputs(branches=ON_THE_SAME_DRAWS), "en")
    section = next(part for part in made.sections if part.name == "losses")
    table = next(block for block in section.blocks if isinstance(block, Table) and "48 draws" in block.caption)
    assert [row[0] for row in table.rows] == ["Extended", "In force for all", "Aimed at Japan"]
    assert table.rows[1][1:] == ("22%", "2,000", "1,000", "4,000", "2,000", "1,900", "900", "3,800", "50%")


def supplied(quarter: float, year: float, wait: float, lowest: float) -> BranchSupply:
    return BranchSupply(
        goods=("oxide.Dy",), first_quarter=quarter, first_quarter_low=0.5 * quarter, first_quarter_high=1.5 * quarter,
        first_year=year, first_year_low=0.5 * year, first_year_high=1.2 * year,
        wait_weeks=wait, wait_weeks_low=0.5 * wait, wait_weeks_high=3.0 * wait, cover_days=160.0, cover_days_lowest=lowest,
    )  # fmt: skip


@pytest.mark.parametrize(("lang", "lead"), [("en", "What still flows with “"), ("de", "Was bei „"), ("ja", "の場合、規制対象品目")])
@pytest.mark.parametrize("wait", [26.0, 0.0])
def test_what_still_flows_beside_the_loss_is_a_row_of_its_table(lang: str, lead: str, wait: float) -> None:
    """Without it a small loss stands beside a large stake and reads as a fault."""
    flowing = (supplied(1.0, 1.0, 9.0, 160.0), supplied(0.6, 1.05, wait, 110.0), supplied(0.9, 1.0, 30.0, 150.0))
    rows = tuple(row.model_copy(update={"supply": {"JP": own}}) for row, own in zip(ON_THE_SAME_DRAWS, flowing, strict=True))
    made = write(inputs(branches=rows), lang)
    told = plain(made.support)
    assert lead in told
    section = next(part for part in made.sections if part.name == "losses")
    table = [block for block in section.blocks if isinstance(block, Table)][1]
    assert [len(row) for row in table.rows] == [6, 6, 6]
    costly = table.rows[1]
    assert all(cell in told for cell in costly if cell != "–")
    assert ("–" in costly) == (wait == 0.0)
    assert "{" not in told


def test_nothing_is_said_to_flow_where_nothing_is_restricted() -> None:
    assert "still flows" not in plain(write(inputs(branches=ON_THE_SAME_DRAWS), "en").support)


@pytest.mark.parametrize("lang", ["en", "de", "ja"])
def test_no_code_stands_in_the_answer(lang: str) -> None:
    told = answer(lang, first_stops=[CARS.model_copy(update={"input": "component.small_motor"})])
    assert "_" not in told
    assert "component" not in told


def test_the_sectors_of_a_group_are_named_with_their_country() -> None:
    losses = [sector_loss("DE", "cars_battery", 2.0e9, 1e9, 3e9, 1.0), sector_loss("FR", "cars_battery", 1.0e9, 0.0, 2e9, 1.0)]
    stops = [first_stop("cars_battery", place, "2025-06-02", "2025-05-12", "2025-07-14", 0.9) for place in ("FR", "DE")]
    base = run()
    made = summary(losses=losses, first_stops=stops, headline={"EU": place_loss(3.0e9, 1e9, 5e9)})
    given = inputs(importer="EU", regions=("DE", "FR"), runs=(BriefedRun(base.folder, base.record, made, base.dataset),))
    told = plain(write(given, "en").answer).replace("\u00a0", " ")
    assert "hit hardest: battery-electric cars, Germany (USD 2.0 billion) and battery-electric cars, France (USD 1.0 billion)" in told
    assert "In battery-electric cars, Germany, one plant in twenty" in told


def test_licences_for_goods_of_many_countries_are_not_told_as_theirs():
    """China's rule on foreign goods with its material acts on what leaves Japan and others; they take no such measure."""
    assert measure_words(Words("en"), {"kind": "licence", "from": ["CN"]}) == "export licences by China"
    assert measure_words(Words("en"), {"kind": "licence", "from": ["JP", "KR"]}) == "export licences for goods from Japan, South Korea"
    assert measure_words(Words("en"), {"kind": "tariff", "from": ["JP"], "to": ["US"]}).endswith("for goods from Japan")


def test_a_median_of_next_to_nothing_has_no_long_tail_of_decimals() -> None:
    first, second, _ = ON_THE_SAME_DRAWS
    tail = first.model_copy(update={"places": {"JP": paired_loss(0.02, 0.0, 8.07e7)}})
    made = write(inputs(branches=(tail, second)), "en")
    section = next(part for part in made.sections if part.name == "losses")
    table = next(block for block in section.blocks if isinstance(block, Table) and "48 draws" in block.caption)
    assert all(len(cell.partition(".")[2]) <= 1 for cell in table.rows[0]), table.rows[0]


FORK = {"date": "2027-11-11", "label": "The suspension of Announcement 70 ends"}


@pytest.mark.parametrize(
    ("lang", "decision", "worst", "best"),
    [
        (
            "en",
            "Decision of 11 November 2027 (The suspension of Announcement 70 ends)",
            "“In force for all” is the worst",
            "“Extended” the best",
        ),
        (
            "de",
            "Entscheidung vom 11. November 2027 (Die Aussetzung",
            "„In Kraft für alle“ der schlechteste Ausgang",
            "„Verlängert“ der beste",
        ),
        ("ja", "2027年11月11日の決定（", "最も大きいのは「全ての国に適用」", "最も小さいのは「延長」"),
    ],
)
@pytest.mark.parametrize("branches", [ON_THE_SAME_DRAWS, ()])
def test_a_decision_is_told_as_one_and_which_way_is_worse(
    lang: str, decision: str, worst: str, best: str, branches: tuple[PairedBranch, ...]
) -> None:
    """The number of a branch has no order: neither a higher value nor a rank correlation says which way costs more."""
    base = run()
    ways = [{"label": way.label, "p": way.p, "measures": []} for way in (EXTENDED, FOR_ALL, AIMED)]
    record = {**base.record, "scenario": {**base.record["scenario"], "forks": [{**FORK, "branches": ways}]}}
    drivers = [Driver(input="forks.0", rho=0.58, kind="assumed", beyond_chance=True)]
    made = BriefedRun(base.folder, record, summary(branches=[EXTENDED, FOR_ALL, AIMED], drivers=drivers), base.dataset, None)
    page = write(inputs(runs=(made,), branches=branches), lang)
    lead = next(part for part in page.sections if part.name == "matters").blocks[0]
    assert isinstance(lead, Para)
    for told in (plain(page.changes[0]), plain(lead.spans)):
        shown = told.replace("\u00a0", " ")
        assert decision in shown
        assert worst in shown
        assert best in shown
        assert "0.58" not in shown
        assert "{" not in shown


@pytest.mark.parametrize("lang", ["en", "de", "ja"])
def test_a_small_middle_stands_in_the_unit_of_its_large_end(lang: str) -> None:
    """Otherwise the band is USD 700,000 (0 to 51,200,000)."""
    writer = CitedWriter(Words(lang), Notes(Words(lang), {}))
    told = writer.money(7e5, 0.0, 5.12e7, "").text
    assert not re.search(r"\d{3}[.,]\d{3}", told), told
    assert re.search(r"51[.,]2|5,120", told)
