"""A price floor is valid, and refused at a run."""

import pytest

from ytterby.errors import NotSimulatedError
from ytterby.measures import measure, require_simulated


def test_it_is_valid_and_not_simulated():
    floor = measure(kind="price_floor", on="oxide.NdPr", from_="US", payer="US", strike=110, start="2025-07-10")
    assert floor.reference == "CN"
    with pytest.raises(NotSimulatedError, match="price_floor are valid but not simulated yet; simulated are: ban"):
        require_simulated([floor])
