"""Shapes of the map: outlines of the regions, and arcs between them."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from ytterby.facts import load
from ytterby.report.charts import MIDDLE, region_outlines

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.report.briefing import Chart
    from ytterby.report.charts import Outlines

BEND = 0.22
"""How far an arc bends, as a share of its length; it bends to its right, so that both directions stand apart."""


@lru_cache(maxsize=4)
def outlines_of(project: Path) -> Outlines:
    """Outlines of the regions; they are the same for every project, but a project may bring its own table of countries."""
    facts = load(project)
    codes = facts.countries()
    return region_outlines(facts.world_map(), dict(zip(codes["numeric"].str.zfill(3), codes["iso2"], strict=True)))


def arc(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Path of an arc between two points of the map, bent to its right."""
    (x1, y1), (x2, y2) = start, end
    wide = math.hypot(x2 - x1, y2 - y1)
    middle = ((x1 + x2) / 2 + BEND * (y2 - y1), (y1 + y2) / 2 - BEND * (x2 - x1) - 0.04 * wide)
    return f"M{x1:.1f} {y1:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {x2:.1f} {y2:.1f}"


def shapes(outlines: Outlines) -> Markup:
    """JSON of what the browser needs to draw finer shapes in the same places: the projection, and the region of each country."""
    found = {"scale": outlines.scale, "corner": outlines.corner, "middle": MIDDLE, "regions": dict(outlines.members)}
    return Markup(json.dumps(found, ensure_ascii=True, separators=(",", ":")))  # noqa: S704 (numbers and codes)


def shapes_of(chart: Chart) -> Markup:
    """The same for a picture that is a map; empty for any other."""
    shown = chart.svg.shown
    return shapes(shown.parts["world"]) if shown is not None and shown.kind == "map" else Markup()
