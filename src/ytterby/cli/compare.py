"""``ytterby compare`` (what if): The difference of two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Example:
  ytterby compare no-shock-1a2b3c4d-n1-s1 total-stop-5e6f7a8b-n1-s1
"""


@click.command("compare", epilog=EXAMPLE)
@click.argument("run_a")
@click.argument("run_b")
@shared_options
def command(run_a: str, run_b: str, as_json: bool, project: Path) -> None:
    """Show the difference between RUN_B and RUN_A (run folders, or names in the project)."""
    from ytterby.app import compare

    found = compare(run_a, run_b, project)
    if as_json:
        print_json(found)
        return
    from ytterby.cli.show_run import show_difference

    show_difference(found)
