"""Real formats, from the real headers: each source as its office writes it."""

from __future__ import annotations

import math

import openpyxl
import pytest

from ytterby.errors import FactError
from ytterby.facts.importers.user_folder import import_folder
from ytterby.facts.load import load

COMTRADE = "typeCode,freqCode,refYear,period,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,partner2Code,classificationCode,isOriginalClassification,cmdCode,customsCode,motCode,qtyUnitAbbr,qty,netWgt,primaryValue\n"  # noqa: E501


def declared(**cells):
    """One line of UN Comtrade: Japan's magnets from China in 2024."""
    line = dict(
        typeCode="C", freqCode="A", refYear="2024", period="2024", reporterCode="392", reporterISO="JPN", flowCode="M", partnerCode="156",
        partnerISO="CHN", partner2Code="0", classificationCode="H6", isOriginalClassification="true", cmdCode="850511", customsCode="C00",
        motCode="0", qtyUnitAbbr="kg", qty="1240000", netWgt="1240000", primaryValue="61500000",
    )  # fmt: skip
    return ",".join((line | cells).values()) + "\n"


def taken(tmp_path, text, name="file.csv", encoding="utf-8"):
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "in" / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return import_folder(tmp_path / "in" / name, tmp_path / "p")


def flow(tmp_path, exporter="CN", importer="JP", hs="850511", year=2024):
    trade = load(tmp_path / "p").trade()
    found = trade.query("year == @year and hs == @hs and exporter == @exporter and importer == @importer")
    assert len(found) <= 1
    return tuple(found[["quantity_t", "value_kusd"]].to_numpy().tolist()[0]) if len(found) else None


PARTS = {
    "transport": [{"motCode": "1000"}, {"motCode": "2100"}],
    "customs": [{"customsCode": "C01"}, {"customsCode": "C02"}],
    "second partner": [{"partner2Code": "344"}, {"partner2Code": "156"}],
}


@pytest.mark.parametrize("dimension", PARTS)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("total", [False, True])
def test_comtrade_counts_a_total_or_its_parts_but_not_both(tmp_path, dimension, turned, total):
    sizes = ("910000", "37000000"), ("330000", "24500000")
    lines = [declared(netWgt=w, primaryValue=v, **cells) for cells, (w, v) in zip(PARTS[dimension], sizes, strict=True)]
    lines += [declared()] * total
    taken(tmp_path, COMTRADE + "".join(reversed(lines) if turned else lines))
    assert flow(tmp_path) == (1240, 61500)


def test_comtrade_nested_modes_count_once(tmp_path):
    modes = [("1000", "240000"), ("2000", "1000000"), ("2100", "700000"), ("2200", "300000")]
    taken(tmp_path, COMTRADE + "".join(declared(motCode=mode, netWgt=w, primaryValue="1000") for mode, w in modes))
    assert flow(tmp_path)[0] == 1240


@pytest.mark.parametrize(
    "other",
    [
        {"flowCode": "MIP", "netWgt": "1"},
        {"flowCode": "RM", "netWgt": "1"},
        {"typeCode": "S"},
        {"classificationCode": "S4", "netWgt": "2"},
        {"reporterISO": "EUR", "reporterCode": "97"},
        {"partnerISO": "W00", "partnerCode": "0"},
        {"partnerISO": "JPN", "partnerCode": "392"},
        {"primaryValue": "", "partnerISO": "DEU", "partnerCode": "276"},
        {"period": "202401", "freqCode": "M", "netWgt": "5"},
    ],
)
def test_comtrade_leaves_out_and_says_so(tmp_path, other):
    report = taken(tmp_path, COMTRADE + declared(**other) + declared())
    assert flow(tmp_path) == (1240, 61500)
    assert report.taken[0].left_out == 1
    assert flow(tmp_path, "DE") is None


def test_comtrade_takes_the_revision_that_was_declared(tmp_path):
    older = declared(classificationCode="H5", isOriginalClassification="false", netWgt="7")
    for lines in ([older, declared()], [declared(), older]):
        taken(tmp_path, COMTRADE + "".join(lines))
        assert flow(tmp_path) == (1240, 61500)


