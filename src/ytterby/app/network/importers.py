"""Which regions and countries an importer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.facts import expand_regions, region_of, regions

if TYPE_CHECKING:
    from collections.abc import Iterable


def home_of(importer: str) -> tuple[str, ...]:
    """Regions of an importer: a region or a group such as EU."""
    return expand_regions(importer, "importer")


def members_of(importer: str, countries: Iterable[str] = ()) -> tuple[str, ...]:
    """ISO codes of an importer; the rest of the world takes all given countries that no region names."""
    found: list[str] = []
    for region in home_of(importer):
        listed = regions()[region].members or (region,)
        found.extend(code for code in countries if region_of(code) == region) if listed == ("*",) else found.extend(listed)
    return tuple(found)
