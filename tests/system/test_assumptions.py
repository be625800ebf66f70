"""Tables of assumptions: every row knows its kind, its range, its facts; every name exists."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from ytterby.errors import DataGapError
from ytterby.facts import regions, sectors
from ytterby.system.assumptions import Assumptions, matches
from ytterby.system.bases import base_of

ROOT = Path(str(files("ytterby.system") / "bases"))
TABLES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.csv"))
KINDS = {"reported", "derived", "assumed"}
RANGES = ("rel", "low", "cost_low", "value_low", "weeks_low", "short_low", "utilisation_low", "share_low", "jobs_low")
CHOICES = {"feed_pairs.csv", "residuals.csv", "uses.csv"}
"""Tables whose assumed rows choose, name or widen, and hold no quantity of their own."""


def rows(name):
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TABLES)
def test_ids_exist(name, facts):
    known = set(facts.table.index)
    for row in rows(name):
        for column, cell in row.items():
            if column == "facts" or column == "fact" or column.endswith("_fact"):
                assert {id.lstrip("-") for id in cell.split() if not cell.startswith("BACI")} <= known, row


@pytest.mark.parametrize("name", TABLES)
def test_assumed_rows_have_a_range(name):
    for row in rows(name):
        kind = row.get("kind", "")
        assert kind in KINDS | {""}, row
        if kind == "assumed" and Path(name).name not in CHOICES:
            sourced = any(row.get(column) for column in ("facts", "fact", "va_fact"))
            assert sourced or any(row.get(column) for column in RANGES), row


@pytest.mark.parametrize("name", TABLES)
def test_ranges_hold_their_value(name):
    pairs = {
        "value": "",
        "share": "",
        "cost": "cost_",
        "weeks": "weeks_",
        "utilisation": "utilisation_",
        "short": "short_",
        "long": "long_",
    }
    for row in rows(name):
        for column, prefix in pairs.items():
            low, value, high = (row.get(key, "") for key in (f"{prefix}low", column, f"{prefix}high"))
            if low and value and high and not (column in {"value", "share"} and "product_value" in row):
                assert float(low) <= float(value) <= float(high), (column, row)


@pytest.mark.parametrize("name", TABLES)
def test_regions_and_sectors_exist(name):
    groups = {row.group for row in Assumptions(base_of(2024)).rows("groups")}
    for row in rows(name):
        for column in ("region", "origin", "destination"):
            if Path(name).name != "transit.csv":
                words = [row[column]] if row.get(column) in groups else row.get(column, "").split()
                assert set(words) <= set(regions()) | groups | {"*"}, row
        if row.get("sector") and name != "2024/sector_links.csv" and name != "2009/sector_links.csv":
            assert row["sector"] in set(sectors()) | {"*"}, row


@pytest.mark.parametrize("year", [2024, 2009])
def test_shares_of_an_application_sum_to_one(year):
    if year == 2009:
        total: dict[str, float] = {}
        for row in Assumptions(base_of(year)).rows("uses"):
            total[row.commodity] = total.get(row.commodity, 0.0) + row.share
    else:
        total = {}
        for table, key in (("applications", "application"), ("magnet_use", "application"), ("components", "component")):
            for row in Assumptions(base_of(year)).rows(table):
                name = f"{table} {getattr(row, key)}"
                total[name] = total.get(name, 0.0) + row.share
    assert total
    assert all(value == pytest.approx(1.0, abs=1e-9) for value in total.values()), total


def test_no_share_of_a_country_is_an_input(facts):
    """Held-out ids stand only in the table of comparisons."""
    held = facts.held_out()
    for name in TABLES:
        if Path(name).name != "compared.csv":
            cells = {word.lstrip("-") for row in rows(name) for column, cell in row.items() if column != "note" for word in cell.split()}
            assert not cells & held, name


def test_patterns():
    assert matches("oxide.Ce", "oxide.* !oxide.La")
    assert not matches("oxide.La", "oxide.* !oxide.La")
    assert matches("anything", "")


def test_a_missing_row_names_table_and_year():
    with pytest.raises(DataGapError, match="covers of the base 2024"):
        Assumptions(base_of(2024)).special("covers", commodity="cheese.Brie", region="FR")
