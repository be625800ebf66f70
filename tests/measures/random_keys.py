"""Random keys of measures, and where the tests of each kind are.

The tests of a kind of measure are `test_<kind>.py`. For a kind that is simulated this module says

- ``RANDOM``: a strategy of its keys on the base of 2024;
- ``DRAWN``: measures in YAML, each with distributions of its keys, so that every key of ``COLUMN_KEYS`` is drawn once.

So the tests of effects, of the simulator and of draws in company hold for a new kind without being changed.
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

from hypothesis import strategies as st

from ytterby.measures import KINDS, SIMULATED

START = dt.date(2025, 1, 6)
WEEKS = 40
GOODS = (
    "Dy",
    "Tb",
    "Nd",
    "oxide.*",
    "metal.*",
    "magnet.*",
    "oxide.NdPr",
    "metal.Dy",
    "magnet.NdFeB-Dy",
    "component.*",
    "oxide.Y",
    "rare_earths",
)
MADE = ("oxide.NdPr", "oxide.Dy", "metal.NdPr", "magnet.NdFeB", "magnet.NdFeB-Dy")
USED = ("magnet.*", "component.*")
SHARE = st.floats(0.05, 1.0)
FROM, TO = st.sampled_from(("CN", "CN", "MY", "US")), st.sampled_from(("JP", "US", "DE", "KR", "all"))


def dates(kind: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Measures of a kind: its keys, from a day of the horizon on, with or without an end."""
    start = st.integers(0, 200).map(lambda days: START + dt.timedelta(days=days))
    spans = st.tuples(start, st.none() | st.integers(14, 250))
    timed = spans.map(lambda span: {"start": span[0]} | ({} if span[1] is None else {"end": span[0] + dt.timedelta(days=span[1])}))
    return st.tuples(timed, st.fixed_dictionaries(keys)).map(lambda parts: {"kind": kind, **parts[0], **parts[1]})


def goods(names: tuple[str, ...] = GOODS) -> st.SearchStrategy[str]:
    """A selector of goods."""
    return st.sampled_from(names)


def module_of(kind: str) -> Any:
    """Module with the tests of a kind of measure."""
    return import_module(f"tests.measures.test_{kind}")


def random_keys() -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    """Strategy of each simulated kind."""
    return {kind: module_of(kind).RANDOM for kind in sorted(SIMULATED)}


def drawn_measures() -> tuple[list[str], list[str]]:
    """Measures of every simulated kind, and lines of distributions that draw each of their keys that may be a column."""
    found = [pair for kind in KINDS if kind in SIMULATED for pair in module_of(kind).DRAWN.items()]
    return [measure for measure, _ in found], [
        f"measures.{_name(measure)}.{key}: {spread}" for measure, spreads in found for key, spread in spreads.items()
    ]


def _name(measure: str) -> str:
    return measure.partition("name: ")[2].partition(",")[0]
