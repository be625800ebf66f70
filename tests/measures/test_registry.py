"""The registry: every kind has one class and one module, and what follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import ValidationError

import ytterby.measures
from tests.measures.random_keys import module_of
from ytterby.errors import NotSimulatedError
from ytterby.measures import KINDS, SIMULATED, DrawnValues, Measure, measure, require_simulated
from ytterby.measures.weeks import mondays

BAN = {"kind": "ban", "on": "Dy", "from": "CN", "start": "2025-04-04"}


def test_measures_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        measure(**BAN).depth = 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_module_of_its_name_with_tests_of_its_name(kind):
    assert KINDS[kind].model_fields["kind"].default == kind
    assert (Path(ytterby.measures.__file__).parent / f"{kind}.py").exists()
    assert KINDS[kind].__module__ == f"ytterby.measures.{kind}"
    assert module_of(kind).__doc__


def test_kinds_are_in_alphabetical_order_and_complete():
    assert list(KINDS) == sorted(KINDS)
    assert set(KINDS) == SIMULATED
    assert len(KINDS) >= 17


class Tomorrow(Measure):
    """A kind that says nothing yet."""

    kind: Literal["tomorrow"] = "tomorrow"


def test_a_kind_without_effects_is_valid_and_refused_at_a_run():
    require_simulated([measure(**BAN)])
    one = Tomorrow(on="Dy", from_="CN", start="2026-01-01")
    with pytest.raises(NotSimulatedError, match="tomorrow are valid but not simulated yet; simulated are: assistance, ban"):
        require_simulated([measure(**BAN), one])
    with pytest.raises(NotSimulatedError, match="tomorrow"):
        one.effects(mondays(one.start, 5), DrawnValues(one))
