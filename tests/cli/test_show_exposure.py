"""What the terminal says of the exposure to an element."""

from types import SimpleNamespace

import pytest

from ytterby.cli.show_exposure import _only_refines


def share(stage, supplier, traced):
    return SimpleNamespace(stage=stage, supplier=supplier, end_use="all", share_traced=traced)


MINED_ABROAD = [share("mine", "CN", 0.94), share("metal", "CN", 0.62), share("metal", "US", 0.35)]


@pytest.mark.parametrize(
    ("rows", "importer", "wanted"),
    [
        (MINED_ABROAD, "US", True),
        (MINED_ABROAD, "DE", False),
        ([*MINED_ABROAD, share("mine", "US", 0.05)], "US", False),
        ([*MINED_ABROAD, share("oxide", "US", 0.2)], "US", False),
        ([share("metal", "US", 0.35)], "US", False),
    ],
    ids=["refines", "buys", "mines", "separates", "no mines known"],
)
def test_who_refines_bought_metal_is_not_taken_for_a_producer(rows, importer, wanted):
    """The United States mine no gallium, and 35 % of what they use is refined there."""
    assert _only_refines(SimpleNamespace(suppliers=rows, importer=importer)) is wanted
