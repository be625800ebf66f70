"""Imports: official releases by header, the user's own rows; nothing is written when anything is wrong."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import gzip
import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.facts.strategies import BROKEN, SOUND
from ytterby.errors import FactError, InputError
from ytterby.facts.importers import registry, user_folder
from ytterby.facts.load import load

FACTS = load()
OWN = "quantity,element,commodity,region,period,value,unit,source\n"
GOOD = OWN + "mine_production,TREO,mine.concentrate,AU,2024,30000,t REO,ours\n"
BACI = """t,i,j,k,v,q
2024,156,392,284690,1000.5,20.25
2024,156,392,870323,5,1
2024,490,842,280530,3,NA
2024,156,842,850511,7,0
2024,156,276,811230,9,1.5
"""


def put(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


def written(project):
    return sorted(path.name for path in (project / "facts").glob("*")) if (project / "facts").is_dir() else []


def test_own_row_wins_and_is_reported(tmp_path):
    report = user_folder.import_folder(put(tmp_path / "in", mine=GOOD), tmp_path / "p")
    assert [(taken.file, taken.rows) for taken in report.taken] == [("mine.csv", 1)]
    (ids,) = report.replaced.values()
    facts = load(tmp_path / "p")
    assert set(ids) < facts.user_ids
    assert all(facts.value(id_) == 30_000 for id_ in facts.user_ids)
    assert facts.user_statement == "user figures used: 1 rows"
    assert written(tmp_path / "p") == ["rows-0001-tidy-mine-dfff4fd8.csv.gz"]


def test_second_import_of_a_file_takes_the_place_of_the_first(tmp_path):
    user_folder.import_folder(put(tmp_path / "in", mine=GOOD), tmp_path / "p")
    user_folder.import_folder(put(tmp_path / "in", mine=GOOD.replace("30000", "31000")), tmp_path / "p")
    assert written(tmp_path / "p") == ["rows-0002-tidy-mine-dfff4fd8.csv.gz"]
    assert load(tmp_path / "p").value("MCS2026-MINE-AU-2024") == 31_000


def test_our_own_tables_come_in_again_unchanged(tmp_path):
    with (tmp_path / "back.csv").open("w", encoding="utf-8", newline="") as file:
        FACTS.select(origin="stocks").drop(columns="origin").to_csv(file)
    user_folder.import_folder(tmp_path / "back.csv", tmp_path / "p")
    again, before = load(tmp_path / "p").table, FACTS.table
    same = [name for name in before.columns if name not in {"source_status", "origin"}]
    assert again[same].equals(before[same])


@pytest.mark.parametrize(("column", "cell"), [pair for pair in BROKEN if pair[0] not in {"source_status", "scope"}])
def test_any_fault_names_file_and_line_and_writes_nothing(tmp_path, column, cell):
    with (tmp_path / "own.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SOUND)
        writer.writeheader()
        writer.writerows([SOUND, SOUND | {"id": "X2", column: cell}])
    put(tmp_path, good=GOOD)
    with pytest.raises(FactError, match=r"own\.csv:3: ") as caught:
        user_folder.import_folder(tmp_path, tmp_path / "p")
    assert "\n" not in str(caught.value)
    assert written(tmp_path / "p") == []


def test_figure_without_source_is_refused(tmp_path):
    put(tmp_path, mine=GOOD.replace(",ours", ","))
    with pytest.raises(FactError, match=r"mine\.csv:2: .*source.*every figure needs a source"):
        user_folder.import_folder(tmp_path, tmp_path / "p")


def test_misspelt_column_is_named(tmp_path):
    with pytest.raises(FactError, match="did you mean 'commodity'"):
        user_folder.import_folder(put(tmp_path / "in", mine=GOOD.replace("commodity", "comodity")), tmp_path / "p")


def test_unknown_file_is_refused_beside_a_known_one(tmp_path):
    report = user_folder.import_folder(put(tmp_path / "in", mine=GOOD, other="a,b\n1,2\n"), tmp_path / "p")
    assert len(report.refused) == 1
    assert "other.csv: header not recognised" in report.refused[0]


@pytest.mark.parametrize("files", [{}, {"other": "a,b\n1,2\n"}])
def test_nothing_to_import_is_an_error(tmp_path, files):
    with pytest.raises(FactError):
        user_folder.import_folder(put(tmp_path / "in", **files), tmp_path / "p")
    assert written(tmp_path / "p") == []


def test_baci_keeps_its_headings_and_replaces_their_years(tmp_path):
    user_folder.import_folder(put(tmp_path / "in", BACI_HS92_Y2024=BACI), tmp_path / "p")
    facts = load(tmp_path / "p")
    trade, ours = facts.trade(), FACTS.trade()
    new = trade[(trade["year"] == 2024) & (trade["hs"] == "284690")]
    ours_new = ours[(ours["year"] == 2024) & (ours["hs"] == "284690")]
    assert len(new) == len(ours_new)
    flow = new[(new["exporter"] == "CN") & (new["importer"] == "JP")]
    assert flow[["value_kusd", "quantity_t"]].to_numpy().tolist() == [[1000.5, 20.25]]
    metal = trade.query("year == 2024 and hs == '280530' and exporter == 'TW' and importer == 'US'").iloc[0]
    assert metal.isna()["quantity_t"]
    assert trade[(trade["hs"] == "850511")]["quantity_t"].isna().all()
    assert "870323" not in set(trade["hs"])
    earlier = trade[trade["year"] < 2024].reset_index(drop=True)
    assert earlier.equals(ours[ours["year"] < 2024].reset_index(drop=True))
    germanium = facts.minerals_trade().query("hs == '811230' and year == 2024")
    assert germanium[["exporter", "importer"]].to_numpy().tolist() == [["CN", "DE"]]
    assert facts.user_statement == "user figures used: tables trade, minerals_trade"


@pytest.mark.parametrize(
    ("old", "new"), [("1000.5", "much"), ("1000.5", "-3"), ("2024,156,392,284690", "2024.x,156,392,284690"), ("20.25", "inf")]
)
def test_bad_number_in_baci_names_the_line(tmp_path, old, new):
    with pytest.raises(FactError, match=r"baci\.csv:2: "):
        user_folder.import_folder(put(tmp_path / "in", baci=BACI.replace(old, new)), tmp_path / "p")


COMTRADE = """typeCode,refYear,period,reporterISO,flowCode,partnerISO,cmdCode,netWgt,primaryValue
C,2024,2024,JPN,M,CHN,284690,5000,70000
C,2024,2024,CHN,X,JPN,284690,4000,60000
C,2024,2024,CHN,X,VNM,284690,2000,0
C,2024,2024,JPN,M,W00,284690,9000,90000
C,2024,202401,JPN,M,FRA,284690,1,1
"""


def test_comtrade_prefers_the_importer_and_leaves_world_and_months_out(tmp_path):
    old_form = (
        COMTRADE.replace("refYear,period", "Year,Period")
        .replace(
            "reporterISO,flowCode,partnerISO,cmdCode,netWgt,primaryValue",
            "Reporter ISO,Trade Flow,Partner ISO,Commodity Code,Netweight (kg),Trade Value (US$)",
        )
        .replace(",M,", ",Import,")
        .replace(",X,", ",Export,")
    )
    flows = []
    for index, text in enumerate((COMTRADE, old_form)):
        user_folder.import_folder(put(tmp_path / f"in{index}", comtrade=text), tmp_path / f"p{index}")
        trade = load(tmp_path / f"p{index}").trade()
        flows.append(trade[(trade["year"] == 2024) & (trade["hs"] == "284690") & (trade["exporter"] == "CN")].set_index("importer"))
    assert flows[0].equals(flows[1])
    assert flows[0].loc["JP", ["value_kusd", "quantity_t"]].tolist() == [70.0, 5.0]
    assert flows[0].loc["VN", "quantity_t"] == 2.0
    ours = FACTS.trade().query("year == 2024 and hs == '284690' and exporter == 'CN'").set_index("importer")
    assert flows[0].loc["US", "value_kusd"] == ours.loc["US", "value_kusd"]


@pytest.mark.shared
def test_usgs_releases_give_the_figures_that_the_package_ships(shared, tmp_path):
    """Two roads to one result: the importer on the releases, the build script on the tidy tables."""
    user_folder.import_folder(shared / "data" / "raw" / "usgs_mcs", tmp_path / "p")
    theirs = load(tmp_path / "p").select(origin="user")
    shipped = FACTS.select(origin=["usgs", "minerals"])
    key = ["edition", "quantity", "element", "region", "period", "unit"]
    mined = {"mine_production", "refined_production", "reserve"}
    ours = (
        shipped[shipped["quantity"].isin(mined) & ~shipped.index.str.contains("-US-") & shipped["value"].gt(0)]
        .groupby(key)["value"]
        .agg(list)
    )
    read = theirs[theirs.index.str.startswith("user:") & theirs["quantity"].isin(mined)].groupby(key)["value"].agg(list)
    both = ours.index.intersection(read.index)
    assert len(both) > 350
    assert all(set(ours[name]) & set(read[name]) for name in both)
    assert len(both) / len(ours) > 0.95


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "formats"),
    [
        ("baci_cepii_geopolrisk", {"BACI extract"}),
        ("world_mining_data_geopolrisk", {"World Mining Data"}),
        ("bgs_world_mineral_statistics", {"BGS World Mineral Statistics"}),
        ("wgi_political_stability_geopolrisk", {"WGI political stability"}),
        ("wgi_six_indicators_2022_update", {"WGI six indicators"}),
        ("oecd_iot_2021ed_ionet", {"OECD input-output table", "OECD value added"}),
        ("wiod_2013_release_2011", {"WIOD table", "WIOD output"}),
    ],
)
def test_raw_releases_are_recognised(shared, tmp_path, folder, formats):
    report = user_folder.import_folder(shared / "data" / "raw" / folder, tmp_path / "p")
    assert {taken.format for taken in report.taken} == formats
    assert load(tmp_path / "p").user_statement


@pytest.mark.shared
def test_baci_import_gives_the_packaged_trade(shared, tmp_path):
    user_folder.import_folder(shared / "data" / "raw" / "baci_cepii_geopolrisk" / "baci_hs92_rare_earths_1995_2024.csv", tmp_path / "p")
    order = ["hs", "year", "exporter", "importer", "value_kusd"]
    theirs, ours = (facts.trade().sort_values(order).reset_index(drop=True) for facts in (load(tmp_path / "p"), FACTS))
    assert theirs[["hs", "year", "exporter", "importer"]].equals(ours[["hs", "year", "exporter", "importer"]])
    assert (theirs["value_kusd"] - ours["value_kusd"]).abs().max() < 1e-3


@pytest.mark.shared
def test_oecd_tables_hold_the_figures_of_their_sources(shared, tmp_path):
    user_folder.import_folder(shared / "data" / "raw" / "oecd_iot_2021ed_ionet", tmp_path / "p")
    tables = load(tmp_path / "p").io_tables()
    assert tables["oecd-JP-2018"].query("row == 'VALU'")["value"].sum() == pytest.approx(4_667_898, rel=1e-3)
    assert tables["oecd-CN-2018"].query("row == 'VALU'")["value"].sum() == pytest.approx(12_790_123, rel=1e-3)


def test_kill_in_the_middle_leaves_the_old_or_the_new(tmp_path):
    """Kill the import at many moments: what lies in the project always opens and is whole."""
    days = [dt.date(1980, 1, 1) + dt.timedelta(days=number) for number in range(4000)]
    big = OWN + "".join(f"use,Dy,oxide.Dy,JP,{day},{value},t oxide,load {value}\n" for value, day in enumerate(days))
    source = put(tmp_path / "in", big=big)
    user_folder.import_folder(put(tmp_path / "first", big=big.replace(",load 0", ",first")), tmp_path / "p")
    places = f"Path({str(source)!r}), Path({str(tmp_path / 'p')!r})"
    code = "from pathlib import Path; from ytterby.facts.importers.user_folder import import_folder; "
    code += f"print('go', flush=True); import_folder({places})"
    codes = []
    for wait in (0.05, 0.15, 0.25, 0.4):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        codes.append(process.wait())
        process.stdout.close()
        facts = load(tmp_path / "p")
        assert facts.user_rows == 4000
        for path in (tmp_path / "p" / "facts").glob("*.csv.gz"):
            assert gzip.decompress(path.read_bytes()).count(b"\n") == 4001
    assert -signal.SIGKILL in codes
    user_folder.import_folder(source, tmp_path / "p")
    assert [name for name in written(tmp_path / "p") if not name.startswith(".")][0].startswith("rows-")
    assert load(tmp_path / "p").user_rows == 4000


HEADERS = [
    OWN.strip(),
    *(",".join(sorted(release.columns)) for release in registry.RELEASES),
]
CELLS = st.one_of(
    st.sampled_from(["2024", "284690", "JPN", "M", "1.5", "", "nan", "-1", "Rare earths", '"', "World", "metric tons"]), st.text(max_size=6)
)


@st.composite
def files(draw):
    header = draw(st.sampled_from(HEADERS))
    width = header.count(",") + 1 + draw(st.sampled_from([0, 0, 0, -1, 1]))
    lines = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width).map(",".join), max_size=4))
    return "\n".join([header, *lines]).encode("utf-8", "replace")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(max_size=200), files()))
def test_any_bytes_are_taken_or_refused_and_never_crash(tmp_path, content):
    path = tmp_path / "fuzz_2020.csv"
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        user_folder.import_folder(path, tmp_path / "p")
    facts = load(tmp_path / "p")
    assert len(facts.table) >= len(FACTS.table)
    assert facts.trade()["year"].between(1900, 2099).all()
