"""Rows of programmes and stocks: from the choices of ``programmes.csv`` and the goods of the base year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from candidatelib.figures import NONE, Figure
from candidatelib.plants import NIL, SLIP_YEARS, Costs, Plant, Row
from ytterby.facts import CANDIDATE_FIGURES

if TYPE_CHECKING:
    from candidatelib.bases import Base
    from candidatelib.figures import Expressions

EXPLORATION = Figure(30e6, 10e6, 100e6, "assumed")
"""Cost of exploration and studies until a decision (judgement) [USD]."""
CLASSES = {"exploration": "rock", "exploration-heavy": "heavy-ore"}
"""Class of the plant that follows a find."""
KG = 1e3
FALL = 0.6
"""Deepest fall of prices in a price war (high end of ASM028)."""


@dataclass(frozen=True)
class Programme:
    """A programme of the choices with all its figures."""

    row: Row
    costs: Costs

    @property
    def read(self) -> Expressions:
        """Reader of figures."""
        return self.costs.read

    @property
    def good(self) -> str:
        """The good that counts."""
        return self.row["goods"].split()[0]

    @cached_property
    def price(self) -> Figure:
        """Base price of the good [USD/kg]."""
        return self.costs.base.price(self.good)

    @cached_property
    def size(self) -> Figure:
        """Output, or the tonnes that it is costed by [t/year]."""
        return self.read.read(self.row["unit"])

    @cached_property
    def plant(self) -> Plant | None:
        """The plant that it builds, if it builds one."""
        if not self.row["cost"]:
            return None
        cost = CLASSES.get(self.row["cost"], self.row["cost"])
        basket = "" if self.row["recipe"] else " ".join(f"{good}:1" for good in self.row["goods"].split())
        blank = {"capex": "", "opex": "", "counts": "", "start_facts": ""}
        return Plant(self.row | blank | {"good": self.good, "nameplate": self.row["unit"], "cost": cost, "basket": basket}, self.costs)

    @cached_property
    def lead(self) -> Figure:
        """Years from decision to first effect."""
        return self.read.read(self.row["lead"], "generic")

    @cached_property
    def cancel(self) -> Figure:
        """Probability that it does not work."""
        return self.read.read(self.row["cancel"])

    @cached_property
    def capex(self) -> Figure:
        """Cost at the beginning [USD]; of exploration, with the plant that follows a find, by its chance."""
        if self.plant is None:
            whole = self.row["kind"] in ("joint_rnd", "assistance")
            return self.read.read(self.row["capex"]) * (1.0 if whole else self.size.value)
        if self.row["kind"] != "exploration":
            return self.plant.capex
        return EXPLORATION + self.plant.capex * (1.0 - self.cancel.value)

    @cached_property
    def opex(self) -> Figure:
        """Running cost [USD/year]."""
        if self.plant is not None:
            return self.plant.opex
        if self.row["opex"] == "floor":
            return self._top_up()
        if not self.row["opex"].startswith("price:"):
            return self.read.read(self.row["opex"])
        text = self.row["opex"].partition(":")[2]
        factor = self.read.read(f"={text}" if "," in text else text)
        return replace(factor.times(self.price), basis="assumed") * (KG * self.size.value)

    @property
    def strike(self) -> Figure:
        """Guaranteed price [USD/kg]."""
        return self.read.read(self.row["strike"]) * (1.0 / KG) if self.row["strike"] else NONE

    def _top_up(self) -> Figure:
        """Strike less price, times tonnes: nothing at the low end, after the deepest fall at the high end [USD/year]."""
        strike, price = self.strike, self.price.value
        ends = (max(strike.value - price, 0.0), 0.0, max(strike.value - price * (1.0 - FALL), 0.0))
        return Figure(*ends, "derived", (*strike.facts, "ASM028")) * (KG * self.size.value)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """All figures by name."""
        found = dict.fromkeys(CANDIDATE_FIGURES, NONE)
        if self.plant is not None:
            found |= {name: self.plant.figures[name] for name in ("co2e", "water", "residue", "jobs_run")}
            found["jobs_build"] = self.read.read("PRJ010", "generic").times(replace(self.capex, facts=()))
        optional = {"effect": self.read.read(self.row["effect"])} if self.row["effect"] else {}
        running = self.row["status"] == "operating"
        slips = {"slip": NIL, "slip_years": NIL} if running else {"slip": self.read.read("ASM016"), "slip_years": SLIP_YEARS}
        own = {
            "capacity": self.size,
            "lead": self.lead,
            "capex": self.capex,
            "opex": self.opex,
            "cancel": self.cancel,
            "strike": self.strike,
        }
        return found | own | optional | slips

    @property
    def earliest(self) -> str:
        """First year in which it may give anything."""
        return self.row["start"]

    @property
    def ramp(self) -> tuple[Figure, ...]:
        """Share of the full effect by year; at once where nothing is built."""
        return self.plant.ramp if self.plant is not None else (Figure(1.0, 1.0, 1.0, "assumed"),)


@dataclass(frozen=True)
class Stock:
    """A stock of one good, costed by the tonne; any party may hold its own."""

    good: str
    read: Expressions
    base: Base

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """All figures by name."""
        price = self.base.price(self.good) * KG
        tonne = Figure(1.0, 1.0, 1.0, "derived")
        holding = self.read.read("ASM011").times(price)
        largest, usual = self.read.read("STO0023"), self.read.read("STO0002")
        cover = Figure(largest.high, usual.value / 365.25, largest.high * 1.5, "assumed", (*largest.facts, *usual.facts))
        none = dict.fromkeys(CANDIDATE_FIGURES, NONE)
        lead = Figure(0.5, 0.1, 1.0, "assumed")
        chances = {"slip": NIL, "slip_years": NIL, "cancel": NIL}
        return none | {"capacity": tonne, "capex": price, "opex": holding, "cover": cover, "lead": lead} | chances

    @property
    def ramp(self) -> tuple[Figure, ...]:
        """Full at once: lead says when."""
        return (Figure(1.0, 1.0, 1.0, "assumed"),)


def stocked(base: Base) -> list[str]:
    """Goods that a final use touches or that metal and magnet plants take in, in alphabetical order."""
    recipes = base.system.recipes.assign(commodity=base.system.recipes["market"].str.partition("@")[0])
    taken = recipes[(recipes["coefficient"] < 0) & recipes["process"].str.startswith(("metal.", "magnet.", "component."))]
    return sorted({*base.system.demands["commodity"], *taken["commodity"]})
