"""What a tonne of each commodity contains: baskets, stoichiometry, magnet grades.

All contents are t of element as oxide (REO equivalent) per t of the commodity's own mass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.system.recipes import recipe

if TYPE_CHECKING:
    from ytterby.system.inputs import Inputs

Content = dict[str, float]
"""REO equivalent by element."""

PERCENT = 0.01


@dataclass(frozen=True)
class Composition:
    """Contents of all commodities, from baskets and exact factors."""

    inputs: Inputs
    merge_ndpr: bool = True

    @cached_property
    def metal_per_oxide(self) -> dict[str, float]:
        """t of element per t of its oxide; ``NdPr`` at the fixed split."""
        factors = {row.element: self.inputs.one(row.fact).value for row in recipe("stoichiometry").itertuples()}
        factors["NdPr"] = self.nd_share * factors["Nd"] + (1 - self.nd_share) * factors["Pr"]
        return factors

    @cached_property
    def nd_share(self) -> float:
        """Share of Nd in NdPr oxide: world mine output of the two (one market downstream of separation)."""
        ids = recipe("constants").set_index("name")["facts"]
        nd, pr = self.inputs.sum(ids["mined_nd"]).value, self.inputs.sum(ids["mined_pr"]).value
        return nd / (nd + pr)

    @cached_property
    def baskets(self) -> dict[str, Content]:
        """Share of each element in a feed's REO, summing to one."""
        shares = self.inputs.facts.baskets()
        shares = shares[shares["complete"] == "full"]
        return {row.feed: self._basket(row, shares) for row in recipe("feeds").itertuples()}

    def _basket(self, row: object, shares: object) -> Content:
        if row.element:  # type: ignore[attr-defined]
            return {row.element: row.share}  # type: ignore[attr-defined]
        found = shares[shares["deposit"] == row.deposit].sort_values("element")  # type: ignore[index,attr-defined]
        self.inputs.used.update(found.index)
        total = found["value"].sum()
        return {element: value / total for element, value in zip(found["element"], found["value"], strict=True) if value > 0}

    def oxide(self, element: str) -> Content:
        """Content of a separated oxide."""
        if element == "NdPr":
            return {"Nd": self.nd_share, "Pr": 1 - self.nd_share}
        return {element: 1.0}

    def metal(self, element: str) -> Content:
        """Content of a metal, by the exact factor."""
        return {part: share / self.metal_per_oxide[element] for part, share in self.oxide(element).items()}

    @cached_property
    def grades(self) -> dict[str, dict[str, float]]:
        """Mass share of each metal in a magnet grade."""
        grades: dict[str, dict[str, float]] = {}
        for row in recipe("grades").itertuples():
            grades.setdefault(row.grade, {})[row.element] = PERCENT * row.factor * self.inputs.mean(row.facts).value
        return grades

    def magnet(self, grade: str) -> Content:
        """Content of a magnet grade, and of its swarf."""
        return mix((share, self.metal(element)) for element, share in self.grades[grade].items())

    def component(self, name: str) -> Content:
        """Content of a component, in t of magnet embedded."""
        rows = recipe("components")
        rows = rows[rows["component"] == name]
        return mix((row.share, self.magnet(row.grade)) for row in rows.itertuples())

    def of(self, commodity: str) -> Content:
        """Content of any commodity by its name."""
        stage, _, product = commodity.partition(".")
        if stage == "mine":
            return self.baskets[product.removeprefix("concentrate-")]
        makers = {"oxide": self.oxide, "metal": self.metal, "magnet": self.magnet, "scrap": self.magnet, "component": self.component}
        return makers[stage](product)


def mix(parts: object) -> Content:
    """Weighted sum of contents."""
    total: Content = {}
    for weight, content in parts:  # type: ignore[attr-defined]
        for element, value in content.items():
            total[element] = total.get(element, 0.0) + weight * value
    return total
