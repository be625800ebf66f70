"""Rows of plants: from the choices of ``plants.csv``, the costs by class of ``costs.csv`` and the facts that both name."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from candidatelib.figures import NONE, Figure, range_of, weaker
from ytterby.facts import CANDIDATE_FIGURES

if TYPE_CHECKING:
    from candidatelib.bases import Base, Cells
    from candidatelib.figures import Expressions

CHOICES = Path(__file__).parent / "choices"
RAMPS = {
    "separation": ("YIE0131", "YIE0132", "YIE0133", "YIE0134", "YIE0135"),
    "magnet": ("YIE0136", "YIE0137", "YIE0138", "YIE0139"),
}
"""Generic ramps; metal rises as magnets do, all else as separation does."""
GROWTH = 1.6
"""Capital cost in the end over the one at the decision: Eneabba (note of YIE0086)."""
DECIDED = ("operating", "construction", "committed")
SLIP_YEARS = Figure(2.0, 1.0, 3.0, "assumed", ("YIE0068",))
"""Eneabba slipped two years."""
NIL = Figure(0.0, 0.0, 0.0, "derived")
ANY_OXIDE = "oxide.any"
"""Recipe whose footprint stands for that of a basket, by the tonne of oxides."""
Row = dict[str, str]


def choices(name: str) -> list[Row]:
    """Rows of a table of choices."""
    with (CHOICES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Costs:
    """Generic figures by class of plant."""

    read: Expressions
    base: Base

    @cached_property
    def rows(self) -> dict[tuple[str, str], Row]:
        """Rows by class and figure."""
        return {(row["class"], row["figure"]): row for row in choices("costs")}

    def generic(self, classes: str, figure: str, contents: dict[str, float]) -> Figure:
        """Figure of one tonne of the good a year; classes joined by ``+`` stand together and are summed."""
        found = [self._of(name, figure, contents) for name in classes.split("+") if (name, figure) in self.rows]
        return sum(found[1:], found[0]) if found else NONE

    def lead(self, classes: str) -> Figure:
        """Longest lead of the classes [years]."""
        return max((self._of(name, "lead", {}) for name in classes.split("+")), key=lambda figure: figure.value)

    def _of(self, name: str, figure: str, contents: dict[str, float]) -> Figure:
        row = self.rows[name, figure]
        low, high = (self.read.read(row[end], "generic") if row[end] else None for end in ("low", "high"))
        return range_of(self.read.read(row["value"], "generic"), low, high) * contents.get(row["per"], 1.0)

    def is_total(self, classes: str, figure: str) -> bool:
        """Whether the figure is of the whole plant, whatever its size."""
        return not self.rows[classes.split("+")[0], figure]["per"]

    def credited(self, classes: str, oxides: tuple[str, ...]) -> tuple[str, ...]:
        """Oxides whose value a generic running cost has been credited with."""
        row = self.rows[classes.split("+")[0], "opex"]
        kept = {"NdPr": ("oxide.NdPr",), "DyTb": ("oxide.Dy", "oxide.Tb")}.get(row["per"], ())
        named = {f"oxide.{element}" for element in row["credited"].split()}
        return tuple(name for name in oxides if name not in kept and (row["credited"] == "all" or name in named))


@dataclass(frozen=True)
class Plant:
    """A plant of the choices with all its figures."""

    row: Row
    costs: Costs

    @property
    def read(self) -> Expressions:
        """Reader of figures."""
        return self.costs.read

    @property
    def base(self) -> Base:
        """Base year."""
        return self.costs.base

    @cached_property
    def cells(self) -> Cells:
        """What a tonne of the good comes with [t/t]."""
        row, good = self.row, self.row["good"]
        if row["basket"].startswith("heavies:"):
            return self.base.heavies(self._ore, good)
        if row["basket"]:
            return {name: float(share) for name, _, share in (part.rpartition(":") for part in row["basket"].split())}
        return self.base.per_tonne(tuple(row["recipe"].split()), good)

    @property
    def _ore(self) -> str:
        """Recipe that separates all of an ore of which the basket takes a part."""
        return self.row["basket"].partition(":")[2]

    @cached_property
    def contents(self) -> dict[str, float]:
        """Tonnes in which generic figures count, per tonne of the good."""
        good = self.row["good"]
        oxides = self.base.concentrate_gives(good) if good.startswith("mine.") else self.cells
        made = {name: size for name, size in oxides.items() if size > 0 and name.startswith("oxide.")}
        heavy = made.get("oxide.Dy", 0.0) + made.get("oxide.Tb", 0.0)
        reo = 1.0 if good.startswith("mine.") else sum(made.values())
        return {"REO": reo, "NdPr": made.get("oxide.NdPr", 0.0), "DyTb": heavy, "t": 1.0, "": 1.0}

    @cached_property
    def capacity(self) -> Figure:
        """Output of the good at full use [t/year]."""
        named = self.read.read(self.row["nameplate"])
        own = replace(named * self._share(), basis=named.basis if not self.row["counts"] else weaker(named.basis, "derived"))
        taken = self.row["counts"].partition(" less ")[2]
        return own + self.read.read(taken) * (-1.0 / sum(self.cells.values())) if taken else own

    def _share(self) -> float:
        """Tonnes of the good per tonne in which the nameplate counts.

        ``ore NdPr``: per tonne of NdPr that the same ore gives; ``ore NdPr less C038``: without the heavy feed that another circuit takes.
        """
        good, counts = self.row["good"], self.row["counts"]
        if not counts:
            return 1.0
        if good.startswith("mine."):
            given = self.base.concentrate_gives(good)
            return 1.0 / sum(given[f"oxide.{element}"] for element in counts.split())
        if counts.startswith("ore "):
            whole = self.base.recipes[self._ore]
            return whole[good] / whole[f"oxide.{counts.split()[1]}"]
        if counts in ("feed", "scrap"):
            name = next(recipe for recipe in self.row["recipe"].split() if recipe.startswith("oxide."))
            return self.base.recipes[name][good]
        oxides = {name: size for name, size in self.cells.items() if size > 0}
        counted = oxides if counts in ("all", "heavies") else {f"oxide.{e}": oxides[f"oxide.{e}"] for e in counts.split()}
        return oxides[good] / sum(counted.values())

    @cached_property
    def capex(self) -> Figure:
        """Capital cost [USD]."""
        if self.row["capex"]:
            stated = self.read.read(self.row["capex"])
            return replace(stated, high=max(stated.high, stated.value * GROWTH), facts=tuple(dict.fromkeys((*stated.facts, "YIE0086"))))
        generic = self.costs.generic(self.row["cost"], "capex", self.contents)
        return generic if self.costs.is_total(self.row["cost"], "capex") else generic * self.capacity.value

    @cached_property
    def opex(self) -> Figure:
        """Running cost at full use, by-products not credited [USD/year]."""
        if self.row["opex"]:
            text, _, per = self.row["opex"].partition("@")
            return self.read.read(text) * (self.contents[per] * self.capacity.value)
        generic = self.costs.generic(self.row["cost"], "opex", self.contents)
        return (generic + self._byproducts()) * self.capacity.value

    def _byproducts(self) -> Figure:
        """Value of the by-products that a generic running cost has credited, at base prices [USD/t of the good]."""
        made = {name: size for name, size in self.cells.items() if size > 0 and name.startswith("oxide.")}
        others = {name: made[name] for name in self.costs.credited(self.row["cost"], tuple(made))}
        worth = sum(self.base.price(name).value * size * 1e3 for name, size in others.items())
        return Figure(worth, worth, worth, "generic")

    @cached_property
    def lead(self) -> Figure:
        """Years from decision to first output."""
        if self.row["status"] in DECIDED:
            years = float(max(int(self.row["start"]) - int(self.row["as_of"][:4]), 0))
            return Figure(years, years, years, "derived", tuple(self.row["start_facts"].split()))
        return self.costs.lead(self.row["cost"])

    @property
    def earliest(self) -> str:
        """First year of output; no earlier than the shortest lead after the newest fact."""
        if not self.row["start"]:
            return ""
        least = int(self.row["as_of"][:4]) + (0 if self.row["status"] in DECIDED else math.ceil(self.lead.low))
        return str(max(int(self.row["start"]), least))

    @cached_property
    def chances(self) -> dict[str, Figure]:
        """Probability of a delay and of never opening, by status."""
        if self.row["status"] == "operating":
            found = {"slip": NIL, "slip_years": NIL, "cancel": NIL}
        else:
            early = self.row["status"] in ("planned", "proposed")
            slip, cancel = ("ASM017", "ASM019") if early else ("ASM016", "ASM018")
            found = {"slip": self.read.read(slip), "slip_years": SLIP_YEARS, "cancel": self.read.read(cancel)}
        return found | ({"cancel": self.read.read(self.row["cancel"])} if self.row["cancel"] else {})

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """All figures by name."""
        jobs = self.read.read("PRJ010", "generic").times(replace(self.capex, facts=()))
        own = {"capacity": self.capacity, "lead": self.lead, "capex": self.capex, "opex": self.opex, "jobs_build": jobs}
        return dict.fromkeys(CANDIDATE_FIGURES, NONE) | own | {"jobs_run": self._jobs_run()} | self._footprint() | self.chances

    def _jobs_run(self) -> Figure:
        """Jobs in operation [persons]."""
        return self.costs.generic(self.row["cost"], "jobs_run", self.contents) * self.capacity.value

    def _footprint(self) -> dict[str, Figure]:
        """Greenhouse gases, water and residue at full use."""
        recipes, good = tuple(self.row["recipe"].split()), self.row["good"]
        activities = self.base.activities(recipes, good) if recipes else {ANY_OXIDE: self.contents["REO"]}
        found: dict[str, Figure] = {}
        for recipe, activity in activities.items():
            for name, figure in self.base.footprint(recipe, self.row["host"]).items():
                size = figure * (activity * self.capacity.value)
                found[name] = found[name] + size if name in found else size
        return found

    @cached_property
    def ramp(self) -> tuple[Figure, ...]:
        """Share of capacity in the first, second, ... year."""
        stage = "magnet" if self.row["good"].startswith(("magnet.", "metal.")) else "separation"
        return tuple(self.read.read(fact, "generic") for fact in RAMPS[stage])
