"""World map: regions coloured by one share, rings sized by another, the importer's own region outlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.charts.palette import ALARM, FAINT, INK, shade
from ytterby.report.charts.svg import Svg, text_width

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from xml.etree.ElementTree import Element

    from ytterby.report.charts.outlines import Outlines

LABEL = 28.0
"""Size of the labels [user units of a map 1000 wide]."""
RING = 62.0
"""Radius of the ring of a share of 1 [user units]; areas are proportional to shares."""
WIDE_RING = 0.3
"""Smallest share at which the label is inside its ring [1]."""


def world_map_chart(
    world: Outlines, shaded: Mapping[str, float], rings: Mapping[str, float], own: Collection[str], labels: Mapping[str, str]
) -> Svg:
    """Draw the regions.

    Parameters
    ----------
    world : Outlines
        Shapes of the regions.
    shaded : mapping
        Share by region [1], shown in five colour classes; regions without a share are pale.
    rings : mapping
        Share by region [1], drawn as a ring with proportional area.
    own : collection of str
        The importer's regions, drawn with a dark outline.
    labels : mapping
        Labels by region.
    """
    svg = Svg(world.width, world.height + 6.0)
    svg.root.append(_regions(world, shaded))
    for region in own:
        svg.put(
            "path",
            d=world.regions[region],
            data_region=region,
            fill="none",
            stroke=INK,
            stroke_width=22,
            stroke_linejoin="round",
            transform="scale(0.1)",
        )
    for region, share in sorted(rings.items(), key=lambda item: -item[1]):
        x, y = world.labels[region]
        svg.put("circle", cx=x, cy=y, r=max(RING * share**0.5, 2.5), fill="none", stroke=ALARM, stroke_width=2.6)
    _write(svg, world, labels, rings)
    return svg.tell("map", world=world)


def _regions(world: Outlines, shaded: Mapping[str, float]) -> Element:
    layer = Svg(0, 0)
    layer.root.tag = "g"
    layer.root.attrib.clear()
    layer.root.set("transform", "scale(0.1)")
    for region, path in world.regions.items():
        ink = shade(shaded.get(region, 0.0))
        layer.put("path", d=path, data_region=region, fill=ink, stroke="#b4bac3" if ink == FAINT else ink, stroke_width=3)
    layer.put("path", d=world.borders, data_region="borders", fill="none", stroke="#ffffff", stroke_width=6)
    return layer.root


def _write(svg: Svg, world: Outlines, labels: Mapping[str, str], rings: Mapping[str, float]) -> None:
    """Write labels next to their regions, moved down if two would overlap."""
    taken: list[tuple[float, float, float]] = []
    for region in sorted(labels, key=lambda code: (rings.get(code, 0.0) < WIDE_RING, world.labels[code][1])):
        x, y = world.labels[region]
        wide = text_width(labels[region], LABEL, bold=True)
        aside = -wide / 2 if rings.get(region, 0.0) >= WIDE_RING else max(RING * rings.get(region, 0.0) ** 0.5, 8.0) + 5
        x, y = min(max(x + aside, 2.0), svg.width - wide - 2), y + LABEL / 3
        while any(abs(y - other) < LABEL * 1.02 and x < right and left < x + wide for left, other, right in taken):
            y += LABEL * 0.3
        taken.append((x, y, x + wide))
        svg.text(x, y, labels[region], size=LABEL, bold=True, halo=True)
