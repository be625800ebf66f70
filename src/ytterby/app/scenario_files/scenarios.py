"""Scenarios and kinds of measures: what is bundled, what a file says, what may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from ytterby.errors import UnknownNameError
from ytterby.report import Words
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from ytterby.scenario import Scenario


class ScenarioEntry(ResultModel):
    """A scenario in a list."""

    name: str
    title: str
    """In the language that was asked for."""
    summary: str
    """In the language that was asked for."""
    start: str
    """First day, YYYY-MM-DD."""
    end: str
    """Last day, YYYY-MM-DD."""
    weeks: int
    """Horizon [week]."""
    base_year: int
    chain: str
    """Which minerals."""
    kinds: tuple[str, ...]
    """Kinds of its measures."""
    uncertain: int
    """Number of inputs that are drawn."""
    facts: tuple[str, ...]
    """Ids of the figures that it rests on."""
    digest: str
    """Names its content: equal digests, equal scenarios."""


class ScenarioList(ResultModel):
    """Bundled scenarios."""

    scenarios: tuple[ScenarioEntry, ...]


class ScenarioDetail(ScenarioEntry):
    """One scenario with all that it says; measures, forks and draws have the keys of scenario files."""

    measures: tuple[dict[str, JsonValue], ...]
    forks: tuple[dict[str, JsonValue], ...]
    """Alternatives of which one comes true."""
    draws: dict[str, JsonValue] | list[JsonValue]
    """Distributions by input."""
    yaml: str
    """The scenario as a file."""


class FieldDescription(ResultModel):
    """A key of a measure or distribution."""

    key: str
    meaning: str
    unit: str
    """Empty where it has none."""
    needed: bool
    default: JsonValue
    """None where it is needed or has none."""


class MeasureDescription(ResultModel):
    """A kind of measure and its keys."""

    kind: str
    summary: str
    simulated: bool
    """Whether the simulation knows it."""
    fields: tuple[FieldDescription, ...]


class DistributionDescription(ResultModel):
    """A distribution and its keys."""

    dist: str
    summary: str
    fields: tuple[FieldDescription, ...]


class MeasureList(ResultModel):
    """Kinds of measures and distributions."""

    measures: tuple[MeasureDescription, ...]
    distributions: tuple[DistributionDescription, ...]


def list_scenarios(lang: str = "en") -> ScenarioList:
    """Bundled scenarios with title, summary, dates and the figures they rest on."""
    from ytterby.scenario import bundled, load_scenario

    return ScenarioList(scenarios=tuple(_entry(load_scenario(name), lang) for name in bundled()))


def show_scenario(name_or_path: str, lang: str = "en") -> ScenarioDetail:
    """One scenario, bundled or of a file, checked: its entry, its measures and draws, its text.

    Raises
    ------
    UnknownNameError
        If it is neither bundled nor a file.
    ScenarioError
        With every fault of the file.
    """
    from ytterby.scenario import load_scenario

    return _detail(load_scenario(name_or_path), lang)


def show_bundled(name: str, lang: str = "en") -> ScenarioDetail:
    """One bundled scenario; the name is looked up, never taken as a place.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    from ytterby.scenario import bundled

    if name not in bundled():
        raise UnknownNameError("scenario", name, bundled())
    return show_scenario(name, lang)


def show_text(text: str, lang: str = "en", where: str = "scenario") -> ScenarioDetail:
    """A scenario that is given as YAML, checked; `where` is its name in messages.

    Raises
    ------
    ScenarioError
        With every fault of the text.
    """
    from ytterby.scenario import load_text

    return _detail(load_text(text, where), lang)


def _detail(scenario: Scenario, lang: str) -> ScenarioDetail:
    from pydantic_core import to_jsonable_python

    from ytterby.scenario import dump

    data = scenario.as_data()
    said = {key: to_jsonable_python(data.get(key, [])) for key in ("measures", "forks", "draws")}
    return ScenarioDetail(**_entry(scenario, lang).to_dict(), **said, yaml=dump(scenario))


def _entry(scenario: Scenario, lang: str) -> ScenarioEntry:
    measures = list(scenario.all_measures())
    words, declared = Words(lang), scenario.as_data()
    return ScenarioEntry(
        name=scenario.name,
        title=words.declared(declared, "title") or scenario.name,
        summary=words.declared(declared, "summary"),
        start=str(scenario.start),
        end=str(scenario.last_day),
        weeks=scenario.weeks,
        base_year=scenario.base_year,
        chain=scenario.chain,
        kinds=tuple(sorted({measure.kind for measure in measures})),
        uncertain=len(scenario.draws),
        facts=tuple(sorted({*scenario.facts, *(fact for measure in measures for fact in measure.facts)})),
        digest=scenario.digest,
    )


def list_measures() -> MeasureList:
    """Kinds of measures and distributions with their keys, units and defaults."""
    from ytterby.scenario import distributions, kinds

    return MeasureList(
        measures=MeasureDescription.from_records(kinds()), distributions=DistributionDescription.from_records(distributions())
    )
