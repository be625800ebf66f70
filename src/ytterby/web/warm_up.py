"""What a server does first, beside answering: the examples, then what every page needs, so that no visitor waits for it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ytterby.errors import YtterbyError

if TYPE_CHECKING:
    from ytterby.api import Workbench


def begin(bench: Workbench) -> None:
    """Take or ask for the examples, read figures, base and dates, and load the modules of the pages."""
    from ytterby.app import DEFAULT_IMPORTER
    from ytterby.web.examples import begin as begin_examples
    from ytterby.web.materials import about_exposure
    from ytterby.web.pages import NAMES, router_of

    begin_examples(bench)
    with suppress(YtterbyError):  # the page that needs it says why
        for question in (bench.dates, lambda: bench.facts(limit=0), lambda: about_exposure(bench, DEFAULT_IMPORTER)):
            question()
    for name in NAMES:
        router_of(name)
