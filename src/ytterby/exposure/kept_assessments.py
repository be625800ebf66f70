"""Exposure of an importer in several elements, kept under a digest of everything that it depends on.

It depends on the System, on the importer and on the program alone, and takes seconds: shares are traced with their bounds, and the loss
of each supplier is a linear programme.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from ytterby.execution import program_digest
from ytterby.exposure.element_exposure import ElementExposure, assess_element
from ytterby.exposure.supply_results import EntryShare, Indicator, PassedShare, SinglePoint, SupplierShare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.execution import Checkpoint
    from ytterby.result_model import ResultModel
    from ytterby.system import System

ROOMS = ("exposure", "system", "facts", "solver")
"""Packages of Ytterby whose code an exposure depends on; the figures are in the System."""
CALCULATORS = ("ytterby", "numpy", "pandas", "scipy", "highspy")
"""Distributions whose version may change it."""
ROWS: dict[str, type[ResultModel]] = {
    "suppliers": SupplierShare,
    "indicators": Indicator,
    "entries": EntryShare,
    "passed": PassedShare,
    "single_points": SinglePoint,
}
"""Fields of :class:`ElementExposure` that hold rows, with the model of a row."""


def assess_elements(
    system: System,
    elements: Sequence[str],
    home: tuple[str, ...],
    *,
    alone: bool = False,
    without: str | None = None,
    checkpoint: Checkpoint[bytes] | None = None,
) -> list[ElementExposure]:
    """:func:`assess_element` of each element, from the checkpoint where the same program has assessed the same before.

    Parameters
    ----------
    system : System
    elements : sequence of str
        Symbols.
    home : tuple of str
        Regions of the importer.
    alone, without
        As in :func:`assess_element`.
    checkpoint : Checkpoint, optional
        Persistent store; without it everything is assessed anew.
    """
    key = _digest(system, elements, home, alone=alone, without=without)
    content = None if checkpoint is None else checkpoint.get(key)
    kept = None if content is None else from_bytes(content)
    if kept is not None:
        return kept
    found = [assess_element(system, name, home, alone=alone, without=without) for name in elements]
    if checkpoint is not None:
        checkpoint.put(key, to_bytes(found))
    return found


def _digest(system: System, elements: Sequence[str], home: tuple[str, ...], *, alone: bool, without: str | None) -> str:
    """SHA-256 of all inputs of an exposure."""
    asked = json.dumps([system.digest, list(elements), list(home), alone, without])
    return hashlib.sha256(f"{asked} {program_digest(ROOMS, CALCULATORS)}".encode()).hexdigest()


def to_bytes(found: Sequence[ElementExposure]) -> bytes:
    """Exposures as JSON after its SHA-256; numbers keep all digits."""
    body = json.dumps([_plain(item) for item in found]).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def from_bytes(content: bytes) -> list[ElementExposure] | None:
    """Exposures as :func:`to_bytes` wrote them; None if the content is damaged."""
    head, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != head:
        return None
    return [_exposure(item) for item in json.loads(body)]


def _plain(item: ElementExposure) -> dict[str, Any]:
    """Fields in types of JSON; of rows those that were set."""
    found = {field.name: getattr(item, field.name) for field in fields(item)}
    return found | {name: [row.model_dump(exclude_unset=True) for row in found[name]] for name in ROWS}


def _exposure(item: dict[str, Any]) -> ElementExposure:
    rows = {name: [model.model_validate(row) for row in item[name]] for name, model in ROWS.items()}
    ends = {market: {region: tuple(values) for region, values in row.items()} for market, row in item["dependence"].items()}
    return ElementExposure(**item | rows | {"facts": tuple(item["facts"]), "dependence": ends})
