"""Rows of the exposure of an importer: small drawn Systems, then the packaged one through the use case and the command."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.exposure.systems import random_system
from ytterby import load as world
from ytterby.app import exposure as exposure_of
from ytterby.app import import_figures
from ytterby.cli.exposure import command
from ytterby.errors import UnknownNameError
from ytterby.exposure import tracing
from ytterby.exposure.element_exposure import ALL, CARRIED, MIN_SHOWN, assess_element
from ytterby.exposure.element_network import element_network
from ytterby.exposure.risk_scores import MISSING_RISK
from ytterby.exposure.traced_score import region_risk, traced_score
from ytterby.facts import elements, load, regions

HOME = ("JP",)
PARTS = str(Path(__file__).parents[2] / "examples" / "parts.csv")


@pytest.fixture(scope="module", params=range(3))
def small(request):
    system = random_system(request.param, elements=("Nd", "Dy"), spread=1.4)
    return system, [assess_element(system, element, HOME) for element in ("Nd", "Dy")]


def test_shares_of_a_stage_and_use_add_up_to_one_and_lie_in_their_range(small):
    _, found = small
    for item in found:
        sums = {}
        for row in item.suppliers:
            key = row.stage, row.end_use
            traced, direct = sums.get(key, (0.0, 0.0))
            sums[key] = traced + row.share_traced, direct + (row.share_direct or 0.0)
            assert (row.low or 0.0) <= row.share_traced <= (1.0 if row.high is None else row.high)
        for traced, direct in sums.values():
            assert traced == pytest.approx(1.0, abs=10 * MIN_SHOWN)
            assert direct == pytest.approx(1.0, abs=10 * MIN_SHOWN) or direct == 0.0


def test_the_whole_use_is_the_mean_of_the_end_uses(small):
    system, found = small
    demands = system.demands[system.demands["region"] == "JP"]
    content = system.contents.set_index("commodity")["content"]
    for item in found:
        mine = demands[demands["commodity"].str.endswith(item.element)]
        use = (mine["use"] * mine["commodity"].map(content)).groupby(mine["sector"]).sum()
        assert use.sum() == pytest.approx(item.use)
        for supplier in {row.supplier for row in item.passed}:
            by_use = {row.end_use: row.share for row in item.passed if row.supplier == supplier}
            mean = sum(use[sector] * by_use.get(sector, 0.0) for sector in use.index) / use.sum()
            assert by_use.get(ALL, 0.0) == pytest.approx(mean, abs=2 * MIN_SHOWN)


def crossing(walk, stage, start, link, least=1e-12):
    """Share of a market's mass by who worked it last at a stage, in all and of it what crossed a link, by following paths upstream."""
    network, ends, open_paths = walk.network, {}, {(start, False): 1.0}
    links = list(zip(network.origin, network.destination, walk.brought, strict=True))
    while open_paths:
        following = {}
        for (market, crossed), weight in open_paths.items():
            for process in np.flatnonzero(walk.from_process[market]):
                part = weight * walk.from_process[market, process]
                if network.process_stage[process] == stage:
                    end = ends.setdefault(str(network.process_region[process]), [0.0, 0.0])
                    end[0], end[1] = end[0] + part, end[1] + part * crossed
                    continue
                for source in np.flatnonzero(walk.from_market[process]):
                    at = (source, crossed)
                    following[at] = following.get(at, 0.0) + part * walk.from_market[process, source]
            for number, (origin, destination, share) in enumerate(links):
                if destination == market:
                    at = (origin, crossed or number == link)
                    following[at] = following.get(at, 0.0) + weight * share
        open_paths = {key: weight for key, weight in following.items() if weight > least}
    return ends


