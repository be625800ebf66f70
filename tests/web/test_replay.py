"""The page of a replay: a row for each target whatever the way to score, and no verdict on what is only compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi")
testclient = pytest.importorskip("fastapi.testclient")

from tests.web.conftest import LIMITS, put_result  # noqa: E402
from ytterby.api import Settings  # noqa: E402
from ytterby.app import DisruptionsBacktest, episode_of  # noqa: E402
from ytterby.web.site import create_site  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.app import Backtest

SCORE = {"hits": 1, "asked": 1, "brier": 0.1, "log_error": 0.4}
USER = {
    "event": "Fire", "date": "2000-03-17", "user": "A", "input": "chips", "input_class": "catalogue_part", "recalled": False,
    "stopped": True, "p_stop": 0.7, "hit": True, "weeks_lost": 2.0, "weeks": 1.0, "weeks_low": 0.0, "weeks_high": 3.0, "facts": ["DIS001"],
}  # fmt: skip
DISRUPTIONS = {
    "episode": "disruptions", "hits": 1, "of": 1, "method": "", "seed": 1, "draws": 9, "model": SCORE, "rule": SCORE,
    "seen": [1, 1], "engineered_within_two": [0, 0], "users": [USER], "rows": [], "excluded": {},
}  # fmt: skip


def shown(project: Path, found: Backtest, lang: str = "en") -> list[list[str]]:
    """Cells of the rows of a replay's page."""
    id_ = put_result(project, "backtest", {"episode": found.episode}, found)
    site: Any = create_site(Settings(project=project, limits=LIMITS))
    with testclient.TestClient(site, base_url="http://127.0.0.1") as client:
        markup = client.get(f"/history/{id_}?lang={lang}").text
    rows = re.findall(r"<tr>(.*?)</tr>", markup.partition("<tbody")[2], re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in rows]


def test_recorded_disruptions_have_their_users(tmp_path: Path) -> None:
    rows = shown(tmp_path, DisruptionsBacktest.model_validate(DISRUPTIONS))
    assert [(row[0], row[1], row[2]) for row in rows] == [("Fire", "A, chips", "weeks")]


@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_figure_that_is_only_compared_is_called_neither_hit_nor_miss(tmp_path: Path, lang: str) -> None:
    found = episode_of("japan-tariffs-2025").score("japan-tariffs-2025", draws=2, project=tmp_path)
    rows = shown(tmp_path, found, lang)
    assert len(rows) == len(found.targets)
    verdicts = {row[0]: row[-1] for row in rows}
    assert any(target.hit is None for target in found.targets)
    for target in found.targets:
        assert (verdicts[target.id] == "") == (target.hit is None), target.id
