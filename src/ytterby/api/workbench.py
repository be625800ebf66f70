"""The workbench: the one place where pages and routes ask their questions, so that both print what the commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby import app
from ytterby.api.answers import RecentAnswers
from ytterby.api.jobs import Jobs
from ytterby.api.kept_results import KeptResults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.api.settings import Settings


class Workbench(KeptResults):
    """Questions to the project that a server was started for, and changes of it.

    Parameters
    ----------
    settings : Settings
        Project, base year and limits.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.answers = RecentAnswers(settings.limits.memo)
        self.jobs = Jobs(settings)

    def check_scenario(self, text: str, lang: str = "en") -> app.ScenarioDetail:
        """A scenario that is being written, checked; nothing is kept.

        Raises
        ------
        ScenarioError
            With every fault of the text.
        """
        return app.show_text(text, lang)

    def scenario_form(self, text: str, change: app.ScenarioChange | None = None) -> app.ScenarioForm:
        """A scenario that is being written, as a form, after a change; nothing is kept.

        Raises
        ------
        ScenarioError
            If the text is no YAML or has no place for the change.
        """
        return app.scenario_form(text, change)

    def save_scenario(self, name: str, text: str, replaces: str | None, by: str = "") -> app.SaveResult:
        """Keep a scenario, if nobody saved another text meanwhile; see :func:`ytterby.app.scenario_files.saved_scenarios.save_scenario`."""
        return app.save_scenario(name, text, self.settings.project, replaces, by)

    def drop_scenario(self, name: str, replaces: str) -> app.SaveResult:
        """Remove a saved scenario, if it is still the text that was seen."""
        return app.drop_scenario(name, self.settings.project, replaces)

    def review(self, target: str, verdict: str, by: str, why: str, correction: Mapping[str, Any]) -> app.ReviewResult:
        """Keep a person's judgement of a claim or event, as ``ytterby review``."""
        return app.review(target, verdict, project=self.settings.project, by=by, why=why, correction=dict(correction))

    def keep_upload(self, files: Sequence[app.GivenFile]) -> app.Upload:
        """Keep files in the project and say under which id."""
        return app.keep_upload(files, self.settings.project)

    def uploads(self) -> tuple[app.Upload, ...]:
        """Uploads of the project."""
        return app.uploads(self.settings.project)

    def forget_upload(self, id_: str) -> app.Upload:
        """Remove an upload."""
        return app.forget_upload(id_, self.settings.project)
