"""Rolls a base forward: the network of a later day that is balanced and at rest at the prices of the base year.

Final use follows its path and the plants that opened make what is listed. All other flows start from the growth of the
path and move as little as the balance allows: they minimise the sum of ``weight (x ln(x / prior) - x)`` under conservation
of mass (minimum cross-entropy, as in the updating of input-output tables; Golan, Judge and Robinson 1994). The solution is
``x = prior exp(A' dual / weight)``, so that a roll without changes changes nothing, and two rolls in a row are one roll
unless a plant opens between them (its links then start from the base year's proportions).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from ytterby.errors import BalanceError, InputError
from ytterby.system import account
from ytterby.system.assumptions import commodity_of, region_in
from ytterby.system.dated_changes import DAYS
from ytterby.system.nearest_flows import nearest
from ytterby.system.system import TABLES, System
from ytterby.system.unsummed_tables import UnsummedTables, with_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.system.dated_changes import Addition, DatedChanges

    Floats = NDArray[np.float64]

MINE_WEIGHT = 10.0
"""Weight of mines (assumed): a surplus or gap goes to stocks and trade before it moves mines off their growth."""


def middle_of(year: int) -> dt.date:
    """Day that the means of a year stand for."""
    return dt.date(year, 7, 1)


def day_of(system: System) -> dt.date:
    """Day that a system stands for: the middle of its base year, or the day it was rolled to."""
    return dt.date.fromisoformat(system.at) if system.at else middle_of(system.year)


def roll(system: System, changes: DatedChanges) -> System:
    """System of a later day.

    Parameters
    ----------
    system : System
        A base, or one that was rolled to an earlier day on the same path.
    changes : DatedChanges
        Plants and growth until that day, from :func:`ytterby.system.dated_changes.changes_until`.

    Returns
    -------
    System
        Balanced, at the prices, covers and coefficients of the base; its table ``rolled`` lists what was rolled. A day of
        the base year gives the system itself.

    Raises
    ------
    InputError
        If the day lies before that of the system, or the system was rolled on another path.
    BalanceError
        If no flows close the balance, or a plant would yield more of an element than it takes in.
    """
    if changes.at.year == system.year and not system.at:
        return system
    if changes.at < day_of(system):
        raise InputError(f"a base of {system.at or system.year} cannot be rolled back to {changes.at}")
    if system.path not in ("", changes.growth.path):
        raise InputError(f"the base was rolled on the path {system.path}; it cannot go on along {changes.growth.path}")
    return _Roll(system, changes).system


def _years(first: dt.date, last: dt.date) -> float:
    return (last - first).days / DAYS


@dataclass(frozen=True)
class _Roll:
    """A roll of a system, with its tables on the way."""

    before: System
    changes: DatedChanges

    @cached_property
    def years(self) -> float:
        """Years from the system to the day."""
        return _years(day_of(self.before), self.changes.at)

    @cached_property
    def since_base(self) -> float:
        """Years from the base year to the system."""
        return _years(middle_of(self.before.year), day_of(self.before))

    @cached_property
    def plants(self) -> tuple[Addition, ...]:
        """New plants."""
        return tuple(each for each in self.changes.additions if each.like)

    @cached_property
    def circuits(self) -> tuple[Addition, ...]:
        """Further goods of running plants."""
        return tuple(each for each in self.changes.additions if not each.like)

    @cached_property
    def network(self) -> UnsummedTables:
        """Tables with the markets, links and processes of new plants, and with the coefficients of the base year."""
        return UnsummedTables.of(self.before).with_plants(self.plants, self.circuits, self.changes.growth.flow_factor(self.since_base))

    @cached_property
    def demands(self) -> pd.DataFrame:
        """Final uses on the day."""
        table, growth = self.before.demands.copy(), self.changes.growth
        cells = zip(table["commodity"], table["sector"], strict=True)
        factor = np.array([growth.factor(commodity, sector, self.years) for commodity, sector in cells])
        for column in ("use", "low", "high"):
            table[column] *= factor
        return table

    @cached_property
    def made(self) -> dict[str, float]:
        """Activity of each new plant [t/year]."""
        return {each.process: each.output.value / self.network.coefficient(each.process, each.good) for each in self.plants}

    @cached_property
    def injected(self) -> dict[str, float]:
        """What new plants, circuits and final use bring to each market [t/year]; use counts negative."""
        found = {str(market): -float(use) for market, use in self.demands.groupby("market")["use"].sum().items()}
        for each in self.plants:
            for market, coefficient in self.network.cells(each.process).items():
                found[market] = found.get(market, 0.0) + coefficient * self.made[each.process]
        for each in self.circuits:
            market = f"{each.good}@{region_in(each.process)}"
            found[market] = found.get(market, 0.0) + each.output.value
        return found

    @cached_property
    def solved(self) -> dict[str, pd.Series]:
        """Activities, link flows and residuals on the day [t/year]."""
        tables, factor = self.network, self.changes.growth.flow_factor(self.years)
        at = {market: i for i, market in enumerate(tables.markets.index)}
        free = tables.processes.index[~tables.processes.index.isin(self.made)]
        column = {name: j for j, name in enumerate(free)}
        recipes = tables.recipes[tables.recipes["process"].isin(column)]
        residual = tables.residual[tables.residual != 0.0]
        p, n, r = len(free), len(tables.links), len(residual)
        links = np.arange(p, p + n)
        rows = [recipes["market"], tables.links["destination"], tables.links["origin"], residual.index]
        columns = [np.array([column[name] for name in recipes["process"]], dtype=np.int64), links, links, np.arange(p + n, p + n + r)]
        values = [recipes["coefficient"].to_numpy(), np.ones(n), -np.ones(n), -np.sign(residual.to_numpy())]
        place = np.array([at[market] for part in rows for market in part], dtype=np.int64)
        balance = sp.csr_matrix((np.concatenate(values), (place, np.concatenate(columns))), shape=(len(at), p + n + r))
        wanted = -np.array([self.injected.get(market, 0.0) for market in at])
        prior = factor * np.concatenate([tables.processes.loc[free, "activity"], tables.links["flow"], residual.abs()])
        weight = np.ones(len(prior))
        weight[:p] = np.where(tables.processes.loc[free, "stage"] == "mine", MINE_WEIGHT, 1.0)
        found = nearest(balance, wanted, prior, weight)
        return {
            "activity": pd.Series(found[:p], index=free),
            "flow": pd.Series(found[p : p + n], index=tables.links.index),
            "residual": np.sign(residual) * found[p + n :],
        }

    @cached_property
    def system(self) -> System:
        """The rolled system."""
        before, tables = self.before, self.network
        processes = self._processes()
        recipes = pd.concat([tables.recipes, self._circuit_rows(processes)], ignore_index=True)
        links = self._links()
        markets = with_sums(tables.markets, processes, recipes, links, self.demands)
        balance = account.balance_table(markets, processes, recipes, before.contents)
        self._require_no_gain(balance)
        return replace(
            before, markets=markets, processes=processes, recipes=recipes, links=links, demands=self.demands, balance=balance,
            at=self.changes.at.isoformat(), path=self.changes.growth.path, rolled=self._listed(processes),
        )  # fmt: skip

    def _processes(self) -> pd.DataFrame:
        """Processes on the day; capacity follows the activity, so that utilisation is that of the base year."""
        table = self.network.processes.copy()
        activity = pd.concat([self.solved["activity"], pd.Series(self.made, dtype=float)]).reindex(table.index)
        table["capacity"] *= activity / table["activity"]
        table["activity"] = activity
        return table

    def _links(self) -> pd.DataFrame:
        table = self.network.links.copy()
        for column in ("low", "high"):
            table[column] *= self.solved["flow"] / table["flow"]
        table["flow"] = self.solved["flow"]
        return table

    def _circuit_rows(self, processes: pd.DataFrame) -> pd.DataFrame:
        """Recipe rows of further goods."""
        activity = processes["activity"]
        rows = [
            (each.process, f"{each.good}@{region_in(each.process)}", each.output.value / activity[each.process]) for each in self.circuits
        ]
        return pd.DataFrame(rows, columns=list(TABLES["recipes"])).astype({"coefficient": float})

    def _require_no_gain(self, balance: pd.DataFrame) -> None:
        """Refuse circuits that would make more of an element than their stage loses."""
        for each in self.circuits:
            region, element = region_in(each.process), each.good.partition(".")[2]
            here = balance[(balance["region"] == region) & (balance["element"] == element) & (balance["line"] == "loss")]
            if (here["t"] < 0.0).any():
                raise BalanceError(f"{each.project}: more {element} than the feed in {region} holds")

    def _listed(self, processes: pd.DataFrame) -> pd.DataFrame:
        """Table ``rolled``: plants, mines that follow, and uses; amounts since the base year."""
        known = self.before.rolled.set_index(["kind", "item", "good"])["added"].to_dict()
        rows = [_plant_row(each) for each in self.changes.additions]
        rows += self._mine_rows(processes, known)
        rows += self._use_rows()
        return pd.DataFrame(rows, columns=list(TABLES["rolled"])).astype(dict.fromkeys(("before", "added", "low", "high"), float))

    def _mine_rows(self, processes: pd.DataFrame, known: dict[Any, float]) -> list[tuple[Any, ...]]:
        rows = []
        earlier = self.before.processes["activity"]
        for name in processes.index[(processes["stage"] == "mine") & ~processes.index.isin(self.made)]:
            good = next(commodity_of(market) for market, size in self.network.cells(name).items() if size > 0)
            base = earlier[name] - known.get(("mine", name, good), 0.0)
            added = processes.at[name, "activity"] - base
            facts, words = processes.at[name, "facts"], "runs in the base year and follows use"
            rows.append(("mine", name, name, good, region_in(name), "", base, added, math.nan, math.nan, facts, "assumed", words))
        return sorted(rows, key=lambda row: (-abs(row[7]), row[1]))

    def _use_rows(self) -> list[tuple[Any, ...]]:
        """Rows of uses, one a commodity."""
        growth, table = self.changes.growth, self.demands
        since = _years(middle_of(self.before.year), self.changes.at)
        rows = []
        for commodity, part in table.groupby("commodity", sort=True):
            rates = [growth.row(str(commodity), sector)[1] for sector in part["sector"]]
            use = part["use"].to_numpy()
            base = use / np.array([(1.0 + rate.value) ** since for rate in rates])
            grown = [(base * (np.array([(1.0 + end) ** since for end in ends]) - 1.0)).sum() for ends in _ends(rates)]
            facts = " ".join(dict.fromkeys(id_ for rate in rates for id_ in rate.ids))
            mean = (use.sum() / base.sum()) ** (1.0 / since) - 1.0 if base.sum() > 0 else 0.0
            words = f"{mean:.1%} a year"
            name = (str(commodity), growth.path, str(commodity), "WORLD", "")
            rows.append(("use", *name, float(base.sum()), *grown, facts, "assumed", words))
        return sorted(rows, key=lambda row: (-row[7], row[1]))


def _ends(rates: list[Any]) -> tuple[list[float], list[float], list[float]]:
    return [rate.value for rate in rates], [rate.low for rate in rates], [rate.high for rate in rates]


def _plant_row(each: Addition) -> tuple[Any, ...]:
    kind = "plant" if each.like else "circuit"
    size = each.output
    where = (each.good, region_in(each.process), each.opened.isoformat())
    return (kind, each.process, each.project, *where, 0.0, size.value, size.low, size.high, " ".join(size.ids), size.kind, each.note)
