"""``ytterby serve`` (the workbench): The web workbench and its API, on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Examples:
  ytterby serve --open
  ytterby serve --port 9000 --read-only
  ytterby serve --host 0.0.0.0 --token a-long-secret-of-ours --name minerals.example.org
"""
SHORTEST_TOKEN = 16
"""Shortest token [characters]: who guesses has many tries."""


@click.command("serve", epilog=EXAMPLE)
@click.option("--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="Port; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; any but the loopback address needs --token.")
@click.option("--token", envvar="YTTERBY_TOKEN", help="What everyone must show; also from the variable YTTERBY_TOKEN.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="Host name under which others call this server; repeatable.")
@click.option("--year", type=int, default=2024, show_default=True, help="Base year of questions that name none.")
@click.option("--read-only", is_flag=True, help="Refuse changes and jobs, to show a project to others.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Jobs that run at once.  [default: all cores but one]")
@click.option(
    "--dask", metavar="ADDRESS", envvar="YTTERBY_DASK", help="Send ensembles and coalitions to the Dask cluster of this scheduler."
)
@click.option("--open", "opened", is_flag=True, help="Open the browser.")
@shared_options
def command(  # noqa: PLR0913
    port: int,
    host: str,
    token: str | None,
    names: tuple[str, ...],
    year: int,
    read_only: bool,
    workers: int,
    jobs: int | None,
    dask: str | None,
    opened: bool,
    as_json: bool,
    project: Path,
) -> None:
    """Answer in a browser, on this machine: pages and the API under /api/v1; nothing leaves the machine."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads wait busily, and the answers' systems of equations are small
    from ytterby.api import ServerLimits, Settings, is_loopback, listening
    from ytterby.web import serve_site

    if not is_loopback(host) and token is None:
        raise click.UsageError(
            f"--host {host}: others could reach the project; give --token with a secret of {SHORTEST_TOKEN} or more characters"
        )
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise click.UsageError(f"--token: {len(token)} characters; give {SHORTEST_TOKEN} or more, since who guesses has many tries")
    limits = ServerLimits(jobs=jobs) if jobs else ServerLimits()
    sock = listening(host, port)
    settings = Settings(
        project=project, base_year=year, host=host, port=sock.getsockname()[1], token=token, read_only=read_only, names=names,
        workers=workers, dask=dask, limits=limits,
    )  # fmt: skip
    address = settings.address
    if as_json:
        print_json({"address": address, "read_only": read_only, "project": str(project)})
    else:
        click.echo(f"Ytterby answers at {address}  (Ctrl-C ends it)")
    if opened:
        click.launch(f"{address}?token={token}" if token else address)
    serve_site(settings, sock)
