"""Terminal output of scenario discovery and value of information."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.cli.numbers import money, significant
from ytterby.cli.show_run import table_of
from ytterby.cli.words import declared_in, drawn_input, outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.ensembles import AskingResult, DiscoveryResult, ExplorationResult

TOP = 5


def show(found: ExplorationResult) -> None:
    """Print the box, the value of information, and the facts that change a choice."""
    from ytterby.cli.tables import plain_console

    console = plain_console()
    console.print(f"[bold]{found.scenario}[/bold]: {found.draws} draws, outcome: {outcome(found.outcome)}", highlight=False)
    write = money if found.outcome.startswith("value_added_lost.") else significant
    named = drawn_input(declared_in(Path(found.run)))
    for line in (*_box(found.discovery, write, named), *_asking(found.asking, write, named)):
        console.print(line, highlight=False)


def _box(box: DiscoveryResult, write: Callable[[float], str], named: Callable[[str], str]) -> list[Any]:
    side = f"above {write(box.above)}" if box.above is not None else f"below {write(box.below or 0.0)}"
    cases = f"{box.cases} draws ({box.base:.0%}) lie {side}"
    if not box.limits:
        return [f"{cases}; no box of inputs contains significantly more of them"]
    table = table_of("Box of inputs in which they are concentrated", ["input", "from", "to", "range", "p"])
    for row in box.limits:
        ends = [significant(end, 4) if end is not None else "" for end in (row.low, row.high)]
        if row.category:
            ends = [row.category, ""] if row.low is not None else [f"not {row.category}", ""]
        table.add_row(named(row.input), *ends, f"{row.share_low:.0%} to {row.share_high:.0%}", f"{row.p:.1g}")
    told = f"{cases}; the box contains {box.coverage:.0%} of them, and they are {box.density:.0%} of its draws"
    if box.tested_density is not None:
        told += f" (on unseen draws {box.tested_coverage:.0%} and {box.tested_density:.0%})"
    return [told, table]


def _asking(asked: AskingResult, write: Callable[[float], str], named: Callable[[str], str]) -> list[Any]:
    table = table_of("Value of information: how much the 90 % band narrows when an input is known", ["input", "narrower", "chance", "sure"])
    for row in asked.facts[:TOP]:
        table.add_row(named(row.input), f"{row.narrows:.0%}", f"+- {row.noise:.0%}", "yes" if row.sure else "no")
    lines: list[Any] = [f"90 % band: {write(asked.low)} to {write(asked.high)}", table]
    if len(asked.named) > 1:
        lines.append(f"the {len(asked.named)} significant ones together: {asked.together:.0%}")
    return lines + (_flips(asked, write, named) if asked.choice else [])


def _flips(asked: AskingResult, write: Callable[[float], str], named: Callable[[str], str]) -> list[Any]:
    told = f"{asked.choice} is better by {write(abs(asked.difference or 0.0))} on average over the draws"
    if not asked.flips:
        return [f"{told}; no single fact changes that"]
    table = table_of("Facts that change the choice", ["input", "in share", "turns at", "worth"])
    for row in asked.flips[:TOP]:
        table.add_row(named(row.input), f"{row.share:.0%}", ", ".join(significant(value, 4) for value in row.values), write(row.gain))
    return [told, table]
