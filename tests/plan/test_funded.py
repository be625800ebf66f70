"""What governments have really funded, beside what a plan does with the same plants."""

import datetime as dt
from types import SimpleNamespace

import pytest

from ytterby.facts import candidates, load
from ytterby.plan import LeftOutRow, Party, PaysAloneRow, funded
from ytterby.tables import rows

LISTED = rows("ytterby.plan", "tables/funded_projects")


@pytest.fixture(scope="module")
def facts():
    return load()


KNOWN = {each.id: each for each in candidates()}


class Maker:
    """Nobody sells what Caremag takes in; Vulcan's plant is bound to others."""

    def share(self, candidate, party):
        return 0.0 if candidate.id == "benson" else 1.0

    def makes(self, candidate):
        return {candidate.id: -1.0}

    def sold_to_it(self, makes):
        return "caremag-heavy" not in makes


def beside(facts, code, **given):
    rows_ = {"portfolio": (), "pays_alone": (), "left_out": ()} | given
    return {(row.fact, row.measure): row for row in funded(facts, [Party(code, (code,))], KNOWN, Maker(), **rows_)}


@pytest.mark.parametrize("row", LISTED, ids=lambda row: f"{row['party']}-{row['fact']}")
def test_amounts_are_those_of_the_figures(facts, row):
    fact = facts.row(row["fact"])
    project = facts.projects().loc[row["fact"]] if row["fact"].startswith("PRO") else fact
    told = " ".join(map(str, (*fact.to_list(), *project.to_list()))).replace(",", "")
    assert not row["amount"] or row["amount"] in told
    assert set(row["measures"].split()) <= set(KNOWN)


def test_what_runs_pays_alone_or_is_too_dear_is_told(facts):
    alone = PaysAloneRow(measure="kuantan-heavy", name="", party="JP", margin=0.2, price_fall=0.16)
    dear = LeftOutRow(measure="minamitorishima", name="", party="JP", too_dear_by=0.4, reason="")
    found = beside(facts, "JP", pays_alone=(alone,), left_out=(dear,))
    assert {key: row.why for key, row in found.items()} == {
        ("A341", ""): "running", ("C040", "kuantan-heavy"): "alone", ("C045", "caremag-heavy"): "no_feed",
        ("PRO0007", "exploration-AFR"): "too_late", ("PRO0002", "minamitorishima"): "dearer",
    }  # fmt: skip
    assert found["C040", "kuantan-heavy"].price_fall == 0.16
    assert found["PRO0002", "minamitorishima"].too_dear_by == 0.4
    assert found["C040", "kuantan-heavy"].amount == 200.0


def test_a_share_taken_comes_before_all_else(facts):
    taken = SimpleNamespace(measure="mountain-pass-heavy", party="US", share=0.5)
    found = beside(facts, "US", portfolio=(taken,))
    assert (found["C033", "mountain-pass-heavy"].why, found["C033", "mountain-pass-heavy"].share) == ("taken", 0.5)
    assert found["C043", "floor-lynas-us"].why == "way_to_pay"
    assert found["PRO0016", "benson"].why == "no_share"
    assert found["PRO0016", "benson"].recalled


def test_money_of_a_later_date_is_left_out(facts):
    assert {key[0] for key in beside(facts, "JP", as_of=dt.date(2022, 1, 1))} == {"A341"}
