"""The workbench: the one place where pages and routes ask their questions, so that both print what the commands print."""

from __future__ import annotations

from ytterby.api.answers import Answers
from ytterby.api.kept_results import KeptResults
from ytterby.api.settings import Settings  # noqa: TC001 (shown in signatures)


class Workbench(KeptResults):
    """Questions to the project that a server was started for.

    Parameters
    ----------
    settings : Settings
        Project, base year and limits.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.answers = Answers(settings.limits.memo)
