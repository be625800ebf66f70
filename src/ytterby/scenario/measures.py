"""Measures: what governments, firms and nature change, by date; one class per kind.

A measure changes capacities, links, duties, demand, stocks or contracts from `start` to `end` and
nothing else. The kinds and their words are those of the scenario file; units stand in brackets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from ytterby.errors import NotSimulatedError
from ytterby.facts.vocabulary import sectors as known_sectors
from ytterby.scenario.controls import Ban, Duty, ExportDuty, Licence, Quota, Tariff
from ytterby.scenario.faults import refusal
from ytterby.scenario.measure import Allocation, Measure, RateStep, TariffStep, Trigger, Window
from ytterby.scenario.programme import Assistance, JointRnd, Offtake, PriceFloor, Recycling, Substitution
from ytterby.scenario.supply import DemandShift, Hoarding, Outage, Project, Stockpile

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Allocation",
    "AnyMeasure",
    "Assistance",
    "Ban",
    "DemandShift",
    "Duty",
    "exempt_parts",
    "ExportDuty",
    "Hoarding",
    "JointRnd",
    "KINDS",
    "Licence",
    "Measure",
    "measure",
    "Offtake",
    "Outage",
    "PriceFloor",
    "Project",
    "Quota",
    "RateStep",
    "Recycling",
    "require_simulated",
    "SIMULATED",
    "Stockpile",
    "Substitution",
    "Tariff",
    "TariffStep",
    "Trigger",
    "Window",
]

AnyMeasure = Annotated[
    Ban
    | Quota
    | Licence
    | ExportDuty
    | Tariff
    | Outage
    | Project
    | Stockpile
    | Hoarding
    | DemandShift
    | PriceFloor
    | Offtake
    | Recycling
    | Substitution
    | Assistance
    | JointRnd,
    Field(discriminator="kind"),
]
KINDS: dict[str, type[Measure]] = {
    "ban": Ban,
    "quota": Quota,
    "licence": Licence,
    "export_duty": ExportDuty,
    "tariff": Tariff,
    "outage": Outage,
    "project": Project,
    "stockpile": Stockpile,
    "hoarding": Hoarding,
    "demand_shift": DemandShift,
    "price_floor": PriceFloor,
    "offtake": Offtake,
    "recycling": Recycling,
    "substitution": Substitution,
    "assistance": Assistance,
    "joint_rnd": JointRnd,
}
"""Class of each kind of measure."""
SIMULATED = frozenset(
    {"ban", "quota", "licence", "export_duty", "tariff", "outage", "project", "stockpile", "hoarding", "demand_shift"}
    | {"offtake", "recycling", "substitution"}
)
"""Kinds that the simulator knows; the others are read and checked, and refused at a run."""
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyMeasure)


def measure(**keys: Any) -> AnyMeasure:
    """Measure from the keys of a scenario file (``from_`` serves for ``from``).

    Raises
    ------
    ScenarioError
        With every fault of the keys, one a line.
    """
    try:
        return _ADAPTER.validate_python(keys)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise refusal(error, keys, list(KINDS.values()), keys["kind"] if keys.get("kind") in KINDS else "measure") from None


def require_simulated(measures: Iterable[Measure]) -> None:
    """Refuse measures that the simulator does not know yet.

    Raises
    ------
    NotSimulatedError
        With the kinds found and those that are simulated.
    """
    unknown = sorted({m.kind for m in measures} - SIMULATED)
    if unknown:
        known = ", ".join(sorted(SIMULATED))
        raise NotSimulatedError(f"measures of kind {', '.join(unknown)} are valid but not simulated yet; simulated are: {known}")


def exempt_parts(licence: Licence) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Regions and sectors of a licence's exemptions."""
    regions = tuple(name for name in licence.exempt if name not in known_sectors())
    return regions, tuple(name for name in licence.exempt if name in known_sectors())
