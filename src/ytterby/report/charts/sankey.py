"""Sankey diagram of the supply chain: columns of stages, nodes of groups of regions, ribbons of mass.

Nodes have the same order in every column, ribbons leave and enter in the order of the nodes at their other
end, heights are proportional to mass. Labels are to the right of their node, in the gap between two columns,
and are shortened or left out if they do not fit; the table of the chart has all numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.palette import INK, MUTED, REGION_GROUPS
from ytterby.report.charts.svg import Svg, shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NODE = 13.0
"""Width of a node [user units]."""
RIGHT = 128.0
"""Space for the labels of the last column [user units]."""
GAP = 7.0
"""Smallest distance between two nodes of a column [user units]."""
SMALLEST_LABEL = 9.0
"""Height of the smallest node that gets a label [user units]."""


@dataclass(frozen=True)
class Ribbon:
    """Mass flow from a group of regions in one column to a group in the next.

    Attributes
    ----------
    column : int
        Index of the column of its source.
    source, target : str
        Groups of regions.
    value : float
        Mass [t/year], positive.
    """

    column: int
    source: str
    target: str
    value: float


@dataclass
class _Node:
    height: float
    y: float = 0.0
    left: float = 0.0
    """Height already used by incoming ribbons [user units]."""
    right: float = 0.0
    """Height already used by outgoing ribbons [user units]."""


def sankey_chart(
    ribbons: Sequence[Ribbon], heads: Sequence[str], name: Callable[[str], str], label: Callable[[int, str, float], str]
) -> Svg:
    """Draw the ribbons between their nodes.

    Parameters
    ----------
    ribbons : sequence of Ribbon
        Masses between neighbouring columns.
    heads : sequence of str
        Headings of the columns.
    name : callable
        Returns the name of a group.
    label : callable
        Returns the text next to the name of a node, from column, group and mass [t/year].
    """
    svg = Svg(800.0, 360.0)
    top, step = 34.0, (svg.width - NODE - RIGHT) / (len(heads) - 1)
    masses = node_masses(ribbons, len(heads))
    scale = min((svg.height - top - GAP * (len(column) - 1) - 4) / sum(column.values()) for column in masses)
    nodes = [_stack(column, scale, top) for column in masses]
    for ribbon in sorted(ribbons, key=lambda item: (item.column, _rank(item.source), _rank(item.target))):
        _draw_ribbon(svg, ribbon, nodes, scale, step)
    for index, head in enumerate(heads):
        x = index * step
        svg.text(x, 16, shortened(head, 13, step - 6 if index < len(heads) - 1 else RIGHT + NODE, bold=True), size=13, bold=True)
        for group, node in nodes[index].items():
            svg.rect(x, node.y, NODE, node.height, REGION_GROUPS[group])
            if node.height >= SMALLEST_LABEL:
                _label(svg, x + NODE + 5, node, name(group), label(index, group, masses[index][group]))
    return svg.tell("sankey", ribbons=ribbons, heads=heads, masses=masses, name=name, label=label)


def node_masses(ribbons: Sequence[Ribbon], columns: int) -> list[dict[str, float]]:
    """Mass of each node by column [t/year]: the larger of inflow and outflow, in the order of the palette."""
    enters: list[dict[str, float]] = [{} for _ in range(columns)]
    leaves: list[dict[str, float]] = [{} for _ in range(columns)]
    for ribbon in ribbons:
        leaves[ribbon.column][ribbon.source] = leaves[ribbon.column].get(ribbon.source, 0.0) + ribbon.value
        enters[ribbon.column + 1][ribbon.target] = enters[ribbon.column + 1].get(ribbon.target, 0.0) + ribbon.value
    return [
        {group: max(into.get(group, 0.0), out.get(group, 0.0)) for group in sorted({*into, *out}, key=_rank)}
        for into, out in zip(enters, leaves, strict=True)
    ]


def _rank(group: str) -> int:
    return list(REGION_GROUPS).index(group)


def _stack(column: dict[str, float], scale: float, top: float) -> dict[str, _Node]:
    nodes, y = {}, top
    for group, mass in column.items():
        nodes[group] = _Node(max(mass * scale, 1.0), y)
        y += nodes[group].height + GAP
    return nodes


def _draw_ribbon(svg: Svg, ribbon: Ribbon, nodes: list[dict[str, _Node]], scale: float, step: float) -> None:
    source, target = nodes[ribbon.column][ribbon.source], nodes[ribbon.column + 1][ribbon.target]
    wide = max(ribbon.value * scale, 0.4)
    x1, x2 = ribbon.column * step + NODE, (ribbon.column + 1) * step
    y1, y2 = source.y + source.right, target.y + target.left
    source.right, target.left = source.right + wide, target.left + wide
    bend = (x1 + x2) / 2
    there = f"M{x1:.1f},{y1:.1f}C{bend:.1f},{y1:.1f} {bend:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    back = f"v{wide:.2f}C{bend:.1f},{y2 + wide:.1f} {bend:.1f},{y1 + wide:.1f} {x1:.1f},{y1 + wide:.1f}z"
    svg.put("path", d=there + back, fill=REGION_GROUPS[ribbon.source], fill_opacity=0.32)


def _label(svg: Svg, x: float, node: _Node, name: str, share: str) -> None:
    middle, room = node.y + node.height / 2, RIGHT - 6.0
    if node.height >= 30.0:
        svg.text(x, middle - 2, shortened(name, 12, room, bold=True), size=12, bold=True, halo=True)
        svg.text(x, middle + 13, share, size=11.5, ink=INK, halo=True)
    else:
        name = shortened(name, 11, room - text_width(f" {share}", 11))
        svg.text(x, middle + 4, f"{name} {share}", size=11, ink=INK if node.height >= 16 else MUTED, halo=True)
