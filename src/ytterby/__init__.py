"""Ytterby: a workbench for the security of supply of rare earths and other critical minerals.

>>> import ytterby as yt
>>> world = yt.load(2024)
>>> run = world.simulate("china-licences-2025", draws=100)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ytterby.app.world import Result, World, load
    from ytterby.errors import (
        BalanceError,
        DataGapError,
        FactError,
        InputError,
        NotSimulatedError,
        ScenarioError,
        SimulationError,
        StoreError,
        UnknownNameError,
        YtterbyError,
    )
    from ytterby.facts.load import Facts
    from ytterby.scenario.files import load_scenario
    from ytterby.scenario.scenario import Scenario
    from ytterby.system.system import System

_PLACES = {
    "BalanceError": "errors",
    "DataGapError": "errors",
    "FactError": "errors",
    "Facts": "facts.load",
    "InputError": "errors",
    "NotSimulatedError": "errors",
    "Result": "workbench.world",
    "Scenario": "scenario.scenario",
    "ScenarioError": "errors",
    "SimulationError": "errors",
    "StoreError": "errors",
    "System": "system.system",
    "UnknownNameError": "errors",
    "World": "workbench.world",
    "YtterbyError": "errors",
    "load": "workbench.world",
    "load_scenario": "scenario.files",
}

__all__ = [
    "BalanceError",
    "DataGapError",
    "FactError",
    "Facts",
    "InputError",
    "NotSimulatedError",
    "Result",
    "Scenario",
    "ScenarioError",
    "SimulationError",
    "StoreError",
    "System",
    "UnknownNameError",
    "World",
    "YtterbyError",
    "load",
    "load_scenario",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module 'ytterby' has no attribute '{name}'")
    return getattr(import_module(f"ytterby.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)