def test_comtrade_months_count_when_all_twelve_are_there(tmp_path):
    months = [declared(period=f"2024{month:02d}", netWgt="90000", primaryValue="4100000") for month in range(1, 13)]
    with pytest.raises(FactError, match="11 of 12"):
        taken(tmp_path, COMTRADE + "".join(months[:11]))
    taken(tmp_path, COMTRADE + "".join(months))
    assert flow(tmp_path) == (1080, 49200)


def test_comtrade_reads_numbers_of_countries_and_kilograms_as_quantity(tmp_path):
    taken(tmp_path, COMTRADE + declared(reporterISO="", partnerISO="", netWgt=""))
    assert flow(tmp_path) == (1240, 61500)


def test_same_flow_with_two_figures_is_refused_with_both_lines(tmp_path):
    with pytest.raises(FactError, match=r"file\.csv:3: .* stands in line 2, too"):
        taken(tmp_path, COMTRADE + declared() + declared(netWgt="5"))
    report = taken(tmp_path, COMTRADE + declared() + declared())
    assert report.taken[0].reasons == {"repeated rows": 1}


@pytest.mark.parametrize("code", ["284690", "284690.0", "0284690"])
def test_baci_survives_a_spreadsheet(tmp_path, code):
    text = f"t,i,j,k,v,q\n2024.0,156.0,392.0,{code},1000.5,20.25\n"
    if len(code) == 7:
        text = text.replace(code, code.lstrip("0"))
    taken(tmp_path, text)
    assert flow(tmp_path, hs="284690") == (20.25, 1000.5)


def test_baci_extract_is_merged_and_a_release_replaces_the_year(tmp_path):
    ours = load().trade().query("hs == '284690' and year == 2024")
    report = taken(tmp_path, "t,i,j,k,v,q\n2024,156,392,284690,1000.5,20.25\n")
    assert f"our {len(ours):,}" in report.taken[0].notes[0]
    assert len(load(tmp_path / "p").trade().query("hs == '284690' and year == 2024")) == len(ours)
    areas = {row.iso2: row.numeric for row in load().countries().itertuples()}
    named = ours[ours["exporter"].isin(areas) & ours["importer"].isin(areas) & (ours["exporter"] != "AE")]
    lines = [f"2024,{areas[r.exporter]},{areas[r.importer]},284690,{r.value_kusd},{r.quantity_t}" for r in named.itertuples()]
    taken(tmp_path, "t,i,j,k,v,q\n" + "\n".join(line.replace(",nan", ",NA") for line in lines) + "\n")
    after = load(tmp_path / "p").trade().query("hs == '284690' and year == 2024")
    assert "AE" not in set(after["exporter"])
    assert "AE" in set(ours["exporter"])


def test_second_file_of_a_year_is_added_to_the_first(tmp_path):
    taken(tmp_path, "t,i,j,k,v,q\n2024,156,392,850511,5,2\n", "one.csv")
    taken(tmp_path, "t,i,j,k,v,q\n2024,156,276,850511,7,3\n", "two.csv")
    assert (flow(tmp_path), flow(tmp_path, importer="DE")) == ((2, 5), (3, 7))


def test_baci_of_a_later_revision_leaves_out_what_means_something_else(tmp_path):
    text = "t,i,j,k,v,q\n2024,156,392,811230,5,2\n2024,156,392,284690,9,4\n"
    report = taken(tmp_path, text, "BACI_HS17_Y2024_V202601.csv")
    assert any("germanium" in note for note in report.taken[0].notes)
    assert any("HS 2017" in note for note in report.taken[0].notes)
    assert report.taken[0].rows == 1


