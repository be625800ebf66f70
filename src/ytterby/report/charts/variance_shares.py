"""Bar chart of Sobol indices: shares of an outcome's variance explained by inputs, first-order and total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, Scale
from ytterby.report.charts.palette import ACCENT, INK, MUTED
from ytterby.report.charts.svg import Svg
from ytterby.report.charts.tracks import TRACK_ROW, Track, track_width

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class VarianceShare:
    """Share of the variance that an input explains alone, and with all its interactions (None if unknown) [1]."""

    name: str
    alone: float
    total: float | None
    label: str
    ink: str = ACCENT


def variance_share_chart(shares: Sequence[VarianceShare], limit: float) -> Svg:
    """Draw a bar for each input; the part due to interactions is paler.

    Parameters
    ----------
    shares : sequence of VarianceShare
        From top to bottom.
    limit : float
        Share at the right edge [1].
    """
    svg, scale = Svg(HALF_PAGE, 2.0 + TRACK_ROW * len(shares)), Scale(0.0, limit)
    width = track_width((share.label for share in shares), 8.0)
    for index, share in enumerate(shares):
        track, main = Track(svg, TRACK_ROW * index, width), share.ink == ACCENT
        track.name(share.name)
        if share.total is not None and share.total > share.alone:
            track.fill(0, width * scale.position(share.total), share.ink, 0.32)
        track.fill(0, width * scale.position(share.alone), share.ink, 0.85)
        track.label(share.label, INK if main else MUTED, bold=main)
    return svg.tell("variance", rows=shares, limit=limit)
