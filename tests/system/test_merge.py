"""Small links go through the rest of the world and lose no mass."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.system.customs import CustomsRecord
from ytterby.system.layouts.reduced_chain import merged
from ytterby.system.trade import HUB, SMALL, merge_small

REGIONS = ["CN", "JP", "US", "DE", HUB]
pairs = st.tuples(st.sampled_from(REGIONS), st.sampled_from(REGIONS)).filter(lambda pair: pair[0] != pair[1])
tables = st.dictionaries(pairs.map(lambda pair: ("oxide.La", *pair)), st.floats(1e-3, 1e4), min_size=1)


def through(links):
    total = Counter()
    for (commodity, origin, destination), flow in links.items():
        total[f"{commodity}@{origin}"] += flow
        total[f"{commodity}@{destination}"] += flow
    return total


def sums(links, end):
    total = Counter()
    for key, flow in links.items():
        total[key[end]] += flow
    return total


@given(tables)
def test_exports_and_imports_keep_their_mass(links):
    kept = merge_small(links, through(links), 0.05)
    for end in (1, 2):
        before, after = sums(links, end), sums(kept, end)
        for region in set(REGIONS) - {HUB}:
            assert after[region] == pytest.approx(before[region], rel=1e-12)
    net = {region: sums(kept, 2)[region] - sums(kept, 1)[region] for region in REGIONS}
    assert net[HUB] == pytest.approx(sums(links, 2)[HUB] - sums(links, 1)[HUB], abs=1e-6)


@given(tables)
def test_no_small_link_is_left(links):
    size = through(links)
    for (commodity, origin, destination), flow in merge_small(links, size, 0.05).items():
        if HUB not in (origin, destination):
            assert flow >= 0.05 * min(size[f"{commodity}@{origin}"], size[f"{commodity}@{destination}"])


def test_a_small_link_takes_the_way_round():
    links = {("oxide.La", "CN", "JP"): 1000.0, ("oxide.La", "CN", "US"): 0.5, ("oxide.La", "DE", "US"): 900.0}
    assert merge_small(links, through(links)) == {
        ("oxide.La", "CN", "JP"): 1000.0,
        ("oxide.La", "CN", HUB): 0.5,
        ("oxide.La", "DE", "US"): 900.0,
        ("oxide.La", HUB, "US"): 0.5,
    }


def test_the_base_holds_no_small_link(base):
    m = base.markets
    size = m["production"] + m["imports"]
    for origin, destination, flow in zip(base.links["origin"], base.links["destination"], base.links["flow"], strict=True):
        if not {origin.partition("@")[2], destination.partition("@")[2]} & {HUB}:
            assert flow >= SMALL * min(size[origin], size[destination]) * (1 - 1e-9), (origin, destination)


def test_records_keep_tonnes_and_values():
    records = [
        CustomsRecord("284690", "CN", "JP", 5000.0, 9e4),
        CustomsRecord("284690", "CN", "DE", 3.0, 60.0),
        CustomsRecord("284690", "US", "DE", 900.0, 4e3),
    ]
    kept = merged(records)
    for end in ("origin", "destination"):
        for region in ("CN", "JP", "DE", "US"):
            for value in ("tonnes", "kusd"):
                before = sum(getattr(r, value) for r in records if getattr(r, end) == region)
                assert sum(getattr(r, value) for r in kept if getattr(r, end) == region) == pytest.approx(before)
    assert {(r.origin, r.destination) for r in kept} == {("CN", "JP"), ("US", "DE"), ("CN", HUB), (HUB, "DE")}
