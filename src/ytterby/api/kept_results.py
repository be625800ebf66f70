"""What the project holds: runs, scenarios, and what jobs have made of plans, alliances, talks, duties, articles and parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import TypeAdapter

from ytterby import app
from ytterby.api.job_work import FILES, RESULT
from ytterby.api.questions import Questions
from ytterby.errors import StoreError, UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path
    from types import UnionType

    from ytterby.api.job_models import JobList
    from ytterby.api.jobs import Jobs
    from ytterby.result_model import ResultModel

    R = TypeVar("R", bound=ResultModel)


SAVED_TALKS = "negotiation.json"
"""File in which talks are saved for their page."""


class KeptResults(Questions):
    """Questions about what the project holds; ids are looked up, never taken as places."""

    jobs: Jobs

    def runs(self) -> app.RunList:
        """Runs of the project, newest first."""
        return self.listed("runs", lambda: app.list_runs(self.settings.project))

    def run(self, id_: str) -> app.RunDetail:
        """One run: what went in, what came of it."""
        return self.asked("run", (id_, self._made(id_)), lambda: app.show_run(id_, self.settings.project))

    def series(
        self, id_: str, measure: str, commodity: str = "", origin: str = "", destination: str = "", sector: str = ""
    ) -> app.RunSeries:
        """One measure of a run, week by week."""
        wanted = {"commodity": commodity, "origin": origin, "destination": destination, "sector": sector}
        return self.asked(
            "series",
            (id_, self._made(id_), measure, *wanted.values()),
            lambda: app.run_series(id_, self.settings.project, measure, **wanted),
        )

    def export(self, id_: str, path: Path) -> None:
        """Write all series of a run to a file, as ``ytterby export``."""
        self._made(id_)
        app.export(id_, path, self.settings.project)

    def compare(self, first: str, second: str) -> app.CompareResult:
        """What a second run of the project has more or less than a first, as ``ytterby compare``."""
        made = (self._made(first), self._made(second))
        return self.asked("compare", (first, second, made), lambda: app.compare(first, second, self.settings.project))

    def explore(
        self, id_: str, outcome: str | None = None, above: float | None = None, below: float | None = None, against: str | None = None
    ) -> app.ExplorationResult:
        """Where the draws of a run get bad and which facts to ask for, as ``ytterby explore``."""
        made = (self._made(id_), self._made(against) if against else "")
        given = {"outcome": outcome} if outcome else {}
        return self.asked(
            "explore",
            (id_, outcome, above, below, against, made),
            lambda: app.explore(id_, above=above, below=below, against=against, project=self.settings.project, **given),
        )

    def _made(self, id_: str) -> str:
        """When a run was finished: a run of the same name may be made anew.

        Raises
        ------
        UnknownNameError
            If the project has no such run.
        """
        known = {entry.id: entry.created for entry in self.runs().runs}
        if id_ not in known:
            raise UnknownNameError("run", id_, known or ["none yet"])
        return known[id_]

    def scenarios(self, lang: str = "en") -> app.ScenarioList:
        """Bundled scenarios, as ``ytterby scenarios``."""
        return self.asked("scenarios", (lang,), lambda: app.list_scenarios(lang))

    def scenario(self, name: str, lang: str = "en") -> app.ScenarioDetail:
        """A scenario, bundled or saved, with all that it says, as ``ytterby scenarios NAME``."""
        if name in app.bundled_scenarios():
            return self.asked("scenario", (name, lang), lambda: app.show_bundled(name, lang))
        known = [row.name for row in self.saved_scenarios().saved]
        if name not in known:
            raise UnknownNameError("scenario", name, (*app.bundled_scenarios(), *known))
        found = app.saved_scenario(name, self.settings.project)
        return self.asked("scenario", (name, lang, found.version), lambda: app.show_text(found.yaml, lang, name))

    def saved_scenarios(self) -> app.SavedScenarioList:
        """Scenarios that the project keeps."""
        return self.listed("saved", lambda: app.saved_scenarios(self.settings.project))

    def saved_scenario(self, name: str) -> app.SavedScenario:
        """A scenario as it was saved, with its version."""
        return app.saved_scenario(name, self.settings.project)

    def evidence(self) -> app.Reading:
        """Everything that the project has read, with the judgements that were made since."""
        return self.asked("evidence", (), lambda: app.project_reading(self.settings.project))

    def article_languages(self) -> dict[str, str]:
        """Language of each article that the project has read, by its name; nothing else of them is worked out."""
        from ytterby.store import ProjectStore  # it loads numpy, which a server that starts does not need

        store = ProjectStore(self.settings.project)
        return {row["name"]: row["language"] for row in store.get("document")} if store.path.is_file() else {}

    def article(self, name: str) -> app.ArticleText:
        """Text of an article with its claims."""
        return self.asked("article", (name,), lambda: app.article_text(name, self.settings.project))

    def plans(self) -> JobList:
        """Plans that are made or being made, newest first."""
        return self.jobs.all("plan")

    def plan(self, id_: str) -> app.PlanResult:
        """A plan by its job, as ``ytterby plan``."""
        return self._result("plan", id_, app.PlanResult)

    def alliances(self) -> JobList:
        """Alliances that are worked out or being so, newest first."""
        return self.jobs.all("cooperate")

    def alliance(self, id_: str) -> app.CooperationResult:
        """An alliance by its job, as ``ytterby cooperate``."""
        return self._result("cooperate", id_, app.CooperationResult)

    def negotiations(self) -> JobList:
        """Talks that are worked out or being so, newest first."""
        return self.jobs.all("negotiate")

    def negotiation(self, id_: str) -> app.NegotiationResult:
        """Talks by their job, as ``ytterby negotiate``."""
        return self._result("negotiate", id_, app.NegotiationResult)

    def saved_talks(self, id_: str) -> app.NegotiationResult:
        """Talks by their job as their page has them: with the room on their own day at least."""
        row, found = self.jobs.row(id_), self.negotiation(id_)
        place = self.jobs.index.folder(row.id) / SAVED_TALKS
        return self.answers.get(("talks", id_, row.ended), lambda: _read(place, app.NegotiationResult)) if place.is_file() else found

    def duties(self, id_: str) -> app.TradeResult:
        """What duties do, by its job, as ``ytterby trade``."""
        return self._result("trade", id_, app.TradeResult)

    def reading(self, id_: str) -> app.Reading:
        """A reading by its job, as ``ytterby read``."""
        return self._result("read", id_, app.Reading)

    def briefings(self) -> JobList:
        """Briefings that are written or being so, newest first."""
        return self.jobs.all("brief")

    def briefing(self, id_: str) -> app.BriefingSummary:
        """A briefing by its job: its answer in a sentence and what supports it."""
        return self._result("brief", id_, app.BriefingSummary)

    def parts(self, id_: str) -> app.PartsResult:
        """What becomes of a firm's parts, by its job, as ``ytterby exposure --bom``."""
        return self._result("parts", id_, app.PartsResult)

    def measure_comparison(self, id_: str) -> app.MeasureComparison:
        """What kinds of measures do to prices, by its job, as ``ytterby measures --compare``."""
        return self._result("compare_measures", id_, app.MeasureComparison)

    def backtests(self) -> JobList:
        """Backtests that are scored or being so, newest first."""
        return self.jobs.all("backtest")

    def backtest(self, id_: str) -> app.Backtest:
        """A backtest by its job, as ``ytterby backtest``."""
        found: app.Backtest = self._result("backtest", id_, app.Backtest)
        return found

    def file(self, id_: str, name: str) -> Path:
        """Further file that a job has left, by its name on our list.

        Raises
        ------
        UnknownNameError
            If there is no such job or file.
        """
        row = self.jobs.row(id_)
        known = {each: self.jobs.index.folder(row.id) / each for each in FILES.get(row.kind, ()) if row.state == "done"}
        if name not in known or not known[name].is_file():
            raise UnknownNameError("file", name, [each for each, path in known.items() if path.is_file()] or ["none"])
        return known[name]

    def _result(self, kind: str, id_: str, model: type[R] | UnionType) -> R:
        """Result of a job of a kind that is done.

        Raises
        ------
        UnknownNameError
            If there is none.
        StoreError
            If another version of the program has written it in a form that this one does not read.
        """
        row = self.jobs.row(id_)
        if row.kind != kind or row.state != "done":
            known = [each.id for each in self.jobs.index.all(kind, "done")]
            raise UnknownNameError(f"finished {kind}", id_, known or ["none yet"])
        place = self.jobs.index.folder(row.id) / RESULT
        return self.answers.get((kind, id_, row.ended), lambda: _read(place, model))


def _read(place: Path, model: type[R] | UnionType) -> R:
    """Result that a job has written; of several models that it may have, the one that it has."""
    try:
        found: R = TypeAdapter(cast("type[R]", model)).validate_python(app.read_document(place))
    except ValueError:
        raise StoreError(
            f"job {place.parent.name}: its result was written by another version of this program; start the job anew"
        ) from None
    return found
