"""Small links are merged into trade through the rest of the world, never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HUB = "ROW"
SMALL = 1e-3
"""A link below this share of the base flow of both its markets is small."""

Links = dict[tuple[str, str, str], float]
"""Flow [t/year] by commodity, origin and destination."""


def steps(origin: str, destination: str, flow: float, limit: float) -> tuple[tuple[str, str], ...]:
    """Way of a flow: direct, or through the rest of the world if it is below the limit. Links of ROW itself stay."""
    if flow < limit and HUB not in (origin, destination):
        return (origin, HUB), (HUB, destination)
    return ((origin, destination),)


def merge_small(links: Mapping[tuple[str, str, str], float], throughput: Mapping[str, float], share: float = SMALL) -> Links:
    """Send every small link A > B as A > ROW > B.

    Exports of A and imports of B keep their mass; ROW passes it on. A link is small if its flow is below ``share`` of
    the throughput of its destination and of its origin.

    Parameters
    ----------
    links : mapping
        Flow by (commodity, origin, destination).
    throughput : mapping
        Base flow of a market ``commodity@region`` [t/year].
    """
    kept: Links = {}
    for (commodity, origin, destination), flow in sorted(links.items()):
        limit = share * min(throughput[f"{commodity}@{origin}"], throughput[f"{commodity}@{destination}"])
        for a, b in steps(origin, destination, flow, limit):
            kept[commodity, a, b] = kept.get((commodity, a, b), 0.0) + flow
    return dict(sorted(kept.items()))
