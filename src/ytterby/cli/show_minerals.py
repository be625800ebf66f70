"""Terminal output of the backtest of other minerals: criteria, missed targets, posterior of the parameters."""

from __future__ import annotations

from typing import Any

import click

from ytterby.validation.minerals import SOURCES

FEW = 25
"""Maximum number of missed targets that are listed."""


def show(result: dict[str, Any]) -> None:
    """Print the backtest, misses first."""
    count = len(result["episodes"])
    click.echo(
        f"{result['episode']}: {result['hits']} of {result['of']} targets hit, {count} restrictions, each foretold from the others "
        f"({result['draws']} draws, seed {result['seed']})"
    )
    _aspects(result["scores"])
    _targets(result["targets"])
    click.echo(f"\n{'restriction':<22} {'world':>6} {'lowest exports of three years, seen':>36} {'model':>7} {'hits':>8}")
    for row in result["episodes"]:
        click.echo(
            f"{row['id']:<22} {row['share_of_world']:>6.1%} {row['lowest_seen']:>36.2f} {row['lowest_model']:>7.2f} "
            f"{row['hits']:>5}/{row['of']}  {row['what']}"
        )
    click.echo("\nposterior of the parameters")
    for row in result["parameters"]:
        low, high = row["prior"]
        band = f"{row['median']:.3g} ({row['low']:.3g} - {row['high']:.3g})"
        click.echo(f"  {row['what']:<70} {band:<24} prior {low:g} - {high:g}, narrowed by {row['pinned']:.0%}")


def _aspects(scores: dict[str, Any]) -> None:
    names = ("model", *SOURCES)
    click.echo(f"\n{'':<5}{'hits (mean absolute error)':<28}" + "".join(f"{name:>26}" for name in names) + f"{'80 % band holds':>18}")
    rows = sorted(scores.items(), key=lambda item: _better(item[1]))
    for aspect, row in rows:
        cells = [f"{row[name]['hits']}/{row['of']} ({row[name]['error']:.2f} {row['unit']})" for name in names]
        mark = "" if _better(row) else "MISS"
        click.echo(f"{mark:<5}{aspect:<28}" + "".join(f"{cell:>26}" for cell in cells) + f"{row['coverage_80']:>18.0%}")
    click.echo("MISS: a naive forecast has the smaller error")


def _better(row: dict[str, Any]) -> bool:
    return bool(row["model"]["error"] < min(row[name]["error"] for name in SOURCES))


def _targets(targets: list[dict[str, Any]]) -> None:
    missed = [row for row in targets if not row["hit"]]
    click.echo(f"\nmissed targets, worst first ({len(missed)}; the first {min(FEW, len(missed))}); 1 = the mean of three years before")
    click.echo(f"{'restriction':<22} {'target':>8} {'model':>8} {'80 % band':>14}  what")
    for row in missed[:FEW]:
        band = f"{row['low']:.2f} - {row['high']:.2f}"
        click.echo(f"{row['restriction']:<22} {row['target']:>8.2f} {row['model']:>8.2f} {band:>14}  {row['what']} [{row['unit']}]")
