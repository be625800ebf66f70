"""Talks files: parties, issues, no deal by date, forks, what came out; YAML 1.2, checked like scenarios."""

from __future__ import annotations

import math
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field, ValidationError, model_validator

from ytterby.bargain.issues import AnyIssue, Duty, DutyIssue, Named
from ytterby.economy.trade import Horizon  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.errors import InputError, ScenarioError, UnknownNameError
from ytterby.measures import Fault, Faults, Frozen, placed_faults
from ytterby.measures import fields as f
from ytterby.scenario import file_of, parse_yaml, plain, read_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

KEYS = "name, parties, issues, no_deal"
WHOLE = 1e-6
CHANCE = "chance_"
"""What the names of chances as assumptions begin with; the day from which the branches hold follows."""
MOST_PACKAGES = 400_000


class NoDealBranch(Frozen):
    """One way in which things may stand without a deal."""

    p: f.Share
    """Probability [1]."""
    low: f.Share | None = None
    """Low end of its range [1]."""
    high: f.Share | None = None
    """High end of its range [1]."""
    label: f.Text = ""
    """Text for the reader."""
    duties: dict[f.Name, Duty]
    """Duty by issue, in all [1]."""


class NoDealState(Frozen):
    """What holds from a day on if there is no deal, as known since another day."""

    from_: f.Date = Field(alias="from")
    """First day on which it holds [date]."""
    known: f.Date
    """Day since when it is known; before, it has no part in any answer [date]."""
    label: f.Text = ""
    """Text for the reader."""
    branches: tuple[NoDealBranch, ...] = Field(min_length=1, max_length=8)
    """Ways in which things may stand; their probabilities add up to 1."""
    decision: f.Text = ""
    """Decision of the calendar that it follows, by id; the calendar then tells what its delay costs."""
    facts: f.Ids = ()
    """Ids of the figures on which it rests."""
    assumed: f.Ids = ()
    """Which of its keys are judgement."""
    note: f.Text = ""
    """Where it comes from."""

    @property
    def chance(self) -> str:
        """Name of the chance of the first branch as an assumption."""
        return f"{CHANCE}{self.from_}"

    def chances(self, first: float) -> tuple[float, ...]:
        """Probabilities of all branches if the first has this one; the others keep their ratio."""
        own = self.branches[0].p
        rest = (1.0 - first) / (1.0 - own) if own < 1.0 else 0.0
        return (first, *(branch.p * rest for branch in self.branches[1:]))

    @model_validator(mode="after")
    def _adds_up(self) -> NoDealState:
        total = sum(branch.p for branch in self.branches)
        if abs(total - 1.0) > WHOLE:
            raise f.fault(f"probabilities of the branches must add up to 1; they add up to {total:g}")
        return self


class AgreedOutcome(Frozen):
    """What was agreed on a day: a step of each issue; issues that are not named stay as in the outcome before, or without a deal."""

    date: f.Date
    """Day [date]."""
    label: f.Text = ""
    """Text for the reader."""
    steps: dict[f.Name, Any]
    """Step by issue, as listed there."""
    facts: f.Ids = ()
    """Ids of the figures that say so."""
    note: f.Text = ""
    """What it leaves open."""


class ControlEvent(Frozen):
    """A new control of the dominant supplier, or its suspension, from the plans' first year on."""

    id: f.Name
    """Name."""
    label: f.Text = ""
    """Text for the reader."""
    family: Literal["licence", "stop", "suspension"]
    """Licences on all rare earths and magnets, their stop, or nothing restricted at all."""
    weeks: Annotated[int, Field(ge=1, le=520, strict=True)]
    """How long it lasts [weeks]."""
    depth: f.Share = 0.0
    """Share of applications refused, or of exports stopped [1]."""
    facts: f.Ids = ()
    """Ids of the figures on which it rests."""


class Assumption(Frozen):
    """Another value than the packaged one of an assumption."""

    value: f.Number
    """Value, in the unit of the assumption."""
    low: f.Number
    """Low end of its range."""
    high: f.Number
    """High end of its range."""

    @model_validator(mode="after")
    def _ordered(self) -> Assumption:
        if not self.low <= self.value <= self.high:
            raise f.fault(f"the value {self.value:g} does not lie between {self.low:g} and {self.high:g}")
        return self


class NoDealPath(NamedTuple):
    """One path through the branches of no deal."""

    p: float
    """Probability."""
    label: str
    """Labels of its branches."""
    starts: tuple[dt.date, ...]
    """Days from which the duties hold; the first is the day of the talks."""
    duties: tuple[dict[str, float], ...]
    """Duty by issue from each of them."""


