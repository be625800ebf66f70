"""The duties of 2025 on Japan replayed: what was published beside what the trade block gives, month by month.

Nothing is fitted to these rows. The short default of the pass-through was chosen knowing the rows of trade, so they are marked as
seen before and stay outside the hits; a second score draws the pass-through from all that is possible.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import trade
from ytterby.errors import DataGapError
from ytterby.result_model import ResultModel
from ytterby.scenario import load_scenario
from ytterby.tables import records
from ytterby.validation.tables import ROOM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.economy.trade import DutyOutcome, PartyTotals, TradeBase
    from ytterby.facts import Facts

    Array = NDArray[np.float64]

SCENARIO = "us-tariffs-japan-2025"
FIRST, MONTHS = dt.date(2025, 1, 1), 24
AGREED, LETTER = 0.15, 0.25
"""General duty of the agreement, and of the letter of July 2025."""
AFTER_AGREEMENT, BEFORE_AGREEMENT = dt.date(2025, 10, 1), dt.date(2025, 7, 1)
"""Months in which the agreement is fully in force, and in which car duties are those before it."""
SMALL, POINTS, FACTOR, ORDER = 10.0, 3.0, 1.5, 3.0
"""Changes below 10 % must come within 3 points, others within a factor of 1.5; a sum of money within a factor of 3."""
RULE = f"{POINTS:g} points below {SMALL:g} %, else a factor of {FACTOR:g}, for the cost {ORDER:g}"
BAND = (0.05, 0.95)
TRADE = "trade"


@dataclass(frozen=True)
class ReplayedTarget:
    """One row that is compared."""

    id: str
    kind: str
    groups: tuple[str, ...]
    first: str
    last: str
    scored: str
    """``trade`` counts as hit or miss, ``gdp`` is only compared."""
    asked: str
    """``yes`` for the rows by which the block is judged as a whole."""
    missing: str


class ReplayTarget(NamedTuple):
    """One row with its published value and ours."""

    id: str
    what: str
    unit: str
    published: float
    model: float
    low: float
    high: float
    direction: bool
    """Whether the sign is right."""
    hit: bool | None
    """None for rows that are only compared."""
    seen: bool
    """Known when the default of the pass-through was chosen."""
    asked: bool
    missing: str
    """What the published figure holds beyond ours."""

    @property
    def in_band(self) -> bool:
        """Whether the published value lies in the band of ours, 5 to 95 %."""
        return self.low <= self.published <= self.high


@cache
def replay_rows() -> tuple[ReplayedTarget, ...]:
    """All rows that are compared."""
    return records(ROOM, "data/duties", ReplayedTarget)


def replay(facts: Facts, *, draws: int, seed: int, wide: bool = False) -> tuple[ReplayTarget, ...]:
    """Rows of the replay with the short horizon.

    Parameters
    ----------
    facts : Facts
        Figures with the rows and the trade table.
    draws, seed : int
        Draws of the band, and their seed.
    wide : bool
        Whether the pass-through is drawn evenly from 0.1 to 1, and our value is the median; else it is that of the defaults.
    """
    base = trade.trade_base(facts)
    path = trade.paths(base, load_scenario(SCENARIO), FIRST, MONTHS)[0]
    duty = np.concatenate([path.duty, letter(base, path.duty)[None]])
    central = trade.central(base.groups, base.suppliers, "short")
    found, sums = trade.central_outcome(base, duty, central)
    values = np.array([value_of(facts, row, base, found, sums) for row in replay_rows()])
    parts = [
        [value_of(facts, row, base, outcome, totals) for row in replay_rows()]
        for _, outcome, totals in trade.drawn_outcomes(
            base, duty, trade.drawn(base.groups, base.suppliers, "short", draws, seed, wide=wide)
        )
    ]
    spread = np.array([np.concatenate(columns) for columns in zip(*parts, strict=True)])
    low, high = np.quantile(spread, BAND, axis=1)
    values = np.median(spread, axis=1) if wide else values
    return tuple(_target(facts, row, *three) for row, *three in zip(replay_rows(), values, low, high, strict=True))


def letter(base: TradeBase, duty: Array) -> Array:
    """Duties (group, supplier) of July 2025 with 25 % in place of the 10 % on Japan, as the letter of 7 July announced."""
    july = duty[_month(BEFORE_AGREEMENT.isoformat()[:7])].copy()
    general = np.zeros(len(base.groups))
    for line in base.lines:
        if line.treatment == "general" and base.suppliers[line.supplier] == "JP":
            general[line.group] += line.value
    japan = base.supplier("JP")
    july[:, japan] += (LETTER - 0.1) * general / np.maximum(base.value[:, japan], 1.0)
    return np.asarray(july)


def value_of(facts: Facts, row: ReplayedTarget, base: TradeBase, found: DutyOutcome, sums: PartyTotals) -> Array:
    """Model value of a row [its unit]; arrays with leading axes of draws give one value a draw."""
    japan = base.supplier("JP")
    groups = [base.group(name) for name in row.groups] if row.groups != ("*",) else list(range(len(base.groups)))
    if row.kind.startswith("gdp"):
        at = MONTHS if row.kind == "gdp_25" else _month(AFTER_AGREEMENT.isoformat()[:7])
        return np.asarray(100.0 * sums.added[..., at, japan] / (facts.value("TRD014") * 1e9))
    span = slice(_month(row.first), _month(row.last) + 1)
    value, before = found.value[..., span, :, japan][..., groups], base.value[..., japan][..., groups]
    if row.kind == "price":
        return np.asarray(100.0 * (found.solution.exporter[..., span, groups[0], japan].mean(axis=-1) - 1.0))
    if row.kind == "volume":
        return np.asarray(100.0 * (found.solution.volume[..., span, groups[0], japan].mean(axis=-1) - 1.0))
    if row.kind == "value":
        return np.asarray(100.0 * (value.sum(axis=-1).mean(axis=-1) / before.sum(axis=-1) - 1.0))
    if row.kind == "balance":
        surplus = base.value[..., japan].sum(axis=-1) - base.exports[japan]
        return np.asarray(100.0 * (-sums.balance[..., span, japan].mean(axis=-1) / surplus - 1.0))
    if row.kind == "cost":
        paid = found.revenue[..., span, :, japan][..., groups].sum(axis=(-2, -1)) / 12.0
        return np.asarray(paid * facts.value("TRD012") / 1e9)
    raise DataGapError(f"replay: no rule gives a model value for '{row.kind}'")


def _month(text: str) -> int:
    year, month = text.split("-")
    return (int(year) - FIRST.year) * 12 + int(month) - FIRST.month


def _target(facts: Facts, row: ReplayedTarget, model: float, low: float, high: float) -> ReplayTarget:
    figure = facts.row(row.id)
    published = float(figure["value"])
    scored = row.scored == TRADE
    return ReplayTarget(
        row.id, str(figure["scope"]), str(figure["unit"]), published, float(model), float(low), float(high), bool(model * published > 0),
        within(row.kind, published, float(model)) if scored else None, scored, row.asked == "yes", row.missing,
    )  # fmt: skip


def within(kind: str, published: float, model: float) -> bool:
    """Whether a model value meets a row: the sign is right, and it is near enough."""
    if model * published <= 0:
        return False
    if kind != "cost" and abs(published) < SMALL:
        return abs(model - published) <= POINTS
    ratio, allowed = model / published, ORDER if kind == "cost" else FACTOR
    return 1.0 / allowed <= ratio <= allowed


class ReplayScore(ResultModel):
    """How many rows are met."""

    hits: int
    """Within the rule of a hit."""
    in_band: int
    """Published value inside the band of ours."""
    of: int
    """Rows that are scored."""
    unseen: int
    """Rows that nobody had seen, the only ones that would count."""
    directions: int
    """Rows whose sign is right."""
    asked_hits: int
    """`hits` among the rows by which the trade block as a whole is judged."""
    asked_of: int
    """Those rows."""


def score(targets: Sequence[ReplayTarget]) -> ReplayScore:
    """Score over the rows of trade, all of which were seen before."""
    rows = [target for target in targets if target.hit is not None]
    asked = [target for target in rows if target.asked]
    return ReplayScore(
        hits=sum(bool(row.hit) for row in rows),
        in_band=sum(row.in_band for row in rows),
        of=len(rows),
        unseen=sum(not row.seen for row in rows),
        directions=sum(row.direction for row in rows),
        asked_hits=sum(bool(row.hit) for row in asked),
        asked_of=len(asked),
    )
