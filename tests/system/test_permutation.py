"""The same facts in another order give the same base, digit for digit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ytterby.facts import Facts
from ytterby.system.build import build


class Shuffled(Facts):
    """Facts whose rows come in another order."""

    def trade(self):
        return super().trade().sample(frac=1.0, random_state=3)


@pytest.mark.parametrize("year", [2024, 2009])
def test_order_of_rows_does_not_matter(facts, system, year):
    if system.year != year:
        pytest.skip("the other year")
    order = np.random.default_rng(5).permutation(len(facts.table))
    extras = {name: extra.sample(frac=1.0, random_state=7) for name, extra in facts.extras.items()}
    other = Shuffled(facts.table.iloc[order], extras, facts.user_ids, facts.project)
    assert build(year, other).digest == system.digest


def test_build_repeats(facts, base):
    assert build(2024, facts).digest == base.digest


def test_a_changed_figure_changes_the_digest(facts, base):
    table = facts.table.copy()
    table.loc["CAP0055", ["value", "low", "high"]] = 13_000.0
    other = build(2024, replace(facts, table=table))
    assert other.digest != base.digest
    assert other.processes.at["mine.mount-weld@AU", "activity"] < base.processes.at["mine.mount-weld@AU", "activity"]
