"""National accounts bound the value added of sectors that are scaled from other regions."""

from __future__ import annotations

import pandas as pd
import pytest

from ytterby.facts import load
from ytterby.system.build import build
from ytterby.system.national_accounts import capped, industry


def sectors(**regions: tuple[float, str]) -> pd.DataFrame:
    rows = [
        {"region": region, "value_added": value, "value_added_low": value / 2, "value_added_high": value * 2, "jobs": 10.0, "facts": facts}
        for region, (value, facts) in regions.items()
    ]
    return pd.DataFrame(rows, index=[f"cars@{region}" for region in regions])


def test_scaled_sectors_take_no_larger_part_of_industry_than_known_ones():
    table = build(2024).sectors
    share = table.groupby("region")["value_added"].sum() / industry(load(), 2024)
    known = set(table.loc[table["facts"] != "", "region"])
    assert share.drop(known).max() <= share["JP"] * (1 + 1e-12)


def test_amounts_of_a_cut_region_shrink_alike_and_known_regions_stay():
    accounts = industry(load(), 2024)
    before = sectors(JP=(0.3 * accounts["JP"], "SEC1"), VN=(0.6 * accounts["VN"], ""), IN=(0.1 * accounts["IN"], ""))
    after = capped(before, load(), 2024)
    amounts = ["value_added", "value_added_low", "value_added_high", "jobs"]
    assert (after.loc["cars@VN", amounts] / before.loc["cars@VN", amounts]).tolist() == pytest.approx([0.5] * 4)
    pd.testing.assert_frame_equal(after.drop("cars@VN"), before.drop("cars@VN"))


def test_a_region_outside_the_accounts_or_without_a_known_region_to_go_by_stays():
    accounts = industry(load(), 2024)
    for before in (
        sectors(JP=(0.3 * accounts["JP"], "SEC1"), TW=(1e15, "")),
        sectors(VN=(1e15, "")),
    ):
        pd.testing.assert_frame_equal(capped(before, load(), 2024), before)


def test_industry_of_a_composed_region_is_the_sum_over_its_countries():
    accounts = industry(load(), 2024)
    assert accounts["US"] == pytest.approx(27.36e12 * 0.1757, rel=0.01)
    assert accounts["EUX"] > accounts["DE"]
    assert industry(load(), 2009)["CN"] < accounts["CN"]
