"""Bar chart of the rank correlations of an outcome with its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE
from ytterby.report.charts.palette import ACCENT, ALARM, FAINT, INK, MUTED, RULE
from ytterby.report.charts.svg import Svg, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class DriverBar:
    """An input and its rank correlation with the outcome (-1 to 1)."""

    name: str
    rho: float
    label: str


def driver_chart(drivers: Sequence[DriverBar], left_words: str, right_words: str) -> Svg:
    """Draw bars from a middle line: inputs that lower the outcome to the left, inputs that raise it to the right."""
    row, top = 32.0, 18.0
    svg = Svg(HALF_PAGE, top + row * len(drivers) + 4)
    middle, reach = HALF_PAGE / 2, HALF_PAGE / 2 - 46
    svg.text(middle - 8, 12, left_words, size=10.5, ink=MUTED, anchor="end")
    svg.text(middle + 8, 12, right_words, size=10.5, ink=MUTED)
    svg.line(middle, top - 4, middle, svg.height - 2, RULE, 1.0)
    for index, driver in enumerate(drivers):
        y = top + row * index
        svg.text(0, y + 12, shortened(driver.name, 11.5, HALF_PAGE), size=11.5, halo=True)
        end = middle + reach * min(max(driver.rho, -1.0), 1.0)
        svg.rect(middle - reach, y + 17, 2 * reach, 10, FAINT)
        svg.rect(min(middle, end), y + 17, abs(end - middle), 10, ALARM if driver.rho > 0 else ACCENT, 0.85)
        svg.text(end + (6 if driver.rho > 0 else -6), y + 26, driver.label, size=10.5, ink=INK, anchor="start" if driver.rho > 0 else "end")
    return svg.tell("drivers", rows=drivers, sides=(left_words, right_words))
