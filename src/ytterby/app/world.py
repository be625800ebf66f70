"""The Python face: a base system with everything that the commands do."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.app.network.bases import base_system
from ytterby.app.runs.result import Result
from ytterby.app.world_questions import ProjectQuestions, day_of
from ytterby.errors import InputError
from ytterby.facts import load as load_facts
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from ytterby.app.articles.llm import Endpoint
    from ytterby.app.articles.watch import WatchResult
    from ytterby.app.briefings.written_briefing import WrittenBriefing
    from ytterby.app.dates.calendar import CalendarResult
    from ytterby.app.dates.controls import ControlsResult
    from ytterby.app.files.talks import Picture
    from ytterby.app.projects.saved_results import SavedResult
    from ytterby.app.result_faces import AllianceResult, PlannedResult
    from ytterby.bargain import NegotiationResult
    from ytterby.economy.trade import Horizon, TradeResult
    from ytterby.evidence import ReadingResult
    from ytterby.execution import Executor
    from ytterby.exposure import ExposureResult, PartsResult
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.system import System


@dataclass(frozen=True, eq=False)
class World(ProjectQuestions):
    """A base system with its facts; every command has its method here."""

    system: System
    facts: Facts
    project: Path = field(default=Path(".ytterby"))

    changed: tuple[str, ...] = ()
    """Names of the tables that :meth:`with_tables` replaced."""
    changed_figures: tuple[str, ...] = ()
    """Figures that :meth:`with_facts` changed."""

    def with_facts(self, changes: Mapping[str, float | tuple[float, float, float]]) -> World:
        """World on other figures, for this session; nothing is written to the project.

        Parameters
        ----------
        changes : mapping of str to float or (value, low, high)
            New figures by id, in the unit of their row. A number alone keeps the relative range of the row.

        Raises
        ------
        UnknownNameError, DataGapError, FactError
            If there is no such figure, it has no number, or lies outside of its range.
        InputError
            If tables of this world were changed: their rows would be built anew.
        """
        if self.changed:
            raise InputError(f"the tables {', '.join(self.changed)} were changed; change figures first, then tables")
        facts = self.facts.with_values(changes)
        system = base_system(self.system.year, facts, self.project, self.system.chain)
        if system.digest == self.system.digest:
            told = f"the base of {self.system.year} rests on none of {', '.join(changes)}; only what else reads them changes"
            warnings.warn(told, stacklevel=2)
        return replace(self, system=system, facts=facts, changed_figures=tuple(sorted({*self.changed_figures, *changes})))

    def with_tables(self, **tables: pd.DataFrame) -> World:
        """World with other tables of its system, such as ``demands=world.system.demands.assign(...)``.

        What a market then takes in and does not pass on, or the reverse, is a constant flow of that market.

        Raises
        ------
        UnknownNameError, DataGapError
            If there is no such table, or it lacks a column.
        """
        return replace(self, system=self.system.with_tables(**tables), changed=tuple(sorted({*self.changed, *tables})))

    def simulate(  # noqa: PLR0913
        self,
        scenario: str | Path | Scenario,
        draws: int = 1,
        seed: int = 1,
        *,
        method: str = "streams",
        executor: Executor = "serial",
        workers: int | None = None,
        sobol: bool = False,
        out: Path | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Result:
        """Simulate a scenario.

        Parameters
        ----------
        scenario : str, Path or Scenario
            Bundled name, YAML file or Scenario.
        draws : int
            1 for the central run, else the size of the ensemble.
        seed : int
            Seed of the ensemble.
        method : {"streams", "lhs", "sobol"}
            Design of the ensemble.
        executor : {"serial", "threads", "processes"}
            Where chunks of draws run; it changes no digit.
        workers : int, optional
            Number of threads or processes.
        sobol : bool
            Also Sobol indices of the inputs that matter most (needs the extra ``explore``).
        out : Path, optional
            Run folder; by default inside the project.
        progress : callable, optional
            Called with draws done and draws in all.
        """
        from ytterby.app.runs.run import run

        done = run(
            scenario, draws=draws, seed=seed, method=method, project=self.project, out=out, executor=executor, workers=workers,
            sobol=sobol, progress=progress, facts=self.facts, base=self.system if self.changed else None,
        )  # fmt: skip
        return Result(done)

    def exposure(self, importer: str = "JP", element: str | None = None, without: str | None = None) -> ExposureResult:
        """Exposure of an importer, as in ``ytterby exposure``; ``without`` names the supplier whose loss is considered.

        An element of other minerals than those of this world, such as gallium, is looked up in their newest base.
        """
        from ytterby.app.exposures.exposure import exposure, minerals_of

        own = element is None or minerals_of(element) == self.system.chain
        base: dict[str, Any] = {"year": self.system.year, "chain": self.system.chain, "system": self.system} if own else {}
        return exposure(importer, element=element, project=self.project, without=without, facts=self.facts, **base)

    def parts(self, file: Path | str, **options: Any) -> PartsResult:
        """What becomes of a firm's list of parts, as in ``ytterby exposure --bom``.

        Options are fields of :class:`ytterby.app.parts.bill_of_materials.PartsRequest`.
        """
        from ytterby.app.parts.bill_of_materials import PartsRequest, bom

        return bom(PartsRequest(Path(file), project=self.folder_for("parts"), **options))

    def brief(  # noqa: PLR0913
        self,
        *inputs: str | Path | Result | SavedResult,
        lang: str = "en",
        importer: str = "JP",
        draws: int = 200,
        seed: int = 1,
        workers: int = 1,
        backtest: str | Path | None = None,
    ) -> WrittenBriefing:
        """Briefing on articles, scenarios or runs, or page on a saved result, as in ``ytterby brief``.

        ``save`` of it writes HTML or PDF.
        """
        from ytterby.app.briefings.brief import brief, result_page
        from ytterby.app.briefings.inputs import BriefRequest
        from ytterby.app.projects.saved_results import SavedResult

        results = [item for item in inputs if isinstance(item, SavedResult)]
        if results and len(results) < len(inputs):
            raise InputError("a saved result has a page of its own; brief on articles, scenarios and runs by another call")
        if results:
            return result_page(results, lang, self.project)
        named = tuple(str(item.run.folder if isinstance(item, Result) else item) for item in inputs)
        folder = self.project if all(isinstance(item, Result) for item in inputs) else self.folder_for("brief")
        scores = Path(backtest) if backtest else None
        return brief(BriefRequest(named, lang, importer, draws, seed, workers, folder, backtest=scores))

    def read(
        self, *paths: str | Path, draft: str | Path | None = None, llm: Endpoint | None = None, semantic: bool = False, workers: int = 1
    ) -> ReadingResult:
        """Claims, events and commitments of articles, as in ``ytterby read``; ``draft`` writes the scenario drafted from them.

        Parameters
        ----------
        *paths : str or Path
            Files or folders.
        draft : str or Path, optional
            YAML file to write.
        llm : Endpoint, optional
            Address of a language model that is asked too; the articles are sent there.
        semantic : bool
            Also candidate sentences by likeness of meaning (extra ``semantic``).
        workers : int
            Processes; they change no result.
        """
        from ytterby.app.articles.read import read, write_draft

        found = read([Path(path) for path in paths], project=self.project, workers=workers, llm=llm, semantic=semantic)
        if draft:
            write_draft(found, Path(draft))
        return found

    def watch(self, on: dt.date | str | None = None, party: str = "") -> WatchResult:
        """What became of commitments, as in ``ytterby watch``; the day as a date or YYYY-MM-DD."""
        from ytterby.app.articles.watch import watch

        return watch(self.project, on=day_of(on), party=party)

    def plan(self, allies: Sequence[str] = ("JP",), budget: float | None = None, **options: Any) -> PlannedResult:
        """Best measures for some parties as one, as in ``ytterby plan``; options as in :class:`ytterby.app.PlanRequest`."""
        from ytterby.app.planning.plan import plan
        from ytterby.app.planning.request import PlanRequest
        from ytterby.app.result_faces import PlannedResult

        folder = self.folder_for("plan")
        return PlannedResult.of(plan(PlanRequest(allies=tuple(allies), budget=budget, project=folder, **options)))

    def controls(
        self,
        on: dt.date | str | None = None,
        material: str | None = None,
        hs: str | None = None,
        by: str | None = None,
        since: dt.date | str | None = None,
    ) -> ControlsResult:
        """Goods under export controls and duties on a day, as in ``ytterby controls``; days as dates or YYYY-MM-DD."""
        from ytterby.app.dates.controls import controls

        return controls(day_of(on), material, hs, by, day_of(since), self.project)

    def trade(
        self, scenario: str, horizon: Horizon = "short", draws: int = 200, seed: int = 1, out: str | Path | None = None
    ) -> TradeResult:
        """What the tariffs of a scenario on groups of products do, as in ``ytterby trade``; ``out`` is a folder to save it in."""
        from ytterby.app.duties.trade import trade
        from ytterby.app.files.duties import save_duties

        found = trade(scenario, horizon, draws, seed, self.folder_for("trade"))
        if out:
            save_duties(found, Path(out))
        return found

    def negotiate(
        self,
        parties: str = "",
        output: str | Path | None = None,
        picture: Picture = "map",
        out: str | Path | None = None,
        **options: Any,
    ) -> NegotiationResult:
        """Room of talks on duties and minerals, as in ``ytterby negotiate``.

        Parameters
        ----------
        parties : str
            Codes joined by commas; those of the talks by default.
        output : str or Path, optional
            File to write: all packages (.csv), or a picture (.svg).
        picture : str
            ``map`` of utilities, or ``parts``: who gives and gets what.
        out : str or Path, optional
            Folder to save result and tables in, for :meth:`brief`; with the room on each day that the talks compare.
        **options
            Fields of :class:`ytterby.app.talks.request.NegotiateRequest`; the day as a date or YYYY-MM-DD.
        """
        from ytterby.app.files.talks import save_negotiation, save_talks
        from ytterby.app.talks.negotiate import concluded
        from ytterby.app.talks.negotiation import Negotiation
        from ytterby.app.talks.request import NegotiateRequest

        day = day_of(options.pop("as_of", None))
        named = tuple(parties.split(",")) if parties else ()
        options["each_day"] = options.get("each_day", False) or out is not None
        work = Negotiation(NegotiateRequest(parties=named, as_of=day, project=self.folder_for("negotiate"), **options))
        found = concluded(work)
        if out:
            save_talks(work, found, Path(out))
        if output:
            save_negotiation(work, found, Path(output), picture)
        return found

    def talks(self, name: str = "us-japan-2025") -> str:
        """Text of a talks file, to copy and change, as ``ytterby negotiate --show-talks`` prints it."""
        from ytterby.app.files.talks import talks_text

        return talks_text(name)

    def calendar(
        self,
        until: dt.date | str | None = None,
        on: dt.date | str | None = None,
        draft: str | Path | None = None,
        decision: str | None = None,
    ) -> CalendarResult:
        """Dated decisions ahead with their branches, as in ``ytterby calendar``; days as dates or YYYY-MM-DD.

        With ``draft`` the scenario of a decision, by default of the next one, is written to that file.
        """
        from ytterby.app.dates.calendar import calendar

        return calendar(day_of(until), day_of(on), Path(draft) if draft else None, decision, self.folder_for("calendar"))

    def cooperate(self, allies: str = "JP,US", **options: Any) -> AllianceResult:
        """What an alliance is worth and how it can be shared, as in ``ytterby cooperate``.

        Options as in :class:`ytterby.app.alliances.inputs.CooperateRequest`; parties as codes joined by commas.
        """
        from ytterby.app.alliances.cooperate import cooperate
        from ytterby.app.alliances.inputs import CooperateRequest
        from ytterby.app.result_faces import AllianceResult

        others = {name: tuple(options.pop(name).split(",")) for name in ("invite", "imitate") if options.get(name)}
        folder = self.folder_for("cooperate")
        return AllianceResult.of(cooperate(CooperateRequest(allies=tuple(allies.split(",")), project=folder, **options | others)))

    def __repr__(self) -> str:
        """One line: base year, size and the user's figures."""
        count = len(self.facts.user_ids)
        own = f", {count} figure{'s' * (count > 1)} of the user" if count else ""
        tables = f", tables changed: {', '.join(self.changed)}" if self.changed else ""
        sizes = f"{len(self.system.markets)} markets, {len(self.facts.table)} figures"
        return f"World({self.system.year}, {self.system.chain}, {sizes}{own}{tables})"

    def _repr_html_(self) -> str:
        rows = [(name, len(getattr(self.system, name))) for name in ("markets", "processes", "links", "demands")]
        return f"<b>World {self.system.year}</b>: " + ", ".join(f"{count} {name}" for name, count in rows)


def load(year: int = 2024, project: Path | str = ".ytterby", chain: str = RARE_EARTHS) -> World:
    """World of a base year; the user's figures in the project win over the packaged ones."""
    folder = Path(project)
    facts = load_facts(folder)
    return World(base_system(year, facts, folder, chain), facts, folder)
