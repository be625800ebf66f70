"""What one unit of each issue is worth to each party at a package, what issues are worth in each other, and what waiting costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.bargain.issues import DutyIssue
from ytterby.bargain.time_weights import DAYS, shares
from ytterby.facts import expand_regions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.bargain.terms import Bargain
    from ytterby.system import System

    Floats = NDArray[np.float64]

SIZE = {"point": 0.01, "bn USD": 1e9, "month": 1.0, "tenth of the orders": 0.1}
"""What a unit of an issue is, in that of its steps."""
TONNE = "tonne of dysprosium"
MONEY = "USD a year"
OXIDE, METAL, ELEMENT = "oxide.Dy", "metal.Dy", "Dy"
"""In which forms separated dysprosium is used."""
SMALL = 1e-3
"""Worth of a unit below which nothing is measured in it [USD/year]."""


class Slope(NamedTuple):
    """Worth of one unit more of an issue."""

    issue: str
    unit: str
    worth: Floats
    """(party,) [USD/year]"""


def slopes(bargain: Bargain, utilities: Floats, package: int) -> list[Slope]:
    """Worth of one unit of every issue that is an amount, between the steps beside the package's; of duties a point less."""
    found = []
    packages, steps = bargain.packages, bargain.packages.steps[package]
    for column, issue in enumerate(bargain.talks.issues):
        if issue.UNIT and issue.id not in packages.still and len(issue.values) > 1:
            ends = [max(steps[column] - 1, 0), min(steps[column] + 1, len(issue.values) - 1)]
            places = [packages.find([*steps[:column], end, *steps[column + 1 :]]) for end in ends]
            run = (float(issue.values[ends[1]]) - float(issue.values[ends[0]])) / SIZE[issue.UNIT]
            worth = (utilities[places[1]] - utilities[places[0]]) / run
            found.append(Slope(issue.id, issue.UNIT, -worth if isinstance(issue, DutyIssue) else worth))
    return found


def with_tonne(found: list[Slope], worth: Floats | None) -> list[Slope]:
    """Slopes and, where a tonne of separated dysprosium a year has a worth, that of it."""
    return found if worth is None else [*found, Slope("dysprosium", TONNE, worth)]


def dysprosium_used(system: System, party: str) -> float:
    """Separated dysprosium that a party takes in a year, as oxide or as metal from abroad [t of oxide/year].

    More of it than that is no supply: the rest could only be sold.
    """
    contents = system.contents
    content = contents.loc[(contents["commodity"] == METAL) & (contents["element"] == ELEMENT), "content"].sum()
    own = system.markets[system.markets["region"].isin(expand_regions(party))]
    oxide, metal = (own[own["commodity"] == name].sum(numeric_only=True) for name in (OXIDE, METAL))
    return float(oxide["use"] + max(metal["imports"] - metal["exports"], 0.0) * content)


def rates(found: list[Slope]) -> Iterator[tuple[str, str, int, float]]:
    """Issue, what it is measured in, party, and how much of that weighs as much for it as a unit of the issue.

    Money has a sign, above 0 where the party gains; amounts of other issues have none.
    """
    for slope in found:
        for party, worth in enumerate(slope.worth):
            yield slope.issue, MONEY, party, float(worth)
        for other in found:
            if other.issue != slope.issue:
                for party, worth in enumerate(slope.worth):
                    if abs(other.worth[party]) > SMALL:
                        per = TONNE if other.unit == TONNE else f"{other.unit} of {other.issue}"
                        yield slope.issue, per, party, abs(float(worth / other.worth[party]))


class Delay(NamedTuple):
    """What agreeing on a later day costs."""

    date: dt.date
    label: str
    cost: Floats
    """(party,) present value on the day of the talks [USD]."""


def delays(
    bargain: Bargain, assumed: Mapping[str, float], gain: Floats, duty_gain: Floats, dates: Mapping[dt.date, str]
) -> Iterator[Delay]:
    """What it costs to agree on a package later than on the day of the talks.

    Until then duties are as without a deal in that stretch of time, and what else the package brings is lacking.

    Parameters
    ----------
    bargain : Bargain
    assumed : mapping of str to float
    gain : array (party,)
        Of the package over no deal, without duties [USD/year].
    duty_gain : array (stretch, party) by path
        Of its duties over those without a deal in each stretch [USD/year].
    dates : mapping of date to str
        Days, and what falls on them.
    """
    rate = float(np.log1p(assumed["discount"]))
    for date, label in dates.items():
        years = (date - bargain.day).days / DAYS
        if years <= 0.0:
            continue
        cost, whole = np.zeros(len(gain)), years if rate <= 0.0 else (1.0 - np.exp(-rate * years)) / rate
        at = 0
        for path in bargain.talks.paths(bargain.day, assumed):
            weights = shares(path.starts, bargain.day, rate, years, years).without
            cost += path.p * whole * (weights @ duty_gain[at : at + len(path.starts)])
            at += len(path.starts)
        yield Delay(date, label, cost + whole * gain)
