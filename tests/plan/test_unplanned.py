"""Losses without a plan, one set of restrictions after another: the same as each worked out from nothing."""

import numpy as np
import pytest

from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import PlanData, parties_of
from ytterby.plan.plan_making import restricted
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.unplanned import UnplannedProgramme
from ytterby.plan.unplanned_losses import lost
from ytterby.system import build


@pytest.mark.slow
def test_losses_do_not_depend_on_what_was_asked_before():
    system = build(2024)
    data = PlanData(system, load(), tuple(select_candidates(candidates(), as_of="")))
    party = parties_of(("KR",), system)
    programme = AllianceProgramme(party, data.reference, data.curves, data.maker.of(party[0]))
    kept = UnplannedProgramme(programme)
    for depths in ((0.3, 0.8), (0.5, 0.9), (0.3, 0.8)):
        left = restricted(data, 2032, depths)
        found = kept.lost(left)
        assert found == pytest.approx(lost(programme, left), rel=1e-7, abs=1e-5)
        assert np.all(found[1].sum() > found[0].sum())
    assert set(kept.regions) == {"KR"}
