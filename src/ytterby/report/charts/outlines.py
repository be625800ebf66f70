"""Outlines of the regions for the map, from country outlines in TopoJSON.

Equal Earth projection (Savric, Patterson, Jenny 2018), thinned by Douglas and Peucker to what the picture
resolution; borders inside a region are left out. Lengths are tenths of a unit of a map 1000 wide, so that the
paths are short whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping  # noqa: TC003 (pydantic reads the annotations of outlines that are kept)
from dataclasses import dataclass, field
from typing import Any

from ytterby.facts import region_of

WIDTH = 1000.0
TOLERANCE = 0.7
"""Tolerance of the simplified outlines [units]."""
SMALLEST = 1.6
"""Islands with a bounding box smaller than this on both sides are left out, as are those cut by the map's edge [units]."""
WITHOUT_CODE = {"N. Cyprus": "CY", "Somaliland": "SO", "Kosovo": "XK"}
"""Shapes of Natural Earth that have no ISO code."""
CRIMEA = (32.0, 44.0, 36.9, 46.5)
"""Bounding box of the peninsula [degrees]. Natural Earth assigns it to Russia; here it belongs to Ukraine (UN resolution 68/262)."""
MIDDLE = 11.0
"""Central meridian of the map [degrees]: the edge is then in the Bering Strait and cuts only one island."""
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796

Point = tuple[float, float]


@dataclass(frozen=True)
class Outlines:
    """Paths of the regions [tenths of a unit], borders between regions, and positions of labels [units]."""

    width: float
    height: float
    regions: Mapping[str, str]
    borders: str
    labels: Mapping[str, Point]
    scale: float = 1.0
    """Units of the map per unit of the projection."""
    corner: Point = (0.0, 0.0)
    """Upper left corner of the map in the projection."""
    members: Mapping[str, str] = field(default_factory=dict)
    """Region of each shape by its numeric code, by its name where it has none; those of the rest of the world are left out."""


def region_outlines(topology: Mapping[str, Any], alpha2: Mapping[str, str]) -> Outlines:
    """Outlines of the vocabulary's regions.

    Parameters
    ----------
    topology : mapping
        TopoJSON with the object ``countries``; ids are ISO 3166 numeric codes.
    alpha2 : mapping
        ISO 3166 alpha-2 code by numeric code (three digits).
    """
    lonlat = _arcs(topology)
    flat = [[equal_earth(*point) for point in arc] for arc in lonlat]
    rings = [ring for shape in topology["objects"]["countries"]["geometries"] for ring in _rings(shape, alpha2, lonlat)]
    used = [point for _, ring in rings for point in _joined(ring, flat)]
    west, north, east, south = _box(used)
    scale = WIDTH / (east - west)
    arcs = [thinned([((x - west) * scale, (y - north) * scale) for x, y in arc]) for arc in flat]
    regions: dict[str, str] = {}
    largest: dict[str, tuple[float, Point]] = {}
    for region, ring in rings:
        points = _joined(ring, arcs)
        left, top, right, bottom = _box(points)
        if (right - left >= SMALLEST or bottom - top >= SMALLEST) and right - left < WIDTH / 2.0:
            regions[region] = regions.get(region, "") + _path(points, closed=True)
            largest[region] = max(largest.get(region, (0.0, (0.0, 0.0))), _centre(points))
    labels = {region: (round(x, 1), round(y, 1)) for region, (_, (x, y)) in largest.items()}
    return Outlines(
        WIDTH,
        round((south - north) * scale, 1),
        dict(sorted(regions.items())),
        _borders(rings, arcs),
        labels,
        scale,
        (west, north),
        _members(alpha2),
    )


def _members(alpha2: Mapping[str, str]) -> dict[str, str]:
    """Region by numeric code or name of a shape."""
    found = {key: region_of(iso) for key, iso in {**alpha2, **WITHOUT_CODE}.items()}
    return {key: region for key, region in sorted(found.items()) if region != "ROW"}


