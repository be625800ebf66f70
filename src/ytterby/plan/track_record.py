"""What became of earlier promises, taken into the chances that a candidate is late or cancelled.

The prior of a candidate is a Beta distribution whose mean is its own assumed chance, and which is as narrow as the range of that chance:
low and high end are taken as 90 % of it. Known promises of its kind are added as counts, so that the chance moves the less the surer it
was::

    cancelled      ~ Beta(m n + ended, (1 - m) n + kept + late)      of all known promises
    late, if built ~ Beta(m n + late,  (1 - m) n + kept)             of those that were not cancelled

References
----------
A. Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.4: conjugate Beta prior as earlier observations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.facts import Candidate, FigureRange

PROMISED_AS = {
    "project": "investment",
    "recycling": "investment",
    "assistance": "assistance",
    "offtake": "procurement",
}
"""Kind of promise whose record counts for a kind of candidate. The chances of research, substitutes and exploration are those of finding
something, which no record of promises tells; stocks are bought, floors and standards decided."""
WIDTH = 3.29
"""Width of the middle 90 % of a normal distribution, in standard deviations."""
LEVEL = 0.9
"""Mass between low and high end of a chance [1]."""


class PromiseCounts(ResultModel):
    """What became of the promises of a kind of which something is known."""

    kind: str
    """Kind of promise, as ``ytterby watch`` names it."""
    kept: int
    """Promises kept in time."""
    late: int
    """Promises kept late."""
    ended: int
    """Promises denied, taken back or cancelled."""


class MovedChance(ResultModel):
    """A candidate whose chances the record has moved."""

    measure: str
    """Id of the candidate."""
    name: str
    kind: str
    """Kind of promise whose record counts for it."""
    slip_before: float
    """Assumed chance of a delay [1]."""
    slip: float
    """Chance of a delay with the record [1]."""
    cancel_before: float
    """Assumed chance of a cancellation [1]."""
    cancel: float
    """Chance of a cancellation with the record [1]."""


class WatchPrior(ResultModel):
    """The record of promises that a plan has taken in, and the candidates that it has moved."""

    on: str
    """Day on which promises were counted, YYYY-MM-DD."""
    counts: tuple[PromiseCounts, ...]
    """By kind, those of which something is known."""
    moved: tuple[MovedChance, ...]
    """By how far their chance of working in time has moved, the farthest first."""


@dataclass(frozen=True)
class TrackRecord:
    """What became of promises up to a day.

    Parameters
    ----------
    on : str
        Day, YYYY-MM-DD.
    counts : mapping of str to PromiseCounts
        By kind of promise.
    """

    on: str
    counts: Mapping[str, PromiseCounts]

    def candidate(self, candidate: Candidate) -> Candidate:
        """The candidate with its chances moved; itself where nothing is known of promises of its kind."""
        known = self.counts.get(PROMISED_AS.get(candidate.kind, ""))
        if known is None:
            return candidate
        built = known.kept + known.late
        moved = {
            "slip": updated(candidate.figures["slip"], known.late, built),
            "cancel": updated(candidate.figures["cancel"], known.ended, built + known.ended),
        }
        if all(figure is candidate.figures[name] for name, figure in moved.items()):
            return candidate
        return replace(candidate, figures={**candidate.figures, **moved})

    def moved(self, before: Iterable[Candidate]) -> WatchPrior:
        """What the record did to candidates as they were before."""
        pairs = [(each, changed) for each in before if (changed := self.candidate(each)) is not each]
        rows = sorted((_moved(old, new) for old, new in pairs), key=lambda row: (-_distance(row), row.measure))
        known = tuple(counts for _, counts in sorted(self.counts.items()) if counts.kept + counts.late + counts.ended)
        return WatchPrior(on=self.on, counts=known, moved=tuple(rows))


def updated(chance: FigureRange, hits: int, of: int) -> FigureRange:
    """A chance after so many hits of so many known cases: mean and 90 % interval [1].

    It stays as it is without a case, where it has no range or is certain, since then no count can move it.
    """
    strength = prior_strength(chance)
    if not of or strength is None:
        return chance
    from scipy.special import betaincinv

    a, b = chance.value * strength + hits, (1.0 - chance.value) * strength + of - hits
    low, high = (float(betaincinv(a, b, at)) for at in ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0))
    mean = a / (a + b)
    return replace(chance, low=min(low, mean), value=mean, high=max(high, mean), basis="derived")


def prior_strength(chance: FigureRange) -> float | None:
    """Earlier cases that a chance is worth, from the width of its range; None where it is not between 0 and 1 or has no range.

    Of a Beta distribution with mean m and standard deviation s it is m (1 - m) / s² - 1; at least one case.
    """
    deviation = (chance.high - chance.low) / WIDTH
    if not (0.0 < chance.value < 1.0 and deviation > 0.0):
        return None
    return max(chance.value * (1.0 - chance.value) / deviation**2 - 1.0, 1.0)


def _moved(old: Candidate, new: Candidate) -> MovedChance:
    return MovedChance(
        measure=old.id, name=old.names["en"], kind=PROMISED_AS[old.kind],
        slip_before=old.figures["slip"].value, slip=new.figures["slip"].value,
        cancel_before=old.figures["cancel"].value, cancel=new.figures["cancel"].value,
    )  # fmt: skip


def _distance(row: MovedChance) -> float:
    """Change of the chance of being built in time [1]."""
    return abs((1.0 - row.cancel) * (1.0 - row.slip) - (1.0 - row.cancel_before) * (1.0 - row.slip_before))
