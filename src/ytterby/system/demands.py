"""Prior of final uses: world use by application, split by element, sector and region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.system.draft import DraftDemand
from ytterby.system.inputs import PERCENT
from ytterby.system.stages import activity_shares

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.composition import Composition
    from ytterby.system.inputs import FigureExpressions

Key = tuple[str, str, str]
"""Commodity, region, sector."""

OXIDE_RELATIVE = 0.5
"""Half-range of a single oxide use: element splits are of 2008, regional keys are assumed."""

SMCO_RELATIVE = 0.4


@dataclass
class Uses:
    """Sizes of final uses with their half-ranges and the facts they rest on."""

    sizes: dict[Key, float] = field(default_factory=dict)
    relative: dict[Key, float] = field(default_factory=dict)
    facts: dict[Key, tuple[str, ...]] = field(default_factory=dict)

    def add(self, key: Key, size: float, relative: float, facts: Iterable[str] = ()) -> None:
        """Add to a use; its facts are collected."""
        if size <= 0:
            return
        self.sizes[key] = self.sizes.get(key, 0.0) + size
        self.relative[key] = relative
        self.facts[key] = tuple(dict.fromkeys([*self.facts.get(key, ()), *(fact for fact in facts if fact)]))

    def demands(self) -> list[DraftDemand]:
        """Final uses in the order of their ids."""
        made = [
            DraftDemand(
                f"{commodity}@{region}", sector, self.sizes[commodity, region, sector], self.relative[commodity, region, sector], facts
            )
            for (commodity, region, sector), facts in self.facts.items()
        ]
        return sorted(made, key=lambda row: row.id)


def oxide_uses(inputs: FigureExpressions, composition: Composition, in_magnets: dict[str, float]) -> Uses:
    """All uses of oxides and of mischmetal, in the commodities' own mass.

    Parameters
    ----------
    in_magnets : dict
        Oxide that goes into magnets, by element [t/year]: taken off the world use of elements with one other use.
    """
    uses = Uses()
    _applications(inputs, uses)
    _minor(inputs, uses, in_magnets)
    _anchor(inputs, uses)
    for key in uses.sizes:
        if key[0].startswith("metal."):
            uses.sizes[key] *= composition.metal_per_oxide[key[0].removeprefix("metal.")]
    return uses


def _applications(inputs: FigureExpressions, uses: Uses) -> None:
    """World use by application x element split x sector share x regional key [t oxide, also of metal]."""
    few = {row.element for row in inputs.rows("minor")}
    for row in inputs.rows("applications"):
        total = inputs.one(row.fact).value * row.share
        for split in inputs.rows("splits", application=row.application):
            element = "NdPr" if split.element in {"Nd", "Pr"} else split.element
            if element in few:
                continue
            part = PERCENT * (inputs.one(split.fact).value if split.fact else split.value)
            form = row.form if element in {"La", "Ce"} else "oxide"
            for region, share in activity_shares(inputs, row.key).items():
                uses.add((f"{form}.{element}", region, row.sector), total * part * share, OXIDE_RELATIVE, (row.fact, split.fact))


def _minor(inputs: FigureExpressions, uses: Uses, in_magnets: dict[str, float]) -> None:
    """Elements with one or few uses: the world total, less what goes into magnets [t oxide]."""
    for row in inputs.rows("minor"):
        total = max(inputs.one(row.fact).value - (in_magnets.get(row.element, 0.0) if row.less_magnets else 0.0), 0.0)
        for region, share in activity_shares(inputs, row.key).items():
            uses.add((f"oxide.{row.element}", region, row.sector), total * row.share * share, OXIDE_RELATIVE, (row.fact,))


def _anchor(inputs: FigureExpressions, uses: Uses) -> None:
    """Scale uses so that group and element sum to the group's non-magnet use where that is known.

    The Japanese figures count oxides only; mischmetal comes on top there.
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
    """Use of components, and of magnets that are built in directly [t magnet].

    Parameters
    ----------
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
