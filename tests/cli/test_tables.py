"""Tables on the terminal: whole words and numbers, within the width wherever that can be."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ytterby.cli.numbers import amount, money, significant
from ytterby.cli.tables import GAP, NATURAL, TextTable, folded, plain_console

WORDS = st.text(st.sampled_from("abcdefghij0123456789-."), min_size=1, max_size=12)
CELLS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 7))
    left = draw(st.integers(0, columns))
    table = TextTable.of("title", draw(st.lists(CELLS, min_size=columns, max_size=columns)), left)
    for _ in range(draw(st.integers(0, 6))):
        table.add_row(*draw(st.lists(CELLS, min_size=columns, max_size=columns)))
    return table


@given(tables(), st.integers(10, 200))
def test_no_word_is_cut_and_none_is_lost(table, width):
    found = sorted(word for line in table.lines(width) for word in line.split())
    first = [word for cell in (table.columns[0].header, *(row[0] for row in table.rows)) for word in cell.split()]
    wanted = [word for row in ([column.header for column in table.columns], *table.rows) for cell in row for word in cell.split()]
    blocks = (len(found) - len(wanted)) / len(first)
    assert blocks == int(blocks) >= 0
    assert found == sorted(wanted + first * int(blocks))


@given(tables(), st.integers(10, 200))
def test_lines_keep_the_width_unless_one_column_beside_the_first_is_wider(table, width):
    least = [table._least(place) for place in range(len(table.columns))]
    widest = least[0] + (GAP + max(least[1:]) if least[1:] else 0)
    assert max(map(len, table.lines(width))) <= max(width, widest)


@given(tables())
def test_with_room_every_row_is_one_line(table):
    lines = list(table.lines(NATURAL))
    assert len(lines) == 1 + table.row_count


@given(tables(), st.integers(10, 120))
def test_numbers_are_never_folded(table, width):
    text = list(table.lines(width))
    for place, column in enumerate(table.columns):
        if column.justify == "right":
            assert all(any(row[place] in line for line in text) for row in table.rows)


def test_a_terminal_of_eighty_columns_and_a_file():
    table = TextTable.of("Dates", ["name", "from", "to", "note"], right=["from", "to"])
    table.add_row("a long name of a supplier in words", "2026-01-05", "2026-12-31", "words " * 12)
    stream = io.StringIO()
    Console(file=stream, width=80, force_terminal=True, no_color=True).print(table)
    assert max(map(len, stream.getvalue().splitlines())) <= 80
    assert "2026-01-05" in stream.getvalue()
    assert plain_console().width == NATURAL  # under the tests nothing is a terminal


def test_wide_letters_count_twice():
    table = TextTable.of("", ["品目", "値"], 1)
    table.add_row("酸化ジスプロシウム", "12")
    table.add_row("ab", "3")
    ends = [line.rstrip()[-1] for line in table.lines(80)]
    assert ends == ["値", "2", "3"]
    assert len({len(line) + sum(ord(letter) > 0x2FFF for letter in line) for line in table.lines(80)}) == 1


def test_a_row_of_another_length_is_a_fault():
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        TextTable.of("", ["a"]).add_row("x", "y")


def test_text_is_broken_at_blanks_only():
    assert folded("2026-01-05 to 2026-02-09", 12) == ["2026-01-05", "to", "2026-02-09"]
    assert folded("", 5) == [""]


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [(1.52e-18, 0, 1e-17, "0"), (1234.5, 1000, 1500, "1,230"), (45.6, None, None, "46"), (0.0123, 0.01, 0.02, "0.012"), (7, 7, 7, "7.0")],
)
def test_amounts_are_rounded_by_their_range_and_never_in_powers_of_ten(value, low, high, said):
    assert amount(value, low, high) == said


@pytest.mark.parametrize(
    ("usd", "said"),
    [(1.24e9, "1.2 bn"), (3.4e8, "340 m"), (784_054, "0.8 m"), (9_566, "<0.1 m"), (-9_566, ">-0.1 m"), (0.3, "0"), (-2.7e12, "-2.7 tn")],
)
def test_money_is_told_in_millions_and_more(usd, said):
    assert money(usd) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(3833.4, "3,830"), (0.99777, "0.998"), (1.0, "1"), (1.5e-7, "0.00000015"), (0.0, "0"), (-12.345, "-12.3"), (float("nan"), "-")],
)
def test_significant_digits_are_never_written_in_powers_of_ten(value, said):
    assert significant(value) == said