@pytest.mark.parametrize("seed", range(3))
def test_a_share_names_the_facts_of_the_links_that_carry_it_and_of_no_others(seed):
    """Second road: paths upstream, with a mark on those that cross the link whose facts are changed."""
    system = random_system(seed, elements=("Nd", "Dy"))
    into = system.links[system.links["destination"].isin(["metal.Dy@JP", "magnet.Dy@JP"])]
    link = into["flow"].idxmax()
    marked = replace(system, links=system.links.assign(facts=["MARK" if name == link else "" for name in system.links.index]))
    assert not [row for row in assess_element(marked, "Nd", HOME).suppliers if "MARK" in row.facts]
    network = element_network(marked, "Dy")
    walk, place = tracing.upstream_walk(network), list(network.links.index).index(link)
    rows = [row for row in assess_element(marked, "Dy", HOME).suppliers if row.end_use == "cars_battery"]
    demand = network.demands_of(HOME, "cars_battery")[0]
    seen = set()
    for row in rows:
        whole, part = crossing(walk, row.stage, network.demand_market[demand], place).get(row.supplier, (0.0, 0.0))
        if whole > 0.0 and abs(part / whole - CARRIED) > 0.01:
            assert ("MARK" in row.facts) == (part / whole > CARRIED), row
            seen.add("MARK" in row.facts)
    assert seen == {True, False}


def test_asking_for_one_element_narrows_the_bounds_of_the_largest(small):
    system, found = small
    alone = assess_element(system, "Nd", HOME, alone=True)
    wide = {(row.stage, row.supplier): row for row in found[0].suppliers if row.end_use == ALL and row.low is not None}
    for row in alone.suppliers:
        before = wide.get((row.stage, row.supplier))
        if row.end_use == ALL and before:
            assert row.low >= before.low - 1e-6
            assert row.high <= before.high + 1e-6


def test_indicators_keep_what_is_known_of_them(small):
    _, found = small
    for item in found:
        shares = {}
        for row in item.suppliers:
            if row.end_use == ALL:
                shares.setdefault(row.stage, {})[row.supplier] = row.share_traced
        for row in item.indicators:
            named = {name: share for name, share in shares[row.stage].items() if name not in ("secondary", "undocumented")}
            assert row.hhi == pytest.approx(sum(s * s for s in named.values()) / sum(named.values()) ** 2, rel=0.02)
            assert 0.0 <= row.n_minus_1_cover <= 1.0
            assert row.n_minus_1_in_place == pytest.approx(1.0 - named.get(row.supplier, 0.0), abs=0.01)
            assert row.supplier == max((name for name in named if name != "JP"), key=lambda name: named[name])
            days = [getattr(row, f"time_to_survive_{end}") for end in ("low", "days", "high")]
            assert days == sorted(days, key=lambda day: np.inf if day is None else day)


def test_reliance_is_nil_where_all_is_made_at_home_and_one_where_nothing_is():
    system = random_system(1)
    at = {row.stage: row for row in assess_element(system, "Nd", ("US",)).indicators}
    assert at["magnet"].import_reliance == pytest.approx(1.0)
    assert {row.stage: row for row in assess_element(system, "Nd", ("AU",)).indicators}["oxide"].import_reliance == pytest.approx(1.0)


def test_an_element_is_bought_in_the_form_that_carries_most_of_it_over_the_border():
    found = assess_element(random_system(1), "Nd", ("US",))
    shares = {}
    for row in found.entries:
        if row.end_use == ALL and row.stage:
            shares[row.stage] = shares.get(row.stage, 0.0) + row.share
    assert found.bought.stage == max(shares, key=lambda stage: shares[stage])
    for seed in range(4):
        rows = [row for region in ("US", "AU", "CN", "JP") for row in assess_element(random_system(seed), "Nd", (region,)).indicators]
        assert all(row.import_reliance is None or 0.0 <= row.import_reliance <= 1.0 for row in rows)
        assert all(row.import_reliance in (None, 0.0) for row in rows if row.net_exporter)
        assert any(row.net_exporter for row in rows)


def test_germany_buys_its_dysprosium_as_magnets_and_a_few_tonnes_of_recycled_oxide_make_it_no_exporter():
    found = exposure_of("DE", element="Dy")
    oxide = next(row for row in found.indicators if row.stage == "oxide")
    assert (oxide.import_reliance, oxide.net_exporter) == (None, False)
    use = found.uses[0]
    assert (use.bought_as, use.net_exporter) == ("magnet", False)
    assert use.import_reliance == next(row.import_reliance for row in found.indicators if row.stage == "magnet")
    assert 0.8 < use.import_reliance < 1.0


