"""What a server does first, beside answering: the examples, then what every page needs, so that no visitor waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import YtterbyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ytterby.api import Workbench


def begin(bench: Workbench) -> Iterator[None]:
    """Take or ask for the examples, gather what the first view of any country needs, and load the pages; each step by itself."""
    from ytterby.web.examples import begin as begin_examples

    begin_examples(bench)
    yield
    try:
        steps: list[Callable[[], object]] = [bench.dates, lambda: bench.facts(limit=0), *_first_view(bench)]
        for step in steps:
            step()
            yield
    except YtterbyError:  # the page that needs it says why
        pass
    yield from _pages()


def _first_view(bench: Workbench) -> list[Callable[[], object]]:
    """Steps to the first view of the country that is shown when none was chosen; nothing is simulated."""
    from ytterby.app import DEFAULT_IMPORTER
    from ytterby.web.materials import about_exposure, outlook

    runs = [run.id for run in bench.runs().runs[:2]]
    views = [lambda id_=id_: outlook(bench, id_, DEFAULT_IMPORTER, deep=False) for id_ in runs]
    return [lambda: bench.exposure(DEFAULT_IMPORTER), lambda: about_exposure(bench, DEFAULT_IMPORTER), *views]


def _pages() -> Iterator[None]:
    from ytterby.web.pages import NAMES, router_of

    for name in NAMES:
        router_of(name)
        yield
