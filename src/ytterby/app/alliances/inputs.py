"""What is asked of an alliance, checked before the work begins, and what all its coalitions share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.planning.inputs import PlanInputs, amount, amounts_by
from ytterby.cooperation import MAX_PARTIES, UNIT_SECONDS, Coalitions, Place, Terms
from ytterby.errors import InputError, UnknownNameError
from ytterby.execution import digest_of
from ytterby.facts import ANY_PARTY, names
from ytterby.plan import YEARS, PlanData, Steps, parties_of
from ytterby.store import CheckpointStore

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from ytterby.execution import Executor
    from ytterby.facts import Candidate, Facts
    from ytterby.plan import Party
    from ytterby.system import System

FEWEST_SCENARIOS = 4
FEWEST_FRESH = 20
FOLDER = "coalitions"
"""Folder of the project that keeps solved coalitions and answers."""
ROOMS = ("app", "cooperation", "economy", "facts", "measures", "plan", "simulation", "solver", "system", "validation")
"""Rooms whose code and tables an answer depends on."""
NO_CODE = {".pyc", ".nbi", ".nbc"}
ASKED = (
    "allies", "invite", "imitate", "budget", "budget_by", "scenarios", "seed", "periods", "units", "unit_seconds", "pool", "no_aid",
    "own_budgets", "gap", "blocs", "hub", "deterrence", "path", "as_of", "parts", "fresh", "sensitivity", "resimulate",
)  # fmt: skip
"""Fields of a request that change the answer."""
PARTY_FIELDS = ("allies", "invite", "imitate")


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
    periods: int | None = None
    """Steps that the years are taken in; None for every year by itself."""
    units: bool = False
    pool: bool = False
    no_aid: bool = False
    own_budgets: bool = False
    gap: float | None = None
    """Largest gap of a value [USD]; None for a hundredth of that of all together."""
    blocs: str | None = None
    """Blocs to compare with all together, ``JP+US,EU+KR``."""
    hub: str | None = None
    imitate: tuple[str, ...] = ()
    """Parties that follow and plan by themselves."""
    deterrence: float = 0.0
    """Hazard x exp(-deterrence x share of the loss removed)."""
    unit_seconds: float = UNIT_SECONDS
    """Time limit for whole units of one coalition [s]."""
    executor: Executor = "serial"
    workers: int | None = None
    address: str | None = None
    """Of a Dask scheduler."""
    path: str | None = None
    as_of: dt.date | None = None
    parts: bool = False
    """Whether the value of every coalition is parted, not of all together only."""
    fresh: int = 40
    """Paths that the plans are judged on besides; 0 for none."""
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
    def inputs(self) -> PlanInputs:
        """What plans rest on as well."""
        return PlanInputs(self.request.project, self.request.path, self.request.as_of)

    @property
    def facts(self) -> Facts:
        """Figures, with those of the user."""
        return self.inputs.facts

    @property
    def system(self) -> System:
        """Base of 2024."""
        return self.inputs.system

    @property
    def path(self) -> str:
        """Path of demand."""
        return self.inputs.path

    @cached_property
    def store(self) -> CheckpointStore:
        """What is done already."""
        return CheckpointStore(self.request.project / FOLDER)

    @cached_property
    def candidates(self) -> dict[str, Candidate]:
        """Measures to choose from, as known on the day asked for; each whole for everybody if they are pooled."""
        known = self.inputs.candidates
        return {name: replace(each, entitled={ANY_PARTY: 1.0}) if name in self._pool else each for name, each in known.items()}

    @property
    def _pool(self) -> frozenset[str]:
        """Candidates with holders, where they are pooled."""
        known = self.inputs.candidates.values()
        return frozenset(each.id for each in known if self.request.pool and each.entitled and ANY_PARTY not in each.entitled)

    @cached_property
    def everybody(self) -> tuple[Party, ...]:
        """Members and outsiders that may be invited."""
        members = parties_of(self.request.allies, self.system)
        outside = parties_of(self.request.invite, self.system, "--invite") if self.request.invite else ()
        for option, some in (("--invite", outside), ("--imitate", self.followers)):
            for party in some:
                if party in members or (option == "--imitate" and party in outside):
                    raise InputError(f"{option}: {party.code} is one of the allies already, or invited")
        return parties_of([party.code for party in (*members, *outside, *self.followers)], self.system)

    @cached_property
    def followers(self) -> tuple[Party, ...]:
        """Parties that follow the example and plan by themselves."""
        return parties_of(self.request.imitate, self.system, "--imitate") if self.request.imitate else ()

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
        alike, every = amount(self.request.budget), [party.code for party in self.everybody]
        found = {} if alike is None else dict.fromkeys(every, alike)
        return found | amounts_by(self.request.budget_by, every, "party of the alliance")

    @cached_property
    def terms(self) -> Terms:
        """What members agree on."""
        request = self.request
        return Terms(
            self.budgets, pooled=not request.own_budgets, whole_units=request.units, exchange="calm" if request.no_aid else "free",
            pool=self._pool, seconds=request.unit_seconds,
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
            known = names.place_codes()
            raise UnknownNameError("ally", code, {ally: known[ally] for ally in self.codes}, option)
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
        for option, number in (("--deterrence", self.request.deterrence), ("--unit-seconds", self.request.unit_seconds)):
            if not (number >= 0.0 and np.isfinite(number)):
                raise InputError(f"{option}: {number:g} is not a number of at least 0")
        if self.request.fresh and self.request.fresh < FEWEST_FRESH:
            raise InputError(f"--fresh: found {self.request.fresh}; at least {FEWEST_FRESH} have a worst tenth, 0 judges on none")
        if self.request.periods is not None:
            Steps(YEARS, self.request.periods, 0.0)
        for _ in (self.path, self.budgets, self.blocs, self.hub):
            pass

    @property
    def place(self) -> Place:
        """Where coalitions are solved."""
        return Place(self.request.executor, self.request.workers, self.request.address)

    @cached_property
    def key(self) -> str:
        """Names the figures, paths and rates that all coalitions share."""
        request = self.request
        everybody = [party.code for party in self.everybody]
        figures = (code_digest(), self.system.digest, self.facts.digest, sorted(self.candidates.items()))
        return digest_of(*figures, everybody, request.scenarios, request.seed, request.periods, request.as_of, self.path)

    @property
    def digest(self) -> str:
        """Names the whole answer by what is asked, so that one that is kept is found before anything is built."""
        request = self.request
        return digest_of("result", code_digest(), self.facts.digest, *(_canonical(name, getattr(request, name)) for name in ASKED))

    @cached_property
    def data(self) -> PlanData:
        """What all plans share: the paths are those of allies and invited together."""
        request = self.request
        shocks = self.inputs.shocks(tuple(party.code for party in self.everybody), request.seed, request.scenarios)
        return PlanData(
            self.system, self.facts, tuple(self.candidates.values()), shocks, self.path, seed=request.seed, periods=request.periods,
            planners=self.everybody, as_of=request.as_of,
        )  # fmt: skip

    def coalitions(self, parties: tuple[Party, ...], terms: Terms | None = None) -> Coalitions:
        """Coalitions of some parties, each kept when it is done."""
        return Coalitions(self.data, parties, terms or self.terms, self.store, self.key, self.everybody, self.place)


def _canonical(name: str, value: object) -> object:
    """Field of a request such that the same question is written alike: parties by code, in alphabetical order."""
    if name not in PARTY_FIELDS or not isinstance(value, tuple):
        return value
    return sorted(names.region(str(party).strip(), f"--{name}").code for party in value)


@cache
def code_digest(*further: str) -> str:
    """Digest of the programs and tables that make and compare plans, and of further rooms: an answer of other ones is not today's."""
    rooms = (Path(__file__).parents[2] / name for name in (*ROOMS, *further))
    files = sorted(path for room in rooms for path in room.rglob("*") if path.is_file() and path.suffix not in NO_CODE)
    versions = [version(name) for name in ("ytterby", "numpy", "scipy", "highspy")]
    return digest_of(*versions, *(sha256(path.read_bytes()).hexdigest() for path in files))
