"""Reference path, simple loss curves and decisions for tests of the programme."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ytterby.facts import load
from ytterby.plan.decisions import Decision
from ytterby.plan.parties import parties_of
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import ReferencePath, reference_path
from ytterby.system import build

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.system import System


@dataclass(frozen=True, eq=False)
class SimpleCurves:
    """Loss of a sector: the square of its scarcest input's missing share, in four pieces, alike in all years of a shortage."""

    sector_of: NDArray[np.int64]
    slopes: NDArray[np.float64]
    intercepts: NDArray[np.float64]


def simple_curves(system: System) -> SimpleCurves:
    place = {name: i for i, name in enumerate(system.sectors.index)}
    d = system.demands
    of = np.array([place.get(f"{sector}@{region}", -1) for sector, region in zip(d["sector"], d["region"], strict=True)])
    stops = d["commodity"].str.startswith(("magnet", "component", "oxide.Dy", "oxide.Tb", "oxide.Y")).to_numpy()
    of = np.where(stops, of, -1)
    value = np.append((system.sectors["value_added"] * system.sectors["dependent_share"]).to_numpy(float), 0.0)[of][:, None]
    knots = np.array([0.0, 0.25, 0.5, 0.75])
    slopes = 2.0 * knots + 0.25
    intercepts = np.array([0.0, *-np.cumsum(np.diff(slopes) * knots[1:])])
    return SimpleCurves(of, np.array([value * slopes] * 2), np.array([value * intercepts] * 2))


@cache
def path() -> ReferencePath:
    return reference_path(build(2024), load())


def stocks(code: str, reference: ReferencePath) -> list[Decision]:
    """Two years of use of everything that a party uses finally, from 2027."""
    [party] = parties_of([code], reference.system)
    d, years = reference.system.demands, len(reference.years)
    own = d["region"].isin(party.regions).to_numpy()
    found = []
    for commodity in sorted(set(d["commodity"][own])):
        size = 2.0 * float(reference.use[0, own & (d["commodity"] == commodity).to_numpy()].sum())
        value = size * float(reference.price[commodity]) / 1e6
        cost = np.zeros(years)
        cost[1] = value
        cost[2:] += 0.02 * value
        usable = np.ones(years)
        usable[:2] = 0.0
        found.append(Decision(f"stock.{commodity}", code, 2027, "stock", size, cost, cost, commodity=commodity, usable=usable))
    return found


def programme(codes: str, decisions: tuple[Decision, ...] = ()) -> AllianceProgramme:
    reference = path()
    return AllianceProgramme(parties_of(codes.split(","), reference.system), reference, simple_curves(reference.system), decisions)


@pytest.fixture(scope="session")
def reference() -> ReferencePath:
    return path()
