"""An exposure is worked out once for all days: what depends on the day is told anew, and a kept one is the same as a new one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from ytterby.app import exposure
from ytterby.app.exposures import exposure as module
from ytterby.facts import load

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, AFTER = dt.date(2024, 6, 1), dt.date(2025, 12, 1)


@pytest.mark.parametrize("asked", [{"importer": "EE"}, {"importer": "JP", "element": "Sb"}])
def test_a_kept_exposure_is_the_new_one_with_the_controls_of_the_day(tmp_path: Path, asked: dict[str, str], monkeypatch) -> None:
    new = {day: exposure(**asked, project=tmp_path, on=day, facts=load(tmp_path)) for day in (BEFORE, AFTER)}
    first = exposure(**asked, project=tmp_path, on=BEFORE)
    monkeypatch.setattr(module, "_assessed", lambda *_: pytest.fail("it was worked out again"))
    for day in (BEFORE, AFTER):
        assert exposure(**asked, project=tmp_path, on=day).to_dict() == new[day].to_dict()
    assert first.to_dict() == new[BEFORE].to_dict()
    assert new[BEFORE].controls != new[AFTER].controls


def test_another_importer_element_or_supplier_is_another_question(tmp_path: Path) -> None:
    found = [exposure("EE", project=tmp_path, **more) for more in ({}, {"element": "Nd"}, {"without": "US"})]
    assert len({str(each.to_dict()) for each in found}) == 3
    assert exposure("JP", element="Nd", project=tmp_path).importer == "JP"
