"""``ytterby review`` (what happened, and who says so): A person's judgement of a claim or event."""

from __future__ import annotations

import getpass
import json
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue


def pairs(values: tuple[str, ...]) -> dict[str, JsonValue]:
    """Parse ``FIELD=VALUE`` options; a value that is not valid JSON is taken as text."""
    result: dict[str, JsonValue] = {}
    for value in values:
        name, found, text = value.partition("=")
        if not found:
            raise click.BadParameter(f"found '{value}'; write FIELD=VALUE, such as modality=planned", param_hint="--set")
        try:
            result[name] = json.loads(text)
        except ValueError:
            result[name] = text
    return result


EXAMPLE = """
\b
Example:
  ytterby review mp-preisuntergrenze-investment-0123456789 reject --why "million, not billion"
"""


@click.command(epilog=EXAMPLE)
@click.argument("target", metavar="ID")
@click.argument("verdict", metavar="accept|correct|confirm|reject")
@click.option("--by", default="", help="Name of the reviewer; by default your login.")
@click.option("--why", default="", help="Reason, stored with the judgement.")
@click.option(
    "--set", "corrections", multiple=True, metavar="FIELD=VALUE", help="A corrected field (with correct), such as modality=planned."
)
@shared_options
def command(target: str, verdict: str, by: str, why: str, corrections: tuple[str, ...], as_json: bool, project: Path) -> None:
    """Accept, correct, confirm or reject a claim or event that `ytterby read` has found.

    To confirm lets a measure run that the reading alone does not carry.
    """
    from ytterby.app import review

    result = review(target, verdict, project=project, by=by or getpass.getuser(), why=why, correction=pairs(corrections))
    print_json(result) if as_json else click.echo(f"{target}: {verdict} by {result.by}, kept in {project}")
