"""What plans and alliances rest on: figures, base, path of demand, candidate measures and drawn paths of restrictions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.network.bases import base_system
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import candidates, load, names, select_candidates
from ytterby.plan import shock_paths
from ytterby.store import ShockCache
from ytterby.system import DEFAULT_PATH, demand_paths
from ytterby.units import usd

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ytterby.facts import Candidate, Facts
    from ytterby.plan import ShockPaths, TrackRecord
    from ytterby.system import System

MILLION = 1e6


@dataclass(frozen=True, eq=False)
class PlanInputs:
    """Inputs that do not depend on who plans, nor on the money.

    Parameters
    ----------
    project : Path
        Folder of the project, with the figures of the user; keeps the base and drawn paths.
    demand : str, optional
        Path of demand.
    as_of : date, optional
        Day after which nothing is known.
    record : TrackRecord, optional
        What became of promises, which moves the chances of candidates.
    """

    project: Path
    demand: str | None = None
    as_of: dt.date | None = None
    record: TrackRecord | None = None

    @cached_property
    def facts(self) -> Facts:
        """Figures, with those of the user."""
        return load(self.project)

    @cached_property
    def system(self) -> System:
        """Base of 2024."""
        return base_system(2024, self.facts, self.project)

    @cached_property
    def path(self) -> str:
        """Path of demand.

        Raises
        ------
        UnknownNameError
            If there is none of that name.
        """
        name = self.demand or DEFAULT_PATH
        if name not in demand_paths():
            raise UnknownNameError("demand path", name, demand_paths(), "--path")
        return name

    @property
    def as_assumed(self) -> tuple[Candidate, ...]:
        """Measures to choose from, as known on the day asked for, with their own chances."""
        return tuple(select_candidates(candidates(), as_of=str(self.as_of) if self.as_of else ""))

    @cached_property
    def candidates(self) -> dict[str, Candidate]:
        """Measures to choose from, with the chances that the record of promises gives them."""
        return {each.id: self.record.candidate(each) if self.record else each for each in self.as_assumed}

    def shocks(self, codes: tuple[str, ...], seed: int, keep: int, *, as_one: bool = False) -> ShockPaths:
        """Weighted paths of restrictions for some parties, from the project where they have been drawn before.

        They are weighed by the losses of the parties as one alliance, or of each by itself.
        """
        return shock_paths(
            self.facts, self.system, codes, seed=seed, keep=keep, as_of=self.as_of, as_one=as_one, checkpoint=ShockCache(self.project)
        )


def amount(money: float | None) -> float | None:
    """Budget [million USD]; None for no limit.

    Raises
    ------
    InputError
        For an amount below nil or that is no number.
    """
    if money is not None and not (money >= 0.0 and np.isfinite(money)):
        raise InputError(f"--budget: {money:g} is not an amount of at least 0 USD")
    return None if money is None else money / MILLION


def amounts_by(text: str | None, codes: list[str], whose: str) -> dict[str, float]:
    """Budgets written as ``JP=2e9,US=3bn`` [million USD].

    Parameters
    ----------
    text : str, optional
    codes : list of str
        Parties that may be named.
    whose : str
        What they are, for the message.

    Raises
    ------
    UnknownNameError
        For one who is no party.
    InputError
        For what is no amount.
    """
    found = {}
    for part in text.split(",") if text else ():
        name, _, money = (piece.strip() for piece in part.partition("="))
        found[_code(name, codes, whose)] = _amount(money, part) / MILLION
    return found


def _code(name: str, codes: list[str], whose: str) -> str:
    """Code of a party that is written by code or name."""
    try:
        code = names.region(name).code
    except UnknownNameError:
        code = name
    if code not in codes:
        raise UnknownNameError(whose, name, codes, "--budget-by")
    return code


def _amount(text: str, whole: str) -> float:
    try:
        value = usd(text)
    except ValueError:
        raise InputError(f"--budget-by: '{whole}' is not of the form JP=2e9, JP=2bn or JP=500m") from None
    if not (value >= 0.0 and np.isfinite(value)):
        raise InputError(f"--budget-by: '{whole}' is not an amount of at least 0 USD")
    return value
