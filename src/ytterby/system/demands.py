"""Final uses and their sectors.

Prior of final uses: world use by application, split by element, sector and region. Using sectors: value added, jobs and
the share of output that depends on the input.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ytterby.system.activity import activity_shares, activity_sizes
from ytterby.system.draft import DraftDemand
from ytterby.system.inputs import PERCENT
from ytterby.system.national_accounts import capped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.composition import Composition
    from ytterby.system.inputs import FigureExpressions

Key = tuple[str, str, str]
"""Commodity, region, sector."""

OXIDE_RELATIVE = 0.5
"""Relative half-range of an oxide use: element splits are of 2008, regional keys are assumed."""

SMCO_RELATIVE = 0.4


CARS = {"cars_combustion": "car_combustion", "cars_hybrid": "car_hybrid", "cars_battery": "car_battery"}
"""Car sectors by drive train, with their activity keys; value added of motor vehicles is shared by production."""

MOTOR_VEHICLES = "motor_vehicles"
EXTRAPOLATED = 0.6
"""Relative half-range of a value extrapolated from other regions."""

MILLION = 1e6


@dataclass
class Uses:
    """Final uses [t/year] with their relative half-ranges and the ids of the facts behind them."""

    sizes: dict[Key, float] = field(default_factory=dict)
    relative: dict[Key, float] = field(default_factory=dict)
    facts: dict[Key, tuple[str, ...]] = field(default_factory=dict)

    def add(self, key: Key, size: float, relative: float, facts: Iterable[str] = ()) -> None:
        """Add an amount to a use, and its facts to those of the use."""
        if size <= 0:
            return
        self.sizes[key] = self.sizes.get(key, 0.0) + size
        self.relative[key] = relative
        self.facts[key] = tuple(dict.fromkeys([*self.facts.get(key, ()), *(fact for fact in facts if fact)]))

    def demands(self) -> list[DraftDemand]:
        """Final uses, sorted by id."""
        demands = [
            DraftDemand(
                f"{commodity}@{region}", sector, self.sizes[commodity, region, sector], self.relative[commodity, region, sector], facts
            )
            for (commodity, region, sector), facts in self.facts.items()
        ]
        return sorted(demands, key=lambda row: row.id)


def oxide_uses(inputs: FigureExpressions, composition: Composition, in_magnets: dict[str, float]) -> Uses:
    """All final uses of oxides and of mischmetal, in the commodities' own mass.

    Parameters
    ----------
    inputs : FigureExpressions
        Figures and assumptions.
    composition : Composition
        Element contents.
    in_magnets : dict
        Oxide used for magnets by element [t/year]; subtracted from the world use of minor elements.
    """
    uses = Uses()
    _applications(inputs, uses)
    _minor(inputs, uses, in_magnets)
    _scale_to_groups(inputs, uses)
    for key in uses.sizes:
        if key[0].startswith("metal."):
            uses.sizes[key] *= composition.metal_per_oxide[key[0].removeprefix("metal.")]
    return uses


def _applications(inputs: FigureExpressions, uses: Uses) -> None:
    """World use by application x element split x sector share x regional key [t oxide, also of metal]."""
    minor = {row.element for row in inputs.rows("minor")}
    for row in inputs.rows("applications"):
        total = inputs.one(row.fact).value * row.share
        for split in inputs.rows("splits", application=row.application):
            element = "NdPr" if split.element in {"Nd", "Pr"} else split.element
            if element in minor:
                continue
            part = PERCENT * (inputs.one(split.fact).value if split.fact else split.value)
            form = row.form if element in {"La", "Ce"} else "oxide"
            for region, share in activity_shares(inputs, row.key).items():
                uses.add((f"{form}.{element}", region, row.sector), total * part * share, OXIDE_RELATIVE, (row.fact, split.fact))


def _minor(inputs: FigureExpressions, uses: Uses, in_magnets: dict[str, float]) -> None:
    """World use of elements with few uses, less the amount in magnets, by region and sector [t oxide]."""
    for row in inputs.rows("minor"):
        total = max(inputs.one(row.fact).value - (in_magnets.get(row.element, 0.0) if row.less_magnets else 0.0), 0.0)
        for region, share in activity_shares(inputs, row.key).items():
            uses.add((f"oxide.{row.element}", region, row.sector), total * row.share * share, OXIDE_RELATIVE, (row.fact,))


def _scale_to_groups(inputs: FigureExpressions, uses: Uses) -> None:
    """Scale the uses of an element in a group of countries to the group's non-magnet use, where that is known.

    The Japanese figures count oxides only; use of mischmetal is not scaled there.
    """
    for row in inputs.rows("other_use"):
        members = set(inputs.assumptions.group(row.group))
        forms = {f"oxide.{row.element}"} if row.group == "Japan" else {f"oxide.{row.element}", f"metal.{row.element}"}
        keys = [key for key in uses.sizes if key[0] in forms and key[1] in members]
        scale = inputs.sum(row.facts).value / sum(uses.sizes[key] for key in keys)
        for key in keys:
            uses.sizes[key] *= scale
            uses.facts[key] = (*uses.facts[key], *row.facts.split())


def magnet_uses(inputs: FigureExpressions, finished: float, smco: float) -> Uses:
    """Final uses of components, and of magnets that are not part of a component [t magnet/year].

    Parameters
    ----------
    inputs : FigureExpressions
        Figures and assumptions.
    finished, smco : float
        World output of finished NdFeB and SmCo magnets [t/year].
    """
    uses = Uses()
    for row in inputs.rows("magnet_use"):
        total = finished * PERCENT * inputs.one(row.facts).value * row.share
        for region, share in activity_shares(inputs, row.key).items():
            uses.add((row.commodity, region, row.sector), total * share, row.rel, (row.facts,))
    for row in inputs.rows("smco_use"):
        for region, share in activity_shares(inputs, row.key).items():
            uses.add(("magnet.SmCo", region, row.sector), smco * row.share * share, SMCO_RELATIVE)
    return uses


@dataclass(frozen=True)
class SectorFigures:
    """Value added of a sector [USD/year] with its relative half-range, and jobs [persons] (0 = not known)."""

    value: float
    jobs: float
    half: float
    kind: str
    facts: str


def sector_table(inputs: FigureExpressions, demands: pd.DataFrame) -> pd.DataFrame:
    """Table ``sectors`` of a System: one row per using sector and region."""
    known = _known(inputs)
    rows = []
    for sector, region in sorted(set(zip(demands["sector"], demands["region"], strict=True))):
        base = MOTOR_VEHICLES if sector in CARS else sector
        figures = known.get((base, region)) or _scaled(inputs, known, base, region)
        part = _car_share(inputs, sector, region) if sector in CARS else 1.0
        rule = inputs.assumptions.one("dependent", sector=sector)
        rows.append(
            {"sector_region": f"{sector}@{region}", "sector": sector, "region": region, "value_added": figures.value * part,
             "value_added_low": figures.value * part * (1 - figures.half), "value_added_high": figures.value * part * (1 + figures.half),
             "jobs": part * (figures.jobs or figures.value / MILLION * rule.jobs_per_musd), "dependent_share": rule.share,
             "kind": figures.kind, "facts": figures.facts}
        )  # fmt: skip
    return capped(pd.DataFrame(rows).set_index("sector_region"), inputs.facts, inputs.year)


def _known(inputs: FigureExpressions) -> dict[tuple[str, str], SectorFigures]:
    """Figures by sector and region where facts give them."""
    known = {}
    for row in inputs.rows("sector_links"):
        jobs = inputs.one(row.job_fact).value * row.job_factor if row.job_fact else 0.0
        value = inputs.one(row.va_fact).value * row.va_factor
        known[row.sector, row.region] = SectorFigures(value, jobs, row.rel, row.kind, f"{row.va_fact} {row.job_fact}".strip())
    return known


def _scaled(inputs: FigureExpressions, known: dict[tuple[str, str], SectorFigures], sector: str, region: str) -> SectorFigures:
    """Figures of an unknown region: proportional to the sector's activity, at the geometric mean rate of known regions."""
    key = activity_shares(inputs, inputs.assumptions.one("sector_links", sector=sector).key)
    rates = [figures.value / key[other] for (name, other), figures in known.items() if name == sector and key.get(other, 0.0) > 0]
    rate = math.exp(math.fsum(math.log(value) for value in rates) / len(rates))
    return SectorFigures(rate * key.get(region, min(key.values())), 0.0, EXTRAPOLATED, "assumed", "")


def _car_share(inputs: FigureExpressions, sector: str, region: str) -> float:
    """Share of a drive train in the region's car production."""
    sizes = {name: activity_sizes(inputs, key).get(region, 0.0) for name, key in CARS.items()}
    total = sum(sizes.values())
    return sizes[sector] / total if total else 1.0 / len(CARS)
