"""Self-sufficiency of a party: what it makes of the magnet elements at a stage, over what its final uses hold of them.

Equation P16 in ``docs/explanation/plan.md``. Counted are the elements of permanent magnets, each by itself in tonnes of oxide
equivalent: lanthanum and cerium do not stand in for dysprosium. Use is apparent consumption as material flow accounts define it
(Eurostat, Economy-wide material flow accounts, handbook 2018): what final users of the party take at this stage or later, with what is
embedded in metals, magnets and components, wherever those were made. Own output is what plants in the party make, whoever holds them, of
old and new scrap too; what the party holds of plants abroad is told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.facts import STAGES, split_market
from ytterby.plan.shock_groups import contents_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.plan.members import PartyBlock
    from ytterby.plan.programme import AllianceProgramme
    from ytterby.system import System

    Floats = NDArray[np.float64]

MAGNET_ELEMENTS: Mapping[str, tuple[str, ...]] = {"NdPr": ("Nd", "Pr"), "Dy": ("Dy",), "Tb": ("Tb",)}
"""Elements of NdFeB magnets by name; neodymium and praseodymium are one, as the trade has them."""
CHAIN = STAGES[: STAGES.index("component") + 1]
"""Stages that follow one another, from the mine to the part with magnets in it."""


def content(system: System, element: str) -> dict[str, float]:
    """What each commodity holds of a magnet element, by commodity [t of oxide equivalent per t].

    Parameters
    ----------
    system : System
    element : str
        One of :data:`MAGNET_ELEMENTS`.
    """
    return {good: sum(held.get(symbol, 0.0) for symbol in MAGNET_ELEMENTS[element]) for good, held in contents_of(system).items()}


def stage_of(commodity: str) -> str:
    """Stage of a commodity."""
    return commodity.partition(".")[0]


def held_by_uses(programme: AllianceProgramme, block: PartyBlock, stage: str, element: str, year: int) -> float:
    """What a party's final uses at a stage or a later one hold of an element in the reference [t of oxide equivalent a year].

    Parameters
    ----------
    programme : AllianceProgramme
    block : PartyBlock
        The party.
    stage, element : str
    year : int
        Number of the year.
    """
    reference, held = programme.reference, content(programme.reference.system, element)
    goods, counted = reference.system.demands["commodity"], CHAIN[CHAIN.index(stage) :] if stage in CHAIN else (stage,)
    return sum(
        float(reference.use[year, j]) * held.get(str(goods.iloc[j]), 0.0)
        for j in block.final_uses
        if stage_of(str(goods.iloc[j])) in counted
    )


def made_by_plants(programme: AllianceProgramme, block: PartyBlock, stage: str, element: str, year: int) -> Floats:
    """What plants that stand in a party make of an element at a stage, by column of the second stage [t of oxide equivalent a year].

    Parameters are those of :func:`held_by_uses`.
    """
    program, reference = programme.program, programme.reference
    held, recipes = content(reference.system, element), reference.system.recipes
    found = np.zeros(len(program.of_columns("low")))
    place = dict(zip(block.plants, program.place_of(block.name("plants"))[year], strict=True))
    for row, (process, market) in enumerate(zip(recipes["process"], recipes["market"], strict=True)):
        good = split_market(market)[0]
        if process in place and stage_of(good) == stage:
            found[place[process]] += max(reference.production[year, row], 0.0) * held.get(good, 0.0)
    for owner in programme.blocks:
        by_name = {each.candidate: each for _, each in owner.decisions}
        for name, at in zip(owner.new_plants, program.place_of(owner.name("new"))[year], strict=True):
            if by_name[name].stands_in(block.party):
                found[at] += by_name[name].size * _output(by_name[name].makes, stage, held)
    return found


def _output(makes: Mapping[str, float], stage: str, held: Mapping[str, float]) -> float:
    """What a plant makes of an element at a stage [t of oxide equivalent per t of its first good]."""
    return sum(max(rate, 0.0) * held.get(good, 0.0) for good, rate in makes.items() if stage_of(good) == stage)


class OwnShare(NamedTuple):
    """Own output over own use of an element [1]."""

    home: float
    """Of plants that stand in the party."""
    held: float
    """Of these and of what the party itself holds of new plants abroad."""


def self_sufficiency(programme: AllianceProgramme, block: PartyBlock, stage: str, year: int, x: Floats) -> dict[str, OwnShare]:
    """Own output of a stage over own use by magnet element, at full use; elements that are not used are left out.

    New plants count as far as the members have what they take in.

    Parameters
    ----------
    programme : AllianceProgramme
    block : PartyBlock
        The party.
    stage : str
    year : int
    x : array (decision,)
        Decisions.
    """
    number = programme.reference.years.index(year)
    running, found = _running(programme, number, x), {}
    for element in MAGNET_ELEMENTS:
        held = content(programme.reference.system, element)
        used = held_by_uses(programme, block, stage, element, number)
        if used <= 0.0:
            continue
        home = abroad = _made_in_reference(programme, block, stage, held, number)
        for each, size in zip(programme.decisions, running, strict=True):
            made = float(size) * _output(each.makes, stage, held)
            home += made * each.stands_in(block.party)
            abroad += made * (each.stands_in(block.party) or each.party == block.party.code)
        found[element] = OwnShare(home / used, abroad / used)
    return found


def _made_in_reference(programme: AllianceProgramme, block: PartyBlock, stage: str, held: Mapping[str, float], year: int) -> float:
    """What the plants of the reference in a party make of an element at a stage [t of oxide equivalent a year]."""
    recipes, made = programme.reference.system.recipes, programme.reference.production[year]
    return sum(
        max(float(amount), 0.0) * held.get(good, 0.0)
        for (good, region), amount in zip(map(split_market, recipes["market"]), made, strict=True)
        if region in block.party.regions and stage_of(good) == stage
    )


def _running(programme: AllianceProgramme, year: int, x: Floats) -> Floats:
    """Output of the first good of new plants, upstream first, as far as the members have their feed (decision,) [t/year].

    Feeds are what new plants before them make, and what the reference of the members leaves over.
    """
    plants = [j for j, each in enumerate(programme.decisions) if each.kind == "plant" and x[j] > 0.0]
    sizes, left = np.zeros(len(x)), _left_over(programme, year)
    for stage in CHAIN:
        own = [j for j in plants if _stage_made(programme.decisions[j].makes) == stage]
        wanted: dict[str, float] = {}
        for j in own:
            each = programme.decisions[j]
            sizes[j] = each.size * each.usable[year] * x[j]
            for good, rate in each.makes.items():
                wanted[good] = wanted.get(good, 0.0) + max(-rate, 0.0) * sizes[j]
        share = {good: min(left.get(good, 0.0) / amount, 1.0) for good, amount in wanted.items() if amount > 0.0}
        for j in own:
            makes = programme.decisions[j].makes
            sizes[j] *= min((share[good] for good, rate in makes.items() if rate < 0.0 and good in share), default=1.0)
            for good, rate in makes.items():
                left[good] = left.get(good, 0.0) + rate * sizes[j]
    return sizes


def _stage_made(makes: Mapping[str, float]) -> str:
    """Stage of what a plant makes."""
    return stage_of(next(good for good, rate in makes.items() if rate > 0.0))


def _left_over(programme: AllianceProgramme, year: int) -> dict[str, float]:
    """What the reference of all members leaves over, by commodity [t/year]."""
    found: dict[str, float] = {}
    for block in programme.blocks:
        for good, amount in zip(block.commodities, block.surplus[year], strict=True):
            found[good] = found.get(good, 0.0) + float(amount)
    return found
