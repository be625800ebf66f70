"""What a server does first, beside answering: the examples, then what every page needs, so that no visitor waits for it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ytterby.errors import YtterbyError

if TYPE_CHECKING:
    from ytterby.api import Workbench


def begin(bench: Workbench) -> None:
    """Take or ask for the examples, then make the first view, which reads figures, base, dates and runs, and load the other pages."""
    from ytterby.report import Words
    from ytterby.web.asked import FALLBACK, Asked
    from ytterby.web.examples import begin as begin_examples
    from ytterby.web.pages import NAMES, router_of
    from ytterby.web.pages.start import start

    begin_examples(bench)
    with suppress(YtterbyError):  # the page that needs it says why
        start(Asked("/", {}, Words(FALLBACK)), bench)
    for name in NAMES:
        router_of(name)
