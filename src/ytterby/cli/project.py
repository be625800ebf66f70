"""``ytterby project`` (the workbench): What a project folder holds, what can be freed; example files."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (click reads the annotations)
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.tables import echo_hanging

if TYPE_CHECKING:
    from ytterby.app import ProjectResult


@click.group("project")
def command() -> None:
    """What a project folder holds: show it, free space; example files.

    Example: ytterby project info --project .ytterby
    """


@command.command("info")
@shared_options
def info(as_json: bool, project: Path) -> None:
    """Show what a project folder holds, by kind, and what can be freed.

    Example: ytterby project info
    """
    from ytterby.app import project_info

    found = project_info(project)
    if as_json:
        print_json(found)
        return
    show(found)
    click.echo(f"{size(found.size)} in {found.project}; 'ytterby project clean' frees {size(found.freed)}")


@command.command("clean")
@shared_options
def clean(as_json: bool, project: Path) -> None:
    """Free what can be made again: built bases, parts of runs that were stopped, left-overs. Runs and figures stay.

    Example: ytterby project clean
    """
    from ytterby.app import project_clean

    found = project_clean(project)
    if as_json:
        print_json(found)
        return
    show(found)
    click.echo(f"freed {size(found.freed)} in {found.project}")


@command.command("examples")
@click.option(
    "--into", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), help="Folder to write them into; else here."
)
@shared_options
def examples(into: Path, as_json: bool, project: Path) -> None:  # noqa: ARG001 (every command takes --project)
    """Write the files that the pages of the documentation use: articles, a list of parts, a scenario in Python.

    Example: ytterby project examples
    """
    from ytterby.app import project_examples

    made = project_examples(into)
    if as_json:
        print_json({"folder": str(made)})
        return
    click.echo(f"written: {made}; try: ytterby read {made / 'articles'}")


def show(found: ProjectResult) -> None:
    """Print a line for each kind."""
    for each in found.held:
        echo_hanging([f"{each.kind:<11} {each.entries:>6,} {size(each.size):>10}  {each.what}"], " " * 31)


def size(count: int) -> str:
    """Return a size in words that a person reads at a glance."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count} bytes"
