"""Amounts of money as options write them."""

from __future__ import annotations

import math

import click
import pytest
from click.testing import CliRunner

from ytterby.cli import cli
from ytterby.cli.common import Usd
from ytterby.units import usd


@pytest.mark.parametrize(
    ("text", "value"),
    [("5e9", 5e9), ("5bn", 5e9), ("5 bn", 5e9), ("500m", 5e8), ("0.5BN", 5e8), ("1.5tn", 1.5e12), ("-1", -1.0), ("0", 0.0), ("1e3m", 1e9)],
)
def test_an_amount_is_a_number_with_or_without_an_ending(text: str, value: float) -> None:
    assert usd(text) == pytest.approx(value)
    assert Usd().convert(text, None, None) == pytest.approx(value)


def test_what_is_no_number_is_left_to_the_check_of_its_option() -> None:
    assert math.isnan(usd("nan"))


@pytest.mark.parametrize("text", ["", "much", "5b", "bn", "5 billions", "1.2.3", "5bn USD", "5,000"])
def test_other_text_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(click.BadParameter, match="allowed are 5e9, 5bn or 500m"):
        Usd().convert(text, None, None)


@pytest.mark.parametrize("command", ["plan", "cooperate"])
def test_a_budget_is_refused_in_one_line(command: str) -> None:
    done = CliRunner().invoke(cli, [command, "--budget", "5b"])
    assert done.exit_code == 2
    assert "'5b' is not an amount in USD; allowed are 5e9, 5bn or 500m" in done.output
