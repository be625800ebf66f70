"""Shared options of the commands, JSON output and the progress bar."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ytterby.errors import InputError
from ytterby.report import languages
from ytterby.units import usd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ytterby.result_model import ResultModel

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
project_option = click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".ytterby"),
    show_default=True,
    help="Folder of the project store.",
)


class OutputFile(click.ParamType):  # type: ignore[type-arg]  # has no arguments before click 8.3
    """A file to write, refused before the work if it cannot be written, has an unknown suffix or replaces what is no plain file."""

    name = "file"

    def __init__(self, *suffixes: str) -> None:
        self.suffixes = suffixes

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        from ytterby.store import require_file

        try:
            require_file(Path(value), self.suffixes)
        except InputError as error:
            self.fail(str(error), param, ctx)
        if not Path(value).parent.is_dir():
            self.fail(f"{value}: there is no folder '{Path(value).parent}'; make it first, or give another place", param, ctx)
        return Path(value)


class Usd(click.ParamType):  # type: ignore[type-arg]  # has no arguments before click 8.3
    """An amount of money, written ``5e9``, ``5bn`` or ``500m`` [USD]."""

    name = "usd"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the amount in USD."""
        try:
            return value if isinstance(value, float) else usd(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class OutputFolder(click.ParamType):  # type: ignore[type-arg]  # has no arguments before click 8.3
    """A folder to write into, refused before the work if it cannot be made or written."""

    name = "folder"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        from ytterby.store import require_folder

        try:
            require_folder(Path(value))
        except InputError as error:
            self.fail(str(error), param, ctx)
        return Path(value)


def language_option(what: str) -> Callable[..., Any]:
    """Option ``--lang`` for the languages that have a catalogue."""
    return click.option("--lang", type=click.Choice(languages()), default="en", show_default=True, help=what)


LOCAL = "local"
SMALL = 50
"""Number of draws below which starting processes takes longer than it saves."""


def dask_option(what: str) -> Callable[..., Any]:
    """Option ``--dask [ADDRESS]``; without an address it starts a cluster on this machine."""
    text = f"{what}; without an address, on a cluster on this machine."
    return click.option("--dask", metavar="[ADDRESS]", is_flag=False, flag_value=LOCAL, callback=_address, help=text)


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Reject a value after ``--dask`` that is not an address, such as the command's next argument."""
    if value is not None and value != LOCAL and ":" not in value:
        raise click.UsageError(f"--dask: found '{value}'; allowed: an address such as tcp://host:8786, or no value at the end of the line")
    return value


def place(draws: int, workers: int | None, dask: str | None) -> dict[str, Any]:
    """Executor, workers and address for an ensemble; the results do not depend on them."""
    if dask:
        return {"executor": "dask", "workers": workers, "address": None if dask == LOCAL else dask}
    count = workers or (1 if draws < SMALL else (os.cpu_count() or 1))
    return {"executor": "processes" if count > 1 else "serial", "workers": count}


def shared_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json`` and ``--project``."""
    return json_option(project_option(function))


def print_json(document: ResultModel | dict[str, Any] | list[Any]) -> None:
    """Print one JSON document on stdout."""
    plain = document.to_dict() if hasattr(document, "to_dict") else document
    unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf")
    click.echo(json.dumps(plain, indent=2, ensure_ascii=not unicode, default=str))


@contextmanager
def progress_bar(what: str, *, hidden: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on stderr, with rate and time left; yields its update function of (done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=None, rate="")

        def move(done: int, total: int) -> None:
            elapsed = progress.tasks[0].elapsed or 0.0
            progress.update(task, completed=done, total=total, rate=f"{done / elapsed:.1f}/s" if elapsed else "")

        yield move