class Talks(Named):
    """Parties, issues, no deal and outcome of talks."""

    name: f.Name
    """Short name."""
    title_en: f.Text = ""
    """Title in English; `title_` and an ISO 639 code in other languages."""
    parties: tuple[f.Region, ...] = Field(min_length=2, max_length=6)
    """Who talks."""
    day: f.Date
    """Day as of which they are looked at by default [date]."""
    story: tuple[f.Date, ...] = Field(default=(), max_length=12)
    """Days whose rooms are worth comparing [date]."""
    horizon: Horizon = "medium"
    """How far buyers and sellers have adapted to duties."""
    issues: tuple[AnyIssue, ...] = Field(min_length=1, max_length=16)
    """What may be agreed on."""
    no_deal: tuple[NoDealState, ...] = Field(min_length=1, max_length=40)
    """What holds without a deal, by the day from which it holds."""
    outcome: tuple[AgreedOutcome, ...] = Field(default=(), max_length=20)
    """What was agreed, by date."""
    controls: tuple[ControlEvent, ...] = Field(default=(), max_length=4)
    """Controls of the dominant supplier whose effect on the talks is asked for."""
    assumptions: dict[f.Name, Assumption] = Field(default_factory=dict)
    """Other values of assumptions."""
    facts: f.Ids = ()
    """Ids of further figures on which it rests."""
    note: f.Text = ""
    """What must be known about it."""

    @model_validator(mode="after")
    def _checked(self) -> Talks:
        faults = [*self._names(), *self._dates(), *self._duties(), *self._outcomes()]
        if faults:
            raise placed_faults(faults)
        return self

    def _names(self) -> list[Fault]:
        """Parties and issues that stand twice or that nobody knows, and too many packages."""
        found: list[Fault] = []
        if len(set(self.parties)) < len(self.parties):
            found.append((("parties",), "a party is named twice"))
        ids = [issue.id for issue in self.issues]
        for number, issue in enumerate(self.issues):
            if ids.index(issue.id) < number:
                found.append((("issues", number, "id"), f"the issue '{issue.id}' stands twice"))
            found += [
                (("issues", number), str(UnknownNameError("party", party, self.parties)))
                for party in issue.parties
                if party not in self.parties
            ]
        count = 1
        for issue in self.issues:
            count *= 1 if getattr(issue, "only_asked", False) else len(issue.values)
        if count > MOST_PACKAGES:
            found.append((("issues",), f"make {count:,} packages; at most {MOST_PACKAGES:,} are compared"))
        return found

    def _dates(self) -> list[Fault]:
        """Steps that are not sorted by date, and states known after they hold."""
        found: list[Fault] = []
        for key in ("no_deal", "outcome"):
            days = [each.from_ if isinstance(each, NoDealState) else each.date for each in getattr(self, key)]
            found += [
                ((key, number), f"{day} comes after {days[number - 1]}; write them by date")
                for number, day in enumerate(days)
                if number and day < days[number - 1]
            ]
        return found

    def _duties(self) -> list[Fault]:
        """Duties without a deal that are of no issue, or issues that have none."""
        known = [issue.id for issue in self.issues if isinstance(issue, DutyIssue)]
        found: list[Fault] = []
        for number, state in enumerate(self.no_deal):
            for place, branch in enumerate(state.branches):
                loc = ("no_deal", number, "branches", place, "duties")
                found += [(loc, str(UnknownNameError("issue of duties", name, known))) for name in branch.duties if name not in known]
                missing = [name for name in known if name not in branch.duties]
                found += [(loc, f"gives no duty for {', '.join(missing)}")] if missing else []
        return found

    def _outcomes(self) -> list[Fault]:
        """Outcomes of no issue, or outside of the listed steps."""
        found: list[Fault] = []
        known = {issue.id: issue for issue in self.issues}
        for number, each in enumerate(self.outcome):
            for name, value in each.steps.items():
                loc = ("outcome", number, "steps", name)
                if name not in known:
                    found.append((loc, str(UnknownNameError("issue", name, known))))
                elif _step(known[name], value) is None:
                    found.append((loc, f"{value} is none of the steps of '{name}'; the nearest is {_nearest(known[name], value)}"))
        return found

    def title(self, lang: str = "en") -> str:
        """Title in a language, or in English, or the name."""
        return self.in_language("title", lang) or self.title_en or self.name

    def issue(self, name: str) -> AnyIssue:
        """Issue of an id.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        known = {issue.id: issue for issue in self.issues}
        if name not in known:
            raise UnknownNameError("issue", name, known)
        return known[name]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of steps of each issue."""
        return tuple(len(issue.values) for issue in self.issues)

    def known_on(self, day: dt.date) -> tuple[NoDealState, ...]:
        """States of no deal that are known on a day, by the day from which they hold.

        What becomes known later takes the place of all that was to hold from its first day on.

        Raises
        ------
        InputError
            If nothing is known yet.
        """
        found: list[NoDealState] = []
        for state in sorted((each for each in self.no_deal if each.known <= day), key=lambda each: (each.known, each.from_)):
            found = [each for each in found if each.from_ < state.from_ or each.known == state.known] + [state]
        found.sort(key=lambda each: each.from_)
        if not found or found[0].from_ > day:
            raise InputError(f"{self.name}: nothing is known on {day} of what holds without a deal; the talks begin on {self.first}")
        past = [each for each in found if each.from_ <= day]
        return (past[-1], *(each for each in found if each.from_ > day))

    @property
    def first(self) -> dt.date:
        """First day on which something holds and is known."""
        return min(max(each.from_, each.known) for each in self.no_deal)

    def paths(self, day: dt.date, assumed: Mapping[str, float] | None = None) -> tuple[NoDealPath, ...]:
        """Paths through the branches of no deal as known on a day.

        Parameters
        ----------
        day : date
        assumed : mapping of str to float, optional
            Assumptions; chances of first branches among them take the place of those of the file.
        """
        states, given = self.known_on(day), assumed or {}
        starts = (day, *(each.from_ for each in states[1:]))
        chances = [each.chances(given.get(each.chance, each.branches[0].p)) for each in states]
        found = []
        for places in product(*(range(len(each.branches)) for each in states)):
            chosen = [each.branches[place] for each, place in zip(states, places, strict=True)]
            if all(branch.p > 0.0 for branch in chosen):
                p = math.prod(own[place] for own, place in zip(chances, places, strict=True))
                label = ", ".join(branch.label for branch in chosen if branch.label)
                found.append(NoDealPath(p=p, label=label, starts=starts, duties=tuple(dict(branch.duties) for branch in chosen)))
        return tuple(found)

    def agreed(self, day: dt.date | None = None) -> tuple[int, ...] | None:
        """Steps of the outcome as agreed by a day, or in the end; issues that nobody settled are at their step without a deal."""
        fallen = [each for each in self.outcome if day is None or each.date <= day]
        if not fallen:
            return None
        steps = {name: value for each in fallen for name, value in each.steps.items()}
        return tuple(_step(issue, steps[issue.id]) or 0 if issue.id in steps else 0 for issue in self.issues)


