"""Who acts, at whom it aims, and by when: plants and their countries, deadlines and terms, changes and levels of prices."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.evidence.helpers import claims, one
from ytterby.evidence.lexicon import lexicon_of
from ytterby.evidence.tables import host_of_firms, read_table

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))


@pytest.mark.parametrize(
    ("text", "actors", "targets"),
    [
        ("A fire has shut a rare earth separation plant in Malaysia.", (), ("country:MY",)),
        ("Kestrel Oxides has shut its rare earth mine in Malaysia after a flood.", ("org:Kestrel Oxides",), ("country:MY",)),
        ("Blaze knocks out Malaysian rare earth refinery", (), ("country:MY",)),
        ("Ein Streik legt die chilenische Lithiummine still.", (), ("country:CL",)),
        ("In Namibia steht die Uranmine still.", (), ("country:NA",)),
        ("China has closed 30 rare earth mines.", ("country:CN",), ("country:CN",)),
        ("ベトナムのレアアース鉱山が操業を停止した。", (), ("country:VN",)),
    ],
)
def test_the_country_of_a_plant_that_stops_is_its_target(text, actors, targets):
    claim = one(text, "outage")
    assert (claim.actors, claim.targets) == (actors, targets)


@pytest.mark.parametrize(
    ("text", "target", "provenance"),
    [
        ("MP Materials halted production of neodymium oxide on Monday.", "country:US", "inherited"),
        ("Lynas hat die Produktion von Neodym in Kuantan nach einem Stromausfall eingestellt.", "country:MY", "explicit"),
        ("A storm has shut the rare earth mine at Mountain Pass.", "country:US", "explicit"),
    ],
)
def test_facts_tell_the_country_of_a_site_or_a_firm(text, target, provenance):
    claim = one(text, "outage")
    assert claim.targets == (target,)
    assert claim.provenance["targets"] == provenance


def test_a_firm_with_plants_in_several_countries_tells_none():
    assert one("Lynas hat die Produktion von Neodym nach einem Stromausfall eingestellt.", "outage").targets == ()
    assert "Lynas" not in host_of_firms()


def test_the_table_of_hosts_is_what_the_facts_say():
    from build_hosts import table

    written = [",".join(row.values()) for row in read_table("hosts.csv")]
    assert table().splitlines()[1:] == written
    assert all(hit.value.startswith("country:") for hit in lexicon_of("en").match(["Kuantan"], ["kuantan"]) if hit.kind == "site")


def test_who_bans_by_a_day_is_no_object_of_a_passive():
    claim = one("Chile wird bis zum 3. Mai 2031 die Ausfuhr von Lithium verbieten.", "ban")
    assert (claim.actors, claim.targets) == (("country:CL",), ())


@pytest.mark.parametrize(
    ("text", "event_type", "kind"),
    [
        ("Chile will ban exports of lithium by 3 May 2031.", "ban", "by"),
        ("Chile bans exports of lithium until 3 May 2031.", "ban", "until"),
        ("Chile wants to build a lithium refinery by 2031.", "investment", "by"),
        ("Chile will bis 2031 eine Lithiumraffinerie bauen.", "investment", "by"),
        ("Chile setzt die Exportkontrollen für Lithium bis zum 3. Mai 2031 aus.", "export_control_suspended", "until"),
        ("Chile will die Exportkontrollen für Lithium spätestens bis zum 3. Mai 2031 verschärfen.", "export_control_tightened", "by"),
        ("ペルーは2031年5月までにコバルトの精錬工場を建設する。", "investment", "by"),
    ],
)
def test_a_deadline_is_no_term(text, event_type, kind):
    claim = one(text, event_type)
    assert claim.date is not None
    assert claim.date["kind"] == kind
    assert "2031" in claim.date["resolved"]


@pytest.mark.parametrize(
    ("text", "kinds", "raw"),
    [
        ("The price of lithium fell 5 percent to $12,000 a tonne.", ["price_change"], "5 percent"),
        ("Terbium verteuerte sich um 40 Dollar auf 800 Dollar je Kilo.", ["price_change"], None),
        ("Lithium trades at $12,000 a tonne.", ["price_level"], "$12,000 a tonne"),
        ("テルビウムの価格は1キロ800ドルに上昇した。", ["price_change"], None),
        ("テルビウムの価格は1キロ800ドルだった。", ["price_level"], None),
    ],
)
def test_a_price_that_moves_is_a_change_and_its_rate_the_figure(text, kinds, raw):
    found = [claim for claim in claims(text) if claim.event_type.startswith("price")]
    assert [claim.event_type for claim in found] == kinds
    if raw:
        assert (found[0].quantity or {})["raw"] == raw
