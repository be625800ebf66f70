"""What the project holds: runs, scenarios, and what becomes of two runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby import app
from ytterby.api.questions import Questions

if TYPE_CHECKING:
    from ytterby.app import CompareResult, RunDetail, RunList, ScenarioDetail, ScenarioList


class KeptResults(Questions):
    """Questions about what the project holds; ids are looked up, never taken as places."""

    def runs(self) -> RunList:
        """Runs of the project, newest first."""
        return self.listed("runs", lambda: app.list_runs(self.settings.project))

    def run(self, id_: str) -> RunDetail:
        """One run: what went in, what came of it."""
        return self.asked("run", (id_, self._made(id_)), lambda: app.show_run(id_, self.settings.project))

    def compare(self, first: str, second: str) -> CompareResult:
        """What a second run of the project has more or less than a first, as ``ytterby compare``."""
        made = (self._made(first), self._made(second))
        return self.asked("compare", (first, second, made), lambda: app.compare(first, second, self.settings.project))

    def _made(self, id_: str) -> str:
        """When a run was finished: a run of the same name may be made anew.

        Raises
        ------
        UnknownNameError
            If the project has no such run.
        """
        from ytterby.errors import UnknownNameError

        known = {entry.id: entry.created for entry in self.runs().runs}
        if id_ not in known:
            raise UnknownNameError("run", id_, known or ["none yet"])
        return known[id_]

    def scenarios(self, lang: str = "en") -> ScenarioList:
        """Bundled scenarios, as ``ytterby scenarios``."""
        return self.asked("scenarios", (lang,), lambda: app.list_scenarios(lang))

    def scenario(self, name: str, lang: str = "en") -> ScenarioDetail:
        """A bundled scenario with all that it says, as ``ytterby scenarios NAME``."""
        return self.asked("scenario", (name, lang), lambda: app.show_bundled(name, lang))
