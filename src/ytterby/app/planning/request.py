"""What is asked of a plan: for whom, with what money, against which paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app.planning.inputs import amount, amounts_by
from ytterby.errors import InputError

if TYPE_CHECKING:
    import datetime as dt

    from ytterby.plan import Party


@dataclass(frozen=True)
class PlanRequest:
    """What is planned, for whom and with what money."""

    allies: tuple[str, ...] = ("JP",)
    budget: float | None = None
    """Public money of all together [USD]; None for no limit."""
    budget_by: str | None = None
    """Public money of each party, ``JP=2e9,US=3e9`` [USD]."""
    scenarios: int = 20
    shocks: str | None = None
    """File with own paths, or ``none``."""
    seed: int = 1
    limits: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    units: bool = False
    slack: float = 0.05
    path: str | None = None
    as_of: dt.date | None = None
    sensitivity: bool = False
    resimulate: bool = False
    draft: Path | None = None
    out: Path | None = None
    time_limit: float | None = None
    watch_prior: bool = False
    """Whether what became of earlier promises moves the chances of delays and cancellations."""
    project: Path = Path(".ytterby")


def budgets_of(request: PlanRequest, members: tuple[Party, ...]) -> dict[str, float]:
    """Budgets by party, or of all together under the empty name [million USD].

    Raises
    ------
    InputError
        For an amount below nil or that is no number, or a party that does not plan.
    """
    pooled, codes = amount(request.budget), [member.code for member in members]
    found = {} if pooled is None else {"": pooled}
    if request.budget_by is None:
        return found
    named = amounts_by(request.budget_by, codes, "party of the plan")
    missing = [code for code in codes if code not in named]
    if missing:
        raise InputError(f"--budget-by: gives no amount for {', '.join(missing)}")
    return found | named
