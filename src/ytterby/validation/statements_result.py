"""Backtest by frozen statements: what was said of an episode before its record was looked at, beside the record."""

from __future__ import annotations

from ytterby.result_model import ResultModel
from ytterby.validation.backtest_result import BacktestResult, BacktestTarget


class StatementTarget(BacktestTarget):
    """A frozen statement with its record."""

    hit: bool
    """Whether `model` meets the record by the statement's rule."""
    kind: str
    """What is measured, such as exports or a price."""
    bound: str
    """``at_least`` where the record is a least value; else empty."""
    hit_by_no_change: bool
    """Whether the forecast that nothing changes meets the record."""
    in_80: bool
    """Whether the 80 % band holds the record."""
    p: float
    """Probability of the statement as frozen [1]."""
    happened: bool
    """Whether the statement came true."""
    brier: float
    """Brier score of `p`: 0 is best, 1 is worst."""
    rule: str
    """How a hit is told."""
    fact: str
    """Id of the figure that is the record."""
    seen_before: bool
    """Whether the record was known when the statement was frozen."""
    note: str
    replayed: float | None = None
    """Median of a replay with the model of today."""
    replayed_hit: bool | None = None
    """Whether `replayed` meets the record by the rule."""


class StatementCheck(ResultModel):
    """A statement without a record: the placebo must rest, what is out of scope must not change."""

    id: str
    what: str
    """In words."""
    rule: str
    """``calm`` of a placebo, ``scope`` of what the episode does not touch."""
    model: float
    """Frozen median, over the base [1]."""
    hit: bool
    """Whether it stays near the base."""


class OpenStatement(ResultModel):
    """A statement whose record is not known."""

    id: str
    what: str
    """In words."""
    p: float
    """Probability as frozen [1]."""


class StatementScores(ResultModel):
    """Scores over the statements that have a record."""

    brier: float
    """Mean Brier score: 0 is best, 1 is worst."""
    brier_even: float
    """Brier score of saying 50 % always."""
    hits_of_no_change: int
    """Statements that the forecast hits that nothing changes."""
    coverage_80: float
    """Share of records inside the 80 % band [1]."""


class FrozenSource(ResultModel):
    """The frozen set that is judged."""

    sha256: str
    """Hash of the set, by which a change is seen."""
    draws: int
    """Draws of the ensembles that it was made from."""
    posterior: str
    """Digest of the posterior that its draws came from."""
    release: str
    """Version of the program that made it."""


class ScoredStatements(ResultModel):
    """The statements of an episode, sorted by what is known of them."""

    hits: int
    """Statements that are hit."""
    of: int
    """Statements with a record."""
    targets: tuple[StatementTarget, ...]
    """Misses first."""
    checks: tuple[StatementCheck, ...]
    """Those that do not hold come first."""
    open: tuple[OpenStatement, ...]
    scores: StatementScores | None
    """None without a statement that has a record."""


class StatementsBacktest(ScoredStatements, BacktestResult):
    """Backtest of a later episode by frozen statements."""

    replayed_hits: int
    """Statements that a replay with the model of today hits."""
    draws: int
    """Draws of the replay."""
    seed: int
    frozen: FrozenSource
    changed_since: tuple[str, ...]
    """Of scenario, base and posterior, what is no longer that of the frozen set."""
