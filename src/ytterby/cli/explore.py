"""``ytterby explore`` (what if): Scenario discovery and value of information in an ensemble."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Example:
  ytterby explore china-licences-2025-1a2b3c4d-n400-s1 --outcome value_added_lost.JP --above 5e9
"""


@click.command("explore", epilog=EXAMPLE)
@click.argument("run")
@click.option(
    "--outcome", metavar="KEY", help="Outcome of the draws; by default the value added lost in Japan, the United States and the EU."
)
@click.option("--above", type=float, help="Draws with an outcome above this value are bad; by default the worst fifth.")
@click.option("--below", type=float, help="Draws with an outcome below this value are bad.")
@click.option("--against", metavar="RUN_B", help="Also show which facts change the choice between RUN and RUN_B.")
@shared_options
def command(
    run: str, outcome: str | None, above: float | None, below: float | None, against: str | None, as_json: bool, project: Path
) -> None:
    """Show the box of inputs in which the draws of RUN are bad, and the inputs whose knowledge narrows the result most."""
    from ytterby.app import explore
    from ytterby.ensembles import HEADLINE

    found = explore(run, outcome=outcome or HEADLINE, above=above, below=below, against=against, project=project)
    if as_json:
        print_json(found)
        return
    from ytterby.cli.show_explore import show

    show(found)
