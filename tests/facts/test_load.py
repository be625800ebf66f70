"""Reading the figures: values, ranges, selections, ages, the user's figures winning."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.strategies import SOUND
from ytterby.errors import DataGapError, UnknownNameError
from ytterby.facts import user_figures
from ytterby.facts.load import COLUMNS, load

FACTS = load()
IDS = st.sampled_from(sorted(FACTS.table.index))


@given(IDS)
def test_range_holds_value_or_the_gap_is_said(id_):
    if pd.isna(FACTS.row(id_)["value"]):
        with pytest.raises(DataGapError, match=id_):
            FACTS.value(id_)
    else:
        low, high = FACTS.range(id_)
        assert low <= FACTS.value(id_) <= high


def test_unknown_id_names_the_nearest():
    with pytest.raises(UnknownNameError, match="CAP0093"):
        FACTS.value("CAP00933")


@given(st.sampled_from(["quantity", "element", "region", "kind", "period"]), IDS)
def test_selections_by_a_column_part_the_table(column, id_):
    wanted = FACTS.row(id_)[column]
    found = FACTS.select(**{column: wanted})
    rest = FACTS.select(**{column: sorted(set(FACTS.table[column]) - {wanted})})
    assert id_ in found.index
    assert len(found) + len(rest) == len(FACTS.table)


def test_unknown_column_is_refused():
    with pytest.raises(UnknownNameError, match="region"):
        FACTS.select(regoin="CN")


def test_loading_twice_reads_once():
    assert load() is FACTS


def test_special_tables_carry_their_own_columns():
    assert set(FACTS.episode()["target"]) == {"", "fit", "judge"}
    assert FACTS.episode()["target"].value_counts().to_dict()["fit"] == 131
    assert FACTS.events().loc["B157", "date_end"] == "2026-11-10"
    full = FACTS.baskets()[lambda rows: rows["complete"] == "full"]
    assert (full.groupby("deposit")["value"].sum() - 100).abs().max() < 0.01
    assert FACTS.published()["what"].str.len().min() > 0
    assert FACTS.projects()["project"].is_unique


def test_age_is_that_of_the_newest_observation():
    assert FACTS.as_of == dt.date(2026, 4, 10)


def test_states_expire_one_by_one():
    def subjects(day):
        return {state.subject for state in FACTS.expired_states(day)}

    assert subjects(dt.date(2026, 7, 24)) == set()
    assert subjects(dt.date(2026, 7, 25)) == {"us-section-122-surcharge"}
    assert "china-october-2025-controls" not in subjects(dt.date(2026, 11, 10))
    assert "china-october-2025-controls" in subjects(dt.date(2026, 11, 11))
    assert "us-reciprocal-tariff-japan" not in subjects(dt.date(2030, 1, 1))


def rows(*changes):
    made = [{**SOUND, "source_status": "user", "licence": "user", **change} for change in changes]
    return pd.DataFrame(made).astype({"value": float, "low": float, "high": float}).set_index("id").assign(origin="user")[list(COLUMNS)]


def test_row_of_the_same_id_wins_and_keeps_its_place():
    table, ids = user_figures.merge(FACTS.table, rows({"id": "CAP0093", "value": 500_000, "low": 1, "high": 1e6, "unit": "t REO"}))
    assert ids == {"CAP0093"}
    assert table.loc["CAP0093", "value"] == 500_000
    assert table.loc["CAP0093", "quantity"] == FACTS.row("CAP0093")["quantity"]
    assert list(table.index) == list(FACTS.table.index)


def test_row_of_the_same_key_and_unit_replaces_all_editions():
    key = {
        "quantity": "mine_production",
        "element": "TREO",
        "commodity": "mine.concentrate",
        "region": "AU",
        "period": "2024",
        "unit": "t REO",
    }
    given_rows = rows({"id": "mine", **key, "value": 30_000, "low": 29_000, "high": 31_000})
    table, ids = user_figures.merge(FACTS.table, given_rows)
    assert {"mine", "MCS2025-MINE-AU-2024", "MCS2026-MINE-AU-2024"} <= ids
    assert (table.loc[list(ids), "value"] == 30_000).all()
    assert (table.loc[list(ids), "origin"] == "user").all()
    untouched = FACTS.table.index.difference(list(ids))
    pd.testing.assert_frame_equal(table.loc[untouched], FACTS.table.loc[untouched])


def test_other_unit_replaces_nothing():
    key = {
        "quantity": "mine_production",
        "element": "TREO",
        "commodity": "mine.concentrate",
        "region": "AU",
        "period": "2024",
        "unit": "t gross",
    }
    _, ids = user_figures.merge(FACTS.table, rows({"id": "mine", **key}))
    assert ids == {"mine"}


def test_border_price_leaves_the_price_inside_china():
    id_ = FACTS.select(quantity="price", period="2011-09", unit="USD/kg", element="Ce")
    inside = id_[id_["scope"].str.contains("inside China")]
    table, ids = user_figures.merge(
        FACTS.table, rows({"id": "p", "element": "Ce", "commodity": "oxide.Ce", "period": "2011-09", "value": 99, "low": 98, "high": 100})
    )
    assert not set(inside.index) & ids
    assert table.loc["p", "value"] == 99


def test_later_fact_ends_the_warning(tmp_path):
    from ytterby.facts.importers.user_folder import import_folder

    day = dt.date(2026, 12, 24)
    header = "id,quantity,value,unit,region,period,scope,source"
    row = "N1,event,,event,CN,2026-11-11,state: china-october-2025-controls,press"
    (tmp_path / "news.csv").write_text(header + "\n" + row, "utf-8")
    import_folder(tmp_path, tmp_path / "project")
    after = load(tmp_path / "project")
    gone = {state.subject for state in FACTS.expired_states(day)} - {state.subject for state in after.expired_states(day)}
    assert gone == {"china-october-2025-controls"}
    assert after.user_statement == "user figures used: 1 rows"
    assert after.as_of == dt.date(2026, 11, 11)
    assert FACTS.user_statement == ""
