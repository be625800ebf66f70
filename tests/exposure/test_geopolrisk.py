"""GeoPolRisk: published values on the raw files, and the rules of the method one by one."""

import csv

import pytest

from ytterby.errors import DataGapError
from ytterby.exposure.risk_scores import MISSING_RISK, RARE_EARTH_CODES, score
from ytterby.facts import regions

PUBLISHED = {("JP", 2024): 0.251857, ("US", 2024): 0.057036, ("DE", 2024): 0.233097, ("EU", 2024): 0.189008}
CODES = {"CHN": "CN", "JPN": "JP", "USA": "US", "DEU": "DE"}


def members(importer):
    if importer != "EU":
        return (importer,)
    return tuple(code for name in ("DE", "FR", "EE", "EUX") for code in regions()[name].members or (name,))


@pytest.fixture(scope="module")
def raw(shared):
    """Production, governance and trade of the raw files, by ISO alpha-2."""
    folder = shared / "data" / "raw"
    with (folder / "country_codes_datahub" / "country_codes.csv").open(encoding="utf-8") as file:
        iso = {row["ISO3166-1-Alpha-3"]: row["ISO3166-1-Alpha-2"] for row in csv.DictReader(file)} | {"S19": "TW"}

    def rows(*path):
        with folder.joinpath(*path).open(encoding="utf-8") as file:
            yield from csv.DictReader(file)

    made, risk, bought = {}, {}, {}
    for row in rows("world_mining_data_geopolrisk", "wmd_production_critical_2018_2024.csv"):
        if row["commodity"] == "Rare Earths (REO)":
            made.setdefault(int(row["year"]), {})[iso[row["country_iso3"]]] = float(row["production"])
    for row in rows("wgi_political_stability_geopolrisk", "wgi_political_stability_1996_2024.csv"):
        if row["normalized"]:
            risk.setdefault(int(row["year"]), {}).setdefault(iso.get(row["iso3"], row["iso3"]), float(row["normalized"]))
    for row in rows("baci_cepii_geopolrisk", "baci_hs92_rare_earths_1995_2024.csv"):
        if row["quantity_t"] and row["hs6"] in RARE_EARTH_CODES:
            pair = bought.setdefault((int(row["year"]), iso.get(row["importer_iso3"], row["importer_iso3"])), {})
            exporter = iso.get(row["exporter_iso3"], row["exporter_iso3"])
            pair[exporter] = pair.get(exporter, 0.0) + float(row["quantity_t"])
    return made, risk, bought


def of_raw(raw, importer, year):
    made, risk, bought = raw
    total = {}
    for member in members(importer):
        for exporter, tonnes in bought.get((year, member), {}).items():
            total[exporter] = total.get(exporter, 0.0) + tonnes
    return score(importer, year, members(importer), made[year], total, risk[year])


@pytest.mark.shared
@pytest.mark.parametrize(("importer", "year"), list(PUBLISHED))
def test_equals_the_published_scores(raw, importer, year):
    assert of_raw(raw, importer, year).score == pytest.approx(PUBLISHED[importer, year], abs=1e-6)


@pytest.mark.shared
def test_equals_the_published_concentration(raw):
    assert of_raw(raw, "JP", 2024).hhi == pytest.approx(0.486155, abs=1e-6)
    assert of_raw(raw, "JP", 2018).hhi == pytest.approx(0.463184, abs=1e-6)


def test_own_production_dilutes_and_missing_risk_is_a_half():
    found = score("US", 2024, ["US"], {"CN": 60.0, "US": 40.0}, {"CN": 30.0, "XX": 30.0}, {"CN": 0.5, "US": 0.4})
    assert found.import_risk == pytest.approx((30 * 0.5 + 30 * MISSING_RISK) / (60 + 40))
    assert found.hhi == pytest.approx(0.36 + 0.16)
    assert found.score == pytest.approx(found.hhi * found.import_risk)
    assert found.unrated == ("XX",)


def test_trade_among_members_counts_below_only():
    with_inner = score("EU", 2024, ["DE", "FR"], {"CN": 1.0}, {"CN": 50.0, "FR": 50.0}, {"CN": 0.6, "FR": 0.4})
    assert with_inner.import_risk == pytest.approx(0.6 * 50 / 100)


def test_other_asia_has_no_governance_figure():
    found = score("JP", 2024, ["JP"], {"CN": 1.0}, {"TW": 1.0}, {"CN": 0.5, "TW": 0.1})
    assert found.import_risk == MISSING_RISK
    assert found.unrated == ("TW",)


@pytest.mark.parametrize(
    ("production", "imports", "risk", "words"),
    [
        ({}, {"CN": 1.0}, {"CN": 0.5}, "no mine production"),
        ({"CN": 1.0}, {"CN": 1.0}, {}, "no governance"),
        ({"CN": 1.0}, {}, {"CN": 0.5}, "neither imports"),
    ],
)
def test_a_year_without_data_is_an_error(production, imports, risk, words):
    with pytest.raises(DataGapError, match=words):
        score("JP", 2017, ["JP"], production, imports, risk)
