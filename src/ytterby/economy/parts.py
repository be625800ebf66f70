"""The critical parts of a product: how many there are, and what is known of their stocks and licences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ytterby.economy import assumptions

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class PartsModel(NamedTuple):
    """Parameters of the parts of a product; arrays (..., demand)."""

    number: Array
    """Number of critical single-sourced parts in the product, K; 0 = the input is not critical."""
    spread: Array
    """Standard deviation of ln cover over all parts."""
    firm_share: Array
    """Share of that variance that is common to all parts of a firm."""
    lumpy: Array
    """Share of parts that are delivered fully or not at all, each by a licence draw of its own."""
    incomplete: Array
    """Share of a stopped firm's output that continues with dropped features or as incomplete units."""
    thrift: Array
    """Share of the input that firms save at once at high prices without losing output."""


def parts_model(demands: pd.DataFrame, quantiles: Array | None = None) -> PartsModel:
    """Parts model of a System's demands from the assumptions ``parts``; ``quantiles`` as in :meth:`AssumptionTable.values`."""
    table = assumptions.read("parts")
    uses = assumptions.uses_of(demands)
    names = {"number": "parts", "spread": "cover_spread"}
    return PartsModel(*(table.pick(names.get(name, name), uses, quantiles) for name in PartsModel._fields))
