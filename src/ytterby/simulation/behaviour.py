"""Behavioural parameters: one row each in ``behaviour.csv``, with default, range and meaning."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.errors import InputError, UnknownNameError
from ytterby.tables import records

if TYPE_CHECKING:
    from collections.abc import Mapping


STABLE_RATIO = 70.0
"""Least lam/kappa [weeks] for which stock gaps are damped (model description, section 2)."""
MAX_HOARDING_GAIN = 0.9
"""Most of lam x hoarding x 52 / (memory of price growth): from one on, a rise of prices feeds itself without end."""
MOMENTUM_WEEKS = 8.0
"""Memory of price growth that raises target covers when hoarding is on."""
WEEKS_A_YEAR = 52.0


class Parameter(NamedTuple):
    """One behavioural parameter with its range and distribution."""

    name: str
    default: float
    low: float
    high: float
    distribution: str
    unit: str
    kind: str
    source: str
    meaning: str


@cache
def parameters() -> dict[str, Parameter]:
    """All behavioural parameters by name, in the order in which the kernel reads them."""
    return {parameter.name: parameter for parameter in records("ytterby.simulation", "behaviour", Parameter)}


class Behaviour(NamedTuple):
    """Values of the behavioural parameters of a draw (fields as in ``behaviour.csv``); of many draws arrays (draw,)."""

    price_gain: float
    price_drift: float
    import_parity_speed: float
    sigma: float
    sigma_short: float
    import_pull: float
    restock_weeks: float
    reorder: float
    reliability_weight: float
    reliability_weeks: float
    use_weeks: float
    adaptation_weeks: float
    elasticity_scale: float
    supply_elasticity: float
    conversion_elasticity: float
    hoarding: float
    wedge_integral: float
    wedge_proportional: float
    wedge_fall: float
    enforcement: float
    smuggling_seed: float
    kept_back: float
    contract_weeks: float

    def of(self, draws: Any) -> Behaviour:
        """Values of some draws, by place; numbers hold for all."""
        return Behaviour(*(values[draws] if np.ndim(values) else values for values in self))  # type: ignore[index]


def behaviour(values: Mapping[str, Any] | None = None) -> Behaviour:
    """Defaults, overridden by ``values``, numbers or arrays (draw,); kappa and hoarding are lowered where prices would be unstable.

    Raises
    ------
    UnknownNameError
        If a name is not a behavioural parameter.
    InputError
        If a value is not finite or negative.
    """
    known = parameters()
    merged: dict[str, Any] = {name: parameter.default for name, parameter in known.items()}
    for name, value in (values or {}).items():
        if name not in known:
            raise UnknownNameError("behavioural parameter", name, known)
        wrong = ~(np.isfinite(value) & (np.asarray(value) >= 0))
        if wrong.any():
            raise InputError(f"behaviour.{name}: {np.asarray(value)[wrong][0]:g} found, a number >= 0 is needed")
        merged[name] = np.asarray(value, dtype=np.float64)[()]
    merged["price_drift"] = np.minimum(merged["price_drift"], merged["price_gain"] / STABLE_RATIO)
    most = MAX_HOARDING_GAIN * MOMENTUM_WEEKS / (WEEKS_A_YEAR * np.maximum(merged["price_gain"], 1e-12))
    merged["hoarding"] = np.minimum(merged["hoarding"], most)
    return Behaviour(**merged)
