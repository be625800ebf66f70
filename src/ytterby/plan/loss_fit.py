"""Fit of the loss curves on one half of the designed runs, and how the other half agrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.facts import expand_regions
from ytterby.plan.loss_supply import supplies
from ytterby.plan.loss_table import BASES, BufferRow, CurveTable, Piece, SectorFactor
from ytterby.plan.loss_weights import CLASSES, STATES, InputWeights
from ytterby.plan.shock_groups import PARTIES, TradeGroups

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.plan.loss_runs import DesignedRun
    from ytterby.plan.loss_supply import PartySupply
    from ytterby.plan.loss_table import Basis
    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

KNOTS = (0.0, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7)
"""Missing shares at which a curve may become steeper."""
SECTOR_WEIGHT = 0.3
"""Weight of the errors of single sectors beside that of their sum, the party's loss."""
FLOOR = 0.05
"""Share of a party's loss in a full year's stop below which an error counts little: it is added to the losses that are compared."""
RELEVANT = 0.1
"""Runs whose loss exceeds this share of the party's loss in a full year's stop are judged."""
TOLERANCE = 0.3
"""Largest relative error of a run that is not listed as a miss."""
FACTORS = (0.5, 4.0)
"""Least and largest factor of a sector."""
RESTARTS = 6
"""Times that the search begins anew where it ended."""
TOWARDS_ONE = 0.02
"""Weight by which factors of sectors are held at 1."""
DRAWN = (0.2, 0.4, 1.6)
"""What markets of each class draw on, over their stocks, to begin the search with: the best of a coarse search."""
DRAWN_STEPS = ((0.4,), (0.6,), (1.2,))
"""Other values that are tried for each class."""
NEGLIGIBLE = 1e-3
"""Added slopes below this are set to 0."""


class Year(NamedTuple):
    """One party in one year of a designed run."""

    run: DesignedRun
    party: int
    state: int
    sectors: Ints
    """Places of the party's sectors."""
    demands: Ints
    """Places of the party's demands."""
    loss: Floats
    """(sector,) simulated loss, with that of the weeks after the end where it is the last year in force [USD]."""
    arrivals: Floats
    """(demand,) simulated missing share of arrivals [1]."""
    supply: Floats
    """(demand,) missing share of supply that the shock leaves at the end of the chain, after its stocks [1]."""

    def missing(self, basis: Basis) -> Floats:
        """Missing share of a basis (demand,)."""
        return self.supply if basis == "supply" else self.arrivals


class _Terms(NamedTuple):
    """What a row of the regression is worked out from; arrays (demand,)."""

    sector: Ints
    code: Ints
    input_class: Ints
    stake: Floats
    above: Floats
    scale: float


class Score(NamedTuple):
    """Agreement of one run for one party."""

    run: DesignedRun
    party: str
    simulated: float
    """Simulated loss [USD]."""
    table: float
    """Loss by the table of arrivals, from the simulated missing shares [USD]."""
    end_to_end: float
    """Loss by the table of supply, from the shock in a plan's terms [USD]."""


