"""The program ``ytterby``: one module per command, imported only when the command is used."""

from __future__ import annotations

import gc
import io
import os
import re
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import click

from ytterby.cli.encodings import plain_errors
from ytterby.errors import YtterbyError

QUESTIONS = (
    "brief me",
    "where am I exposed",
    "what if",
    "what to do, and with whom",
    "what happened, and who says so",
    "how right is it",
    "the workbench",
)
"""What commands answer, in the order of the help."""

_FIRST_LINE = re.compile(r'"""``ytterby (?P<name>\w+)`` \((?P<question>[^)]+)\): (?P<help>.+?)(?:"""|$)')


class CommandLine(NamedTuple):
    """What the help says of a command."""

    question: str
    help: str


@cache
def commands() -> dict[str, CommandLine]:
    """Commands, in the order of the help: the modules whose first line names a command, its question and its short help."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        with path.open(encoding="utf-8") as text:
            line = _FIRST_LINE.match(text.readline().rstrip("\n"))
        if line and line["name"] == path.stem:
            found[path.stem] = CommandLine(line["question"], line["help"])
    return dict(sorted(found.items(), key=lambda item: QUESTIONS.index(item[1].question)))


class LazyGroup(click.Group):
    """A group that imports a command only when it is used, so that ``--help`` is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of the help."""
        return list(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return its ``command``."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f".{cmd_name}", __package__).command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, but the error for an unknown command suggests the most similar name."""
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from ytterby.errors import UnknownNameError

            raise UnknownNameError("command", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by the question that they answer, without importing them."""
        width = max(map(len, commands()))
        for question in QUESTIONS:
            rows = [(name.ljust(width), told.help) for name, told in commands().items() if told.question == question]
            with formatter.section(question[0].upper() + question[1:]):
                formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ytterby", prog_name="ytterby")
def cli() -> None:
    """Security of supply of rare earths and other critical minerals."""


def _error_line(error: click.ClickException) -> str:
    """Usage error in one line, with the command that shows the help; without any arguments, the help itself."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    message = error.format_message().rstrip(".").replace(". (", " (").replace(". Did you mean", "; did you mean")
    called = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "ytterby"
    return f"{called}: {message[:1].lower()}{message[1:]}; see '{called} --help'{_examples_hint(message)}"


def _examples_hint(message: str) -> str:
    """How the files of the documentation's examples come here, for a message that misses one."""
    missed = re.search(r"\bexamples/\S.*(does not exist|no such file)", message) and not Path("examples").exists()
    return "; 'ytterby project examples' writes the example files here" if missed else ""


def _extra_of(package: str) -> str:
    """Extra of Ytterby that holds a package, by its import name; empty where none does."""
    from importlib.metadata import requires

    for line in requires("ytterby") or ():
        found = re.match(r"""([\w.-]+).*extra *== *['"](\w+)['"]""", line)
        if found and found[1].lower().replace("-", "_") == package.lower() and found[2] not in ("docs", "dev"):
            return found[2]
    return ""


def main() -> None:
    """Run the program; errors are one line on stderr, never a traceback."""
    # small linear algebra is faster on one thread, and work is spread over processes; this has an effect only before numpy is imported
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(100_000, 20, 100)  # what lives long holds no cycles to speak of; the search for them was a twentieth of a command
    plain = plain_errors()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=plain)
    try:
        sys.exit(cli.main(prog_name="ytterby", standalone_mode=False) or 0)
    except click.ClickException as error:
        click.echo(_error_line(error), err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("ytterby: stopped; finished work is kept", err=True)
        sys.exit(130)
    except YtterbyError as error:
        click.echo(f"ytterby: {error}{_examples_hint(str(error))}", err=True)
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        extra = _extra_of(package)
        if not extra:
            raise
        click.echo(f"ytterby: this needs the package '{package}' of the extra '{extra}': pip install 'ytterby[{extra}]'", err=True)
        sys.exit(2)
    except BrokenPipeError:
        _close_output()
        sys.exit(0)
    except OSError as error:
        click.echo(f"ytterby: {_os_error(error)}; finished work is kept", err=True)
        sys.exit(2)
    except MemoryError:
        click.echo("ytterby: not enough memory; finished work is kept (fewer --workers, or fewer --draws, need less)", err=True)
        sys.exit(2)


def _os_error(error: OSError) -> str:
    """What the system refused, in one line: a full disk, a folder that cannot be written, too many open files."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or str(error) or type(error).__name__}"


def _close_output() -> None:
    """Let nothing be written to a pipe that nobody reads, at the end of the process either."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
