"""Component making: between magnet and product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.system.draft import DraftProcess, guess
from ytterby.system.ras import balance_table

if TYPE_CHECKING:
    from ytterby.system.demands import Uses
    from ytterby.system.inputs import FigureExpressions

LOCAL = 0.9
"""Weight of a region's own products in what its component makers make; the rest follows the world."""

MIN_ROOM = 0.1
"""Share of a region's magnets that goes into components at least."""


def first_use(inputs: FigureExpressions) -> dict[str, float]:
    """Direct use of finished NdFeB magnets by region [t/year]."""
    return {row.region: inputs.one(row.fact).value * row.share for row in inputs.rows("magnet_first_use")}


def needs_and_room(uses: Uses, first: dict[str, float]) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Need of each component by region, and magnets left for components after direct use [t/year]."""
    needs: dict[tuple[str, str], float] = {}
    room = dict(first)
    for (commodity, region, _), size in uses.sizes.items():
        if commodity.startswith("component."):
            key = (commodity.removeprefix("component."), region)
            needs[key] = needs.get(key, 0.0) + size
        elif commodity != "magnet.SmCo" and region in room:
            room[region] = max(room[region] - size, MIN_ROOM * first[region])
    return needs, room


def component_makers(inputs: FigureExpressions, needs: dict[tuple[str, str], float], room: dict[str, float]) -> list[DraftProcess]:
    """Regional totals from the first use of magnets, world totals from the needs; activity in t of magnet embedded."""
    names, regions = sorted({name for name, _ in needs}), sorted(room)
    world = {name: sum(size for (other, _), size in needs.items() if other == name) for name in names}
    scale = sum(world.values()) / sum(room.values())
    seed = [
        [LOCAL * needs.get((name, region), 0.0) + (1 - LOCAL) * world[name] * room[region] / sum(room.values()) for region in regions]
        for name in names
    ]
    table = balance_table(seed, [world[name] for name in names], [room[region] * scale for region in regions])
    cells = [(name, region, float(table[i, j])) for i, name in enumerate(names) for j, region in enumerate(regions)]
    return [_maker(inputs, name, region, size) for name, region, size in cells if size > 0]


def _maker(inputs: FigureExpressions, name: str, region: str, size: float) -> DraftProcess:
    parts = inputs.rows("components", component=name)
    cells = {f"magnet.{part.grade}@{region}": -part.share for part in parts} | {f"component.{name}@{region}": 1.0}
    return DraftProcess(f"component.{name}@{region}", "component", cells, guess(size), lag=2, cost=inputs.cost(parts[0]))