EXPORTERS = {
    "DE": set(),
    "FR": set(),
    "JP": {"magnet Dy", "magnet Nd", "magnet Pr", "magnet Tb"},
    "US": {
        *(f"mine {name}" for name in ("La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Y", "Er", "Tm", "Yb")),
        "oxide Nd", "oxide Pr",
    },
    "KR": {"component Dy", "component Nd", "component Pr", "component Tb"},
    "VN": {"metal Nd", "metal Pr", "component Dy", "component Nd", "component Pr", "component Tb", "mine La", "mine Ce", "mine Sm"},
}  # fmt: skip
"""Who is a net exporter of what, reviewed: Japan sells magnets, the United States Mountain Pass concentrate and NdPr oxide, Viet Nam metal
from toll work, Korea and Viet Nam motors; mixed Vietnamese concentrate goes to China. The heavy elements are traces in what leaves
Mountain Pass, set against uses of a few tonnes."""


@pytest.mark.parametrize("importer", EXPORTERS)
def test_net_exporters_are_those_that_were_reviewed(importer):
    rows = exposure_of(importer).indicators
    assert {f"{row.stage} {row.element}" for row in rows if row.net_exporter} == EXPORTERS[importer]


def test_another_supplier_can_be_named():
    system = random_system(1)
    rows = assess_element(system, "Nd", HOME, without="AU").indicators
    assert {row.supplier for row in rows} == {"AU"}
    assert {row.stage: row.n_minus_1_cover for row in rows}["magnet"] == pytest.approx(1.0)


def test_an_importer_without_use_has_no_rows():
    system = random_system(1)
    idle = replace(system, demands=system.demands[system.demands["region"] != "JP"])
    balanced = replace(idle, markets=idle.markets)
    with pytest.raises(Exception, match="more enter than leave"):
        assess_element(balanced, "Nd", HOME)
    found = assess_element(system, "Nd", ("DE",))
    assert (found.use, found.suppliers, found.indicators, found.single_points) == (0.0, [], [], [])


def test_traced_geopolrisk_counts_own_work_as_safe(small):
    _, found = small
    risk = dict.fromkeys(regions(), 1.0)
    row = traced_score(found[:1], "oxide", HOME, risk)
    shares = found[0].traced["oxide"]
    expected = sum(share * (0.5 if name in ("secondary", "undocumented") else 1.0) for name, share in shares.items() if name != "JP")
    assert row.import_risk == pytest.approx(expected)
    assert row.score == pytest.approx(row.hhi * expected)
    assert traced_score([], "oxide", HOME, risk) is None
    assert region_risk({})["CN"] == MISSING_RISK
    assert region_risk({"MY": 0.2})["MY"] == 0.2


@pytest.fixture(scope="module")
def japan():
    return exposure_of("JP", element="Dy")


def test_the_document_has_the_promised_keys(japan):
    document = japan.to_dict()
    assert {"importer", "year", "geopolrisk", "suppliers", "indicators", "single_points"} <= set(document)
    keys = {"element", "stage", "end_use", "supplier", "share_direct", "share_traced", "low", "high", "facts"}
    assert set(document["suppliers"][0]) == keys
    wanted = {"element", "stage", "hhi", "import_reliance", "net_exporter", "n_minus_1_cover", "cover_days", "time_to_survive_days"}
    assert wanted <= set(document["indicators"][0])
    json.dumps(document)


def test_every_fact_behind_a_share_is_known(japan):
    names = {name for row in (*japan.suppliers, *japan.uses) for name in row.facts}
    assert names
    assert {name for name in names if not name.startswith("BACI-")} <= set(load().table.index)
    assert all(len(row.facts) == len(set(row.facts)) for row in japan.suppliers)
    shares = [row for row in japan.suppliers if (row.element, row.stage, row.end_use) == ("Dy", "oxide", "all")]
    assert next(row.facts for row in shares if row.supplier == "CN")


def test_dysprosium_of_japan_passes_china_whatever_customs_say(japan):
    top = next(row for row in japan.passed if row.end_use == ALL and row.supplier == "CN")
    at_border = sum(row.share for row in japan.entries if row.end_use == ALL and row.supplier == "CN")
    assert top.share > 0.9
    assert top.low > 0.8
    assert at_border < top.share + 0.03
    cars = next(row for row in japan.single_points if row.end_use == "cars_battery")
    assert cars.countries == ("CN",)


def test_groups_and_the_rest_of_the_world_can_be_asked():
    for importer in ("EU", "ROW"):
        found = exposure_of(importer, element="Dy")
        assert found.uses[0].use_t > 0


