"""Terminal output of the backtest of a later episode: missed statements, hits, checks, open statements."""

from __future__ import annotations

from typing import Any

import click


def show(result: dict[str, Any]) -> None:
    """Print the backtest of a later episode, misses first."""
    scores, frozen = result["scores"], result["frozen"]
    click.echo(
        f"{result['episode']}: {result['hits']} of {result['of']} statements hit; saying that nothing changes hits "
        f"{scores['hits_of_no_change']} ({frozen['draws']} draws, SHA-256 {frozen['sha256'][:16]}...)"
    )
    click.echo(
        f"Brier {scores['brier']:.3f} (saying 50 % always: {scores['brier_even']:.3f}); the 80 % band holds {scores['coverage_80']:.0%}; "
        f"replayed today with {result['draws']} draws: {result['replayed_hits']} hits"
    )
    if result["changed_since"]:
        click.echo(f"note: changed since the statements were frozen: {', '.join(result['changed_since'])}")
    click.echo(f"\n{'':5}{'id':<18} {'record':>8} {'model':>8} {'80 % band':>15} {'p':>5}  statement")
    for row in result["targets"]:
        click.echo(_line(row))
    for row in result["checks"]:
        click.echo(f"{'ok' if row['hit'] else 'MISS':<5}{row['id']:<18} {'-':>8} {row['model']:>8.3g} {'':>15} {'':>5}  {row['what']}")
    for row in result["open"]:
        click.echo(f"{'open':<5}{row['id']:<18} {'-':>8} {'':>8} {'':>15} {row['p']:>5.0%}  {row['what']}")


def _line(row: dict[str, Any]) -> str:
    record = f"{'>' if row['bound'] else ''}{row['target']:.3g}"
    band = f"{row['low']:.2f} - {row['high']:.2f}"
    seen = " [seen before it was frozen]" if row["seen_before"] else ""
    mark = "hit" if row["hit"] else "MISS"
    return f"{mark:<5}{row['id']:<18} {record:>8} {row['model']:>8.3g} {band:>15} {row['p']:>5.0%}  {row['what']}{seen}"