@pytest.mark.parametrize("names", [("a-b.csv", "a b.csv"), ("鉱山.csv", "価格.csv"), ("x" * 60 + "1.csv", "x" * 60 + "2.csv")])
def test_files_whose_names_fold_to_the_same_are_both_kept(tmp_path, names):
    header = "quantity,element,commodity,region,period,value,unit,source\n"
    for place, name in zip(("AU", "US"), names, strict=True):
        taken(tmp_path, header + f"mine_production,TREO,mine.concentrate,{place},2024,30000,t REO,me\n", name)
    assert load(tmp_path / "p").user_rows == 2


def test_wgi_as_published(tmp_path):
    text = "codeindyr,code,countryname,year,indicator,estimate,stddev\nC,CHN,China,2023,pv,-0.44,0.2\nC,CHN,China,2023,cc,0.05,0.2\nJ,JPN,Japan,2023,pv,..,\n"  # noqa: E501
    report = taken(tmp_path, text)
    table = load(tmp_path / "p").governance().query("country == 'CN' and year == 2023")
    assert table[["estimate", "risk"]].to_numpy().tolist() == [[-0.44, pytest.approx(0.588)]]
    assert report.taken[0].left_out == 2


def test_usgs_kilograms_are_a_thousandth_of_a_tonne(tmp_path):
    """The factor was wrong once and no test saw it: gallium is published in kilograms."""
    text = 'MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value\nGALLIUM,World Production,Gallium,China,Production,Primary production,kilograms,2024,"750,000"\n'  # noqa: E501
    taken(tmp_path, text, encoding="cp1252")
    (row,) = (
        load(tmp_path / "p")
        .table.query("origin == 'user' and element == 'Ga' and edition == 'MCS 2026'")
        .drop_duplicates("value")
        .itertuples()
    )
    assert (row.value, row.unit) == (750, "t")


def test_world_mining_data_as_workbook(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rare Earths (REO)"
    for line in (
        ["Rare Earths (REO)"],
        ["Country", "unit", 2018, 2022, "data source"],
        ["China", "metr. t", 120000, 210000, "r"],
        ["Total", "metr. t", 1, 2, ""],
    ):
        sheet.append(line)
    other = book.create_sheet("Lithium (Li2O)")
    other.append(["Country", "unit", 2018, 2022, "data source"])
    other.append(["Chile", "metr. t", 1, 2, "r"])
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "6.4.xlsx")
    report = import_folder(tmp_path / "in", tmp_path / "p")
    assert report.taken[0].rows == 2
    rows = load(tmp_path / "p").table.query("edition == 'World Mining Data' and origin == 'user'")
    assert {(row.period, row.value, row.unit) for row in rows.itertuples()} >= {("2018", 120000, "t REO"), ("2022", 210000, "t REO")}


def test_bgs_as_downloaded(tmp_path):
    text = "bgs_commodity_trans,bgs_statistic_type_trans,bgs_sub_commodity_trans,country_trans,country_iso3_code,year,quantity,units\nrare earth oxides,Production,,China,CHN,2020-01-01T00:00:00Z,140000,tonnes (metric)\nrare earth oxides,Imports,,China,CHN,2020-01-01T00:00:00Z,1,tonnes (metric)\n"  # noqa: E501
    report = taken(tmp_path, text)
    assert (report.taken[0].rows, report.taken[0].reasons) == (1, {"imports and exports": 1})


def test_comext_of_the_interface_adds_subdivisions_and_turns_euros(tmp_path):
    head = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
    cells = [
        ("DE,CN,85051110,1,VALUE_IN_EUROS,2024", 1_000_000),
        ("DE,CN,85051190,1,VALUE_IN_EUROS,2024", 500_000),
        ("DE,CN,85051110,1,QUANTITY_IN_100KG,2024", 300),
        ("DE,CN,85051190,1,QUANTITY_IN_100KG,2024", 200.5),
        ("EU27_2020,CN,850511,1,QUANTITY_IN_100KG,2024", 9000),
        ("DE,WORLD,850511,1,QUANTITY_IN_100KG,2024", 9000),
    ]
    taken(tmp_path, head + "".join(f"ESTAT:DS-045409(1.0),15/09/26,A,{cell},{value}\n" for cell, value in cells))
    tonnes, value = flow(tmp_path, importer="DE")
    assert tonnes == pytest.approx(50.05)
    assert value == pytest.approx(1500 * 1.0824, rel=0.011)


