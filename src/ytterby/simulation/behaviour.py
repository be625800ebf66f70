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
"""Smallest ratio of price gain to price drift [weeks] at which stock gaps are damped (model description, "Prices")."""
MAX_HOARDING_GAIN = 0.9
"""Upper limit of price gain x hoarding x 52 / :data:`MOMENTUM_WEEKS`: at 1 or more, a price rise would reinforce itself without limit."""
MOMENTUM_WEEKS = 8.0
"""Averaging time of the price growth that raises target covers when hoarding is switched on [weeks]."""
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
    """Values of the behavioural parameters (fields as in ``behaviour.csv``): numbers for one draw, arrays (draw,) for several."""

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
        """Values of some draws, by position; plain numbers apply to all draws."""
        return Behaviour(*(values[draws] if np.ndim(values) else values for values in self))  # type: ignore[index]


def behaviour(values: Mapping[str, Any] | None = None) -> Behaviour:
    """Default parameters, overridden by ``values`` (numbers or arrays (draw,)).

    ``price_drift`` and ``hoarding`` are lowered where prices would be unstable.

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
