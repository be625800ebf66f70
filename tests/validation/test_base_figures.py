"""A base is known again on another machine: rounding does not count, a changed figure does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ytterby.facts import load
from ytterby.system import build
from ytterby.validation.base_figures import TABLES, base_figures, same_figures
from ytterby.validation.posterior import record


@pytest.fixture(scope="module")
def base():
    return build(2009, load())


def changed(base, table, change):
    frame = getattr(base, table).copy()
    change(frame)
    return replace(base, **{table: frame})


def test_the_posterior_was_made_on_todays_base(base):
    """If this fails, the base of 2009 has changed: calibrate anew (``ytterby backtest quota-crisis-2010 --calibrate``)."""
    assert same_figures(record().base_figures, base_figures(base))


def test_what_another_machine_rounds_otherwise_is_the_same_base(base):
    rng = np.random.default_rng(1)
    tables = {}
    for name in TABLES:
        frame = getattr(base, name).copy()
        for column in frame.select_dtypes("number"):
            frame[column] = frame[column] * (1.0 + 1e-9 * rng.uniform(-1.0, 1.0, len(frame))) + 1e-10 * rng.uniform(-1.0, 1.0, len(frame))
        tables[name] = frame.sample(frac=1.0, random_state=2)
    other = replace(base, **tables)
    assert other.digest != base.digest
    assert same_figures(base_figures(base), base_figures(other))
    assert same_figures(base_figures(other), record().base_figures)


@pytest.mark.parametrize(
    ("table", "column"),
    [("markets", "price"), ("processes", "capacity"), ("recipes", "coefficient"), ("links", "flow"), ("demands", "use")],
)
def test_one_changed_figure_is_another_base(base, table, column):
    """The median figure of a column, by a hundredth; and two figures that change places."""
    values = getattr(base, table)[column].abs()
    row = values[values > 0.0].sort_values().index[(values > 0.0).sum() // 2]
    other = changed(base, table, lambda frame: frame.__setitem__(column, frame[column].where(frame.index != row, frame[column] * 1.01)))
    assert not same_figures(base_figures(base), base_figures(other))
    first, last = values.idxmin(), values.idxmax()

    def swap(frame):
        frame.loc[[first, last], column] = frame.loc[[last, first], column].to_numpy()

    assert not same_figures(base_figures(base), base_figures(changed(base, table, swap)))


def test_a_lost_row_is_another_base_and_another_source_is_not(base):
    largest = base.links["flow"].idxmax()
    assert not same_figures(base_figures(base), base_figures(replace(base, links=base.links.drop(largest))))
    cited = changed(base, "demands", lambda frame: frame.__setitem__("facts", "NEW001"))
    assert cited.digest != base.digest
    assert same_figures(base_figures(base), base_figures(cited))


def test_a_lost_column_is_another_base(base):
    figures = base_figures(base)
    assert not same_figures(figures, {key: sums for key, sums in figures.items() if key != "links.flow"})
