"""Fit of the loss curves on one half of the designed runs, and how the other half agrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.plan.loss_supply import supplies
from ytterby.plan.loss_table import Bridge, CurveTable, Piece, SectorFactor
from ytterby.plan.loss_weights import CLASSES, STATES, InputWeights
from ytterby.plan.shock_groups import PARTIES, TradeGroups

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.plan.loss_runs import DesignedRun
    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

KNOTS = (0.0, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7)
"""Missing shares at which a curve may become steeper."""
SECTOR_WEIGHT = 0.3
"""Weight of the errors of single sectors beside that of their sum, the party's loss."""
FLOOR = 0.05
"""Errors are relative to the party's loss in the year, but at least to this share of its loss in a full year's stop."""
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
BRIDGE_STEPS = np.arange(0.0, 0.5, 0.025)
"""Bridged shares that are tried."""
BRIDGE_ROUNDS = 3
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
    """(demand,) missing share of supply that the shock leaves without stocks [1]."""


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
    """Loss by the table from the simulated missing shares [USD]."""
    end_to_end: float
    """Loss by the table from the shock in a plan's terms [USD]."""


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
    def years(self) -> tuple[Year, ...]:
        """Each party in each year in force of each run that is aimed at it or at all."""
        trade = TradeGroups(self.system)
        found = []
        for (i, supply), run in product(enumerate(supplies(self.system, trade)), self.runs):
            if run.design.scope in PARTIES and run.design.scope != PARTIES[i]:
                continue
            regions = [region for region, party in trade.party_of.items() if party == i]
            sectors = np.flatnonzero(self.system.sectors["region"].isin(regions).to_numpy())
            short = supply.missing(run.cut[:, :, i])
            for year in range(run.years_in_force):
                loss = run.loss[year:, sectors].sum(axis=0) if year == run.years_in_force - 1 else run.loss[year, sectors]
                state = min(year, len(STATES) - 1)
                found.append(Year(run, i, state, sectors, supply.demands, loss, run.missing[year, supply.demands], short[year]))
        return tuple(found)

    @cached_property
    def full_stop(self) -> Floats:
        """Loss of each party in a full stop of all exports for a year (party,) [USD]."""
        found = np.zeros(len(PARTIES))
        for row in self.years:
            if row.run.design[:3] == ("all", 52, 1.0):
                found[row.party] += row.loss.sum()
        return found

    def table(self) -> CurveTable:
        """Curves and factors fitted on the runs that are not held out, and then bridged shares on the same runs."""
        rows = [row for row in self.years if not row.run.design.held_out]
        return self._bridge(self._curves(rows), rows)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of all sectors."""
        return tuple(sorted({str(code) for code in self.system.sectors["sector"]}))

    @cached_property
    def _code(self) -> Ints:
        """Place of the code of each demand's sector (demand,)."""
        return np.array([self.codes.index(str(code)) if code in self.codes else -1 for code in self.system.demands["sector"]])

    def _curves(self, rows: list[Year]) -> CurveTable:
        """Least squares over slopes of at least 0 and factors of sectors (L-BFGS-B, from equal slopes and factors of 1)."""
        from scipy.optimize import minimize

        terms = [self._terms(row) for row in rows]
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
                miss = (cost - row.loss) / term.scale
                total += miss.sum() ** 2 + SECTOR_WEIGHT**2 * (miss**2).sum()
                push = 2.0 * (miss.sum() + SECTOR_WEIGHT**2 * miss) / term.scale
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
        return CurveTable(np.array(KNOTS), slopes, np.zeros(shape[:2]), dict(zip(self.codes, map(float, factors), strict=True)))

    def _terms(self, row: Year) -> _Terms:
        """Demands of a row that belong to a sector, by sector, class, stake and shares above each knot, and the scale of its errors."""
        place = {int(sector): i for i, sector in enumerate(row.sectors)}
        own = (self.weights.sector[row.demands] >= 0) & (self.weights.share[row.state, row.demands] > 0.0) & (row.arrivals > 0.0)
        at = row.demands[own]
        return _Terms(
            sector=np.array([place[int(sector)] for sector in self.weights.sector[at]], dtype=np.int64),
            code=self._code[at],
            input_class=self.weights.input_class[at],
            stake=self.weights.stake[row.state, at],
            above=np.maximum(row.arrivals[own, None] - np.array(KNOTS), 0.0),
            scale=max(float(row.loss.sum()), FLOOR * float(self.full_stop[row.party])),
        )

    def _bridge(self, table: CurveTable, rows: list[Year]) -> CurveTable:
        """Bridged shares, one after the other, that bring the losses of whole shocks nearest to the simulated ones."""
        best, least = table, self._end_to_end_error(table, rows)
        cells = list(product(range(len(STATES)), range(len(CLASSES))))
        for _, cell, share in product(range(BRIDGE_ROUNDS), cells, BRIDGE_STEPS):
            bridged = best.bridged.copy()
            bridged[cell] = share
            tried = replace(table, bridged=bridged)
            error = self._end_to_end_error(tried, rows)
            if error < least - 1e-9:
                best, least = tried, error
        return best

    def _end_to_end_error(self, table: CurveTable, rows: list[Year]) -> float:
        """Mean square of the logarithm of loss by the table over simulated loss, over the runs that count."""
        found = [score for score in self._scores(table, rows) if self._counts(score)]
        ratio = [max(score.end_to_end, 1e-3 * score.simulated) / score.simulated for score in found]
        return float(np.mean(np.log(ratio) ** 2))

    def scores(self, table: CurveTable) -> tuple[Score, ...]:
        """Agreement of each run whose loss exceeds :data:`RELEVANT` of the party's full stop, by party."""
        return tuple(score for score in self._scores(table, list(self.years)) if self._counts(score))

    def _counts(self, score: Score) -> bool:
        return score.simulated >= RELEVANT * float(self.full_stop[PARTIES.index(score.party)])

    def _scores(self, table: CurveTable, rows: list[Year]) -> list[Score]:
        """Agreement of each run and party among some rows."""
        total: dict[tuple[DesignedRun, int], Floats] = {}
        for row in rows:
            costs = np.array([row.loss.sum(), self._cost(table, row, bridged=False), self._cost(table, row, bridged=True)])
            total[row.run, row.party] = total.get((row.run, row.party), np.zeros(3)) + costs
        return [Score(run, PARTIES[party], *map(float, costs)) for (run, party), costs in total.items()]

    def _cost(self, table: CurveTable, row: Year, *, bridged: bool) -> float:
        """Loss of a party in a year by the table [USD]: from supply, less what is bridged, or from arrivals."""
        own = self.weights.sector[row.demands] >= 0
        at = row.demands[own]
        classes = self.weights.input_class[at]
        missing = row.supply[own] - table.bridged[row.state, classes] if bridged else row.arrivals[own]
        cost = np.zeros(len(self.system.sectors))
        stake = self.weights.stake[row.state, at] * self._factors(table)[at]
        np.maximum.at(cost, self.weights.sector[at], stake * table.cost(missing, row.state, classes))
        return float(cost.sum())

    def _factors(self, table: CurveTable) -> Floats:
        """Factor of each demand's sector (demand,)."""
        return np.array([table.factors.get(code, 1.0) for code in self.codes])[self._code]


def fit_frames(table: CurveTable, scores: tuple[Score, ...]) -> dict[str, pd.DataFrame]:
    """The packaged tables by file name: pieces of the curves, bridged shares, factors of sectors, agreement of every run that counts."""
    import pandas as pd

    cells = list(product(range(len(STATES)), range(len(CLASSES))))
    pieces = [(STATES[t], CLASSES[c], knot, table.slopes[t, c, k]) for t, c in cells for k, knot in enumerate(table.knots)]
    bridges = [(STATES[t], CLASSES[c], table.bridged[t, c]) for t, c in cells]
    rows = [(*score.run.design, score.party, "held out" if score.run.design.held_out else "fitted", *score[2:]) for score in scores]
    columns = ["scope", "weeks", "depth", "party", "half", "simulated", "table", "end_to_end"]
    return {
        "loss_pieces.csv": pd.DataFrame([row for row in pieces if row[-1] > 0.0], columns=Piece._fields),
        "loss_bridges.csv": pd.DataFrame(bridges, columns=Bridge._fields),
        "loss_sectors.csv": pd.DataFrame(table.factors.items(), columns=SectorFactor._fields),
        "loss_scores.csv": pd.DataFrame(rows, columns=columns),
    }
