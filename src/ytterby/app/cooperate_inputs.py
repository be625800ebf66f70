"""What is asked of an alliance, checked before the work begins, and what all its coalitions share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.bases import base_system
from ytterby.cooperation import MAX_PARTIES, NO_LIMIT, Coalitions, Terms
from ytterby.errors import InputError, UnknownNameError
from ytterby.execution import digest_of
from ytterby.facts import ANY_PARTY, candidates, load, names, select_candidates
from ytterby.plan import PlanData, parties_of, shock_paths
from ytterby.store import CheckpointStore
from ytterby.system import DEFAULT_PATH, demand_paths

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from ytterby.facts import Candidate, Facts
    from ytterby.plan import Party
    from ytterby.system import System

MILLION = 1e6
FEWEST_SCENARIOS = 4
FOLDER = "coalitions"
"""Folder of the project that keeps solved coalitions and answers."""


@dataclass(frozen=True)
class CooperateRequest:
    """Who may work together, on which terms, and what else is asked."""

    allies: tuple[str, ...] = ("JP", "US")
    invite: tuple[str, ...] = ()
    budget: float | None = None
    """Public money of each party [USD]; None for no limit."""
    budget_by: str | None = None
    """Public money of parties that have another, ``JP=2e9,US=3e9`` [USD]."""
    scenarios: int = 8
    seed: int = 1
    units: bool = False
    pool: bool = False
    no_aid: bool = False
    own_budgets: bool = False
    gap: float | None = None
    """Largest gap of a value [USD]; None for a hundredth of that of all together."""
    blocs: str | None = None
    """Blocs to compare with all together, ``JP+US,EU+KR``."""
    hub: str | None = None
    path: str | None = None
    as_of: dt.date | None = None
    sensitivity: bool = False
    resimulate: bool = False
    out: Path | None = None
    project: Path = Path(".ytterby")


@dataclass(frozen=True, eq=False)
class CooperateInputs:
    """What an answer rests on."""

    request: CooperateRequest
    progress: Callable[[int, int], None] | None = None

    @cached_property
    def facts(self) -> Facts:
        """Figures, with those of the user."""
        return load(self.request.project)

    @cached_property
    def system(self) -> System:
        """Base of 2024."""
        return base_system(2024, self.facts, self.request.project)

    @cached_property
    def store(self) -> CheckpointStore:
        """What is done already."""
        return CheckpointStore(self.request.project / FOLDER)

    @cached_property
    def path(self) -> str:
        """Path of demand."""
        name = self.request.path or DEFAULT_PATH
        if name not in demand_paths():
            raise UnknownNameError("demand path", name, demand_paths(), "--path")
        return name

    @cached_property
    def candidates(self) -> dict[str, Candidate]:
        """Measures to choose from, as known on the day asked for; each whole for everybody if they are pooled."""
        known = select_candidates(candidates(), as_of=str(self.request.as_of) if self.request.as_of else "")
        return {each.id: replace(each, entitled={ANY_PARTY: 1.0}) if each.id in self._pool(known) else each for each in known}

    def _pool(self, known: Sequence[Candidate]) -> frozenset[str]:
        """Candidates with holders, where they are pooled."""
        return frozenset(each.id for each in known if self.request.pool and each.entitled and ANY_PARTY not in each.entitled)

    @cached_property
    def everybody(self) -> tuple[Party, ...]:
        """Members and outsiders that may be invited."""
        members = parties_of(self.request.allies, self.system)
        outside = parties_of(self.request.invite, self.system, "--invite") if self.request.invite else ()
        for party in outside:
            if party in members:
                raise InputError(f"--invite: {party.code} is one of the allies already")
        return parties_of([party.code for party in (*members, *outside)], self.system)

    @cached_property
    def members(self) -> tuple[Party, ...]:
        """The allies, in alphabetical order."""
        return parties_of(self.request.allies, self.system)

    @property
    def codes(self) -> list[str]:
        """Codes of the allies."""
        return [party.code for party in self.members]

    @cached_property
    def budgets(self) -> dict[str, float]:
        """Public money of parties [million USD]; none without a limit."""
        amount = self.request.budget
        if amount is not None and not (amount >= 0.0 and np.isfinite(amount)):
            raise InputError(f"--budget: {amount:g} is not an amount of at least 0 USD")
        every = [party.code for party in self.everybody]
        found = {} if amount is None else dict.fromkeys(every, amount / MILLION)
        return found | budgets_by(self.request.budget_by, every)

    @cached_property
    def terms(self) -> Terms:
        """What members agree on."""
        request = self.request
        known = select_candidates(candidates(), as_of=str(request.as_of) if request.as_of else "")
        return Terms(
            self.budgets, pooled=not request.own_budgets, whole_units=request.units, exchange="calm" if request.no_aid else "free",
            pool=self._pool(known),
        )  # fmt: skip

    @cached_property
    def blocs(self) -> tuple[tuple[str, ...], ...]:
        """Blocs asked for, with the parties that stand in none by themselves."""
        if not self.request.blocs:
            return ()
        found = [tuple(sorted(self._member(name, "--blocs") for name in bloc.split("+"))) for bloc in self.request.blocs.split(",")]
        named = [code for bloc in found for code in bloc]
        twice = sorted({code for code in named if named.count(code) > 1})
        if twice:
            raise InputError(f"--blocs: {', '.join(twice)} stands in more than one place; blocs do not overlap")
        return (*found, *((code,) for code in self.codes if code not in named))

    def _member(self, name: str, option: str) -> str:
        code = names.region(name.strip(), option).code
        if code not in self.codes:
            raise UnknownNameError("ally", code, self.codes, option)
        return code

    @cached_property
    def hub(self) -> str:
        """Hub of the star; empty where none is asked for."""
        return self._member(self.request.hub, "--hub") if self.request.hub else ""

    def check(self) -> None:
        """Refuse what cannot be answered before the work begins."""
        if len(self.everybody) > MAX_PARTIES:
            raise InputError(f"--allies: {len(self.everybody)} parties with those invited; at most {MAX_PARTIES} can be told apart")
        if self.request.scenarios < FEWEST_SCENARIOS:
            raise InputError(f"--scenarios: found {self.request.scenarios}; at least {FEWEST_SCENARIOS} keep the tail of the loss")
        if self.request.gap is not None and not (self.request.gap > 0.0 and np.isfinite(self.request.gap)):
            raise InputError(f"--gap: {self.request.gap:g} is not an amount above 0 USD")
        for _ in (self.path, self.budgets, self.blocs, self.hub):
            pass

    @cached_property
    def key(self) -> str:
        """Names the figures, paths and rates that all coalitions share."""
        request = self.request
        everybody = [party.code for party in self.everybody]
        figures = (version("ytterby"), code_digest(), self.system.digest, self.facts.digest, sorted(self.candidates.items()))
        return digest_of(*figures, everybody, request.scenarios, request.seed, request.as_of, self.path)

    @property
    def digest(self) -> str:
        """Names the whole answer."""
        request = self.request
        return digest_of(
            "result", self.key, self.terms.digest, self.codes, request.gap, self.blocs, self.hub, request.sensitivity, request.resimulate
        )

    @cached_property
    def data(self) -> PlanData:
        """What all plans share: the paths are those of allies and invited together."""
        codes = tuple(party.code for party in self.everybody)
        request = self.request
        shocks = shock_paths(self.facts, self.system, codes, seed=request.seed, keep=request.scenarios, as_of=request.as_of)
        return PlanData(self.system, self.facts, tuple(self.candidates.values()), shocks, self.path)

    def coalitions(self, parties: tuple[Party, ...], terms: Terms | None = None) -> Coalitions:
        """Coalitions of some parties, each kept when it is done."""
        return Coalitions(self.data, parties, terms or self.terms, self.store, self.key)


@cache
def code_digest(*further: str) -> str:
    """Digest of the programs and tables that make and compare plans, and of further rooms: an answer of other ones is not today's."""
    rooms = (Path(__file__).parents[1] / name for name in ("app", "cooperation", "plan", "solver", *further))
    files = sorted(path for room in rooms for path in room.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return digest_of(*(sha256(path.read_bytes()).hexdigest() for path in files))


def budgets_by(text: str | None, codes: list[str]) -> dict[str, float]:
    """Budgets written as ``JP=2e9,US=3e9`` [million USD].

    Raises
    ------
    UnknownNameError
        For one who is no party.
    InputError
        For what is no amount.
    """
    found = {}
    for part in text.split(",") if text else ():
        name, _, amount = (piece.strip() for piece in part.partition("="))
        if name not in codes:
            raise UnknownNameError("party of the alliance", name, codes, "--budget-by")
        try:
            found[name] = float(amount) / MILLION
        except ValueError:
            raise InputError(f"--budget-by: '{part}' is not of the form JP=2e9") from None
        if not (0.0 <= found[name] <= NO_LIMIT):
            raise InputError(f"--budget-by: '{part}' is not an amount of at least 0 USD")
    return found
