"""What a job does: one function for each kind, which asks a use case and keeps its result in the folder of the job."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ytterby import app
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ytterby.api import job_kinds as kinds

RESULT = "result.json"
"""File of a job's folder with its result, keys as the command's JSON."""
FILES = {
    "plan": (),
    "negotiate": ("packages.csv", "map.svg", "parts.svg"),
    "trade": ("months.csv", "duties.svg"),
    "brief": ("brief.html", "brief.pdf"),
    "read": ("draft.yaml",),
    "parts": ("parts.html", "parts.xlsx", "parts.csv"),
}
"""Further files that a kind of job may leave in its folder."""
LAND = {"alliance": "cooperate", "plan": "plan", "talks": "negotiate"}
"""Kind of the job that makes what a briefing is about."""


@dataclass(frozen=True)
class JobWork:
    """A job in work: where it stands, what it may use, and whom it tells how far it is."""

    project: Path
    folder: Path
    scenarios: dict[str, str] = field(default_factory=dict)
    """Texts of the user's scenarios that the job names."""
    dask: str | None = None
    progress: Callable[[int, int], None] | None = None

    def do(self, kind: str, arguments: Any) -> dict[str, Any]:
        """Do the work; returns the ids under which its results are found.

        Raises
        ------
        YtterbyError
            With words for users.
        """
        work: Callable[[Any], tuple[dict[str, Any], dict[str, Any]]] = getattr(self, kind)
        document, ids = work(arguments)
        app.write_json(self.folder / RESULT, document)
        return ids

    def run(self, asked: kinds.RunArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """A run in the project's folder of runs."""
        done = app.run(
            self.scenario(asked.scenario),
            draws=asked.draws, seed=asked.seed, method=asked.design, sobol=asked.sobol,
            project=self.project, progress=self.progress, **self._place(),
        )  # fmt: skip
        return done.summary.to_dict(), {"run": done.folder.name}

    def plan(self, asked: kinds.PlanArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """A plan, with its tables, in the folder of the job."""
        given = asked.model_dump(exclude={"without_shocks", "budget_by"})
        shocks, money = "none" if asked.without_shocks else None, _amounts(asked.budget_by)
        request = app.PlanRequest(**given, budget_by=money, shocks=shocks, out=self.folder, project=self.project)
        return app.plan(request, self.progress).to_dict(), {}

    def cooperate(self, asked: kinds.CooperateArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """An alliance, with its tables, in the folder of the job."""
        given = asked.model_dump(exclude={"budget_by"})
        request = app.CooperateRequest(**given, budget_by=_amounts(asked.budget_by), out=self.folder, project=self.project, **self._place())
        return app.cooperate(request, self.progress).to_dict(), {}

    def negotiate(self, asked: kinds.NegotiateArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """The room of talks, with all packages and what there is to draw."""
        app.require_talks(asked.talks)
        weights = ",".join(f"{term}={value!r}" for term, value in (asked.weights or {}).items()) or None
        request = app.NegotiateRequest(**asked.model_dump(exclude={"weights"}), weights=weights, project=self.project)
        work = app.Negotiation(request, self.progress)
        found = app.concluded(work)
        shown = found if found.days else found.model_copy(update={"days": (app.day_row(work),)})  # its page has a map in any case
        app.save_talks(work, shown, self.folder)
        app.save_negotiation(work, found, self.folder / "map.svg", "map")
        with suppress(InputError):  # without a room and an outcome nobody gives or gets anything
            app.save_negotiation(work, found, self.folder / "parts.svg", "parts")
        return found.to_dict(), {}

    def trade(self, asked: kinds.TradeArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """What duties do, with the months as a table and the steps as a picture."""
        found = app.trade(self.scenario(asked.scenario), asked.horizon, asked.draws, asked.seed, self.project)
        app.save_trade(found, self.folder / "months.csv")
        app.save_trade(found, self.folder / "duties.svg")
        return found.to_dict(), {}

    def brief(self, asked: kinds.BriefArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """A briefing as a page and as a PDF."""
        inputs = tuple(place for item in asked.inputs for place in self._inputs(item))
        done = app.brief(app.BriefRequest(inputs, asked.lang, asked.importer, asked.draws, asked.seed, project=self.project), self.progress)
        done.save(self.folder / "brief.html", with_pdf=True)
        return done.summary().to_dict(), {}

    def read(self, asked: kinds.ReadArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """A reading; what was read is kept in the project."""
        paths = [path for id_ in asked.uploads for path in app.upload_files(id_, self.project)]
        found = app.read(paths, project=self.project, semantic=asked.semantic)
        if found.drafts:
            app.write_draft(found, self.folder / "draft.yaml")
        return found.to_dict(), {}

    def parts(self, asked: kinds.PartsArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """What becomes of a firm's parts, as page, workbook and table."""
        files = app.upload_files(asked.upload, self.project)
        shock = self.scenario(asked.scenario) if asked.scenario else str(app.run_of(asked.run, self.project).folder) if asked.run else None
        given = asked.model_dump(include={"on", "importer", "year", "chain", "draws"})
        found = app.bom(app.PartsRequest(files[0], asked.without, shock, project=self.project, **given), self.progress)
        for name in FILES["parts"]:
            app.save_parts(found, self.folder / name, asked.lang)
        return found.to_dict(), {}

    def compare_measures(self, asked: kinds.CompareMeasuresArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """What kinds of measures do to prices."""
        scenario = self.scenario(asked.scenario)
        found = app.measure_comparison(
            asked.kinds, scenario, asked.draws, asked.seed, self.project, self.progress, party=names.region(asked.party, "party").code
        )
        return found.to_dict(), {}

    def backtest(self, asked: kinds.BacktestArguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """Scores of a replayed episode."""
        chosen = app.episode_of(asked.episode)
        found = chosen.score(asked.episode, draws=asked.draws, seed=asked.seed, project=self.project, progress=self.progress)
        return found.to_dict(), {}

    def scenario(self, name: str) -> str:
        """A scenario for a use case: a bundled name, or the place of the text that was kept with the job.

        Raises
        ------
        UnknownNameError
            If it is neither.
        """
        known = app.bundled_scenarios()
        if name in known:
            return name
        if name not in self.scenarios:
            raise UnknownNameError("scenario", name, (*known, *self.scenarios))
        place = self.folder / f"scenario-{list(self.scenarios).index(name)}.yaml"
        app.write_file(place, self.scenarios[name].encode())
        return str(place)

    def _inputs(self, item: kinds.BriefInput) -> list[str]:
        """Places of what a briefing is about."""
        if item.kind == "scenario":
            return [self.scenario(item.id)]
        if item.kind == "run":
            return [str(app.run_of(item.id, self.project).folder)]
        if item.kind == "articles":
            return [str(path) for path in app.upload_files(item.id, self.project)]
        return [str(app.saved_result(item.id, LAND[item.kind], self.project))]

    def _place(self) -> dict[str, Any]:
        """Where draws and coalitions are worked: in this process, or on the cluster of the server."""
        return {"executor": "dask", "address": self.dask} if self.dask else {}


def _amounts(by_party: dict[str, float] | None) -> str | None:
    """Amounts by party as the commands take them, such as ``JP=2e9,US=3e9``."""
    return ",".join(f"{party}={amount!r}" for party, amount in by_party.items()) if by_party else None
