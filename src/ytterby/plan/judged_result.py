"""What a judged plan says: on other paths, with other inputs, in the weekly simulator.

Money is in USD of 2024, as present value at 5 % a year unless a field says otherwise.
"""

from __future__ import annotations

from ytterby.result_model import ResultModel


class FlipRow(ResultModel):
    """An input at the ends of its range, and what the plan would then choose first."""

    input: str
    end: str
    """``low`` or ``high``."""
    value: float
    unit: str
    gain_usd: float
    """Gain of the best plan there [USD]."""
    regret_usd: float
    """Gain lost there by keeping this plan [USD]."""
    first_choice: str
    """Group with the largest worth."""
    changes: bool
    """Whether that is another one than in the plan."""


class ScaleRow(ResultModel):
    """A year of a restriction without a plan, and how often the paths have one."""

    party: str
    year: int
    depth: float
    """Share of all rare earths and magnets of the dominant supplier that is held back from everybody for the year [1]."""
    loss_usd: float
    """Loss of the party [USD of that year]."""
    chance: float
    """Share of the years of the paths that cost the party at least as much without a plan, by probability [1]."""


class FreshResult(ResultModel):
    """The plan on paths that were not used to make it."""

    paths: int
    gain_usd: float
    expected_loss: float
    expected_loss_before: float
    cvar: float
    optimism: float | None
    """Promised gain over the gain on fresh paths [1]."""


class ResimulatedParty(ResultModel):
    """One member in the weekly simulator, beside what the programme says."""

    party: str
    before: float
    """Loss without the plan in the simulator [USD]."""
    promised_before: float
    """The same in the programme [USD]."""
    avoided: float
    """Loss that the plan avoids in the simulator [USD]."""
    promised: float
    """The same in the programme [USD]."""
    why: str
    """Why they differ by more than a factor of 2: ``before``, ``habit`` or ``price``; ``agrees`` where they do not."""


class Resimulated(ResultModel):
    """Loss avoided in the weekly simulator, with and without the plan on the same draws."""

    mean: float
    """[USD] in the simulated restriction."""
    low: float
    high: float
    promised: float
    """What the programme says for the same restriction [USD]."""
    draws: int
    shock: str
    """The restriction that was simulated."""
    parties: tuple[ResimulatedParty, ...]
    spillover: dict[str, float]
    """Fall of the loss of others [USD]."""


class StabilityResult(ResultModel):
    """The plan made from other paths."""

    seed: int
    gain_usd: float
    """Gain of that plan on the same fresh paths [USD]."""
    difference: float
    """Difference to the gain of this plan there [1]."""
    overlap: float
    """Public money that both spend on the same measures, over what this one spends [1]."""
