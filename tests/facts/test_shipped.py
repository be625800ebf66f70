"""What the package ships: ids kept, kinds honest, licences kept, small files, the same bytes again."""

from __future__ import annotations

import csv
import importlib.util
import re
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from ytterby.facts import vocabulary
from ytterby.facts.load import COLUMNS, load

ROOT = Path(__file__).parents[2]
FACTS = load()
TABLE = FACTS.table
MOST = 1.4e6
GATHERED = (
    "capacity",
    "demand",
    "yields_leadtimes_costs",
    "prices",
    "environment",
    "recycling_substitution",
    "stockpiles",
    "projects",
    "sectors",
    "intensities",
    "balance_2024",
    "ore_baskets",
    "episode_2009_2015",
    "events_2020_2026",
    "published_results",
    "disruptions",
)


def gathered(shared, name):
    with (shared / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row | {"id": row.get("row_id") or row["id"], "flag": row.get("flag") or row["quality"]} for row in csv.DictReader(file)]


def test_columns_are_those_of_the_schema():
    assert list(TABLE.columns) == list(COLUMNS)
    assert TABLE.index.is_unique
    assert TABLE.index.name == "id"


def test_no_scope_stutters():
    assert [name for name, scope in TABLE["scope"].fillna("").items() if re.search(r"\b([a-z]+) \1\b", scope)] == []


def test_no_file_is_large():
    with as_file(files("ytterby.facts") / "data") as folder:
        assert {path.name: path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.stat().st_size > MOST} == {}


def test_all_elements_have_a_basket_a_stoichiometry_and_a_use():
    elements = set(vocabulary.elements())
    assert set(FACTS.select(quantity="stoichiometry")["element"]) == elements
    assert set(FACTS.baskets()["element"]) >= elements - {"Pm"}
    assert set(FACTS.select(quantity=["element_split", "use"])["element"]) >= elements - {"Pm"}


def test_stoichiometry_agrees_with_atomic_masses():
    masses = {
        "Sc": 44.956,
        "Y": 88.906,
        "La": 138.905,
        "Ce": 140.116,
        "Pr": 140.908,
        "Nd": 144.242,
        "Pm": 145,
        "Sm": 150.36,
        "Eu": 151.964,
        "Gd": 157.25,
        "Tb": 158.925,
        "Dy": 162.5,
        "Ho": 164.93,
        "Er": 167.259,
        "Tm": 168.934,
        "Yb": 173.045,
        "Lu": 174.967,
    }
    oxygen = {"Ce": 2.0, "Pr": 11 / 6, "Tb": 7 / 4}
    for id_, row in FACTS.select(quantity="stoichiometry").iterrows():
        mass = masses[row["element"]]
        exact = mass / (mass + 15.999 * oxygen.get(row["element"], 1.5))
        assert row["value"] == pytest.approx(exact, abs=6e-5), id_
        assert row["kind"] == "derived"


def test_assumed_figures_have_ranges_that_hold_them():
    assumed = TABLE[(TABLE["kind"] == "assumed") & TABLE["value"].notna()]
    assert len(assumed) > 1000
    assert assumed["low"].notna().all()
    assert (assumed["low"] <= assumed["value"]).all()
    assert (assumed["value"] <= assumed["high"]).all()


def test_rule_of_the_factor():
    """A bound given by the rule is value / 1.5 or value x 1.5 (a share stops at 100 %); the other may be the source's."""
    ruled = TABLE[TABLE["note"].str.contains("range by rule")]
    assert (ruled["kind"] == "assumed").all()
    low, high = ruled["value"] / 1.5, ruled["value"] * 1.5
    low, high = low.where(ruled["value"] >= 0, high), high.where(ruled["value"] >= 0, low)
    high = high.where((ruled["unit"] != "%") | (ruled["value"] > 100), high.clip(upper=100))
    by_rule = ((ruled["low"] - low).abs() < 1e-6 * (1 + low.abs())) | ((ruled["high"] - high).abs() < 1e-6 * (1 + high.abs()))
    assert by_rule.all()


