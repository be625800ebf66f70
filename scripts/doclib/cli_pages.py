"""The reference of the commands, from the help of the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.testing import CliRunner

from ytterby.cli import cli
from ytterby.cli import commands as described_commands

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100
"""Columns of the help texts."""
MADE = "<!-- made by scripts/build_docs.py; do not edit by hand -->"
HEAD = f"""{MADE}
# Commands

One program, `ytterby`. Every command takes `--help`, `--json` (one JSON document for machines, on stdout) and
`--project FOLDER` (default `.ytterby/`). Exit codes: 0 done, 1 an answer that cannot be given, 2 bad input, 130 stopped by
Ctrl-C. Messages and progress go to stderr. The keys of the JSON documents are listed under [Files](files.md).
"""


def commands() -> Iterator[tuple[str, ...]]:
    """Paths of all commands: ``("run",)``, ``("facts",)``, ``("facts", "list")`` and so on."""
    context = click.Context(cli, info_name="ytterby")
    for name in cli.list_commands(context):
        yield (name,)
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                yield (name, below)


def command_of(path: tuple[str, ...]) -> click.Command:
    """Command of a path.

    Raises
    ------
    KeyError
        If there is no such command.
    """
    command: click.Command | None = cli
    for name in path:
        command = command.get_command(click.Context(command), name) if isinstance(command, click.Group) else None
        if command is None:
            raise KeyError(path)
    assert command is not None
    return command


def help_of(path: tuple[str, ...]) -> str:
    """Help text of a command, lines of at most :data:`WIDTH` columns."""
    done = CliRunner().invoke(cli, [*path, "--help"], prog_name="ytterby", terminal_width=WIDTH, max_content_width=WIDTH)
    if done.exit_code:
        raise RuntimeError(f"ytterby {' '.join(path)} --help ends with {done.exit_code}: {done.output}")
    return "\n".join(line.rstrip() for line in done.output.strip().splitlines())


def reference() -> str:
    """Page of all commands."""
    parts = [HEAD, "## ytterby\n", f"```text\n{help_of(())}\n```\n"]
    for path in commands():
        level = "#" * (1 + len(path))
        lead = [f"{described_commands()[path[0]].help}\n"] if len(path) == 1 else []
        parts += [f"{level} ytterby {' '.join(path)}\n", *lead, f"```text\n{help_of(path)}\n```\n"]
    return "\n".join(parts)
