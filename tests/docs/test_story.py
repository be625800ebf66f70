"""The story of Japan and the United States is renewed by its script, and holds for other numbers."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.bargain.conftest import table_of
from ytterby.app import NegotiateRequest, Negotiation, concluded, trade

if TYPE_CHECKING:
    from ytterby.bargain import NegotiationResult
    from ytterby.economy.trade import TradeResult

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "japan-united-states-2025.md"


@pytest.fixture(scope="module")
def script() -> Any:
    spec = importlib.util.spec_from_file_location("build_story", ROOT / "scripts" / "build_story.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def duties(tmp_path_factory: pytest.TempPathFactory) -> TradeResult:
    return trade("us-tariffs-japan-2025", draws=4, project=tmp_path_factory.mktemp("duties"))


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> NegotiationResult:
    work = Negotiation(NegotiateRequest(draws=4, each_day=True, project=tmp_path_factory.mktemp("talks")))
    for number, each in enumerate((work, *(other for other in work.on_days if other is not work))):
        each.__dict__["_minerals"] = (table_of(number), f"table-{number}")
    return concluded(work)


def test_every_block_of_the_page_is_one_of_the_script_s_and_filled(script: Any, duties: TradeResult, talks: NegotiationResult) -> None:
    text = PAGE.read_text("utf-8")
    named = [match[1] for match in script.BLOCK.findall(text)]
    found = script.blocks(duties, talks)
    assert named == list(found)
    for match in script.BLOCK.finditer(text):
        assert len(match[0].splitlines()) > 2, f"{match[2]} is empty"
    again = script.renewed(script.renewed(text, found), found)
    assert again == script.renewed(text, found)
    assert talks.answers[0] in again
    outside = script.BLOCK.sub("", text).partition("## Step by step")[2]
    # around the blocks stand only figures that are assumptions, duties, days and the sum promised
    assert not re.search(r"\d+(\.\d+)? (bn|M) (a year|USD)", outside.replace("550 bn", ""))


def test_words_follow_the_numbers(script: Any, duties: TradeResult) -> None:
    turned = duties.model_copy(
        update={
            "steps": tuple(
                reversed(
                    [row.model_copy(update={"start": other.start}) for row, other in zip(duties.steps, reversed(duties.steps), strict=True)]
                )
            )
        }
    )
    usual, other = "\n".join(script.duties_told(duties)), "\n".join(script.duties_told(turned))
    assert "Japan gains" in usual
    assert "less." in usual
    assert "Japan loses" in other


def test_pictures_are_those_that_the_page_shows(script: Any, duties: TradeResult, talks: NegotiationResult) -> None:
    names = {name for name, _ in script.pictures(duties, talks)}
    assert {f"../images/{name}.svg" for name in names} == set(re.findall(r"\]\((\.\./images/[^)]+)\)", PAGE.read_text("utf-8")))
