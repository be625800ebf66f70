"""Activities by region, such as car production, by which uses and value added are shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.system.inputs import FigureExpressions


def activity_shares(inputs: FigureExpressions, key: str) -> dict[str, float]:
    """Share of each region in an activity, summing to one."""
    sizes = activity_sizes(inputs, key)
    total = sum(sizes.values())
    return {region: size / total for region, size in sizes.items()}


def activity_sizes(inputs: FigureExpressions, key: str) -> dict[str, float]:
    """Size of an activity by region, in the key's own unit."""
    return {row.region: inputs.cell(row.fact, row.value, row.rel).value for row in inputs.rows("activity", key=key)}
