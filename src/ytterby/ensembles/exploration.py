"""What an explored ensemble says, as ``ytterby explore --json`` prints it; for command line, briefing and Python alike."""

from __future__ import annotations

from ytterby.ensembles.discovery import BoxLimit, Peel
from ytterby.ensembles.sobol import Explained
from ytterby.ensembles.value_of_information import ChoiceFlip, UncertainFact
from ytterby.result_model import ResultModel


class DiscoveryResult(ResultModel):
    """Box of the inputs in which an outcome lies beyond a threshold; see :class:`ytterby.ensembles.discovery.Box`."""

    outcome: str
    above: float | None
    """Threshold that cases of interest exceed [unit of the outcome]."""
    below: float | None
    """Threshold that cases of interest fall below [unit of the outcome]."""
    cases: int
    """Draws beyond the threshold."""
    coverage: float
    """Share of the cases that lie in the box [1]."""
    density: float
    """Share of the draws in the box that are cases [1]."""
    mass: float
    """Share of all draws that lie in the box [1]."""
    base: float
    """Share of all draws that are cases [1]."""
    limits: tuple[BoxLimit, ...]
    """Most telling first; empty where no box is better than chance."""
    peels: tuple[Peel, ...]
    """Boxes from all draws to few."""
    chosen: int
    """Index of the peel that the box was taken from."""
    tested_coverage: float | None
    """Coverage on draws that the search had not seen [1]."""
    tested_density: float | None
    """Density on draws that the search had not seen [1]."""


class AskingResult(ResultModel):
    """Facts that, if known, would narrow the 90 % band of an outcome most, or change the choice between two runs."""

    outcome: str
    low: float
    """Lower end of the band [unit of the outcome]."""
    high: float
    """Upper end of the band [unit of the outcome]."""
    facts: tuple[UncertainFact, ...]
    """Most narrowing first."""
    named: tuple[str, ...]
    """Inputs that narrow it beyond chance."""
    together: float
    """Relative narrowing when these are known at once [1]."""
    flips: tuple[ChoiceFlip, ...] = ()
    """Facts that change the choice; empty without a second run."""
    runs: tuple[str, str] | None = None
    """Folders of the two runs."""
    scenarios: tuple[str, str] | None = None
    choice: str | None = None
    """Scenario with the smaller mean outcome; None without a second run."""
    difference: float | None = None
    """Mean outcome of the second run less that of the first [unit of the outcome]."""


class ExplorationResult(ResultModel):
    """Everything that a finished ensemble says without a new run."""

    run: str
    """Run folder."""
    scenario: str
    draws: int
    outcome: str
    discovery: DiscoveryResult
    asking: AskingResult
    first_order: tuple[Explained, ...]
    """Largest share first."""