@dataclass(frozen=True, eq=False)
class LossFit:
    """The designed runs as rows of a regression."""

    system: System
    runs: tuple[DesignedRun, ...]

    @cached_property
    def weights(self) -> InputWeights:
        """Weights of the inputs."""
        return InputWeights(self.system)

    @cached_property
    def _supplies(self) -> tuple[PartySupply, ...]:
        return supplies(self.system, TradeGroups(self.system))

    def years(self, drawn: tuple[float, ...]) -> list[Year]:
        """Each party in each year in force of each run that is aimed at it or at all.

        Parameters
        ----------
        drawn : tuple of float
            What markets of each class can draw on, over their stocks.
        """
        found = []
        for (i, supply), run in product(enumerate(self._supplies), self.runs):
            if run.design.scope in PARTIES and run.design.scope != PARTIES[i]:
                continue
            regions = [region for region, party in supply.trade.party_of.items() if party == i]
            sectors = np.flatnonzero(self.system.sectors["region"].isin(regions).to_numpy())
            states = [min(year, len(STATES) - 1) for year in range(run.years_in_force)]
            [short] = supply.missing(run.cut[None, : len(states), :, i], drawn)
            for year, state in enumerate(states):
                loss = run.loss[year:, sectors].sum(axis=0) if year == len(states) - 1 else run.loss[year, sectors]
                found.append(Year(run, i, state, sectors, supply.demands, loss, run.missing[year, supply.demands], short[year]))
        return found

    @cached_property
    def full_stop(self) -> Floats:
        """Loss of each party in a full stop of all exports for a year (party,) [USD]."""
        found = np.zeros(len(PARTIES))
        [run] = [run for run in self.runs if run.design[:3] == ("all", 52, 1.0)]
        for i, party in enumerate(PARTIES):
            found[i] = run.loss[:, self.system.sectors["region"].isin(expand_regions(party)).to_numpy()].sum()
        return found

    def tables(self) -> dict[Basis, CurveTable]:
        """Curves and factors of both bases, fitted on the runs that are not held out.

        How much of their stocks the markets of the chain can draw on is what lets the curves of supply fit best, one class after another.
        """
        best, least = self._with_stocks(DRAWN)
        for i, steps in enumerate(DRAWN_STEPS):
            for share in steps:
                drawn = (*best.drawn[:i], share, *best.drawn[i + 1 :])
                table, error = self._with_stocks(drawn)
                if error < least:
                    best, least = table, error
        rows = [row for row in self.years(best.drawn) if not row.run.design.held_out]
        return {"supply": best, "arrivals": self._curves(rows, "arrivals")[0]}

    def _with_stocks(self, drawn: tuple[float, ...]) -> tuple[CurveTable, float]:
        """Curves of supply with stocks drawn on so much, and the error of the fit."""
        table, error = self._curves([row for row in self.years(drawn) if not row.run.design.held_out], "supply")
        return replace(table, drawn=drawn), error

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of all sectors."""
        return tuple(sorted({str(code) for code in self.system.sectors["sector"]}))

    @cached_property
    def _code(self) -> Ints:
        """Place of the code of each demand's sector (demand,)."""
        return np.array([self.codes.index(str(code)) if code in self.codes else -1 for code in self.system.demands["sector"]])

    def _curves(self, rows: list[Year], basis: Basis) -> tuple[CurveTable, float]:
        """Least squares over slopes of at least 0 and factors of sectors (L-BFGS-B, from equal slopes and factors of 1), and its error.

        Errors are ratios, in logarithms, of a party's loss in a year, since losses differ by a factor of a hundred; and, at a lower
        weight, those of its sectors over the party's loss.
        """
        from scipy.optimize import minimize

        terms = [self._terms(row, basis) for row in rows]
        shape = (len(STATES), len(CLASSES), len(KNOTS))
        size = int(np.prod(shape))

        def error(flat: Floats) -> tuple[float, Floats]:
            slopes, factors = flat[:size].reshape(shape), flat[size:]
            gradient, by_factor = np.zeros(shape), 2.0 * TOWARDS_ONE * (factors - 1.0)
            total = TOWARDS_ONE * float(((factors - 1.0) ** 2).sum())
            for row, term in zip(rows, terms, strict=True):
                single = term.stake * (term.above * slopes[row.state, term.input_class]).sum(axis=1)
                each = factors[term.code] * single
                cost = np.zeros(len(row.loss))
                np.maximum.at(cost, term.sector, each)
                miss, least = (cost - row.loss) / term.scale, FLOOR * float(self.full_stop[row.party])
                ratio = float(np.log((cost.sum() + least) / (row.loss.sum() + least)))
                total += ratio**2 + SECTOR_WEIGHT**2 * float((miss**2).sum())
                push = 2.0 * (ratio / (cost.sum() + least) + SECTOR_WEIGHT**2 * miss / term.scale)
                binding = np.where((each >= cost[term.sector]) & (each > 0.0), push[term.sector], 0.0)
                np.add.at(gradient[row.state], term.input_class, (binding * factors[term.code] * term.stake)[:, None] * term.above)
                np.add.at(by_factor, term.code, binding * single)
            return total, np.concatenate([gradient.ravel(), by_factor])

        start = np.concatenate([np.full(size, 0.1), np.ones(len(self.codes))])
        bounds = [(0.0, None)] * size + [FACTORS] * len(self.codes)
        options = {"maxiter": 1000, "maxfun": 2000, "ftol": 1e-10}
        at = start
        for _ in range(RESTARTS):  # the scarcest input changes from step to step, at which a line search may give up
            at = np.asarray(minimize(error, at, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x)
        slopes, factors = at[:size].reshape(shape), at[size:]
        slopes = np.where(slopes < NEGLIGIBLE, 0.0, slopes)
        return CurveTable(np.array(KNOTS), slopes, dict(zip(self.codes, map(float, factors), strict=True))), error(at)[0]

    def _terms(self, row: Year, basis: Basis) -> _Terms:
        """Demands of a row that belong to a sector, by sector, class, stake and shares above each knot, and the scale of its errors."""
        place = {int(sector): i for i, sector in enumerate(row.sectors)}
        missing = row.missing(basis)
        own = (self.weights.sector[row.demands] >= 0) & (self.weights.share[row.state, row.demands] > 0.0) & (missing > 0.0)
        at = row.demands[own]
        return _Terms(
            sector=np.array([place[int(sector)] for sector in self.weights.sector[at]], dtype=np.int64),
            code=self._code[at],
            input_class=self.weights.input_class[at],
            stake=self.weights.stake[row.state, at],
            above=np.maximum(missing[own, None] - np.array(KNOTS), 0.0),
            scale=max(float(row.loss.sum()), FLOOR * float(self.full_stop[row.party])),
        )

    def scores(self, found: Mapping[Basis, CurveTable]) -> tuple[Score, ...]:
        """Agreement of each run whose loss exceeds :data:`RELEVANT` of the party's full stop, by party."""
        total: dict[tuple[DesignedRun, int], Floats] = {}
        for row in self.years(found["supply"].drawn):
            costs = np.array([row.loss.sum(), *(self._cost(found[basis], row, basis) for basis in ("arrivals", "supply"))])
            total[row.run, row.party] = total.get((row.run, row.party), np.zeros(3)) + costs
        scores = [Score(run, PARTIES[party], *map(float, costs)) for (run, party), costs in total.items()]
        return tuple(score for score in scores if self._counts(score))

    def _counts(self, score: Score) -> bool:
        return score.simulated >= RELEVANT * float(self.full_stop[PARTIES.index(score.party)])

    def _cost(self, table: CurveTable, row: Year, basis: Basis) -> float:
        """Loss of a party in a year by the table of a basis [USD]."""
        own = self.weights.sector[row.demands] >= 0
        at = row.demands[own]
        cost = np.zeros(len(self.system.sectors))
        stake = self.weights.stake[row.state, at] * self._factors(table)[at]
        single = table.cost(row.missing(basis)[own], row.state, self.weights.input_class[at])
        np.maximum.at(cost, self.weights.sector[at], stake * single)
        return float(cost.sum())

    def _factors(self, table: CurveTable) -> Floats:
        """Factor of each demand's sector (demand,)."""
        return np.array([table.factors.get(code, 1.0) for code in self.codes])[self._code]


def fit_frames(found: Mapping[Basis, CurveTable], scores: tuple[Score, ...]) -> dict[str, pd.DataFrame]:
    """The packaged tables by file name: pieces of the curves, stocks drawn on, factors of sectors, agreement of every run that counts."""
    import pandas as pd

    cells = list(product(BASES, range(len(STATES)), range(len(CLASSES))))
    pieces = [
        (basis, STATES[t], CLASSES[c], knot, found[basis].slopes[t, c, k])
        for basis, t, c in cells
        for k, knot in enumerate(found[basis].knots)
    ]
    factors = [(basis, *row) for basis in BASES for row in found[basis].factors.items()]
    rows = [(*score.run.design, score.party, "held out" if score.run.design.held_out else "fitted", *score[2:]) for score in scores]
    columns = ["scope", "weeks", "depth", "party", "half", "simulated", "table", "end_to_end"]
    return {
        "loss_pieces.csv": pd.DataFrame([row for row in pieces if row[-1] > 0.0], columns=Piece._fields),
        "loss_stocks.csv": pd.DataFrame(list(zip(CLASSES, found["supply"].drawn, strict=True)), columns=BufferRow._fields),
        "loss_sectors.csv": pd.DataFrame(factors, columns=SectorFactor._fields),
        "loss_scores.csv": pd.DataFrame(rows, columns=columns),
    }
