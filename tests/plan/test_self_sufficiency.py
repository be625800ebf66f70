"""Self-sufficiency by magnet element, and the least public money for it (IMF WP 2026/072 as far as directions go)."""

from __future__ import annotations

from functools import cache

import pytest

from tests.plan.conftest import path
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import candidate, candidates, load, select_candidates
from ytterby.plan import PlanData, least_public, parse_limit, parties_of
from ytterby.plan.self_sufficiency import MAGNET_ELEMENTS, content, held_by_uses, self_sufficiency
from ytterby.system import build

YEAR = 2035


@cache
def data() -> PlanData:
    return PlanData(build(2024), load(), tuple(select_candidates(candidates(), as_of="")))


@cache
def problem(codes: str):
    return data().problem(parties_of(codes.split(","), data().system), {"": 1e6})


def block_of(found, code):
    return next(block for block in found.programme.blocks if block.party.code == code)


def shares(codes: str, code: str, stage: str = "oxide"):
    found = problem(codes)
    return self_sufficiency(found.programme, block_of(found, code), stage, YEAR, found.nothing)


@cache
def least(codes: str, *targets: str):
    wanted = [parse_limit(text, data().reference.years, "--target") for text in targets]
    return least_public(data(), parties_of(codes.split(","), data().system), wanted)


@pytest.mark.parametrize("element", MAGNET_ELEMENTS)
def test_light_oxides_do_not_stand_in_for_magnet_elements(element):
    held = content(path().system, element)
    assert not held["oxide.La"] + held["oxide.Ce"]
    assert held[f"oxide.{element}"] == pytest.approx(1.0)
    assert held["magnet.NdFeB-Dy"] > 0.0
    assert [name for name, others in MAGNET_ELEMENTS.items() if name != element and content(path().system, name)[f"oxide.{element}"]] == []


def test_use_holds_what_is_embedded_in_magnets_and_components():
    """The element in final uses of each stage by hand; metals and oxides alone are a small part of it."""
    found = problem("US")
    block, number = block_of(found, "US"), path().years.index(YEAR)
    held, demands = content(path().system, "Dy"), path().system.demands
    own = demands["region"] == "US"
    by_stage = (demands["commodity"].map(held).fillna(0.0) * path().use[number])[own].groupby(
        demands["commodity"][own].str.partition(".")[0]
    )
    total = by_stage.sum()
    whole = held_by_uses(found.programme, block, "oxide", "Dy", number)
    assert whole == pytest.approx(total[["oxide", "metal", "magnet", "component"]].sum(), rel=1e-9)
    assert held_by_uses(found.programme, block, "magnet", "Dy", number) == pytest.approx(total[["magnet", "component"]].sum(), rel=1e-9)
    assert total["component"] > 0.5 * whole


def test_nobody_is_believed_to_separate_what_it_does_not():
    japan, states = shares("JP", "JP"), shares("US", "US")
    assert all(share.home < 0.3 for share in japan.values())
    assert states["Dy"].home < 0.5 * states["NdPr"].home


def test_shares_of_plants_abroad_are_told_apart():
    """Kuantan's heavy oxides that Japan is entitled to are no own output."""
    assert candidate("kuantan-heavy").host == "MY"
    japan = shares("JP", "JP")
    assert japan["Dy"].held > japan["Dy"].home + 0.05


def test_a_plant_whose_feed_nobody_sells_is_no_choice():
    """Caremag takes in a concentrate that no mine makes on record; with it counted Europe would have half of its dysprosium."""
    names = {each.candidate for each in problem("EU").programme.decisions}
    assert "caremag-heavy" not in names
    assert {"caremag-recycling", "any-separation-steenkampskraal"} <= names, (
        "scrap and the concentrate of a mine that may be built are sold"
    )
    assert shares("EU", "EU")["Dy"].home < 0.2


def test_the_target_bites_and_friends_and_grants_make_it_cheaper():
    text = f"oxide:US:min=0.25@{YEAR}"
    found = least("EU,JP,KR,US", text)
    assert found.reached[text]["Dy"] < 0.25 < found.reached[text]["NdPr"]
    assert found.ratio is not None
    assert 0.0 < found.ratio < 1.0
    assert found.floor_usd > 1.3 * found.together_usd
    assert found.floor_alone_usd["US"] > 1.3 * found.alone_usd["US"]
    assert sum(row.public_usd for row in found.measures) == pytest.approx(found.together_usd, rel=1e-3)


def test_more_of_an_element_costs_more_and_what_is_reached_nothing():
    cost = [least("US", f"oxide.Dy:US:min={share}@{YEAR}").together_usd for share in (0.1, 0.2, 0.25)]
    assert cost[0] == pytest.approx(0.0, abs=1e3)
    assert cost[0] < cost[1] < cost[2]
    assert cost[2] <= least("US", f"oxide:US:min=0.25@{YEAR}").together_usd + 1e3


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("oxide.La:US:min=0.2", UnknownNameError, "magnet element"),
        ("co2e.Dy:max=1e6", UnknownNameError, "magnet element"),
        ("scrap:US:min=0.2@2035", InputError, "uses nothing"),
        ("oxide:US:min=1@2027", InputError, "cannot be reached"),
    ],
)
def test_targets_that_make_no_sense_are_named(text, error, words):
    with pytest.raises(error, match=words):
        least("US", text)
