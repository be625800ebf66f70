"""Numbers at every door: one reading or a reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.facts.numbers import LARGEST, NumberError, decimal_mark, number_or_none, parse_number


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1234.5", ".", 1234.5),
        (" -3e4 ", ".", -3e4),
        ("\u22123", ".", -3),
        ("1 234 567.5", ".", 1_234_567.5),
        ("1\u202f234", ".", 1234),
        ("1\u00a0234,5", ",", 1234.5),
        ("1'234.5", ".", 1234.5),
        ("1,234,567", ".", 1_234_567),
        ("1,234.5", ".", 1234.5),
        ("1.234.567", ",", 1_234_567),
        ("1.234,5", ",", 1234.5),
        ("12,5", ",", 12.5),
        (".5", ".", 0.5),
        ("5.", ".", 5),
    ],
)
def test_one_reading(text, decimal, value):
    assert parse_number(text, decimal) == value


@pytest.mark.parametrize(
    ("text", "decimal", "words"),
    [
        ("1,234", ".", "two ways"),
        ("1.234", ",", "two ways"),
        ("12,5", ".", "write 12.5"),
        ("12.5", ",", "write 12,5"),
        ("1_000", ".", "must be a number"),
        ("nan", ".", "finite"),
        ("-inf", ".", "finite"),
        ("1e308", ".", "larger than"),
        ("1e999", ".", "larger than"),
        ("0x10", ".", "must be a number"),
        ("\u0661\u0662", ".", "must be a number"),
        ("\uff11\uff12", ".", "must be a number"),
        ("12 5", ".", "must be a number"),
        ("1 234 5", ".", "must be a number"),
        ("", ".", "must be a number"),
        ("ten", ".", "must be a number"),
        ("1.2.3", ".", "must be a number"),
    ],
)
def test_anything_else_says_why(text, decimal, words):
    with pytest.raises(NumberError, match=words):
        parse_number(text, decimal)


@given(st.floats(-LARGEST, LARGEST), st.sampled_from(".,"))
def test_what_python_writes_comes_back_in_either_country(value, decimal):
    shown = f"{value:.6f}".replace(".", decimal)
    assert parse_number(shown, decimal) == pytest.approx(value, abs=1e-6)


@given(st.text(max_size=12), st.sampled_from(".,"), st.booleans())
def test_any_text_is_a_finite_number_or_refused(text, decimal, thousands):
    try:
        value = parse_number(text, decimal, thousands=thousands)
    except NumberError:
        return
    assert math.isfinite(value)
    assert abs(value) <= LARGEST


def test_published_marks_are_no_numbers():
    assert [number_or_none(text) for text in ("W", "NA", ">90", "\u2014", "-", "1,230")] == [None] * 5 + [1230]


@pytest.mark.parametrize(
    ("cells", "delimiter", "mark"),
    [
        (["12,5", "3"], ";", ","),
        (["12.5", "3"], ";", "."),
        (["12,5", "1.234,5"], ";", ","),
        (["1", "2"], ";", ","),
        (["12.5"], ",", "."),
        (["3,5"], "\t", ","),
    ],
)
def test_decimal_mark_of_a_file_is_told_by_its_numbers(cells, delimiter, mark):
    assert decimal_mark(cells, delimiter) == mark
