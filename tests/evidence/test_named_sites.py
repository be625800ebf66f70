# ruff: noqa: RUF001 (texts in Japanese)
"""A mine or plant of its own name that stops: its materials are its own, never those of another act told before it."""

from __future__ import annotations

import pytest

from tests.evidence.helpers import one, read_text
from ytterby.evidence.drafts import build_drafts
from ytterby.evidence.events import build_events
from ytterby.evidence.tables import read_table
from ytterby.evidence.unspaced.sites import known_sites
from ytterby.scenario import load_text

KNOWN = (
    "China put dysprosium and terbium under export licences on Monday. Meanwhile, a strike at Mountain Pass has halted mining.",
    "Prices of gallium and germanium rose. Workers at the Mountain Pass mine walked out and production has stopped.",
    "Vietnam banned exports of antimony, while a flood shut the Browns Range mine.",
    "Vietnam verbietet die Ausfuhr von Antimon. Ein Streik in Mountain Pass hat den Abbau gestoppt.",
    "Peru drosselt die Ausfuhr von Kobalt. Unterdessen steht die Mine Steenkampskraal seit einer Woche still.",
    "中国はジスプロシウムとテルビウムの輸出を許可制にした。一方、マウンテンパス鉱山はストライキのため操業を停止した。",
    "ペルーはコバルトの輸出を禁止した。ロンゴンジョ鉱山は豪雨で操業を停止した。",
)
UNKNOWN = (
    "China suspended export licences for gallium. Meanwhile the Hollowdown mine in Australia closed after a flood.",
    "Malaysia tightened export controls on dysprosium. A fire shut the plant in Kuantan.",
    "Vietnam verbietet die Ausfuhr von Antimon. Die Grube Hollowdown in Australien wurde nach einem Brand geschlossen.",
    "Gallium wurde teurer. Das Werk Silmet in Estland steht nach einem Brand still.",
    "ベトナムはアンチモンの輸出を禁止した。オーストラリアのホロウ鉱山は火災で操業を停止した。",
)


@pytest.mark.parametrize("text", KNOWN)
def test_a_deposit_yields_what_the_facts_say(text):
    claim = one(text, "outage")
    assert claim.materials == ("rare_earths",)
    assert claim.provenance["materials"] == "explicit"


@pytest.mark.parametrize("text", UNKNOWN)
def test_another_act_lends_a_plant_no_materials(text):
    assert one(text, "outage").materials == ()


def test_a_deposit_may_yield_what_its_own_clause_says():
    text = "Vietnam banned exports of antimony. The Mountain Pass mine stopped producing cerium."
    assert one(text, "outage").materials == ("Ce",)


def test_a_mine_without_a_name_takes_up_what_the_text_is_about():
    text = "Peru's antimony output fell last year. Two mines in Peru have been shut since a landslide."
    assert one(text, "outage").materials == ("Sb",)


def test_who_acted_before_has_no_part_in_a_plant_of_another_name():
    text = "ベトナムはアンチモンの輸出を禁止した。オーストラリアのホロウ鉱山は火災で操業を停止した。"
    claim = one(text, "outage")
    assert (claim.actors, claim.targets) == ((), ("country:AU",))


def test_the_outage_of_a_deposit_is_drafted_for_its_own_ores():
    document, found = read_text("Ore Post, 3 May 2031\n\nChina put gallium under licence. A strike has shut the Mountain Pass mine.")
    (draft,) = build_drafts([document], found, build_events([document], found, {})).drafts
    outage = next(measure for measure in load_text(draft.yaml, "draft").measures if measure.kind == "outage")
    assert (tuple(outage.on), tuple(outage.from_)) == (("mine.*",), ("US",))


def test_every_site_of_a_language_is_one_of_the_facts():
    assert {row["value"] for row in read_table("ja/sites.csv")} <= known_sites().keys()
