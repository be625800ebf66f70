"""The base system of a year, built once and kept in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.store import BaseCache
from ytterby.system import RARE_EARTHS, build, newest_base_year, rolled, with_footprints, with_plants

__all__ = ["base_system", "newest_base_year", "scenario_base"]

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.system import System


def scenario_base(scenario: Scenario, facts: Facts, project: Path | None, given: System | None = None) -> System:
    """Base system of a scenario, rolled forward to its start where it asks for that, with the plants that its measures build.

    Parameters
    ----------
    scenario : Scenario
        Names base year, chain and, where it is rolled, the path of demand.
    facts : Facts
        Figures that it is built from.
    project : Path, optional
        Project folder that keeps the base of the year.
    given : System, optional
        Base of the year that is used in place of the one of the figures.

    Raises
    ------
    InputError
        If that is of another year or other minerals.
    """
    if given is not None and (given.year, given.chain) != (scenario.base_year, scenario.chain):
        wanted, found = f"{scenario.base_year}, {scenario.chain}", f"{given.year}, {given.chain}"
        raise InputError(f"{scenario.name}: stands on the base of {wanted}; the changed tables are of {found}")
    base = given or base_system(scenario.base_year, facts, project, scenario.chain)
    if scenario.roll is not None and scenario.rolled_to is not None:
        base = rolled(base, facts, scenario.rolled_to, scenario.roll.path, BaseCache(project) if project and given is None else None)
    base = with_plants(base, facts, scenario.new_plants)
    return with_footprints(base, facts) if scenario.needs_footprints else base


def base_system(year: int, facts: Facts, project: Path | None, chain: str = RARE_EARTHS) -> System:
    """Base system of a year; taken from the project's folder where the same figures and program have built it before.

    Parameters
    ----------
    year : int
        Base year.
    facts : Facts
        Figures that it is built from.
    project : Path, optional
        Project folder that keeps it; none keeps it for this process only.
    chain : str
        Which minerals.
    """
    return build(year, facts, chain, BaseCache(project) if project else None)
