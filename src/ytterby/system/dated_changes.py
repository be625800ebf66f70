"""What changed since a base year, from dated figures: plants that opened, and growth of use on a named path.

Tables in ``forward/``: ``plants`` (what opened, when, how large, how sure), ``paths`` (yearly growth by good and sector; the
last row that fits counts), ``left_out`` (projects on record that are not rolled, with the reason).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby import tables
from ytterby.errors import DataGapError, UnknownNameError
from ytterby.system.assumptions import matches
from ytterby.system.bases import RARE_EARTHS
from ytterby.system.inputs import PERCENT, FigureExpressions, FigureWithRange, assumed, weakest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.facts import Facts
    from ytterby.system.system import System

PACKAGE = "ytterby.system"
DEFAULT_PATH = "announced-pledges"
EVERYTHING_ELSE = "mine.concentrate"
"""Good whose growth on a path is the growth from which all flows but final use start."""
DAYS = 365.25


@dataclass(frozen=True)
class PlantRow:
    """Row of the table ``plants``."""

    process: str
    """Id: a new plant, or one that runs and yields a further good."""
    project: str
    """Name."""
    like: str
    """Running process whose coefficients it has; empty where a running process yields a further good."""
    running: str
    """Running process that is part of the same works; what it makes in the base year counts against the ramp."""
    good: str
    """Commodity in which the nameplate counts."""
    nameplate: str
    """Facts whose sum is the nameplate [t/year]."""
    scale: float
    """Factor on the nameplate [1]."""
    basket: tuple[str, ...]
    """Elements of the feed in which the nameplate counts; the good has its share by content. Empty: the nameplate is of the good."""
    opened: str
    """First day of output, YYYY-MM-DD."""
    slip_low: float
    slip: float
    """Delay of the opening [weeks], with its range."""
    slip_high: float
    ramp: tuple[str, ...]
    """Facts with the share of nameplate in the first, second, ... year; the last stays."""
    chance_low: float
    chance: float
    """Probability that the plant runs at all [1], with its range."""
    chance_high: float
    buyers: tuple[str, ...]
    """Regions to which it gains a route."""
    facts: tuple[str, ...]
    kind: str
    note: str


@dataclass(frozen=True)
class DemandPathRow:
    """Row of the table ``paths``: growth between two facts, or the rate of a fact, or an assumed rate."""

    path: str
    commodity: str
    sector: str
    first: str
    last: str
    rate: str
    value: str
    low: str
    high: str
    note: str

    def growth(self, inputs: FigureExpressions) -> FigureWithRange:
        """Yearly growth [1/year]."""
        if self.last:
            first, last = inputs.one(self.first), inputs.one(self.last)
            years = int(inputs.facts.row(self.last)["period"]) - int(inputs.facts.row(self.first)["period"])
            rate = (last.value / first.value) ** (1.0 / years) - 1.0
            return FigureWithRange(rate, rate, rate, (self.first, self.last), weakest(first.kind, last.kind))
        if self.rate:
            return inputs.one(self.rate).scaled(PERCENT)
        return FigureWithRange(float(self.value), float(self.low), float(self.high), (), "assumed").scaled(PERCENT)


@dataclass(frozen=True)
class Growth:
    """Growth of use on a named path."""

    path: str
    rows: tuple[tuple[DemandPathRow, FigureWithRange], ...]

    def row(self, commodity: str, sector: str = "") -> tuple[DemandPathRow, FigureWithRange]:
        """Last row that fits, with its yearly growth."""
        found = [pair for pair in self.rows if matches(commodity, pair[0].commodity) and matches(sector, pair[0].sector)]
        if not found:
            raise DataGapError(f"path {self.path} says nothing of {commodity}")
        return found[-1]

    def factor(self, commodity: str, sector: str, years: float) -> float:
        """Factor on the use of a commodity by a sector after some years [1]."""
        return float((1.0 + self.row(commodity, sector)[1].value) ** years)

    def flow_factor(self, years: float) -> float:
        """Factor from which all other flows start [1]; the balance moves them from there."""
        return self.factor(EVERYTHING_ELSE, "", years)


@dataclass(frozen=True)
class Addition:
    """Output that a plant has added to the base year by a day."""

    process: str
    project: str
    like: str
    good: str
    output: FigureWithRange
    """Output of ``good`` on that day [t/year]."""
    nameplate: float
    """Output of ``good`` once the plant is full [t/year]."""
    opened: dt.date
    """First day of output, with its delay."""
    buyers: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class DatedChanges:
    """What a base is rolled forward by: plants by a day, and growth of use until then."""

    at: dt.date
    additions: tuple[Addition, ...]
    growth: Growth


def demand_paths() -> tuple[str, ...]:
    """Names of the paths of demand, in the order of the table."""
    return tuple(dict.fromkeys(row.path for row in tables.records(PACKAGE, "forward/paths", DemandPathRow)))


def demand_growth(inputs: FigureExpressions, path: str) -> Growth:
    """Growth on a path.

    Raises
    ------
    UnknownNameError
        If there is no such path.
    """
    if path not in demand_paths():
        raise UnknownNameError("demand path", path, demand_paths())
    rows = [row for row in tables.records(PACKAGE, "forward/paths", DemandPathRow) if row.path == path]
    return Growth(path, tuple((row, row.growth(inputs)) for row in rows))


def changes_until(system: System, facts: Facts, at: dt.date, path: str = DEFAULT_PATH, *, known: dt.date | None = None) -> DatedChanges:
    """Plants that opened after the base year until a day, and growth of use on a path.

    Parameters
    ----------
    system : System
        The base of the year itself, not a rolled one.
    facts : Facts
        Figures with capacities, ramps and growth.
    at : date
        The day.
    path : str
        One of :func:`demand_paths`.
    known : date, optional
        Plants that opened after this day are left out, so that what was not known then does not enter; by default none are.

    Raises
    ------
    UnknownNameError
        If there is no such path.
    DataGapError
        If the chain has no dated changes.
    """
    if system.chain != RARE_EARTHS:
        raise DataGapError(f"no plants and no growth are on record for {system.chain}: its base cannot be rolled forward")
    inputs = FigureExpressions(facts, system.year, chain=system.chain)
    outputs = _outputs(system)
    rows = tables.records(PACKAGE, "forward/plants", PlantRow)
    last = at if known is None else min(at, known)
    found = [_addition(row, inputs, system, outputs, at) for row in rows if dt.date.fromisoformat(row.opened) <= last]
    return DatedChanges(at, tuple(each for each in found if each.output.value > 0.0), demand_growth(inputs, path))


def opened_after(day: dt.date) -> tuple[tuple[str, dt.date], ...]:
    """Plants that opened after a day, with their dates: what :func:`changes_until` leaves out when only so much is known."""
    rows = ((row.project, dt.date.fromisoformat(row.opened)) for row in tables.records(PACKAGE, "forward/plants", PlantRow))
    return tuple(dict.fromkeys(each for each in rows if each[1] > day))


def _outputs(system: System) -> dict[tuple[str, str], float]:
    """Output of each process by market [t/year]."""
    activity, r = system.processes["activity"].to_dict(), system.recipes
    cells = zip(r["process"], r["market"], r["coefficient"], strict=True)
    return {(process, market): coefficient * activity[process] for process, market, coefficient in cells if coefficient > 0.0}


def _addition(row: PlantRow, inputs: FigureExpressions, system: System, outputs: Mapping[tuple[str, str], float], at: dt.date) -> Addition:
    """What a row adds by a day; nothing while what runs in the base year exceeds the ramp."""
    region = row.process.partition("@")[2]
    share = row.scale * (_share_of_feed(row, system) if row.basket else 1.0)
    nameplate = inputs.sum(row.nameplate).scaled(share)
    already = outputs.get((row.running, f"{row.good}@{region}"), 0.0)
    level = _level(row, inputs, at)
    ids = tuple(dict.fromkeys([*row.facts, *nameplate.ids, *level.ids]))
    output = FigureWithRange(
        max(nameplate.value * level.value - already, 0.0),
        max(nameplate.low * level.low - already, 0.0),
        max(nameplate.high * level.high - already, 0.0),
        ids,
        weakest(row.kind, nameplate.kind, level.kind),
    )
    opened = dt.date.fromisoformat(row.opened) + dt.timedelta(weeks=row.slip)
    return Addition(row.process, row.project, row.like, row.good, output, nameplate.value, opened, row.buyers, row.note)


def _share_of_feed(row: PlantRow, system: System) -> float:
    """Share of a good's element in the basket of the feed of the running process [1]."""
    r, element = system.recipes, row.good.partition(".")[2]
    [feed] = r.loc[(r["process"] == row.process) & (r["coefficient"] < 0.0), "market"]
    held = system.contents[system.contents["commodity"] == feed.partition("@")[0]].set_index("element")["content"]
    return float(held[element] / held[held.index.isin(row.basket)].sum())


def _level(row: PlantRow, inputs: FigureExpressions, at: dt.date) -> FigureWithRange:
    """Share of nameplate that a plant makes on a day, times the probability that it runs [1]."""
    shares = [inputs.one(id_).scaled(PERCENT) for id_ in row.ramp]
    opened = dt.date.fromisoformat(row.opened)

    def step(slip: float) -> int:
        return math.floor((at - opened - dt.timedelta(weeks=slip)).days / DAYS)

    def share(slip: float) -> FigureWithRange:
        return shares[min(step(slip), len(shares) - 1)] if step(slip) >= 0 else assumed(0.0)

    middle = share(row.slip)
    low, high = share(row.slip_high).low * row.chance_low, share(row.slip_low).high * row.chance_high
    return FigureWithRange(middle.value * row.chance, low, high, middle.ids, weakest(middle.kind, "assumed"))