def test_comext_bulk_files_old_and_new(tmp_path):
    old = "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,FLOW,STAT_REGIME,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG\n004,DE,0720,CN,E,85051110,1,1,202452,1000,2000\n004,DE,0720,CN,E,85051110,1,2,202452,1000,3000\n"  # noqa: E501
    taken(tmp_path, old)
    assert flow(tmp_path, importer="DE")[0] == 5
    new = "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,FLOW,STAT_PROCEDURE,PERIOD,VALUE_EUR,QUANTITY_KG\n" + "".join(
        f"DE,CN,E,85051110,1,1,2024{month:02d},1000,1000\n" for month in range(1, 13)
    )
    taken(tmp_path, new)
    assert flow(tmp_path, importer="DE")[0] == 12


def test_destatis_with_semicolons_and_decimal_commas(tmp_path):
    head = "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;1_variable_label;1_variable_attribute_code;1_variable_attribute_label;2_variable_code;2_variable_label;2_variable_attribute_code;2_variable_attribute_label;value;value_unit;value_variable_code;value_variable_label\n"  # noqa: E501
    line = "51000;Außenhandel;JAHR;Jahr;2024;STLAH;Länder;STLAH156;{};WAM8;Waren;WA85051110;Dauermagnete;{};{};X;{}\n"
    text = head + line.format("China", "1.234,5", "t", "Einfuhr: Gewicht") + line.format("China", "2.500,0", "Tsd. EUR", "Einfuhr: Wert")
    taken(tmp_path, text + line.format("Vereinigte Staaten", "12,5", "t", "Ausfuhr: Gewicht"))
    assert flow(tmp_path, importer="DE")[0] == 1234.5
    assert flow(tmp_path, "DE", "US")[0] == 12.5
    assert math.isnan(flow(tmp_path, "DE", "US")[1])


def test_estat_in_shift_jis_needs_a_whole_year(tmp_path):
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    head = "Exp or Imp,Year,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year,"
    head += ",".join(f"Quantity2-{month},Value-{month}" for month in months)
    line = "2,2024,'850511000',105,  ,KG,0,1240000,9000000," + ",".join(["1,1"] * 12)
    preamble = "普通貿易統計 品別国別表\n"
    taken(tmp_path, preamble + f"{head}\n{line}\n", encoding="cp932")
    tonnes, value = flow(tmp_path)
    assert tonnes == 1240
    assert value == pytest.approx(9_000_000 / 151.4, rel=0.011)
    with pytest.raises(FactError, match="not complete"):
        taken(tmp_path, f"{head}\n{line[:-3]}0,0\n")


def test_iea_projections_are_left_out(tmp_path):
    text = "mineral,stage,country,year,value_kt\nMagnet rare earths,mining,China,2024,45.8\nMagnet rare earths,mining,China,2030,50\n"
    report = taken(tmp_path, text)
    assert (report.taken[0].rows, report.taken[0].left_out) == (1, 1)
    assert load(tmp_path / "p").table.query("edition == 'IEA'")["value"].tolist() == [45800]


def test_newest_import_of_the_same_figure_wins(tmp_path):
    header = "quantity,element,commodity,region,period,value,unit,source\n"
    for number, name in ((31000, "b.csv"), (32000, "a.csv")):
        taken(tmp_path, header + f"mine_production,TREO,mine.concentrate,AU,2024,{number},t REO,me\n", name)
    assert load(tmp_path / "p").value("MCS2026-MINE-AU-2024") == 32000
    taken(tmp_path, "t,i,j,k,v,q\n2024,156,392,850511,5,2\n", "z.csv")
    taken(tmp_path, "t,i,j,k,v,q\n2024,156,392,850511,6,3\n", "y.csv")
    assert flow(tmp_path) == (3, 6)
