"""What targets take, and how far a party makes itself what it uses.

Money is in USD of 2024, as present value at 5 % a year unless a field says otherwise.
"""

from __future__ import annotations

from ytterby.result_model import ResultModel


class SelfSufficiencyRow(ResultModel):
    """Own output at a stage over own use of a magnet element, with what is embedded in metals, magnets and components."""

    party: str
    stage: str
    element: str
    """``NdPr``, ``Dy`` or ``Tb``."""
    year: int
    before: float
    """[1]"""
    after: float
    """[1]"""
    with_shares_abroad: float
    """With what the party holds of new plants abroad [1]."""


class TargetMeasure(ResultModel):
    """A measure that is paid for to reach a target."""

    measure: str
    """Id of the candidate."""
    name: str
    party: str
    share: float
    """Share of what the party is entitled to [1]."""
    public_usd: float
    """Public money [USD]."""


class TargetResult(ResultModel):
    """Least public money that reaches the targets."""

    targets: tuple[str, ...]
    together_usd: float
    """Present value of public money of the parties as one [USD]."""
    alone_usd: dict[str, float]
    """Of each by itself [USD]."""
    reached: dict[str, dict[str, float]]
    """Self-sufficiency of each target's stage by then without public money, by magnet element, if all plants run [1]."""
    ratio: float | None
    """Together over the sum of those alone [1]."""
    floor_usd: float
    """If the same plants were paid by price floors instead of grants: public money of the parties as one [USD]."""
    floor_alone_usd: dict[str, float]
    """The same of each by itself [USD]."""
    measures: tuple[TargetMeasure, ...]
    """What the parties as one pay for, the most public money first."""
