"""Options that every command shares, and how results are printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document for machines.")
project_option = click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".ytterby"),
    show_default=True,
    help="Folder of the project store.",
)


def shared_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json`` and ``--project``."""
    return json_option(project_option(function))


def print_json(document: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=str))
