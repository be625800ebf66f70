"""Trade statistics of the United States: downloads of the Census Bureau and of DataWeb, groups and treatments of customs lines."""

from __future__ import annotations

import math

import pytest

from ytterby.errors import FactError
from ytterby.facts import trade_goods, trade_groups
from ytterby.facts.importers import user_folder
from ytterby.facts.load import load

CENSUS = """CTY_CODE,CTY_NAME,I_COMMODITY,CON_VAL_YR,CAL_DUT_YR,time
5880,JAPAN,8703230140,1000000000.50,25000000.25,2024-12
5880,JAPAN,8708299990,200000000,5000000,2024-12
5880,JAPAN,8471300100,30000000,0,2024-12
5880,JAPAN,8479899599,70000000,1400000,2024-12
4280,GERMANY,8703230140,400000000,10000000,2024-12
4279,FRANCE,8703230140,5000000,125000,2024-12
0003,EUROPEAN UNION,8703230140,405000000,10125000,2024-12
2777,CURACAO,2710124590,1000000,0,2024-12
-,TOTAL FOR ALL COUNTRIES,8703230140,1405000000,35125000,2024-12
"""
DATAWEB = """Imports For Consumption|Annual Data,,,,,
Data Row Count,6,,,,
Data Type,HTS Number,Description,Country,2023,2024
Customs Value,8703230140,CARS,Japan,"900,000,000.00","1,000,000,000.50"
Customs Value,8708299990,PARTS,Japan,0.00,200000000
Calculated Duties,8703230140,CARS,Japan,22500000,25000000.25
Customs Value,8703230140,CARS,South Korea,0.00,50
Quantity,8703230140,CARS,Japan,1,2
Total: ,,,,"900,000,000","1,200,000,050.50"
"""
EXPORTS = """Total Exports|Annual Data,,,,
Data Row Count,2,,,
Data Type,HTS Number,Description,Country,2024
FAS Value,84,MACHINERY,Japan,7950000000
FAS Value,88,AIRCRAFT,Japan,6100000000
"""


def put(folder, text, name="trade.csv"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def imported(tmp_path, text):
    report = user_folder.import_folder(put(tmp_path / "in", text), tmp_path / "p")
    table = load(tmp_path / "p").us_trade()
    return report, table


def test_lines_of_the_census_add_up_by_group_and_partner(tmp_path):
    report, table = imported(tmp_path, CENSUS)
    assert report.taken[0].format == "US Census, imports"
    japan = table[(table["flow"] == "imports") & (table["partner"] == "JP") & table["group"].isin(["cars", "car_parts"])]
    assert math.isclose(japan["value_usd"].sum(), 1_200_000_000.5, rel_tol=1e-12)
    assert math.isclose(japan["duty_usd"].sum(), 30_000_000.25, rel_tol=1e-12)
    europe = table[(table["flow"] == "imports") & (table["partner"] == "EU") & (table["group"] == "cars")]
    assert europe["value_usd"].tolist() == [405_000_000.0]  # the members, not their sum as well


def test_groups_and_partners_add_up_to_the_total_of_the_file(tmp_path):
    from ytterby.facts.cells import sheets
    from ytterby.facts.importers import registry
    from ytterby.facts.importers.releases import recognised

    (sheet,) = sheets(put(tmp_path, CENSUS) / "trade.csv")
    release, table = recognised(sheet, registry.RELEASES)
    frame = release.read(table).frames["us_trade"]
    total = 1_000_000_000.5 + 200e6 + 30e6 + 70e6 + 400e6 + 5e6 + 1e6
    assert frame["value_usd"].sum() == pytest.approx(total, rel=1e-6)
    by_group = frame.groupby("group")["value_usd"].sum()
    by_partner = frame.groupby("partner")["value_usd"].sum()
    assert by_group.sum() == pytest.approx(by_partner.sum(), rel=1e-12)


def test_a_query_of_dataweb_is_read_year_by_year(tmp_path):
    report, table = imported(tmp_path, DATAWEB)
    assert report.taken[0].format == "USITC DataWeb"
    cars = table[(table["flow"] == "imports") & (table["group"] == "cars") & (table["partner"] == "JP")].set_index("year")
    assert cars.loc[2023, "value_usd"] == 900e6
    assert cars.loc[2024, "value_usd"] == 1_000_000_000.5
    assert cars.loc[2024, "duty_usd"] == 25_000_000.25
    assert load(tmp_path / "p").user_statement == "user figures used: tables us_trade"


def test_exports_by_chapter_are_read(tmp_path):
    _, table = imported(tmp_path, EXPORTS)
    rows = table[(table["flow"] == "exports") & (table["partner"] == "JP")].set_index("group")["value_usd"]
    assert rows["machinery"] == 7.95e9
    assert rows["aircraft"] == 6.1e9


def test_the_user_s_cells_replace_ours_and_leave_the_others(tmp_path):
    _, table = imported(tmp_path, CENSUS)
    ours = load().us_trade()
    same = ours[(ours["flow"] == "imports") & (ours["partner"] == "CN")]
    kept = table[(table["flow"] == "imports") & (table["partner"] == "CN")]
    assert kept["value_usd"].sum() == same["value_usd"].sum()
    assert table[(table["partner"] == "JP") & (table["group"] == "cars")]["value_usd"].sum() == 1_000_000_000.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CENSUS + "5880,JAPAN,8703230140,1,0,2024-12\n", "twice"),
        (CENSUS.replace("25000000.25,2024-12", "25000000.25,2024-06"), "no whole year"),
        (CENSUS.replace("1000000000.50", "-1"), "not a non-negative number"),
    ],
)
def test_what_is_refused_is_named_with_its_line(tmp_path, text, words):
    with pytest.raises(FactError, match=words) as caught:
        user_folder.import_folder(put(tmp_path / "in", text), tmp_path / "p")
    assert "trade.csv:" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "group", "treatment"),
    [
        ("8703230140", "cars", "cars"),
        ("8708299990", "car_parts", "car_parts"),
        ("8429521050", "construction_machinery", "general"),
        ("8486200000", "chip_equipment", "exempt"),
        ("8471300100", "electronics", "exempt"),
        ("7208511000", "steel_aluminium", "metals"),
        ("2846902050", "rare_earth_oxides", "exempt"),
        ("8505110070", "magnets", "exempt"),
        ("8501324500", "motors", "general"),
        ("8802400040", "aircraft", "aircraft"),
        ("2204215050", "other_goods", "general"),
    ],
)
def test_a_line_has_its_group_and_treatment(code, group, treatment):
    assert (trade_goods.group_of(code), trade_goods.treatment_of(code)) == (group, treatment)


def test_every_code_has_one_group():
    assert {trade_goods.group_of(f"{chapter:02d}") for chapter in range(1, 100)} <= set(trade_groups())
