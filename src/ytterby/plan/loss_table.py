"""What a missing input costs in a year: the loss curves of a plan, fitted on designed runs of the simulator.

Loss of a sector in a year = value added x dependent share x factor x the largest, over its inputs, of weight x f(missing share).
``f`` is convex, piecewise linear, nil at nothing missing, of its own for each class of inputs and for the first and later years of a
shortage. So a loss is the largest of affine pieces and enters a linear programme as it is. There are two tables: one for the supply
that a plan sees, one for what the simulator's users receive. Method, fit and misses are in
``docs/explanation/plan-losses.md``; ``scripts/fit_loss_table.py`` fits anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from ytterby import tables
from ytterby.economy import SectorGroups
from ytterby.errors import UnknownNameError
from ytterby.plan.loss_weights import CLASSES, STATES, InputWeights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.system import System

    Floats = NDArray[np.float64]

Basis = Literal["supply", "arrivals"]
ROOM = "ytterby.plan"
PIECES, STOCKS, SECTORS = "tables/loss_pieces", "tables/loss_stocks", "tables/loss_sectors"
BASES: tuple[Basis, ...] = ("supply", "arrivals")


class Piece(NamedTuple):
    """Row of the table of pieces: from ``above`` on, the loss rises by ``slope`` more per unit of missing share."""

    basis: str
    state: str
    input_class: str
    above: float
    """Missing share from which the slope counts [1]."""
    slope: float
    """[1]"""


class BufferRow(NamedTuple):
    """Row of the table of stocks: how much the markets of a class can draw on until it is gone."""

    input_class: str
    drawn: float
    """Over the stocks that the base year holds [1]; above 1 where plants also do with less while it is dear."""


class SectorFactor(NamedTuple):
    """Row of the table of sectors: more than one input of a sector may be missing in different products, which adds up."""

    basis: str
    sector: str
    factor: float
    """Loss of the sector over what its scarcest input alone would cost [1]."""


@dataclass(frozen=True, eq=False)
class CurveTable:
    """The fitted table."""

    knots: Floats
    """(knot,) missing shares at which a curve may become steeper."""
    slopes: Floats
    """(state, class, knot) slopes added there."""
    factors: dict[str, float]
    """Factor of each sector."""
    drawn: tuple[float, ...] = (0.0,) * len(CLASSES)
    """(class,) what markets of the chain can draw on until it is gone, over their stocks; nil where users' arrivals are known."""

    def factor(self, sectors: Iterable[str]) -> Floats:
        """Factors of sectors by code; 1 for those that were not fitted."""
        return np.array([self.factors.get(code, 1.0) for code in sectors])

    def cost(self, missing: Floats, state: int, input_class: NDArray[np.int64]) -> Floats:
        """Value of f (..., demand) for missing shares (..., demand) of inputs of these classes (demand,)."""
        above = np.maximum(np.asarray(missing)[..., None] - self.knots, 0.0)
        return np.asarray((above * self.slopes[state, input_class]).sum(axis=-1))


@cache
def curve_table(basis: Basis = "supply") -> CurveTable:
    """The packaged table of a basis."""
    pieces = [piece for piece in tables.records(ROOM, PIECES, Piece) if piece.basis == basis]
    knots = sorted({piece.above for piece in pieces})
    slopes = np.zeros((len(STATES), len(CLASSES), len(knots)))
    for piece in pieces:
        slopes[STATES.index(piece.state), CLASSES.index(piece.input_class), knots.index(piece.above)] = piece.slope
    factors = {row.sector: row.factor for row in tables.records(ROOM, SECTORS, SectorFactor) if row.basis == basis}
    drawn = {row.input_class: row.drawn for row in tables.records(ROOM, STOCKS, BufferRow)} if basis == "supply" else {}
    return CurveTable(np.array(knots), slopes, factors, tuple(drawn.get(name, 0.0) for name in CLASSES))


