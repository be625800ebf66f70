"""Tables on the terminal: nothing is ever cut; what is too wide is folded at blanks, then set in blocks below one another."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import ConsoleOptions

NATURAL = 10_000
"""Width of what is not a terminal: tables are as wide as they are."""
PROSE = 100
"""Widest line of running text [characters]."""
GAP = 2
RIGHT = "right"


def plain_console() -> Console:
    """Console of the terminal's width; as wide as needed where the output goes into a file or a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(width=NATURAL, highlight=False)


def prose(console: Console, text: str, style: str = "") -> None:
    """Print running text, folded at blanks to the terminal's width, never beyond :data:`PROSE`."""
    for line in folded(text, min(console.width, PROSE)):
        console.print(Text(line, style=style))


def signed(value: float, decimals: int = 1) -> str:
    """Number with its sign; what rounds to nothing has none."""
    text = f"{value:+,.{decimals}f}"
    return text if text.strip("+-0.,") else text[1:]


def folded(text: str, width: int) -> list[str]:
    """Lines of a text, broken at blanks only; a word longer than the width stands in a line of its own."""
    return textwrap.wrap(text, max(width, 1), break_long_words=False, break_on_hyphens=False) or [""]


def hanging(text: str, width: int, indent: str) -> list[str]:
    """Lines of a text whose own blanks are kept, those after the first indented; broken at blanks only."""
    wrapped = textwrap.wrap(
        text,
        max(width, len(indent) + 1),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    return wrapped or [""]


def echo_hanging(lines: Iterable[str], indent: str = "  ") -> None:
    """Print lines folded at blanks to the terminal's width."""
    width = plain_console().width
    for line in lines:
        for part in hanging(line, width, indent):
            click.echo(part)


def echo_table(table: TextTable) -> None:
    """Print a long table without styles."""
    console = plain_console()
    for line in table.lines(console.width):
        click.echo(line)


@dataclass
class TableColumn:
    """A column: its head, and whether it is set flush right, as numbers are."""

    header: str
    justify: str = "left"


@dataclass
class TextTable:
    """A table without lines, which a console prints whole."""

    title: str
    columns: list[TableColumn]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    caption: str = ""

    @classmethod
    def of(cls, title: str, heads: Iterable[str], left: int | None = None, right: Iterable[str] = ()) -> TextTable:
        """Empty table; columns from number ``left`` on, or those named in ``right``, are flush right."""
        names, last = tuple(right), NATURAL if left is None else left
        return cls(title, [TableColumn(name, RIGHT if place >= last or name in names else "left") for place, name in enumerate(heads)])

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def add_row(self, *cells: str) -> None:
        """Add a row with a cell for each column."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for {len(self.columns)} columns")
        self.rows.append(cells)

    def lines(self, width: int) -> Iterator[str]:
        """Lines of heads and rows within a width, if any layout is so narrow."""
        for number, block in enumerate(self._blocks(width)):
            if number:
                yield ""
            widths = self._widths(block, width)
            yield from self._line([self.columns[place].header for place in block], block, widths, at_top=False)
            for row in self.rows:
                yield from self._line([row[place] for place in block], block, widths, at_top=True)

    def _least(self, place: int) -> int:
        """Width below which a column would be cut: its longest word, or its widest number."""
        cells = [row[place] for row in self.rows]
        words = [word for cell in (cells if self.columns[place].justify != RIGHT else []) for word in cell.split(" ")]
        whole = cells if self.columns[place].justify == RIGHT else []
        return max(map(cell_len, (*words, *whole, *self.columns[place].header.split(" "))), default=0)

    def _most(self, place: int) -> int:
        return max(cell_len(self.columns[place].header), *(cell_len(row[place]) for row in self.rows), 0)

    def _blocks(self, width: int) -> list[list[int]]:
        """Columns side by side; where even folded ones are too wide together, in blocks that repeat the first column."""
        blocks, first = [[0]], self._least(0)
        used = first
        for place in range(1, len(self.columns)):
            used += GAP + self._least(place)
            if used > width and len(blocks[-1]) > 1:
                blocks.append([0])
                used = first + GAP + self._least(place)
            blocks[-1].append(place)
        return blocks

    def _widths(self, block: Sequence[int], width: int) -> list[int]:
        """Width of each column of a block: natural, then the widest gives way until they fit."""
        widths, least = [self._most(place) for place in block], [self._least(place) for place in block]
        room = width - GAP * (len(block) - 1)
        while sum(widths) > room:
            loose = [number for number, value in enumerate(widths) if value > least[number]]
            if not loose:
                break
            widths[max(loose, key=lambda number: widths[number])] -= 1
        return widths

    def _line(self, cells: Sequence[str], block: Sequence[int], widths: Sequence[int], *, at_top: bool) -> Iterator[str]:
        """Lines of a row, in which some cells are folded."""
        folds = [folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
        height = max(map(len, folds))
        blank = [[""] * (height - len(lines)) for lines in folds]
        stacks = [[*lines, *fill] if at_top else [*fill, *lines] for lines, fill in zip(folds, blank, strict=True)]
        for parts in zip(*stacks, strict=True):
            padded = [self._padded(text, place, width) for text, place, width in zip(parts, block, widths, strict=True)]
            yield (" " * GAP).join(padded).rstrip()

    def _padded(self, text: str, place: int, width: int) -> str:
        blanks = " " * max(width - cell_len(text), 0)
        return blanks + text if self.columns[place].justify == RIGHT else text + blanks

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Print title, table and caption, the running text no wider than :data:`PROSE`."""
        width = min(options.max_width, PROSE)
        for line in folded(self.title, width) if self.title else []:
            yield Text(line, style="bold")
        for line in self.lines(options.max_width):
            yield Text(line, no_wrap=True, overflow="ignore")
        for line in folded(self.caption, width) if self.caption else []:
            yield Text(line, style="dim")
