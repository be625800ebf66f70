"""Comparison with published estimates of a supply stop: Shapley contributions of five assumptions of our model.

Equations V1-V3 in ``docs/explanation/losses.md``. For each study only the assumptions that it states are changed; the
rest of our model stays as it is, and the remaining difference is reported as unexplained. No study is reproduced.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

from ytterby import tables
from ytterby.economy import assumptions
from ytterby.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ytterby.facts import Facts

    Assumptions = Mapping[str, float]
    Evaluate = Callable[[dict[str, float]], float]

NAMES = ("depth", "duration", "stock", "substitution", "recapture")
SEVERE = {"depth": "high", "duration": "high", "stock": "low", "substitution": "low", "recapture": "low"}
"""End of each assumption's range that gives the largest loss."""


@dataclass(frozen=True)
class Study:
    """A published estimate with the assumptions that the study states."""

    name: str
    fact: str
    region: str
    published: float
    """Loss [% of GDP, positive]."""
    states: dict[str, float]
    """Values of the assumptions that the study states."""
    words: dict[str, str]
    """Quotations of these statements."""
    gap: str = ""
    """What the study counts and we do not, where a figure says so."""


@dataclass(frozen=True)
class Comparison:
    """Comparison of our model with one study."""

    study: Study
    start: float
    """Our loss with our own assumptions [% of GDP]."""
    ours: float
    """Our loss with the assumptions that the study states [% of GDP]."""
    contributions: dict[str, float]
    """Shapley contribution of each of the five assumptions; they add up to ``ours - start``."""

    @property
    def unexplained(self) -> float:
        """Published loss minus :attr:`ours` [percentage points of GDP]."""
        return self.study.published - self.ours


@dataclass(frozen=True)
class Explanation:
    """Effect of the five assumptions on our loss, and the comparison with the published range."""

    central: dict[str, float]
    """Our own assumptions."""
    loss: float
    """Our loss with them [% of GDP]."""
    mild: float
    """Our loss with every assumption at its mild end."""
    severe: float
    """Our loss with every assumption at its severe end."""
    span: dict[str, float]
    """Shapley contribution of each assumption to ``severe - mild``."""
    alone: dict[str, tuple[float, float]]
    """Smallest and largest loss if only one assumption is set to the ends of its range [% of GDP]."""
    studies: tuple[Comparison, ...]

    def bridges(self, study: str) -> tuple[str, ...]:
        """Assumptions not stated by the study, each of which alone can bring our loss to the published one."""
        compared = next(item.study for item in self.studies if item.study.name == study)
        open_ = [name for name in NAMES if name not in compared.states]
        return tuple(name for name in open_ if self.alone[name][0] <= compared.published <= self.alone[name][1])

    @property
    def covers(self) -> dict[str, bool]:
        """Whether each published loss lies between :attr:`mild` and :attr:`severe`."""
        low, high = sorted((self.mild, self.severe))
        return {item.study.name: low <= item.study.published <= high for item in self.studies}


