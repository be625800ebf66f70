"""A system that is saved and loaded is the same, bit for bit; what is damaged is refused."""

import dataclasses
import json
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exposure.systems import random_system
from ytterby.errors import StoreError
from ytterby.system.system import System


def assert_same(one, two):
    for part in dataclasses.fields(System):
        a, b = getattr(one, part.name), getattr(two, part.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b, check_exact=True, check_index_type="exact", check_column_type="exact")
        else:
            assert a == b, part.name
    assert one.digest == two.digest


def test_a_base_comes_back_bit_for_bit(tmp_path, system):
    system.save(tmp_path / "base.json")
    assert_same(System.load(tmp_path / "base.json"), system)
    assert [path.name for path in tmp_path.iterdir()] == ["base.json"]
    assert System.from_bytes(system.to_bytes()).to_bytes() == system.to_bytes()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.floats(), min_size=1, max_size=5))
def test_any_system_comes_back(seed, odd):
    """Among its figures the smallest, the largest, infinities and none."""
    system = random_system(seed)
    prices = system.markets["price"].to_numpy().copy()
    prices[: len(odd)] = odd[: len(prices)]
    changed = system.with_markets(system.markets.assign(price=prices))
    found = System.from_bytes(changed.to_bytes())
    np.testing.assert_array_equal(found.markets["price"], prices)
    assert_same(found, changed)


@pytest.mark.parametrize("place", [0.0, 0.01, 0.4, 0.999])
def test_a_damaged_file_is_refused(tmp_path, place):
    path = tmp_path / "base.json"
    random_system(3).save(path)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match=r"base\.json: is damaged or is not a system"):
        System.load(path)
    path.write_bytes(bytes(content[: len(content) // 2]))
    with pytest.raises(StoreError, match="is damaged"):
        System.load(path)
    with pytest.raises(StoreError, match="cannot be read"):
        System.load(tmp_path / "nowhere")


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"year": 1999}, {"unheard_of": 1}])
def test_a_system_of_another_program_is_refused(change):
    """Whole, but its tables are not those that its digest names, or not ours."""
    import hashlib

    document = json.loads(random_system(3).to_bytes().partition(b"\n")[2])
    body = json.dumps(document | change).encode()
    with pytest.raises(StoreError, match="of another version"):
        System.from_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def test_a_file_that_cannot_be_replaced_leaves_no_part(tmp_path):
    (tmp_path / "base.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        random_system(3).save(tmp_path / "base.json")
    assert [path.name for path in tmp_path.iterdir()] == ["base.json"]


SAVER = """
import sys
from pathlib import Path
from tests.exposure.systems import random_system
system = random_system(3)
while True:
    system.save(Path(sys.argv[1]))
    print("saved", flush=True)
"""


def test_a_kill_leaves_a_whole_file(tmp_path):
    for delay in (0.011, 0.023, 0.037):
        saver = subprocess.Popen([sys.executable, "-c", SAVER, str(tmp_path / "base.json")], stdout=subprocess.PIPE)
        assert saver.stdout is not None
        saver.stdout.readline()
        time.sleep(delay)
        saver.kill()
        saver.communicate()
        assert System.load(tmp_path / "base.json").digest == random_system(3).digest