def test_reference_page_counts_the_kinds_as_they_are():
    page = (ROOT / "docs" / "reference" / "facts.md").read_text("utf-8")
    for kind, count in TABLE["kind"].value_counts().items():
        assert re.search(rf"^\| {kind} \|.*\| {count:,} \|$", page, re.MULTILINE), (kind, count)


def test_licences_are_known_and_tables_shipped_only_where_allowed():
    assert set(TABLE["licence"]) <= set(vocabulary.listed("licences")) - {"user"}
    closed = TABLE["source"].str.contains("OECD Input|WIOD 2013")
    assert 0 < closed.sum() <= 150
    assert set(TABLE.loc[closed, "licence"]) == {"cited-figure"}
    coefficients = TABLE[TABLE["source"].str.contains("WIOD") & TABLE["unit"].eq("ratio")]
    inner = coefficients[~coefficients["quantity"].str.endswith("share")]
    assert (inner["high"] / inner["value"] >= 1.24).all()
    assert (coefficients["low"] / coefficients["value"] <= 0.76).all()
    comtrade = TABLE[TABLE["source"].str.contains("UN Comtrade")]
    assert set(comtrade["period"]) == {"2024"}
    assert not TABLE["source"].str.contains("British Geological|World Mining Data").any()


@pytest.mark.shared
@pytest.mark.parametrize("name", GATHERED)
def test_ids_and_values_of_the_gathered_files_are_kept(shared, name):
    rows = gathered(shared, name)
    missing = [row["id"] for row in rows if row["id"] not in TABLE.index]
    assert all("Comtrade" in row["source"] or "OECD" in row["source"] or "WIOD" in row["source"] for row in rows if row["id"] in missing)
    assert len(missing) <= {"capacity": 17, "sectors": 32}.get(name, 0)
    column = {"capacity": "value_t", "balance_2024": "value_t_oxide", "projects": "capacity", "ore_baskets": "share_pct_norm"}.get(name)
    for row in rows:
        text = row.get(column or "value_base") if column or "value_base" in row else row["value"]
        if row["id"] in TABLE.index and text and text.replace(".", "").replace("-", "").isdigit():
            assert TABLE.loc[row["id"], "value"] == pytest.approx(float(text)), row["id"]


@pytest.mark.shared
@pytest.mark.parametrize("name", GATHERED)
def test_kinds_follow_the_flags(shared, name):
    for row in gathered(shared, name):
        if row["id"] not in TABLE.index:
            continue
        kind, status = TABLE.loc[row["id"], "kind"], TABLE.loc[row["id"], "source_status"]
        if row["flag"] == "SEEN":
            assert kind == "reported"
            source, url = TABLE.loc[row["id"], "source"], TABLE.loc[row["id"], "url"]
            assert status == ("located" if url and "not kept" not in source and "not always" not in source else "unlocated")
        elif row["flag"] == "RECALLED":
            assert (kind, status) == ("assumed", "recalled")
        elif name == "balance_2024" or "recalled" in (row["source"] + row["note"]).lower():
            assert kind == "assumed", row["id"]
        else:
            assert kind in {"derived", "assumed"}


@pytest.mark.shared
def test_a_rebuild_gives_the_same_bytes(shared, tmp_path):
    if importlib.util.find_spec("duckdb") is None:
        pytest.skip("duckdb reads the parquet file of the raw data")
    with as_file(files("ytterby.facts") / "data") as shipped:
        (tmp_path / "schema").mkdir()
        script = ROOT / "scripts" / "build_facts.py"
        subprocess.run([sys.executable, script, "--shared", shared, "--out", tmp_path], check=True, capture_output=True)
        made = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(made) > 20
        for path in made:
            assert path.read_bytes() == (shipped / path.relative_to(tmp_path)).read_bytes(), path.name