def shapley(names: Iterable[str], worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Shapley value of each name, by summation over subsets; the values add up to ``worth(all) - worth(none)``."""
    players = tuple(names)
    count = len(players)
    values = {}
    for player in players:
        others = [name for name in players if name != player]
        values[player] = sum(
            factorial(size) * factorial(count - size - 1) / factorial(count) * (worth(subset | {player}) - worth(subset))
            for size in range(count)
            for subset in map(frozenset, combinations(others, size))
        )
    return values


def contributions(evaluate: Evaluate, start: Assumptions, end: Assumptions) -> dict[str, float]:
    """Shapley contribution of each assumption to the change from ``start`` to ``end``; unchanged ones contribute 0."""
    moved = [name for name in NAMES if start[name] != end[name]]
    values = shapley(moved, lambda subset: evaluate({name: end[name] if name in subset else start[name] for name in NAMES}))
    return {name: values.get(name, 0.0) for name in NAMES}


def explain(
    evaluate: Evaluate,
    facts: Facts,
    region: str = "JP",
    central: Assumptions | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> Explanation:
    """Compare our loss with the published estimates for a region.

    Parameters
    ----------
    evaluate : callable
        Loss in percent of the region's GDP (positive) for a dict of the five assumptions :data:`NAMES`. It is
        called once for each set of assumptions, at most 43 times plus a few times for each study.
    facts : Facts
        Figures with the published estimates.
    region : str
        Region of the studies.
    central : mapping, optional
        Our own assumptions; missing ones are those of the table ``rivals``.
    ranges : mapping, optional
        Low and high end of each assumption; missing ones are those of the table ``rivals``.

    Raises
    ------
    UnknownNameError
        If ``central`` or ``ranges`` name an assumption that does not exist.
    """
    _check(central, "central assumptions")
    _check(ranges, "ranges of assumptions")
    ours, ends = defaults(region)
    ours |= dict(central or {})
    ends |= dict(ranges or {})
    mild, severe = ({name: ends[name][(SEVERE[name] == "high") is heavy] for name in NAMES} for heavy in (False, True))
    known = _cached(evaluate)
    return Explanation(
        central=ours,
        loss=known(ours),
        mild=known(mild),
        severe=known(severe),
        span=contributions(known, mild, severe),
        alone={name: _range_alone(known, ours, name, ends[name]) for name in NAMES},
        studies=tuple(_compare(known, study, ours) for study in studies(facts, region)),
    )


def _check(given: Mapping[str, object] | None, where: str) -> None:
    for name in given or ():
        if name not in NAMES:
            raise UnknownNameError("assumption", name, NAMES, where)


def defaults(region: str = "") -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Our assumptions and their ranges from the table ``rivals``."""
    table = assumptions.read("rivals")
    rows = {name: table.rows[table.find(name, region)] for name in NAMES}
    return {name: row.value for name, row in rows.items()}, {name: (row.low, row.high) for name, row in rows.items()}


def _cached(evaluate: Evaluate) -> Evaluate:
    @cache
    def by_values(values: tuple[float, ...]) -> float:
        return float(evaluate(dict(zip(NAMES, values, strict=True))))

    return lambda assumptions: by_values(tuple(float(assumptions[name]) for name in NAMES))


def _range_alone(evaluate: Evaluate, ours: dict[str, float], name: str, ends: tuple[float, float]) -> tuple[float, float]:
    found = [evaluate(ours | {name: value}) for value in (*ends, ours[name])]
    return min(found), max(found)


def _compare(evaluate: Evaluate, study: Study, ours: dict[str, float]) -> Comparison:
    theirs = ours | study.states
    return Comparison(study, evaluate(ours), evaluate(theirs), contributions(evaluate, ours, theirs))


def studies(facts: Facts, region: str = "JP") -> tuple[Study, ...]:
    """Published estimates for a region with the assumptions they state, in the order of the table ``presets``."""
    rows = [row for row in tables.rows("ytterby.economy", "tables/presets") if row["region"] == region]
    found = []
    for name, fact in dict.fromkeys((row["study"], row["fact"]) for row in rows):
        own = [row for row in rows if row["study"] == name]
        states = {row["assumption"]: float(row["value"]) for row in own}
        words, gap = {row["assumption"]: row["stated"] for row in own}, "; ".join(filter(None, (row["gap"] for row in own)))
        found.append(Study(name, fact, region, abs(facts.value(fact)), states, words, gap))
    return tuple(found)


def _bridged(names: Sequence[str]) -> str:
    """Which of the choices that a study leaves open would close what remains unexplained."""
    if not names:
        return "no single choice that the study leaves open would close them"
    return f"any one of these choices, which the study leaves open, would close them: {', '.join(names)}"


def _gap(item: Comparison) -> str:
    """Why the study's figure is another: what its statements change in ours, and what it counts that we do not."""
    if not item.study.gap:
        return ""
    moved = ", ".join(f"{name} {points:+.2f}" for name, points in item.contributions.items() if points)
    return f" Why: what it states moves our loss by {moved} points; {item.study.gap}."


def lines(explanation: Explanation) -> list[str]:
    """Sentences with the results, for reports and the command line."""
    low, high = sorted((explanation.mild, explanation.severe))
    moves = ", ".join(f"{name} {value:+.2f}" for name, value in sorted(explanation.span.items(), key=lambda item: -abs(item[1])))
    text = [
        f"Our loss: {explanation.loss:.2f} % of GDP; {low:.2f} to {high:.2f} % over the range of five assumptions ({moves} points).",
    ]
    for item in explanation.studies:
        stated = ", ".join(f"{name} {value:g} ('{item.study.words[name]}')" for name, value in item.study.states.items())
        text.append(
            f"{item.study.name} ({item.study.fact}): {item.study.published:.2f} % of GDP; with what it states ({stated}) "
            f"we get {item.ours:.2f} %; {item.unexplained:+.2f} points remain unexplained; "
            f"{_bridged(explanation.bridges(item.study.name))}.{_gap(item)}"
        )
    return text
