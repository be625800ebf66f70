"""Random measures of every simulated kind on the full 2024 network."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.measures.random_keys import START, WEEKS, random_keys

__all__ = ["KINDS", "SETS", "START", "WEEKS"]

KINDS = random_keys()
"""Measures by kind."""
SETS = st.fixed_dictionaries(
    {
        "measures": st.lists(st.one_of(*KINDS.values()), min_size=1, max_size=5),
        "rationing": st.sampled_from(("pro_rata", "contract_first")),
    }
)
"""One to five measures at once, and who is served first."""
