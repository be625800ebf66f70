"""What the terminal says of the exposure to an element: countries, forms, who only refines."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from ytterby.cli.exposure import command
from ytterby.cli.show_exposure import _only_refines, under_control
from ytterby.exposure import SinglePoint, UnderControl
from ytterby.report import Words

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


def told(project: Path, *options: str) -> str:
    return " ".join(CliRunner().invoke(command, [*options, "--project", str(project)]).stdout.split())


def test_a_form_in_which_nothing_is_used_has_no_direct_share(project: Path) -> None:
    """Germany recycles some tonnes of dysprosium oxide and buys none: 100 % of it is its own, which is no answer."""
    text = told(project, "--importer", "DE", "--element", "Dy")
    assert "oxide DE Germany - 2 %" in text
    assert "oxide DE Germany 100 %" not in text
    assert "on balance Dy is bought mostly as magnet" in text


def test_several_countries_are_no_single_point(project: Path) -> None:
    text = told(project, "--importer", "DE", "--element", "Sb")
    assert "CN + FR" in text
    assert "A + B: only together; no smaller set leaves so little." in text


@pytest.mark.parametrize(("countries", "single"), [(("CN",), True), (("CN", "FR"), False), (("ROW",), False), (("EUX",), False)])
def test_a_region_of_many_countries_is_no_single_point(countries: tuple[str, ...], single: bool) -> None:
    point = SinglePoint(
        element="Sb", end_use="all", countries=countries, size=len(countries), stopped=True, left=0.01, left_shared_evenly=None
    )
    assert point.is_single is single


def share(stage, supplier, traced):
    return SimpleNamespace(stage=stage, supplier=supplier, end_use="all", share_traced=traced)


MINED_ABROAD = [share("mine", "CN", 0.94), share("metal", "CN", 0.62), share("metal", "US", 0.35)]


@pytest.mark.parametrize(
    ("rows", "importer", "wanted"),
    [
        (MINED_ABROAD, "US", True),
        (MINED_ABROAD, "DE", False),
        ([*MINED_ABROAD, share("mine", "US", 0.05)], "US", False),
        ([*MINED_ABROAD, share("oxide", "US", 0.2)], "US", False),
        ([share("metal", "US", 0.35)], "US", False),
    ],
    ids=["refines", "buys", "mines", "separates", "no mines known"],
)
def test_who_refines_bought_metal_is_not_taken_for_a_producer(rows, importer, wanted):
    """The United States mine no gallium, and 35 % of what they use is refined there."""
    assert _only_refines(SimpleNamespace(suppliers=rows, importer=importer)) is wanted


def test_gallium_comes_as_crude_and_refined_metal_not_as_ore(project: Path) -> None:
    text = told(project, "--importer", "DE", "--element", "Ga")
    assert "on balance Ga is bought mostly as crude metal" in text
    assert " ore" not in text
    assert "mine CN" not in text
    assert "Ga crude metal, refined metal yes MOFCOM Announcement No. 23 of 2023" in text


def test_the_dual_use_goods_of_an_order_are_named_below_the_table() -> None:
    row = UnderControl(
        elements=("dual_use",), goods=("dual-use goods",), id="x", order="Order 1", by="CN", to="JP", kind="ban", state="in force",
        since="2026-01-06", until=None, told="banned since 2026-01-06", listed_in=("Order 18",), facts=(),
    )  # fmt: skip
    assert under_control([row]).caption == "dual use: all dual-use goods, so those listed in Order 18"


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", ("crude metal", "concentrate", "Crude metal / Concentrate", "Mining")),
        ("de", ("Rohmetall", "Konzentrat", "Rohmetall / Konzentrat", "Bergbau")),
        ("ja", ("粗金属", "精鉱", "粗金属 / 精鉱", "採掘")),
    ],
)
def test_a_stage_is_called_as_in_the_chain_of_its_element(lang, wanted) -> None:
    words = Words(lang)
    assert (words.form("mine", "Ga"), words.form("mine", "Ge"), words.stage("mine", "Ga", "Ge"), words.stage("mine", "Dy")) == wanted


def test_several_importers_stand_side_by_side_with_the_shares_of_each_alone(tmp_path: Path) -> None:
    def asked(*options: str) -> str:
        result = CliRunner().invoke(command, ["--chain", "antimony", "--project", str(tmp_path), *options])
        assert result.exit_code == 0, result.output
        return result.stdout

    alone = [json.loads(asked("--importer", code, "--json")) for code in ("JP", "DE")]
    both = json.loads(asked("--importer", "JP,Germany", "--json"))["exposures"]
    assert both == alone
    shown = asked("--importer", "JP,DE")
    (row,) = [line for line in shown.splitlines() if line.startswith("Sb antimony")]
    single = [next(line for line in asked("--importer", code).splitlines() if line.startswith("Sb antimony")) for code in ("JP", "DE")]
    shares = [re.findall(r"[<>]?\d+ %", line) for line in single]
    assert all(share in row for line in shares for share in line[1:3])
    refused = CliRunner().invoke(command, ["--importer", "JP,DE", "--history"])
    assert refused.exit_code == 2
    assert "ytterby brief" in " ".join(refused.output.split())