def _step(issue: AnyIssue, value: Any) -> int | None:
    """Place of a step among those of an issue."""
    for number in range(len(issue.values)):
        label = issue.label(number)
        if value == label and isinstance(value, bool) == isinstance(label, bool):
            return number
    return None


def _nearest(issue: AnyIssue, value: Any) -> Any:
    """Step nearest to a value."""
    labels = [issue.label(number) for number in range(len(issue.values))]
    if isinstance(value, int | float) and all(isinstance(label, int | float) for label in labels):
        return min(labels, key=lambda label: abs(label - value))
    return UnknownNameError("step", str(value), [str(label) for label in labels]).nearest or labels[0]


def bundled_talks() -> tuple[str, ...]:
    """Names of the bundled talks."""
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in _folder().iterdir() if entry.name.endswith(".yaml")))


def _folder() -> Any:
    return files("ytterby.bargain") / "files"


def bundled_text(name: str) -> str:
    """Text of a bundled file."""
    return str((_folder() / f"{name}.yaml").read_text("utf-8"))


@cache
def _bundled(name: str) -> Talks:
    return talks_of_text(bundled_text(name), f"{name}.yaml")


def load_talks(name_or_path: str | Path) -> Talks:
    """Talks by their bundled name or from a YAML file.

    Raises
    ------
    UnknownNameError
        If it is neither a bundled name nor a file.
    ScenarioError
        With all faults of the file, at most a dozen lines.
    """
    text = str(name_or_path)
    if text in bundled_talks():
        return _bundled(text)
    return talks_of_text(read_text(file_of(text, "talks", bundled_talks(), "--talks"), "talks file"), text)


def talks_of_text(text: str, where: str = "talks") -> Talks:
    """Talks from a YAML text; `where` is its name in messages.

    Raises
    ------
    ScenarioError
        With all faults, one per line, at most a dozen lines.
    """
    document = parse_yaml(text, where, "talks file", KEYS)
    try:
        return Talks.__pydantic_validator__.validate_python(plain(document))  # type: ignore[no-any-return]
    except ValidationError as error:
        faults = Faults(where, document, [Talks])
        faults.add_errors(error)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None
    raise faults.error()
