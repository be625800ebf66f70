from __future__ import annotations

import re

import numpy as np
import pytest

from tests.exposure.systems import random_system
from tests.report.synthetic import world
from ytterby.exposure import element_network, traced_shares, upstream_walk, use_weights
from ytterby.facts import regions
from ytterby.report.briefing.chain_masses import chain_ribbons, output_shares
from ytterby.report.charts import Ribbon, group_of, node_masses, sankey_chart, world_map_chart
from ytterby.report.charts.outlines import TOLERANCE, equal_earth, thinned
from ytterby.report.charts.sankey import GAP
from ytterby.report.charts.world_map import RING


def rings(path: str) -> list[list[tuple[float, float]]]:
    """Points of a path of relative steps."""
    found = []
    for part in re.findall(r"M(-?\d+) (-?\d+)l([-\d ]*)z?", path):
        x, y, steps = float(part[0]), float(part[1]), [float(step) for step in part[2].split()]
        points = [(x, y)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        found.append(points)
    return found


def test_every_region_has_a_shape_and_a_place_for_its_label() -> None:
    shapes = world()
    assert shapes.regions.keys() == regions().keys() == shapes.labels.keys()
    assert all(0 <= x <= shapes.width and 0 <= y <= shapes.height for x, y in shapes.labels.values())
    assert sum(map(len, shapes.regions.values())) + len(shapes.borders) < 60_000


def test_no_shape_is_drawn_across_the_edge_of_the_map() -> None:
    for region, path in world().regions.items():
        for points in rings(path):
            steps = [abs(after[0] - before[0]) for before, after in zip(points, points[1:], strict=False)]
            assert max(steps, default=0.0) < 2500.0, region


def test_the_projection_keeps_areas() -> None:
    """Equal Earth: a square degree has the same area wherever it lies, times the cosine of its latitude."""

    def area(lon: float, lat: float) -> float:
        h = 1e-4
        (x0, y0), (x1, y1), (x2, y2) = (equal_earth(lon + a, lat + b) for a, b in ((0, 0), (h, 0), (0, h)))
        return abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / np.cos(np.radians(lat))

    places = [(20.0, 0.0), (-60.0, 35.0), (120.0, 60.0), (5.0, -50.0)]
    assert [area(*place) for place in places] == pytest.approx([area(0.0, 0.0)] * 4, rel=1e-3)


def test_crimea_is_drawn_with_ukraine() -> None:
    """The peninsula's shape is near the Black Sea's north coast: inside ROW (Ukraine), not inside RU."""
    shapes = world()
    x, y = equal_earth(34.4, 45.2)
    west, north = equal_earth(-169.0, 0.0)[0], equal_earth(11.0, 83.6)[1]
    east = equal_earth(190.9, 0.0)[0]
    at = ((x - west) / (east - west) * 10_000, (y - north) / (east - west) * 10_000)

    def holds(points: list[tuple[float, float]]) -> bool:
        inside = False
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
            if (y1 > at[1]) != (y2 > at[1]) and at[0] < (x2 - x1) * (at[1] - y1) / (y2 - y1) + x1:
                inside = not inside
        return inside

    owners = {region for region, path in shapes.regions.items() for points in rings(path) if holds(points)}
    assert owners == {"ROW"}


def test_thinning_keeps_ends_and_stays_close() -> None:
    angles = np.linspace(0.0, 3.0, 200)
    points = [(100 * float(np.cos(a)), 100 * float(np.sin(a))) for a in angles]
    few = thinned(points)
    assert (few[0], few[-1]) == (points[0], points[-1])
    assert len(few) < 30
    assert all(min(abs(np.hypot(x, y) - 100) for x, y in few) < TOLERANCE for _ in [0])
    chords = zip(few, few[1:], strict=False)
    assert max(100 - np.hypot((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in chords) <= TOLERANCE * 1.01


def test_areas_of_rings_are_proportional_to_shares() -> None:
    svg = world_map_chart(world(), {"CN": 0.9}, {"CN": 0.64, "AU": 0.04}, ["JP"], {"CN": "China"})
    radii = sorted(float(item.get("r", 0)) for item in svg.root.findall("circle"))
    assert radii == pytest.approx([RING * 0.2, RING * 0.8], abs=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_ribbons_hold_the_mass_that_plants_take(seed: int) -> None:
    """Second road: what enters a column is the intake of its plants less scrap and stocks, region by region."""
    system = random_system(seed, elements=("Dy",))
    stages, ribbons = chain_ribbons(system, "Dy")
    network = element_network(system, "Dy")
    assert stages == ("mine", "oxide", "metal", "magnet", "use")
    magnets = network.process_stage == "magnet"
    taken = float(network.process_input[magnets].sum())
    entered = sum(ribbon.value for ribbon in ribbons if ribbon.column == 2)
    assert entered == pytest.approx(taken, rel=1e-3)


def test_the_last_column_is_the_traced_use() -> None:
    system = random_system(3, elements=("Dy",))
    stages, ribbons = chain_ribbons(system, "Dy")
    network = element_network(system, "Dy")
    demands = np.arange(len(network.use))
    shares = traced_shares(upstream_walk(network), "magnet", use_weights(network, demands))
    last = [ribbon for ribbon in ribbons if ribbon.column == len(stages) - 2]
    whole = float(network.use.sum())
    for group in {ribbon.source for ribbon in last}:
        drawn = sum(ribbon.value for ribbon in last if ribbon.source == group)
        assert drawn == pytest.approx(
            whole * sum(share for name, share in shares.items() if name in regions() and group_of(name) == group), rel=1e-3
        )


def test_shares_of_a_stage_sum_to_one() -> None:
    shares = output_shares(random_system(2, elements=("Dy",)), "Dy", "oxide")
    assert sum(shares.values()) == pytest.approx(1.0)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_heights_are_proportional_and_columns_fit() -> None:
    ribbons = [
        Ribbon(0, "CN", "CN", 60.0),
        Ribbon(0, "SEA", "CN", 30.0),
        Ribbon(0, "US", "JP", 10.0),
        Ribbon(1, "CN", "JP", 90.0),
        Ribbon(1, "JP", "JP", 10.0),
    ]
    svg = sankey_chart(ribbons, ["a", "b", "c"], str, lambda _column, group, _mass: group)
    heights = [float(item.get("height", 0)) for item in svg.root.findall("rect")]
    masses = [mass for column in node_masses(ribbons, 3) for mass in column.values()]
    assert np.corrcoef(heights, masses)[0, 1] == pytest.approx(1.0, abs=1e-6)
    assert max(float(item.get("y", 0)) + float(item.get("height", 0)) for item in svg.root.findall("rect")) <= svg.height
    assert GAP > 0
    assert len(svg.root.findall("path")) == len(ribbons)
