"""Where imports come from in the end: through those who do not produce (loops of re-export included)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping


def producers(definition: str = "narrow") -> frozenset[str]:
    """Countries whose exports count as their own: ``narrow`` or ``wide`` (with those who also pass on)."""
    return frozenset(row["region"] for row in table("producers") if row[definition] == "1")


def traced_shares(tonnage: Mapping[tuple[str, str], float], origin: str, definition: str = "narrow") -> dict[str, float]:
    """Share of goods of ``origin`` in the imports of each country [1].

    What a country that does not produce sells has the origin of what it bought; a producer sells its own.

    Parameters
    ----------
    tonnage : mapping of (exporter, importer) to t
        Flows of one year.
    origin : str
        A producer.
    definition : {"narrow", "wide"}
        Who counts as a producer.
    """
    names = sorted({name for pair in tonnage for name in pair})
    at, own = {name: i for i, name in enumerate(names)}, producers(definition)
    bought = np.zeros((len(names), len(names)))
    for (seller, buyer), tonnes in tonnage.items():
        bought[at[buyer], at[seller]] += tonnes
    total = bought.sum(axis=1, keepdims=True)
    share = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0.0)
    passes = np.array([name not in own for name in names])
    known = np.array([1.0 if name == origin else 0.0 for name in names])
    # imports x = share @ content, with content = x of a country that passes on, and 1 or 0 of a producer
    matrix = np.eye(len(names)) - share * passes[None, :]
    solved = np.linalg.lstsq(matrix, share @ np.where(passes, 0.0, known), rcond=None)[0]
    return {name: float(solved[at[name]]) for name in names}
