"""Three parties: duties on two partners, deals among some of them, and what a group could reach without the third."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.bargain import Bargain, Room, chosen, stable, sub_deals, weights_of
from ytterby.bargain.room import pareto
from ytterby.bargain.talks import talks_of_text

from .test_talks import TEXT

KOREA = """  - kind: duty
    id: cars_kr
    on: KR
    by: US
    products: [cars, light_trucks, car_parts]
    steps: [0.275, 0.15, 0.025]
  - kind: minerals
"""


@pytest.fixture(scope="module")
def three(facts, demands):
    text = TEXT.replace("parties: [JP, US]", "parties: [JP, KR, US]").replace("  - kind: minerals\n", KOREA, 1)
    text = text.replace("duties: {cars: 0.275,", "duties: {cars_kr: 0.275, cars: 0.275,")
    talks = talks_of_text(text)
    return Bargain(talks, talks.day, facts, demands, None)


@pytest.fixture(scope="module")
def room(three, assumed):
    return Room(*three.evaluate(assumed).utilities(weights_of(three.talks.parties, None)))


def test_a_lower_duty_on_one_partner_helps_it_and_not_the_other(three, room) -> None:
    column = [issue.id for issue in three.talks.issues].index("cars_kr")
    zero = np.zeros(len(three.talks.issues), dtype=int)
    lower = zero.copy()
    lower[column] = 2
    change = room.utilities[three.packages.find(lower)] - room.utilities[three.packages.find(zero)]
    assert change[1] > 0.0 > change[0]


def test_value_added_of_a_partner_without_a_table_is_named(three, assumed) -> None:
    assert three.cases.terms(three.parameters, assumed["value_added_lost"]).unknown == ("KR",)


def test_points_of_three_lie_on_the_front(room) -> None:
    front = set(pareto(room.utilities).tolist())
    for rule in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian"):
        found = chosen(room, rule)
        assert found is not None
        assert (found.utilities > room.no_deal).all()
        assert found.packages[0] in front or any((room.utilities[number] == found.utilities).all() for number in front)


def test_a_group_agrees_on_nothing_that_names_an_outsider(three, room) -> None:
    found = {deal.members: deal for deal in sub_deals(three, room, {})}
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
    # Japan and Korea alone have nothing to agree on here
    assert found[0, 1].point is None
    names = [issue.id for issue in three.talks.issues]
    for members, closed in (((0, 2), ["cars_kr", "minerals"]), ((1, 2), ["cars", "others", "vehicle", "purchases", "arms"])):
        point = found[members].point
        if point is not None:
            steps = three.packages.steps
            reached = [row for row in range(len(steps)) if np.allclose(room.utilities[row, list(members)], point.utilities)]
            assert any(all(steps[row, names.index(name)] == 0 for name in closed) for row in reached)


def test_a_programme_of_a_group_is_taken_where_it_is_better(three, room) -> None:
    without, with_ = (
        next(deal for deal in sub_deals(three, room, given) if deal.members == (0, 2))
        for given in ({}, {("JP", "US"): np.array([1e9, 2e9])})
    )
    assert with_.programme
    assert without.point is not None
    assert with_.point is not None
    assert np.prod(with_.point.utilities - room.no_deal[[0, 2]]) > np.prod(without.point.utilities - room.no_deal[[0, 2]])
    assert not stable(with_._replace(point=with_.point._replace(utilities=np.array([1e15, 1e15]))), room, 0)
