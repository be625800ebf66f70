"""``ytterby measures --candidates``: what a party may pay for, with ranges, shares and names in each language."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ytterby.app import list_candidates, show_candidate
from ytterby.cli.show_candidates import _percent, show_list, show_one
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import CANDIDATE_FIGURES, candidates, left_out, regions


@pytest.fixture
def ytterby(tmp_path):
    def run(*arguments):
        command = [sys.executable, "-m", "ytterby", "measures", *arguments, "--project", str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture(scope="module")
def japan():
    return list_candidates(party="JP")


def test_all_candidates_and_what_is_left_out_are_listed():
    found = list_candidates()
    assert [row.id for row in found.candidates] == [row.id for row in candidates()]
    assert sum(found.kinds.values()) == found.count == len(found.candidates)
    assert {row.fact: row.reason for row in found.left_out} == left_out()
    assert all(row.share is None for row in found.candidates)


def test_a_party_sees_what_it_may_take(japan):
    shares = {row.id: row.share for row in japan.candidates}
    assert 0.65 < shares["kuantan-heavy"] < 0.7
    assert shares["caremag-heavy"] == pytest.approx(0.5)
    assert shares["stock-oxide.Dy"] == shares["minamitorishima"] == 1.0
    assert 0.0 < shares["eneabba"] < 0.1
    assert "10x-magnets" not in shares


def test_shares_of_all_regions_sum_to_one():
    total = sum(show_candidate("kuantan-heavy", party=region).share for region in regions())
    assert total == pytest.approx(1.0)


def test_a_group_has_the_sum_of_its_regions():
    europe = show_candidate("nolans", party="EU").share
    parts = sum(show_candidate("nolans", party=region).share for region in ("DE", "FR", "EE", "EUX"))
    assert europe == pytest.approx(parts)
    assert europe > 0.3333


def test_figures_have_units_and_those_missing_are_left_out():
    row = show_candidate("nolans")
    assert row.figures["capex"].unit == "USD of 2024"
    assert row.figures["capacity"].unit == "t/year"
    assert row.figures["slip"].unit == "1"
    assert set(row.figures) < set(CANDIDATE_FIGURES)
    assert "cover" not in row.figures
    assert {"slip", "slip_years", "cancel"} <= set(row.assumed)
    assert "capex" not in row.assumed


def test_names_in_each_language():
    assert {lang: show_candidate("thrift-Dy", lang=lang).name for lang in ("en", "de", "ja")} == {
        "en": "Thrift of dysprosium by grain-boundary diffusion",
        "de": "Dysprosium sparen durch Korngrenzendiffusion",
        "ja": "粒界拡散によるジスプロシウム節約",
    }


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"stage": "magnets"}, "unknown stage 'magnets'; did you mean 'magnet'"),
        ({"kind": "stockpil"}, "did you mean 'stockpile'"),
        ({"party": "XQ"}, "unknown region 'XQ'"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_unknown_names_are_refused_with_the_nearest(asked, words):
    with pytest.raises(UnknownNameError, match=words):
        list_candidates(**asked)


@pytest.mark.parametrize("day", ["soon", "2026-1", "11/2026"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(InputError, match="is no day"):
        list_candidates(as_of=day)


def test_the_table_fits_into_80_columns(monkeypatch, capsys, japan):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("rich.console.Console.is_terminal", property(lambda _: True))
    show_list(japan)
    for row in japan.candidates:
        show_one(row)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80 + 5  # marks of bold type do not count
    assert not any("…" in line for line in lines)


def test_shares_are_printed_with_two_digits():
    assert [_percent(share) for share in (1.0, 0.65, 0.028, 0.00123, 0.0, None)] == ["100 %", "65 %", "2.8 %", "0.12 %", "0 %", "-"]


def test_command_prints_json_and_one_measure(ytterby):
    found = json.loads(ytterby("--candidates", "--party", "Japan", "--stage", "magnet", "--json").stdout)
    assert found["party"] == "JP"
    assert {row["stage"] for row in found["candidates"]} == {"magnet"}
    one = json.loads(ytterby("nolans", "--candidates", "--json").stdout)
    assert one["figures"]["capex"]["low"] <= one["figures"]["capex"]["value"] <= one["figures"]["capex"]["high"]


def test_filters_need_candidates_and_kinds_are_as_before(ytterby):
    refused = ytterby("--party", "JP")
    assert refused.returncode == 2
    assert "go with --candidates" in refused.stderr
    assert "unknown measure 'nolanz'; did you mean 'nolans'?" in ytterby("nolanz", "--candidates").stderr
    assert "approval" in ytterby("licence").stdout
