"""What the user's figures change, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app import CONTRADICTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.app import FigureEffects, Move

SHOWN = 10
"""Figures and flows shown of each kind."""


def effect_lines(effects: FigureEffects) -> Iterator[str]:
    """Lines on the figures that act, on those that do not, and on what they moved."""
    acting, idle = ([figure for figure in effects.figures if figure.acts is acts] for acts in (True, False))
    for figure in acting[:SHOWN]:
        was = "" if figure.ours is None else f"{figure.ours:.6g} -> "
        now = "" if figure.user is None else f"{figure.user:.6g} {figure.unit}"
        yield f"acts: {figure.id}: {was}{now}, read by {', '.join(figure.read_by)}"
        for move in figure.measured:
            yield f"  {moved(move)}"
    yield from _rest(len(acting), "figures that act")
    for figure in idle[:SHOWN]:
        yield f"does not act: {figure.id}: {figure.reason}"
    yield from _rest(len(idle), "figures that do not act")
    for move in effects.flows[:SHOWN]:
        yield f"flow: {moved(move).replace('yours', 'the record')}"
    yield from _rest(len(effects.flows), "flows that changed")
    for change in effects.changes:
        yield f"{change.base}: {change.what}: {change.before:,.6g} -> {change.after:,.6g} {change.unit}"


def moved(move: Move) -> str:
    """How a figure moved a base: value before and after, and how far the base stays from the figure."""
    before = "" if move.before is None else f"{move.before:,.6g} -> "
    doubt = "; other figures contradict it" if abs(move.sigmas) > CONTRADICTS else ""
    return f"{move.base}: {move.quantity}: {before}{move.after:,.6g} (yours {move.reported:,.6g}, {move.sigmas:+.1f} sigmas{doubt})"


def _rest(count: int, what: str) -> Iterator[str]:
    if count > SHOWN:
        yield f"... and {count - SHOWN:,} more {what}; --json lists them"
