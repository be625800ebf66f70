"""``ytterby read`` (what happened, and who says so): Articles to claims, events, relations, ledger."""

from __future__ import annotations

from pathlib import Path

import click

from ytterby.cli.common import OutputFile, OutputFolder, dask_option, print_json, progress_bar, shared_options

ARCHIVE = "{documents} documents ({failed} not read), {claims} claims, {events} events in {folder}"


EXAMPLE = """
\b
Example:
  ytterby read examples/articles --draft draft.yaml
  ytterby read examples/articles --score examples/articles/gold.jsonl
  ytterby read articles --review
  ytterby read crawl.warc.gz --out reading --workers 4
"""


@click.command(epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--draft", type=OutputFile(".yaml", ".yml"), help="Write a scenario drafted from the events to this file.")
@click.option(
    "--score", "gold", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Score against manually annotated claims (JSONL)."
)
@click.option(
    "--out",
    type=OutputFolder(),
    help="Read a large archive into this folder in parts; an interrupted run continues.",
)
@dask_option("With --out: read on the Dask cluster of this scheduler")
@click.option("--llm", metavar="URL", help="Also use a language model at this OpenAI-compatible address; the articles are sent there.")
@click.option("--llm-model", default="default", show_default=True, help="Name of the language model.")
@click.option("--semantic", is_flag=True, help="Also find candidate sentences by semantic similarity across languages (extra [semantic]).")
@click.option("--review", "ask", is_flag=True, help="Ask about each claim to confirm: y, n, e (edit), s (skip), q (quit).")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes on this machine.")
@shared_options
def command(
    paths: tuple[Path, ...],
    draft: Path | None,
    gold: Path | None,
    out: Path | None,
    dask: str | None,
    llm: str | None,
    llm_model: str,
    semantic: bool,
    ask: bool,
    workers: int,
    as_json: bool,
    project: Path,
) -> None:
    """Read articles (text, Markdown, HTML, RSS, PDF, JSON, WARC, mail, Word; files or folders)."""
    from ytterby.app import read, read_archive, score_reading, show_score, write_draft

    if out:
        if draft or gold or ask:
            raise click.UsageError("--out cannot be combined with --draft, --score or --review")
        with progress_bar("articles") as progress:
            summary = read_archive(paths, out, workers=workers, dask=dask, progress=progress)
        print_json(summary) if as_json else click.echo(ARCHIVE.format(**summary.to_dict()))
        return
    from ytterby.app import Endpoint

    endpoint = Endpoint(llm, llm_model) if llm else None
    reading = read(paths, project=project, workers=workers, llm=endpoint, semantic=semantic)
    if gold:
        result = score_reading(reading, gold)
        print_json(result) if as_json else click.echo(show_score(result))
        return
    if ask:
        from ytterby.cli.queue import review_queue

        if review_queue(reading, project):
            reading = read(paths, project=project, workers=workers, llm=endpoint, semantic=semantic)
    written = write_draft(reading, draft) if draft else None
    if as_json:
        print_json(reading.to_dict())
        return
    from ytterby.cli.show_read import reading_lines
    from ytterby.cli.tables import plain_console

    for line in reading_lines(reading, plain_console().width, written):
        click.echo(line)
