"""Published one-year stops beside ours, on the real base system."""

import pytest

from ytterby.app.records.rivals import OneYearStop, rivals
from ytterby.economy import gdp_usd
from ytterby.errors import DataGapError
from ytterby.facts import load


@pytest.fixture(scope="module")
def stop():
    return OneYearStop(load(), "JP")


CENTRAL = {"depth": 1.0, "duration": 52.0, "stock": 1.0, "substitution": 0.5, "recapture": 0.75}


def test_no_stop_no_loss(stop):
    assert stop.loss(CENTRAL | {"depth": 0.0}) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("name", "less"), [("depth", 0.5), ("duration", 13.0)])
def test_a_shallower_or_shorter_stop_costs_less(stop, name, less):
    assert stop.loss(CENTRAL | {name: less}) < stop.loss(CENTRAL)


def test_a_region_without_studies_is_refused():
    with pytest.raises(DataGapError, match="no published estimate"):
        rivals("BR")


@pytest.mark.slow
def test_contributions_add_up_and_nothing_is_claimed_reproduced():
    found = rivals("JP")
    assert found.headline.startswith("Japan: a full stop for a year of China's exports of raw materials and magnets of rare earths")
    assert f"{found.loss_usd / 1e9:.3g} bn USD of value added (net, with suppliers), {found.loss:.2f} % of GDP" in found.headline
    assert found.loss_usd == pytest.approx(found.loss / 100.0 * gdp_usd(load(), "JP"))
    ban = OneYearStop(load(), "JP").scenario(1.0, 52.0).measures[0]
    assert not any(name.startswith("component") for name in ban.on), "motors and other components still leave"
    assert sum(found.span.values()) == pytest.approx(found.severe - found.mild, abs=1e-9)
    for study in found.studies:
        assert sum(study.contributions.values()) == pytest.approx(study.ours - study.start, abs=1e-9)
        assert study.unexplained == pytest.approx(study.study.published - study.ours)


def test_substitution_and_recapture_are_live(stop):
    """The two assumptions that economists argue about move the loss; of a stop of a year little is made up later, of a quarter more."""
    middle = stop.loss(CENTRAL)
    assert stop.loss(CENTRAL | {"substitution": 0.0}) > 1.05 * middle
    year, quarter = (
        stop.loss(CENTRAL | {"recapture": 0.5, "duration": weeks}) / stop.loss(CENTRAL | {"duration": weeks}) for weeks in (52.0, 20.0)
    )
    assert 1.01 < year < quarter
