"""What a server does first, beside answering: the examples, then what every page needs, so that no visitor waits for it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from ytterby.errors import YtterbyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ytterby.api import Workbench

TICK = 0.05
"""Time between looks at whether a page is made [s]."""


def begin(bench: Workbench) -> Iterator[None]:
    """Take or ask for the examples, gather what the first view of any country needs, and load the pages; each step by itself."""
    from ytterby.web.examples import begin as begin_examples

    begin_examples(bench)
    yield
    yield from _when_free()
    try:
        steps: list[Callable[[], object]] = [bench.dates, partial(bench.facts, limit=0), *_first_view(bench)]
        for step in steps:
            step()
            yield from _when_free()
    except YtterbyError:  # the page that needs it says why
        pass
    yield from _pages()


def _when_free() -> Iterator[None]:
    """Wait while a page is made for somebody, whose work this would only slow down."""
    from ytterby.web.pages.common import PAGES

    yield
    while PAGES.are_made():
        time.sleep(TICK)
        yield


def _first_view(bench: Workbench) -> Iterator[Callable[[], object]]:
    """Steps to the first view of the country that is shown when none was chosen; nothing is simulated."""
    from ytterby.app import DEFAULT_IMPORTER
    from ytterby.web.materials import about_exposure, first_look, is_quick, outlook
    from ytterby.web.pages.start import shown_runs

    yield lambda: bench.exposure(DEFAULT_IMPORTER)
    yield lambda: first_look(bench, DEFAULT_IMPORTER)
    for run, deep in shown_runs(bench):
        if not deep or is_quick(bench, run.id, DEFAULT_IMPORTER):
            yield partial(outlook, bench, run.id, DEFAULT_IMPORTER, deep=deep)
    yield lambda: about_exposure(bench, DEFAULT_IMPORTER)


def _pages() -> Iterator[None]:
    from ytterby.web.pages import NAMES, router_of

    for name in NAMES:
        router_of(name)
        yield from _when_free()
