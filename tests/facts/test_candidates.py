"""The table of candidate measures: schema, ranges, codes, facts, sizes and costs beside those of their stage."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace

import pytest

from ytterby import tables
from ytterby.errors import FactError, UnknownNameError
from ytterby.facts import (
    ANY_PARTY,
    CANDIDATE_FIGURES,
    CANDIDATE_KINDS,
    WORLD,
    FigureRange,
    candidate,
    candidate_columns,
    candidate_table,
    candidates,
    left_out,
    load,
    select_candidates,
)
from ytterby.facts.candidate_table import candidate_faults

FACTS = load()
ROWS = candidates()
IDS = [row.id for row in ROWS]
NAMED = ("planned", "proposed")
DECIDED = ("operating", "construction", "committed")
GENERIC_CAPEX = {  # USD per t/year of the good: the generic rows of the stage outside China, low and high
    "metal": ("YIE0108", "PRJ007"),
    "magnet": ("YIE0103", "YIE0105", "PRJ009"),
}
per_row = pytest.mark.parametrize("row", ROWS, ids=IDS)
plants = pytest.mark.parametrize("row", [row for row in ROWS if row.kind in ("project", "recycling")], ids=lambda row: row.id)


def usd_per_tonne(fact: str) -> float:
    return FACTS.value(fact) * {"USD per t/year": 1.0, "USD per kg/year": 1e3}[FACTS.row(fact)["unit"]]


def test_ids_are_unique_and_every_kind_has_a_row():
    assert len(set(IDS)) == len(IDS) >= 120
    assert {row.kind for row in ROWS} == set(CANDIDATE_KINDS)


@per_row
def test_rows_have_no_faults(row):
    assert candidate_faults(row) == []


@per_row
def test_every_figure_is_in_order_or_said_to_be_missing(row):
    for name, figure in row.figures.items():
        if figure.basis == "none":
            assert math.isnan(figure.value), name
        else:
            assert figure.low <= figure.value <= figure.high, name
            assert figure.low >= 0.0, name


@per_row
def test_cost_time_chance_and_size_are_never_missing(row):
    for name in ("capacity", "lead", "capex", "opex", "slip", "slip_years", "cancel"):
        assert row.figures[name].basis != "none", name
    assert row.figures["capacity"].value > 0.0
    for name in ("slip", "cancel", "effect"):
        assert not row.figures[name].high > 1.0, name


@per_row
def test_facts_exist_and_every_figure_names_those_it_rests_on(row):
    assert set(row.facts) <= set(FACTS.table.index)
    for name, figure in row.figures.items():
        assert set(figure.facts) <= set(row.facts), name
        if figure.basis == "stated":
            assert figure.facts, name


@per_row
def test_figures_that_rest_on_recalled_facts_alone_are_not_called_stated(row):
    for name, figure in row.figures.items():
        kinds = {FACTS.row(fact)["kind"] for fact in figure.facts}
        assert not (figure.basis == "stated" and kinds == {"assumed"}), name


@per_row
def test_names_are_there_in_every_language(row):
    assert all(row.names[lang] for lang in ("en", "de", "ja"))


@per_row
def test_entitlements_as_written_sum_to_one(row):
    assert sum(row.entitled.values()) == pytest.approx(1.0, abs=1e-9)
    assert (ANY_PARTY in row.entitled) <= (row.host == ANY_PARTY or row.kind == "exploration")


@per_row
def test_ramps_rise_and_keep_their_order(row):
    for low, value, high in zip(row.ramp_low, row.ramp, row.ramp_high, strict=True):
        assert 0.0 < low <= value <= high <= 1.0
    assert list(row.ramp) == sorted(row.ramp)


@per_row
def test_nothing_starts_before_its_status_allows(row):
    newest = int(row.as_of[:4])
    if row.status in DECIDED:
        assert row.earliest_start >= newest
    elif row.earliest_start is not None and row.status in NAMED:
        assert row.earliest_start >= newest + row.figures["lead"].low - 1e-9


def test_a_plant_that_is_planned_takes_the_lead_of_its_stage_whatever_was_announced():
    assert FACTS.projects().loc["PRO0022", "start"] == "2029"
    assert candidate("nolans").earliest_start == 2030


@plants
def test_capital_cost_is_within_a_factor_of_ten_of_the_generic_row_of_its_stage(row):
    if row.stage not in GENERIC_CAPEX:
        pytest.skip("mines and separation are compared by their oxides")
    known = [usd_per_tonne(fact) for fact in GENERIC_CAPEX[row.stage]]
    cost = row.figures["capex"].value / row.figures["capacity"].value
    assert min(known) / 10.0 <= cost <= max(known) * 10.0


def test_magnets_are_counted_in_finished_tonnes_as_announced():
    for id_, fact in (("10x-magnets", "CAP0249"), ("benson", "CAP0252"), ("india-magnets", "CAP0256"), ("columbus", "CAP0253")):
        assert candidate(id_).figures["capacity"].value == pytest.approx(FACTS.value(fact))
        assert FACTS.row(fact)["unit"] == "t magnet"


def test_gross_tonnes_of_concentrate_are_not_taken_for_oxide():
    kangankunde, donald = candidate("kangankunde"), candidate("donald")
    assert kangankunde.figures["capacity"].value == pytest.approx(0.55 * FACTS.value("CAP0285"), rel=1e-5)
    assert donald.figures["capacity"].value == pytest.approx(0.55 * FACTS.value("CAP0282"), rel=1e-5)
    assert FACTS.row("CAP0285")["unit"] == FACTS.row("CAP0282")["unit"] == "t concentrate"


def test_capital_costs_in_other_currencies_are_those_that_the_facts_convert():
    assert candidate("eneabba").figures["capex"].value == pytest.approx(1.75e9 * 0.65, rel=1e-3)  # AUD: 0.65 USD in YIE0086
    assert candidate("strange-lake").figures["capex"].value == pytest.approx(2e9 * 0.72, rel=1e-3)  # CAD: 0.72 USD in YIE0097
    assert candidate("india-magnets").figures["capex"].value == pytest.approx(7.280e10 / 88.0, rel=1e-3)  # INR: 88 a USD in YIE0100
    rate = next(
        row for row in tables.rows("ytterby.facts", "data/schema/exchange_rates") if (row["currency"], row["year"]) == ("EUR", "2024")
    )
    assert candidate("lacq-metal").figures["capex"].value == pytest.approx(110e6 / float(rate["per_usd"]), rel=1e-3)


def test_every_project_and_new_western_capacity_is_a_candidate_or_left_out_with_a_reason():
    known = {fact for row in ROWS for fact in row.facts} | set(left_out())
    assert set(FACTS.projects().index) <= known
    capacity = FACTS.select(origin="capacity", quantity="capacity")
    runs = capacity["scope"].str.contains("operating|historic|intermittent") & ~capacity["scope"].str.contains("expansion")
    new = capacity[~runs & ~capacity["region"].isin(["CN", "WORLD"])]
    assert len(new) > 40
    assert set(new.index) <= known
    assert all(left_out().values())
    assert set(left_out()) <= set(FACTS.table.index)


def test_plants_of_the_base_rolled_forward_are_no_candidates():
    rolled = {row["project"]: row["nameplate"] for row in tables.rows("ytterby.system", "forward/plants")}
    stated = {fact for row in ROWS if row.kind == "project" for fact in row.figures["capacity"].facts}
    ore = {"CAP0173", "C038"}  # NdPr of Mountain Pass scales the heavies of its ore; the circuit that runs at Kuantan is taken off
    assert not {fact for words in rolled.values() for fact in words.split()} & (stated - {"CAP0279"} - ore)


def test_what_a_plan_may_not_count_twice_is_left_out_by_name():
    assert {"PRO0010", "PRO0014", "PRO0018", "CAP0170", "CAP0183"} <= set(left_out())


def test_selection_by_stage_kind_party_and_day():
    magnets = select_candidates(ROWS, stage="magnet", kind="project")
    assert {row.stage for row in magnets} == {"magnet"}
    japan = {row.id for row in select_candidates(ROWS, party="JP")}
    assert {"kuantan-heavy", "caremag-heavy", "minamitorishima", "any-metal-Dy", "stock-oxide.Y", "eneabba", "assist-VN"} <= japan
    assert not {"10x-magnets", "ngualla", "narva-2", "floor-mp", "assist-AFR-none"} & japan
    assert "narva-2" in {row.id for row in select_candidates(ROWS, party="EE")}
    before = {row.id for row in select_candidates(ROWS, as_of="2025-06-30")}
    assert "caremag-heavy" in before
    assert "stock-oxide.Dy" in before
    assert not {"10x-magnets", "nolans", "floor-lynas-japan"} & before
    march = {row.id for row in select_candidates(ROWS, as_of="2026-03")}
    assert {"10x-magnets", "nolans", "floor-lynas-japan"} <= march
    assert "steenkampskraal" not in march
    assert {row.id for row in select_candidates(ROWS)} == set(IDS)


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'nolans'"):
        candidate("nolanz")


def _broken(tmp_path, monkeypatch, **cells):
    row = dict(tables.rows("ytterby.facts", candidate_table.TABLE)[0]) | cells
    text = io.StringIO()
    writer = csv.DictWriter(text, candidate_columns())
    writer.writeheader()
    writer.writerow(row)
    path = tmp_path / "candidates.csv"
    path.write_text(text.getvalue(), "utf-8")
    monkeypatch.setattr(candidate_table.tables, "rows", lambda _package, _name: (row,))
    candidates.cache_clear()
    try:
        candidates()
    finally:
        candidates.cache_clear()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"capex_low": "9e12"}, "capex"),
        ({"host": "ZZ"}, "region 'ZZ'"),
        ({"entitled": "JP:0.5"}, "sums to 0.5"),
        ({"entitled": "XX:1"}, "party 'XX'"),
        ({"kind": "plant"}, "kind 'plant'"),
        ({"status": "rumoured"}, "status 'rumoured'"),
        ({"capacity_basis": "guessed"}, "guessed"),
        ({"capacity": "many"}, "many"),
        ({"recipe": ""}, "recipe or a basket"),
        ({"ramp": "0.2"}, "ramp"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_bad_cell_is_refused_with_its_row(tmp_path, monkeypatch, cells, words):
    with pytest.raises(FactError, match=f"nolans.*{words}"):
        _broken(tmp_path, monkeypatch, **cells)


def test_a_range_out_of_order_is_a_fault():
    row = candidate("nolans")
    figures = dict(row.figures) | {"lead": FigureRange(5.0, 4.0, 6.0, "assumed", ())}
    assert candidate_faults(replace(row, figures=figures)) == ["lead is out of order"]
    assert set(figures) == set(CANDIDATE_FIGURES)
    assert WORLD in row.entitled
