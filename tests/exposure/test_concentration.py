import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.errors import DataGapError
from ytterby.exposure.risk_scores import hhi, import_reliance, shares

amounts = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30)


def test_hhi_of_known_cases():
    assert hhi([5.0]) == 1.0
    assert hhi([1, 1, 1, 1]) == pytest.approx(0.25)
    assert hhi([3, 1]) == pytest.approx((9 + 1) / 16)


@given(amounts, st.floats(0.001, 1000))
def test_hhi_ignores_scale_and_order_and_lies_between_one_nth_and_one(values, factor):
    found = hhi(values)
    assert hhi([factor * value for value in reversed(values)]) == pytest.approx(found, rel=1e-9)
    assert 1 / len(values) - 1e-9 <= found <= 1 + 1e-9


@given(amounts)
def test_merging_two_suppliers_never_lowers_concentration(values):
    merged = [values[0] + values[-1], *values[1:-1]] if len(values) > 1 else values
    assert hhi(merged) >= hhi(values) - 1e-12


def test_nothing_has_no_concentration():
    with pytest.raises(DataGapError, match="zero"):
        hhi([])
    with pytest.raises(DataGapError, match="zero"):
        shares({"CN": 0.0})


def test_shares_are_sorted_and_sum_to_one():
    found = shares({"US": 1.0, "CN": 6.0, "AU": 1.0})
    assert list(found) == ["CN", "AU", "US"]
    assert sum(found.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("imports", "exports", "use", "expected"), [(80, 0, 100, 0.8), (10, 60, 100, 0.0), (110, 0, 100, 1.0), (5, 5, 10, 0.0), (1, 0, 0, None)]
)
def test_import_reliance(imports, exports, use, expected):
    assert import_reliance(imports, exports, use) == expected
