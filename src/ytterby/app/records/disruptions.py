"""Recorded disruptions of supply 1995-2022: how the calibrated input classes foretell each event that was left out."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import ytterby.validation.disruptions as record
from ytterby.execution import digest_of
from ytterby.facts import load
from ytterby.result_model import ResultModel
from ytterby.validation import BacktestResult, BacktestTarget, CalibrationRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BAND = (0.05, 0.95)
PARAMETERS = {"stop_share": "1", "worked_around": "1", "work_around_weeks": "weeks"}
"""Parameters of a class that the economy uses, with their units."""
METHOD = "importance sampling by class; Beta stop shares, lognormal times, users varying around their class"
LEFT_OUT = f"{METHOD}; each event foretold without itself"
HALF = 0.5


class ForetoldUser(ResultModel):
    """A user of the record, foretold by a calibration that has not seen its event."""

    event: str
    """Name of the disruption."""
    date: str
    """Day it began, YYYY-MM-DD."""
    user: str
    """Firm or plant that uses the input."""
    input: str
    """What was not delivered."""
    input_class: str
    """Class of the input: engineered part, catalogue part or material."""
    recalled: bool
    """Whether the observation is general knowledge, unconfirmed."""
    stopped: bool | None
    """Whether 5 % or more of its output stood; None where the record does not say."""
    p_stop: float
    """Probability of that, out of sample [1]."""
    hit: bool | None
    """Whether the probability lies on the right side of one half."""
    weeks_lost: float | None
    """Output lost in the record [weeks]."""
    weeks: float
    """Output lost, out of sample, median [weeks]."""
    weeks_low: float
    """10 % quantile [weeks]."""
    weeks_high: float
    """90 % quantile [weeks]."""
    facts: tuple[str, ...]
    """Ids of the figures that are its record."""


class RecordedRow(ResultModel):
    """What a row of the record is used for."""

    fact: str
    """Id of the figure."""
    role: str
    """What it is used for."""
    user: str
    """Id of the user that it is about; empty where it is about none."""
    note: str


class DisruptionScore(ResultModel):
    """Score of one way to foretell."""

    hits: int
    """Users on the right side."""
    asked: int
    """Users that the record says of whether they stopped."""
    brier: float
    """Mean squared error of the probabilities of a stop [1]."""
    log_error: float
    """Root mean square of ln(foretold / recorded) weeks lost."""


class DisruptionsBacktest(BacktestResult):
    """Backtest on recorded disruptions; `hits` and `of` count users on the right side."""

    method: str
    """In words."""
    seed: int
    draws: int
    """Draws of each class of inputs."""
    model: DisruptionScore
    """Out of sample."""
    rule: DisruptionScore
    """Of the bare rule: parts stop, materials do not."""
    seen: tuple[int, int]
    """Hits and users asked without those that are general knowledge."""
    engineered_within_two: tuple[int, int]
    """Engineered parts whose weeks lost are foretold within a factor of 2, and those asked."""
    users: tuple[ForetoldUser, ...]
    rows: tuple[RecordedRow, ...]
    excluded: dict[str, str]
    """Published figures that enter nothing, with the reason."""

    @property
    def targets(self) -> tuple[BacktestTarget, ...]:
        """Output lost of the users whose loss is recorded, in the form of the other backtests; `hit` is whether the stop was foretold."""
        return tuple(
            BacktestTarget(
                id=row.event, what=f"{row.user}, {row.input}", unit="weeks", target=row.weeks_lost,
                model=row.weeks, low=row.weeks_low, high=row.weeks_high, hit=row.hit, fitted=False,
            )
            for row in self.users if row.weeks_lost is not None
        )  # fmt: skip


class ClassesCalibration(CalibrationRecord):
    """How the classes of inputs were fitted."""

    effective_draws: dict[str, float]
    """One over the sum of squared weights, by class."""
    record: str
    """Digest of the record that was fitted."""


def score(
    episode: str, *, draws: int = 100, seed: int = 1, project: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> DisruptionsBacktest:
    """Foretell each user from the events that it does not belong to.

    Parameters
    ----------
    episode : str
        Name of the backtest, repeated in the result.
    draws, seed, project, progress
        As of every backtest; classes are sampled with :data:`ytterby.validation.disruptions.LEFT_OUT_SAMPLE` draws whatever ``draws`` says.
    """
    given, facts = record.users(), load(project)
    record.check(facts, given)
    found = record.foretell(given, seed=seed, progress=progress)
    recalled = {user.id: all(facts.row(name)["kind"] == "assumed" for name in user.facts) for user in given}
    parts = [item for item in found if item.user.input_class == "engineered_part" and item.user.lost is not None and item.user.stopped]
    both = [_score(found, rule=rule) for rule in (False, True)]
    users = tuple(_user(item, recalled[item.user.id]) for item in found)
    seen = [row for row in users if row.hit is not None and not row.recalled]
    return DisruptionsBacktest(
        episode=episode,
        method=LEFT_OUT,
        seed=seed,
        draws=record.LEFT_OUT_SAMPLE,
        model=both[0],
        rule=both[1],
        seen=(sum(bool(row.hit) for row in seen), len(seen)),
        engineered_within_two=(sum(record.within_factor(item) for item in parts), len(parts)),
        hits=both[0].hits,
        of=both[0].asked,
        users=users,
        rows=tuple(RecordedRow(fact=row.fact, role=row.role, user=row.user, note=row.note) for row in record.record_rows()),
        excluded=record.excluded(),
    )


def _score(found: tuple[record.Foretold, ...], *, rule: bool) -> DisruptionScore:
    hits, asked = record.right_side(found, rule=rule)
    return DisruptionScore(hits=hits, asked=asked, brier=record.brier(found, rule=rule), log_error=record.log_error(found, rule=rule))


def _user(item: record.Foretold, recalled: bool) -> ForetoldUser:
    user = item.user
    return ForetoldUser(
        event=user.event.event,
        date=user.event.start,
        user=user.user,
        input=user.input,
        input_class=user.input_class,
        recalled=recalled,
        stopped=user.stopped,
        p_stop=item.p_stop,
        hit=None if user.stopped is None else (item.p_stop >= HALF) == user.stopped,
        weeks_lost=user.lost,
        weeks=item.weeks,
        weeks_low=item.weeks_low,
        weeks_high=item.weeks_high,
        facts=user.facts,
    )


def recalibrate(episode: str, draws: int, seed: int, out: Path, progress: Callable[[int, int], None] | None = None) -> ClassesCalibration:
    """Fit the classes of inputs and write ``input_classes.csv`` and ``input_classes.json`` into a folder."""
    import numpy as np

    given = record.users()
    record.check(load(), given)
    samples = record.posterior(given, draws, seed, progress)
    out.mkdir(parents=True, exist_ok=True)
    lines = [["sector", "commodity", "parameter", "value", "low", "high", "unit", "kind", "facts", "note"]]
    for name, sample in samples.items():
        behind = " ".join(sorted({fact for user in given if user.input_class == name for fact in user.facts}))
        for parameter, unit in PARAMETERS.items():
            values = sample.replay(draws)[parameter]
            low, middle, high = (f"{float(np.quantile(values, q)):.3g}" for q in (BAND[0], 0.5, BAND[1]))
            lines.append(["*", "*", f"{name}.{parameter}", middle, low, high, unit, "derived", behind, "posterior median and 5-95 %"])
    with (out / "input_classes.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    told = ClassesCalibration(
        episode=episode,
        method=METHOD,
        draws=draws,
        seed=seed,
        effective_draws={name: round(sample.effective(), 1) for name, sample in samples.items()},
        record=digest_of(repr(given)),
    )
    (out / "input_classes.json").write_text(json.dumps(told.to_dict(), indent=2, sort_keys=True) + "\n", "utf-8")
    return told
