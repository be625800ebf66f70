"""The Scenario: measures, forks and draws over a horizon; immutable, validated, identified by its digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticKnownError

from ytterby.measures import LUCK, AnyMeasure, Distribution, Frozen, mondays, placed_faults  # noqa: TC001
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.scenario.consistency import OTHER_ROOMS, base_faults, cross_faults, draw_faults, roll_faults
from ytterby.scenario.forks import Calendar, Fork, Roll  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.scenario.keys import measure_key, put, with_tags
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.measures import Measure

WORDS = ("title_en", "summary_en", "name")
TRANSLATED = re.compile(r"(title|summary)_[a-z]{2,3}")
"""Keys of titles and summaries in other languages, by ISO 639 code: `title_de`."""
MOST_WEEKS_BEFORE = 104
"""Most weeks that are simulated before the start (assumed: queues and stocks have settled by then)."""
PROVENANCE = ("evidence", "facts", "assumed", "note")


def _translated(key: str) -> str:
    if not TRANSLATED.fullmatch(key):
        raise PydanticKnownError("extra_forbidden")
    return key


class Scenario(Frozen):
    """Measures, forks and uncertain inputs over a number of weeks, on the base system of a year."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Annotated[str, AfterValidator(_translated)], f.Text] = Field(init=False)

    name: f.Name
    """Short name, also used in the name of the run."""
    title_en: f.Text = ""
    """Title in English; `title_de`, `title_ja`, ... in other languages."""
    summary_en: f.Text = ""
    """One or two sentences in English; `summary_de`, `summary_ja`, ... in other languages."""
    start: f.Date
    """First day; the first week is the one that contains it [date]."""
    weeks: Annotated[int, Field(ge=1, le=1040, strict=True)]
    """Horizon [weeks]."""
    base_year: Annotated[int, Field(strict=True)] = 2024
    """Year of the base system: 2024 or 2009; 2022 for gallium and germanium, 2023 for antimony."""
    chain: str = RARE_EARTHS
    """Minerals of the base system."""
    roll: Roll | None = None
    """Rolls the base forward to the start; without it the base is that of `base_year`."""
    measures: tuple[AnyMeasure, ...] = Field(default=(), max_length=500)
    """Measures, by date."""
    forks: tuple[Fork, ...] = Field(default=(), max_length=12)
    """Dated decisions with branches."""
    draws: dict[str, Distribution] = Field(default_factory=dict, max_length=500)
    """Uncertain numbers: `measures.<number or name>.<key>`, `behaviour.<parameter>`, `cover.<stage>@<block>`, `price.<stage>`."""
    rationing: Literal["pro_rata", "contract_first"] = "pro_rata"
    """Who is served when a market is short: all in proportion, or the volumes under contract before the rest."""
    calendar: Calendar = Calendar()
    """Growth and seasons, off by default."""
    evidence: f.Ids = ()
    """Ids of claims or events on which it is based."""
    facts: f.Ids = ()
    """Ids of the figures on which it is based."""
    note: f.Text = ""
    """Text for the reader."""
    source: str = Field(default="", exclude=True, repr=False)
    """Text it was read from, to preserve comments when it is written."""

    @model_validator(mode="before")
    @classmethod
    def _words(cls, data: Any) -> Any:
        """Accept `title` and `summary` for the English texts."""
        if not isinstance(data, dict):
            return data
        short = {"title": "title_en", "summary": "summary_en"}
        return {(short[key] if key in short and short[key] not in data else key): value for key, value in data.items()}

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        faults = (
            base_faults(self.base_year, self.chain)
            + roll_faults(self.roll, self.start, self.base_year, self.chain)
            + cross_faults(self.start, self.last_day, self.measures, self.forks)
        )
        if self.draws:
            full, bare = self.model_dump(by_alias=True), self.as_data() | {"draws": {}, "source": ""}
            faults += draw_faults(self.draws, bare, full, type(self).model_validate)
        if faults:
            raise placed_faults(faults)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """SHA-256 of everything a run depends on, without texts, sources and `assumed`."""
        data = self.model_dump(mode="json", by_alias=True, exclude={*WORDS, *self.words_of_others, "evidence", "facts", "note"})
        if self.chain == RARE_EARTHS:
            del data["chain"]
        if self.rationing == "pro_rata":
            del data["rationing"]
        if self.roll is None:
            del data["roll"]
        for dumped, measure in zip(_measures_in(data), self.all_measures(), strict=True):
            for key in measure.LATER:
                if getattr(measure, key) == type(measure).model_fields[key].get_default():
                    del dumped[key]
        text = json.dumps(_without(data, {*PROVENANCE, "label"}), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def new_plants(self) -> frozenset[tuple[str, str]]:
        """Recipe and region of each plant that the base must have for the measures of any branch."""
        return frozenset(plant for measure in self.all_measures() for plant in measure.new_plants())

    @property
    def needs_footprints(self) -> bool:
        """Whether a measure of any branch needs the footprints of plants on the base."""
        return any(measure.FOOTPRINTS for measure in self.all_measures())

    @property
    def mondays(self) -> NDArray[np.datetime64]:
        """Mondays of its weeks, shape (weeks,)."""
        return mondays(self.start, self.weeks)

    @property
    def rolled_to(self) -> dt.date | None:
        """Day to which its base is rolled: the first of the month of `start`; None where it is not."""
        return self.start.replace(day=1) if self.roll else None

    @property
    def weeks_before(self) -> int:
        """Weeks that are simulated before the first one, so that measures in force at the start have long begun.

        From the first day of the oldest such measure, at most :data:`MOST_WEEKS_BEFORE`; none where the base is not rolled.
        """
        first = self.start - dt.timedelta(days=self.start.weekday())
        ages = [(first - measure.start).days / 7 for measure in self.measures] if self.roll else []
        return min(math.ceil(max([*ages, 0.0])), MOST_WEEKS_BEFORE)

    @property
    def all_mondays(self) -> NDArray[np.datetime64]:
        """Mondays of all simulated weeks, shape (weeks_before + weeks,)."""
        before = self.weeks_before
        return mondays(self.start - dt.timedelta(weeks=before), before + self.weeks)

    @property
    def last_day(self) -> dt.date:
        """Last day of the horizon."""
        return self.start - dt.timedelta(days=self.start.weekday()) + dt.timedelta(days=7 * self.weeks - 1)

    @property
    def words_of_others(self) -> dict[str, str]:
        """Titles and summaries in languages other than English, by key."""
        return self.model_extra or {}

    @property
    def titles(self) -> dict[str, str]:
        """Titles by language: English (or the name if there is no title), and those in other languages."""
        others = {key.removeprefix("title_"): text for key, text in self.words_of_others.items() if key.startswith("title_")}
        return {"en": self.title(), **others}

    def title(self, lang: str = "en") -> str:
        """Title in the language, or in English, or the name."""
        return self.words_of_others.get(f"title_{lang}") or self.title_en or self.name

    def summary(self, lang: str = "en") -> str:
        """Summary in the language, or in English."""
        return self.words_of_others.get(f"summary_{lang}") or self.summary_en

    def as_data(self) -> dict[str, Any]:
        """Plain data with only the keys that were given, by their names in the file."""
        full = self.model_dump(by_alias=True)
        data: dict[str, Any] = with_tags(self.model_dump(by_alias=True, exclude_unset=True), full)
        return data

    def all_measures(self) -> Iterator[Measure]:
        """Measures of the scenario and of all branches."""
        yield from (measure for _, measure in self._numbered_measures())

    def update(self, **changes: Any) -> Scenario:
        """Validated copy with changed fields; the source text, and so its comments, is preserved."""
        data = {name: getattr(self, name) for name in self.model_fields_set} | changes
        return Scenario.model_validate(data)

    def with_values(self, values: Mapping[str, Any]) -> Scenario:
        """Validated copy in which the values replace the draws of their keys.

        Keys of the simulation (``behaviour``, ``cover``, ``price``) and of :meth:`path` (``forks.<i>``) are ignored; the uniform numbers
        of :attr:`luck_keys` decide what happens.
        """
        data, full = self.as_data(), self.model_dump(by_alias=True)
        for key, value in values.items():
            if not key.startswith(OTHER_ROOMS) and key not in self.fork_keys and key not in self.luck_keys:
                put(data, full, key, value)
        data["draws"] = {key: value for key, value in self.draws.items() if key not in values}
        return Scenario.model_validate(data | {"source": ""})._settled(values)

    def _settled(self, values: Mapping[str, Any]) -> Scenario:
        """Scenario in which what was left to chance has happened or not, by the uniform numbers of its measures."""
        found = [(stem, one.settled(values[f"{stem}.{LUCK}"])) for stem, one in self._numbered_measures() if f"{stem}.{LUCK}" in values]
        if not found:
            return self
        data, full = self.as_data(), self.model_dump(by_alias=True)
        for stem, keys in found:
            for field, value in keys.items():
                put(data, full, f"{stem}.{field}", value)
        return Scenario.model_validate(data | {"source": ""})

    @property
    def fork_keys(self) -> tuple[str, ...]:
        """Keys of the uniform numbers that select the branch of each fork."""
        return tuple(f"forks.{i}" for i in range(len(self.forks)))

    @property
    def luck_keys(self) -> tuple[str, ...]:
        """Keys of the uniform numbers of measures that are left to chance, such as ``measures.2.luck``."""
        return tuple(f"{stem}.{LUCK}" for stem, measure in self._numbered_measures() if measure.LUCK)

    def _numbered_measures(self) -> Iterator[tuple[str, Measure]]:
        """Key by number and measure, of the scenario and of all branches."""
        yield from ((f"measures.{i}", measure) for i, measure in enumerate(self.measures))
        for i, fork in enumerate(self.forks):
            for j, branch in enumerate(fork.branches):
                yield from ((f"forks.{i}.branches.{j}.measures.{k}", measure) for k, measure in enumerate(branch.measures))

    def measures_on_path(self, choices: tuple[int, ...]) -> tuple[tuple[tuple[str, ...], Measure], ...]:
        """Measures if branch ``choices[i]`` is taken at fork i, each with the keys that denote it in this scenario."""
        kept: list[tuple[tuple[str, ...], Measure]] = [(_stems("", i, m), m) for i, m in enumerate(self.measures)]
        added: list[tuple[tuple[str, ...], Measure]] = []
        for i, (fork, choice) in enumerate(zip(self.forks, choices, strict=True)):
            branch = fork.branches[choice]
            eve = fork.date - dt.timedelta(days=1)
            kept = [(key, _ended(m, eve) if m.name in branch.ends else m) for key, m in kept if m.name not in branch.ends or m.start <= eve]
            added += [(_stems(f"forks.{i}.branches.{choice}.", j, m), m) for j, m in enumerate(branch.measures)]
        return (*kept, *added)

    def branch(self, choices: tuple[int, ...]) -> Scenario:
        """Scenario without forks in which branch ``choices[i]`` is taken at fork i."""
        found = self.measures_on_path(choices)
        places = {stem: new for new, (stems, _) in enumerate(found) for stem in stems}
        draws = {moved: spread for key, spread in self.draws.items() if (moved := _moved(key, places))}
        measures = tuple(m for _, m in found)
        return Scenario.model_validate({**self.model_dump(by_alias=True), "measures": measures, "forks": (), "draws": draws})

    def choices(self, u: Mapping[str, Any]) -> tuple[NDArray[np.int64], ...]:
        """Branch of each fork selected by the uniform numbers of its key, in the shape of these numbers."""
        picked = []
        for key, fork in zip(self.fork_keys, self.forks, strict=True):
            left = np.asarray(u[key], dtype=np.float64)
            choice = np.zeros(left.shape, dtype=np.int64)
            for i, branch in enumerate(fork.branches[:-1]):
                on = (choice == i) & (left >= branch.p)
                left, choice = np.where(on, left - branch.p, left), choice + on
            picked.append(choice)
        return tuple(picked)

    def path(self, u: Mapping[str, float]) -> Scenario:
        """Scenario without forks, with branches selected by one uniform number per fork key."""
        return self.branch(tuple(int(choice) for choice in self.choices(u)))

    def paths(self) -> tuple[tuple[float, Scenario], ...]:
        """All paths through the forks with their probabilities, except those of probability 0."""
        found = []
        for choices in product(*(range(len(fork.branches)) for fork in self.forks)):
            p = 1.0
            for fork, choice in zip(self.forks, choices, strict=True):
                p *= fork.branches[choice].p
            if p > 0.0:
                found.append((p, self.branch(choices)))
        return tuple(found)


def _measures_in(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Measures in the plain data of a scenario, in the order of :meth:`Scenario.all_measures`."""
    yield from data["measures"]
    for fork in data["forks"]:
        for branch in fork["branches"]:
            yield from branch["measures"]


def _ended(measure: Measure, eve: dt.date) -> Measure:
    return measure.model_copy(update={"end": eve if measure.end is None else min(measure.end, eve)})


def _stems(before: str, place: int, measure: Measure) -> tuple[str, ...]:
    """Keys that denote a measure: by its number, and by its name if it has one."""
    return tuple(f"{before}measures.{name}" for name in (place, measure.name) if name is not None)


def _moved(key: str, places: Mapping[str, int]) -> str:
    """Key of a draw after the forks are resolved; empty if its measure no longer exists."""
    stem, field = measure_key(key)
    if not stem:
        return "" if key.startswith("forks.") else key
    named = stem.startswith("measures.") and not stem.rpartition(".")[2].isdigit()
    return "" if stem not in places else key if named else f"measures.{places[stem]}.{field}"


def _without(data: Any, keys: set[str]) -> Any:
    if isinstance(data, dict):
        return {key: _without(value, keys) for key, value in data.items() if key not in keys}
    return [_without(item, keys) for item in data] if isinstance(data, list) else data