def equal_earth(lon: float, lat: float) -> Point:
    """Equal Earth projection of longitude and latitude [degrees]; x increases eastwards, y southwards."""
    theta = math.asin(math.sqrt(3.0) / 2.0 * math.sin(math.radians(lat)))
    t2, t6 = theta**2, theta**6
    x = (
        2.0
        * math.sqrt(3.0)
        * math.radians((lon - MIDDLE + 180.0) % 360.0 - 180.0)
        * math.cos(theta)
        / (3.0 * (9.0 * _A4 * t6 * t2 + 7.0 * _A3 * t6 + 3.0 * _A2 * t2 + _A1))
    )
    return x, -theta * (_A4 * t6 * t2 + _A3 * t6 + _A2 * t2 + _A1)


def thinned(points: list[Point]) -> list[Point]:
    """Simplify a line within :data:`TOLERANCE` (Douglas and Peucker)."""
    if len(points) < 3:
        return points
    gaps = [_gap(points[0], points[-1], point) for point in points[1:-1]]
    far = max(range(len(gaps)), key=gaps.__getitem__)
    if gaps[far] <= TOLERANCE:
        return [points[0], points[-1]]
    return thinned(points[: far + 2])[:-1] + thinned(points[far + 1 :])


def _gap(start: Point, end: Point, point: Point) -> float:
    """Distance of a point from the line through two others, or from the point if they coincide."""
    (x1, y1), (x2, y2) = start, end
    span = math.hypot(x2 - x1, y2 - y1)
    if span == 0.0:
        return math.hypot(point[0] - x1, point[1] - y1)
    return abs((x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)) / span


def _arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Arcs in degrees: cumulative sums of the quantised steps."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def _rings(shape: Mapping[str, Any], alpha2: Mapping[str, str], lonlat: list[list[Point]]) -> list[tuple[str, list[int]]]:
    """Rings of a country as arc numbers, each with its region; Antarctica has no region."""
    name = shape["properties"]["name"]
    if name == "Antarctica":
        return []
    region = region_of(alpha2[shape["id"]] if "id" in shape else WITHOUT_CODE[name])
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    rings = [ring for polygon in polygons for ring in polygon]
    return [(region_of("UA") if name == "Russia" and _within(_joined(ring, lonlat), CRIMEA) else region, ring) for ring in rings]


def _joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Points of a ring; a negative number is an arc in reverse direction."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _box(points: list[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _within(points: list[Point], box: tuple[float, float, float, float]) -> bool:
    left, low, right, high = _box(points)
    return box[0] <= left and right <= box[2] and box[1] <= low and high <= box[3]


def _centre(points: list[Point]) -> tuple[float, Point]:
    """Area and centroid of a ring."""
    area = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area, cx, cy = area + cross / 2.0, cx + (x1 + x2) * cross, cy + (y1 + y2) * cross
    return abs(area), ((cx / (6.0 * area), cy / (6.0 * area)) if area else points[0])


def _borders(rings: list[tuple[str, list[int]]], arcs: list[list[Point]]) -> str:
    """Path of the arcs that separate two regions."""
    owners: dict[int, set[str]] = {}
    for region, ring in rings:
        for number in ring:
            owners.setdefault(number if number >= 0 else ~number, set()).add(region)
    return "".join(_path(arcs[number], closed=False) for number, names in sorted(owners.items()) if len(names) > 1)


def _path(points: list[Point], *, closed: bool) -> str:
    """SVG path with relative steps in tenths of a unit."""
    tenths = [(round(x * 10.0), round(y * 10.0)) for x, y in points]
    steps = [f"{x - a} {y - b}" for (a, b), (x, y) in zip(tenths, tenths[1:], strict=False) if (x, y) != (a, b)]
    return f"M{tenths[0][0]} {tenths[0][1]}l{' '.join(steps)}{'z' if closed else ''}" if steps else ""