@dataclass(frozen=True, eq=False)
class LossCurves:
    """Affine pieces of the yearly loss of each sector, by input.

    In state ``t`` the loss of sector ``s`` is the largest of 0 and ``slopes[t, d, p] * missing[d] + intercepts[t, d, p]`` over the
    demands ``d`` with ``sector_of[d] == s`` and the pieces ``p``.
    """

    sectors: tuple[str, ...]
    """Ids ``sector@region``."""
    demands: tuple[str, ...]
    """Ids of demands, in the System's order."""
    sector_of: NDArray[np.int64]
    """(demand,) place of the demand's sector; -1 for a demand of no sector."""
    weight: Floats
    """(state, demand) share of the sector's dependent output that the input can stop, after substitution [1]."""
    slopes: Floats
    """(state, demand, piece) [USD/year per unit of missing share]."""
    intercepts: Floats
    """(state, demand, piece) [USD/year], not above 0."""
    groups: SectorGroups

    def demands_of(self, sector: str) -> tuple[str, ...]:
        """Ids of the demands of a sector that can stop it.

        Raises
        ------
        UnknownNameError
            If there is no such sector.
        """
        if sector not in self.sectors:
            raise UnknownNameError("sector", sector, self.sectors)
        own = self.sector_of == self.sectors.index(sector)
        return tuple(name for name, can in zip(self.demands, own & (self.weight.max(axis=0) > 0.0), strict=True) if can)

    def by_input(self, missing: Floats, later: bool | NDArray[np.bool_] = False) -> Floats:
        """Loss that the lack of each input alone would cause (..., demand) [USD/year], for missing shares (..., demand).

        Parameters
        ----------
        missing : array (..., demand)
            Missing share of each input's supply in the year, 0-1.
        later : bool or array (...)
            Whether the shortage began in an earlier year.
        """
        first, after = (self._state(np.asarray(missing, dtype=np.float64), state) for state in range(len(STATES)))
        return np.where(np.asarray(later)[..., None], after, first)

    def _state(self, missing: Floats, state: int) -> Floats:
        found = np.zeros(missing.shape)
        for piece in range(self.slopes.shape[-1]):
            found = np.maximum(found, self.slopes[state, :, piece] * missing + self.intercepts[state, :, piece])
        return found

    def loss(self, missing: Floats, later: bool | NDArray[np.bool_] = False) -> Floats:
        """Loss of each sector (..., sector) [USD/year]; parameters as in :meth:`by_input`."""
        return self.groups.maximum(self.by_input(missing, later))


def loss_curves(system: System, basis: Basis = "supply", table: CurveTable | None = None) -> LossCurves:
    """Loss curves of a System.

    Parameters
    ----------
    system : System
        A base network.
    basis : str
        What a missing share is a share of: ``supply`` for a programme that hands the lack of a year's supply down the chain, after
        the stocks held there (:mod:`ytterby.plan.chain`); ``arrivals`` for what the simulator's users themselves miss.
    table : CurveTable, optional
        Another table than the packaged one.

    Raises
    ------
    UnknownNameError
        For another basis.
    """
    if basis not in BASES:
        raise UnknownNameError("basis", basis, BASES)
    found, weights = table or curve_table(basis), InputWeights(system)
    slopes, intercepts = affine_pieces(found.knots, found.slopes)
    factor = found.factor(str(code) for code in system.demands["sector"])
    classes, stake = weights.input_class, (weights.stake * factor)[..., None]
    return LossCurves(
        sectors=tuple(str(name) for name in system.sectors.index),
        demands=tuple(str(name) for name in system.demands.index),
        sector_of=weights.sector,
        weight=np.where(weights.sector >= 0, weights.share, 0.0),
        slopes=slopes[:, classes] * stake,
        intercepts=intercepts[:, classes] * stake,
        groups=SectorGroups.of(system.demands, system.sectors),
    )


def affine_pieces(knots: Floats, slopes: Floats) -> tuple[Floats, Floats]:
    """Slopes and intercepts (state, class, piece) of a convex curve, from the slopes added at each knot.

    The sum of ``slope * max(0, m - knot)`` is the largest of its partial sums, because added slopes are not negative.
    """
    return np.cumsum(slopes, axis=-1), -np.cumsum(slopes * knots, axis=-1)
