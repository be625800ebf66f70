"""Scenarios and kinds of measures: what is bundled, what a file says, what may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.text import Words

if TYPE_CHECKING:
    from ytterby.scenario.scenario import Scenario


def list_scenarios(lang: str = "en") -> dict[str, Any]:
    """Bundled scenarios with title, summary, dates and the figures they rest on."""
    from ytterby.scenario.files import bundled, load_scenario

    return {"scenarios": [_entry(load_scenario(name), lang) for name in bundled()]}


def show_scenario(name_or_path: str, lang: str = "en") -> dict[str, Any]:
    """One scenario, bundled or of a file, checked: its entry, its measures and draws, its text.

    Raises
    ------
    UnknownNameError
        If it is neither bundled nor a file.
    ScenarioError
        With every fault of the file.
    """
    from ytterby.scenario.files import dump, load_scenario

    scenario = load_scenario(name_or_path)
    data = scenario.as_data()
    return _entry(scenario, lang) | {key: data.get(key, []) for key in ("measures", "forks", "draws")} | {"yaml": dump(scenario)}


def _entry(scenario: Scenario, lang: str) -> dict[str, Any]:
    measures = list(scenario.all_measures())
    words, declared = Words(lang), scenario.as_data()
    return {
        "name": scenario.name,
        "title": words.declared(declared, "title") or scenario.name,
        "summary": words.declared(declared, "summary"),
        "start": str(scenario.start),
        "end": str(scenario.last_day),
        "weeks": scenario.weeks,
        "base_year": scenario.base_year,
        "chain": scenario.chain,
        "kinds": sorted({measure.kind for measure in measures}),
        "uncertain": len(scenario.draws),
        "facts": sorted({*scenario.facts, *(fact for measure in measures for fact in measure.facts)}),
        "digest": scenario.digest,
    }


def list_measures() -> dict[str, Any]:
    """Kinds of measures and distributions with their keys, units and defaults."""
    from ytterby.scenario.describe import distributions, kinds

    return {"measures": kinds(), "distributions": distributions()}