def test_ore_that_others_refine_is_not_safe_once_it_is_traced():
    found = exposure_of("US", element="Nd")
    traced = {row.stage: row.score for row in found.geopolrisk_detail.traced}
    assert traced["oxide"] > 2 * found.geopolrisk


@pytest.mark.parametrize(
    ("arguments", "near"),
    [(["--importer", "Japn"], "JP"), (["--element", "Dx"], "D"), (["--year", "2025"], "2024"), (["--without", "Chna"], "CN")],
)
def test_wrong_names_are_refused_with_the_nearest(arguments, near):
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, UnknownNameError)
    assert near in str(result.exception)


def test_geopolrisk_over_years_marks_what_has_no_data():
    table = world().geopolrisk(["JP", "EU"], [2017, 2024]).set_index(["importer", "year"])
    assert len(table) == 4
    assert "no mine production" in table.loc[("JP", 2017), "gap"]
    assert np.isnan(table.loc[("JP", 2017), "score"])
    assert table.loc[("JP", 2024), "score"] == pytest.approx(0.269, abs=0.001)
    assert table.loc[("EU", 2024), "production"] == "MCS 2026"


@pytest.mark.shared
def test_imported_figures_give_the_published_scores(shared, tmp_path):
    for name in ("world_mining_data_geopolrisk", "wgi_political_stability_geopolrisk", "baci_cepii_geopolrisk"):
        import_figures(shared / "data" / "raw" / name, tmp_path)
    table = world(project=tmp_path).geopolrisk(["JP", "US", "DE", "EU"], [2018, 2024]).set_index(["year", "importer"])
    assert list(table.loc[2024, "score"]) == pytest.approx([0.251857, 0.057036, 0.233097, 0.189008], abs=1e-6)
    assert table.loc[(2024, "JP"), "hhi"] == pytest.approx(0.486155, abs=1e-6)
    assert table.loc[(2018, "JP"), "hhi"] == pytest.approx(0.463184, abs=1e-6)
    assert set(table["production"]) == {"World Mining Data"}


@pytest.mark.parametrize(
    "arguments",
    [["--element", "Dy"], ["--history"], ["--history", "--importer", "JP"], ["--bom", PARTS, "--on", "2026-01-15"]],
)
def test_the_command_prints_whole_names(arguments):
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert "…" not in result.output
    assert "China" in result.output


def test_the_command_speaks_json():
    found = json.loads(CliRunner().invoke(command, ["--history", "--importer", "JP", "--json"]).output)
    assert len(found["history"]) == 30
    assert {"importer", "year", "direct", "traced", "low", "high"} <= set(found["history"][0])
    parts = json.loads(CliRunner().invoke(command, ["--bom", PARTS, "--on", "2026-01-15", "--json"]).output)
    assert parts["country"] == "CN"
    assert parts["first_stop_days"] == 35.0
    assert parts["next_expiry"] == "2026-02-15"


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_the_picture_of_thirty_years(tmp_path, ending):
    out = tmp_path / f"history.{ending}"
    assert CliRunner().invoke(command, ["--history", "-o", str(out)]).exit_code == 0
    text = out.read_text("utf-8")
    assert "Japan" in text
    assert "aria-label" in text
    assert "src=" not in text
    assert "<script" not in text


def test_another_picture_format_is_refused(tmp_path):
    result = CliRunner().invoke(command, ["--history", "-o", str(tmp_path / "history.png")])
    assert result.exit_code == 2
    assert "unknown format '.png'; allowed: .svg, .html, .htm, .xlsx, .csv" in " ".join(result.output.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


def test_two_questions_at_once_are_refused():
    assert CliRunner().invoke(command, ["--history", "--bom", PARTS]).exit_code == 2
    for wrong in (
        ["--scenario", "no-shock"],
        ["--on", "2026-01-01"],
        ["--draws", "3"],
        ["--bom", PARTS, "--scenario", "x", "--without", "CN"],
    ):
        assert CliRunner().invoke(command, wrong).exit_code == 2


USE_KEYS = {"element", "use_t", "assumed", "stockpile_days", "bought_as", "import_reliance", "net_exporter", "facts"}


def test_all_elements_are_known_to_the_vocabulary():
    assert set(exposure_of("JP", element="Nd").to_dict()["uses"][0]) == USE_KEYS
    assert "Pm" in elements()
