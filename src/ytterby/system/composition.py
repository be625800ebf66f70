"""Element contents of commodities: ore baskets, stoichiometry and magnet grades.

All contents are in t of element as oxide (REO equivalent) per t of the commodity's own mass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from ytterby.system.inputs import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.inputs import FigureExpressions

Content = dict[str, float]
"""REO equivalent by element."""


class ElementContents(Protocol):
    """Element contents of commodities."""

    def of(self, commodity: str) -> Content:
        """Content of a commodity [t REO equivalent per t] by element."""
        ...


@dataclass(frozen=True)
class Composition:
    """Contents of all commodities of the rare-earth chain, from baskets and stoichiometric factors."""

    inputs: FigureExpressions

    @cached_property
    def merged(self) -> bool:
        """Whether Nd and Pr are one market downstream of separation."""
        return self.inputs.constant("merge_ndpr").value > 0

    @cached_property
    def nd_share(self) -> float:
        """Share of Nd in NdPr oxide, equal to its share in world mine output of the two."""
        nd, pr = self.inputs.constant("mined_nd").value, self.inputs.constant("mined_pr").value
        return nd / (nd + pr)

    @cached_property
    def metal_per_oxide(self) -> dict[str, float]:
        """Tonnes of element per t of its oxide; ``NdPr`` at :attr:`nd_share`."""
        factors = {row.element: self.inputs.one(row.fact).value for row in self.inputs.rows("stoichiometry")}
        factors["NdPr"] = self.nd_share * factors["Nd"] + (1 - self.nd_share) * factors["Pr"]
        return factors

    @cached_property
    def baskets(self) -> dict[str, Content]:
        """Share of each element in a feed's REO, summing to one."""
        return {row.feed: self._basket(row) for row in self.inputs.rows("feeds")}

    @cached_property
    def _published(self) -> dict[str, list[tuple[str, float, str]]]:
        shares = self.inputs.facts.baskets()
        shares = shares[shares["complete"] == "full"].sort_index()
        found: dict[str, list[tuple[str, float, str]]] = {}
        for id, deposit, element, value in zip(shares.index, shares["deposit"], shares["element"], shares["value"], strict=True):
            found.setdefault(deposit, []).append((element, float(value), id))
        return found

    def _basket(self, row: Any) -> Content:
        if row.element:
            return {row.element: float(row.share)}
        parts = sorted(self._published[row.deposit])
        self.inputs.used.update(id for _, _, id in parts)
        total = sum(value for _, value, _ in parts)
        return {element: value / total for element, value, _ in parts if value > 0}

    def separated(self, feed: str) -> Content:
        """Basket of a feed by separated oxide, with Nd and Pr together where they are one market."""
        basket = dict(self.baskets[feed])
        if self.merged and "Nd" in basket:
            basket["NdPr"] = basket.pop("Nd") + basket.pop("Pr")
        return basket

    def oxide(self, element: str) -> Content:
        """Content of a separated oxide."""
        return {"Nd": self.nd_share, "Pr": 1 - self.nd_share} if element == "NdPr" else {element: 1.0}

    def metal(self, element: str) -> Content:
        """Content of a metal, by the stoichiometric factor."""
        return {part: share / self.metal_per_oxide[element] for part, share in self.oxide(element).items()}

    @cached_property
    def grades(self) -> dict[str, dict[str, float]]:
        """Mass share of each metal in a magnet grade."""
        grades: dict[str, dict[str, float]] = {}
        for row in self.inputs.rows("grades"):
            grades.setdefault(row.grade, {})[row.element] = PERCENT * row.factor * self.inputs.mean(row.facts).value
        return grades

    @cached_property
    def substitutes(self) -> dict[str, dict[str, float]]:
        """Mass share of each metal in a good that is made from either of them, such as ``alloy.DyTb``, by the magnet grade's split.

        The unit of the good is what a tonne of the metal of worth 1 does.
        """
        found: dict[str, dict[str, float]] = {}
        for good in dict.fromkeys(row.good for row in self.inputs.rows("substitutes")):
            rows = self.inputs.rows("substitutes", good=good)
            whole = sum(self.grades[row.grade][row.element] * row.worth for row in rows)
            found[good] = {row.element: self.grades[row.grade][row.element] / whole for row in rows}
        return found

    def alloy(self, name: str) -> Content:
        """Content of a good that is made from either of several metals, at the split of the base year."""
        return mix((share, self.metal(element)) for element, share in self.substitutes[f"alloy.{name}"].items())

    def recipe(self, grade: str) -> dict[str, float]:
        """Metals and alloys that a magnet grade takes in [t per t of magnet]."""
        shares = {f"metal.{element}": share for element, share in self.grades[grade].items()}
        for row in self.inputs.rows("substitutes", grade=grade):
            shares[row.good] = shares.get(row.good, 0.0) + shares.pop(f"metal.{row.element}") * row.worth
        return shares

    def magnet(self, grade: str) -> Content:
        """Content of a magnet grade, and of its swarf."""
        return mix((share, self.metal(element)) for element, share in self.grades[grade].items())

    def component(self, name: str) -> Content:
        """Content of a component, per t of magnet embedded."""
        return mix((row.share, self.magnet(row.grade)) for row in self.inputs.rows("components", component=name))

    def of(self, commodity: str) -> Content:
        """Content of a commodity [t REO equivalent per t] by element."""
        return self._known.get(commodity) or self._known.setdefault(commodity, self._make(commodity))

    @cached_property
    def _known(self) -> dict[str, Content]:
        return {}

    def _make(self, commodity: str) -> Content:
        stage, _, product = commodity.partition(".")
        if stage == "mine":
            return self.baskets[product.removeprefix("concentrate-")]
        makers = {
            "oxide": self.oxide,
            "metal": self.metal,
            "alloy": self.alloy,
            "magnet": self.magnet,
            "scrap": self.magnet,
            "component": self.component,
        }
        return makers[stage](product)


def mix(parts: Iterable[tuple[float, Content]]) -> Content:
    """Weighted sum of contents."""
    total: Content = {}
    for weight, content in parts:
        for element, value in content.items():
            total[element] = total.get(element, 0.0) + weight * value
    return total
