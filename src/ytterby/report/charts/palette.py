"""Colours: dark enough for print and for text on white, and distinguishable with any colour vision.

The hues follow Okabe and Ito (2008), darkened until each has a contrast of 4.5 : 1 with white
(WCAG 2.2, 1.4.3). Information is never given by colour alone, but also by labels, dashes or hatching.
"""

from __future__ import annotations

INK = "#1a1d21"
"""Text."""
MUTED = "#565c66"
"""Axis labels and notes."""
RULE = "#c9ced6"
"""Lines of axes and tables."""
FAINT = "#eef0f3"
"""Background of bars, and countries without a share."""
ACCENT = "#0b4f8a"
"""The reader's own country, links, medians."""
ALARM = "#a5370b"
"""The restricting supplier, today's marker."""
BAND = 0.35
"""Opacity of a band behind a point, in charts and in their legends."""

REGION_GROUPS: dict[str, str] = {
    "CN": "#a5370b",
    "SEA": "#8c4a86",
    "JP": "#0b4f8a",
    "US": "#006d56",
    "EU": "#7a6300",
    "AU": "#23749f",
    "OTHER": "#62676f",
}
"""Colour of each group of regions in the Sankey diagram and in legends."""

BLUES = ("#c9ddf0", "#98c0e0", "#5f9dcc", "#2c74ad", "#0b4f8a")
"""Colours of five classes from small to large, in even steps of lightness."""

_GROUP_OF: dict[str, str] = {
    "CN": "CN", "JP": "JP", "US": "US", "AU": "AU",
    **dict.fromkeys(("MM", "LA", "VN", "TH", "MY"), "SEA"),
    **dict.fromkeys(("DE", "FR", "EE", "EUX"), "EU"),
}  # fmt: skip


def group_of(region: str) -> str:
    """Group of regions with a common colour and node: CN, SEA, JP, US, EU, AU or OTHER."""
    return _GROUP_OF.get(region, region if region in REGION_GROUPS else "OTHER")


def ink_of(region: str) -> str:
    """Colour of a region or of a group of regions."""
    return REGION_GROUPS[group_of(region)]


def shade(share: float, classes: tuple[float, ...] = (0.02, 0.1, 0.25, 0.5)) -> str:
    """Colour of a share [1]: one of :data:`BLUES`, or :data:`FAINT` for zero."""
    if share <= 0.0:
        return FAINT
    return BLUES[sum(share >= edge for edge in classes)]
