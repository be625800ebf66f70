"""The Python face of the commands that answer from a project: one method for each, under the command's name where it is free."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from ytterby.app.articles.review import ReviewResult
    from ytterby.app.candidates.candidate_measures import CandidateList, CandidateRow
    from ytterby.app.candidates.recipes import RecipeList
    from ytterby.app.figures.facts import CheckResult, FigureDetail, FigureList, ImportResult
    from ytterby.app.network.chain import ChainResult
    from ytterby.app.network.import_history import ImportHistory
    from ytterby.app.projects.project import ProjectResult
    from ytterby.app.records.episodes import Backtest
    from ytterby.app.records.forecasts import FrozenForecasts
    from ytterby.app.records.hazard import HazardResult
    from ytterby.app.records.rivals import RivalsResult
    from ytterby.app.runs.compare import CompareResult
    from ytterby.app.runs.export import ExportResult
    from ytterby.app.runs.nowcast import NowcastResult
    from ytterby.app.runs.screen import ScreenResult
    from ytterby.app.scenario_files.scenarios import MeasureList, ScenarioDetail, ScenarioList
    from ytterby.economy.trade import TradeResult
    from ytterby.ensembles import ExplorationResult, MeasureComparison
    from ytterby.evidence import ArchiveResult, ClaimScores, ReadingResult
    from ytterby.exposure import ExposureResult, PartsResult
    from ytterby.scenario import Scenario
    from ytterby.system import System
    from ytterby.validation import CalibrationRecord, ForecastScores


def day_of(value: dt.date | str | None) -> dt.date | None:
    """Date of an ISO text.

    Raises
    ------
    InputError
        If there is no such day.
    """
    if not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"'{value}' is no date such as 2026-11-10: {error}") from None


class ProjectQuestions:
    """What the commands answer from the figures of a project; results are frozen models, ``table(NAME)`` of them gives pandas."""

    system: System
    project: Path
    changed: tuple[str, ...]
    changed_figures: tuple[str, ...]

    def folder_for(self, method: str) -> Path:
        """Project folder, for a method that reads the figures of the project anew.

        Raises
        ------
        InputError
            If figures or tables of this world were changed in the session: the method would not see them.
        """
        changed = (*self.changed_figures, *self.changed)
        if changed:
            raise InputError(
                f"{method}: reads the figures of the project and would not see what was changed here ({', '.join(changed[:5])}); "
                "import the figures into a project and load that, or use simulate and exposure"
            )
        return self.project

    def chain(self, element: str | None = None, at: dt.date | str | None = None, path: str | None = None) -> ChainResult:
        """Balance and residuals of the base, as in ``ytterby chain``; ``at`` rolls it forward to a day, by a path of demand."""
        from ytterby.app.network.chain import chain

        return chain(self.system.year, self.folder_for("chain"), element, self.system.chain, day_of(at), path)

    def screen(self, scenario: str | Path, draws: int = 10_000, seed: int = 1, *, double: bool = False, **options: Any) -> ScreenResult:
        """Outcomes of very many draws, as in ``ytterby screen``; further options as in :func:`ytterby.app.runs.screen.screen`."""
        from ytterby.app.runs.screen import screen

        folder = self.folder_for("screen")
        return screen(scenario, draws, seed=seed, precision="float64" if double else "float32", project=folder, **options)

    def compare(self, run_a: str | Path, run_b: str | Path) -> CompareResult:
        """What is different in a second run, as in ``ytterby compare``; runs as folders or names in the project."""
        from ytterby.app.runs.compare import compare

        return compare(run_a, run_b, self.project)

    def export(self, run: str | Path, out: str | Path) -> ExportResult:
        """Write results of a run as ``.parquet``, ``.csv``, ``.xlsx`` or ``.nc``, as in ``ytterby export``."""
        from ytterby.app.runs.export import export

        return export(run, Path(out), self.project)

    def explore(
        self,
        run: str | Path,
        outcome: str | None = None,
        above: float | None = None,
        below: float | None = None,
        against: str | Path | None = None,
    ) -> ExplorationResult:
        """Where the draws of a run get bad and which facts to ask for, as in ``ytterby explore``."""
        from ytterby.app.runs.explore import explore
        from ytterby.ensembles import HEADLINE

        return explore(run, outcome=outcome or HEADLINE, above=above, below=below, against=against, project=self.project)

    def read_archive(self, *paths: str | Path, out: str | Path, workers: int = 1) -> ArchiveResult:
        """Read an archive too large for memory into a folder, as in ``ytterby read --out``."""
        from ytterby.app.articles.read import read_archive

        return read_archive([Path(path) for path in paths], Path(out), workers=workers)

    def score_reading(self, reading: ReadingResult, gold: str | Path) -> ClaimScores:
        """Scores of a reading against claims marked by hand, as in ``ytterby read --score``."""
        from ytterby.app.articles.read import score_reading

        return score_reading(reading, Path(gold))

    def review(self, target: str, verdict: str, by: str = "", why: str = "", corrections: Mapping[str, str] | None = None) -> ReviewResult:
        """Keep a person's judgement of a claim or event, as in ``ytterby review``; it holds for readings from then on."""
        from ytterby.app.articles.review import review

        return review(target, verdict, project=self.project, by=by, why=why, correction=corrections)

    def backtest(self, episode: str, draws: int = 100, seed: int = 1, plots: str | Path | None = None) -> Backtest:
        """Scores of a replayed episode of history, as ``ytterby backtest --json``; charts are written into a folder ``plots``.

        Raises
        ------
        UnknownNameError
            If there is no such episode.
        InputError
            If charts are asked for and the episode has none.
        """
        from ytterby.app.records.episodes import episode_of

        chosen = episode_of(episode)
        if plots and chosen.write_plots is None:
            raise InputError(f"{episode} has no charts: plots does not apply")
        found = chosen.score(episode, draws=draws, seed=seed, project=self.folder_for("backtest"), progress=None)
        if plots and chosen.write_plots:
            chosen.write_plots(found, Path(plots))
        return found

    def calibrate(self, episode: str, draws: int, out: str | Path, seed: int = 1) -> CalibrationRecord:
        """Fit what an episode teaches anew with so many simulations, as in ``ytterby backtest --calibrate``.

        Raises
        ------
        UnknownNameError
            If there is no such episode.
        InputError
            If nothing is fitted to it.
        """
        from ytterby.app.records.episodes import episode_of

        chosen = episode_of(episode)
        if chosen.recalibrate is None:
            raise InputError(f"nothing is fitted to {episode}")
        return chosen.recalibrate(episode, draws, seed, Path(out), None)

    def freeze_forecasts(
        self, draws: int = 200, seed: int = 1, *, episodes: bool = False, out: str | Path | None = None
    ) -> FrozenForecasts:
        """Dated statements with probabilities, written to a file, as in ``ytterby forecasts freeze``."""
        from ytterby.app.records.forecasts import freeze

        folder = self.folder_for("freeze_forecasts")
        return freeze(draws=draws, seed=seed, episodes=episodes, project=folder, out=Path(out) if out else None)

    def score_forecasts(self, observed: str | Path, frozen: str | Path | None = None, holds: str | None = None) -> ForecastScores:
        """Scores of frozen statements against customs figures, as in ``ytterby forecasts score``."""
        from ytterby.app.records.forecasts import score

        return score(Path(observed), frozen=Path(frozen) if frozen else None, holds=holds)

    def nowcast(self, run: str | Path, observed: str | Path) -> NowcastResult:
        """A run weighted anew by observed monthly figures, as in ``ytterby nowcast``."""
        from ytterby.app.runs.nowcast import nowcast

        return nowcast(Path(run), Path(observed), project=self.project)

    def hazard(  # noqa: PLR0913
        self,
        country: str = "any",
        family: str = "any",
        kind: str = "any",
        target: str = "any",
        years: int = 5,
        until: dt.date | str | None = None,
        seed: int = 1,
    ) -> HazardResult:
        """Probability of a new export restriction within some years, as in ``ytterby hazard``."""
        from ytterby.app.records.hazard import hazard

        return hazard(country, family, kind, target, years, day_of(until), seed, self.folder_for("hazard"))

    def rivals(self, region: str = "JP") -> RivalsResult:
        """Loss from a one-year stop beside published estimates, as in ``ytterby rivals``."""
        from ytterby.app.records.rivals import rivals

        return rivals(region, self.folder_for("rivals"))

    def scenarios(self, lang: str = "en") -> ScenarioList:
        """Bundled scenarios, as in ``ytterby scenarios``."""
        from ytterby.app.scenario_files.scenarios import list_scenarios

        return list_scenarios(lang)

    def scenario(self, scenario: str | Path, lang: str = "en") -> ScenarioDetail:
        """Measures, dates and draws of a scenario, as in ``ytterby scenarios NAME``."""
        from ytterby.app.scenario_files.scenarios import show_scenario

        return show_scenario(str(scenario), lang)

    def measures(self) -> MeasureList:
        """Kinds of measures with their keys, as in ``ytterby measures``."""
        from ytterby.app.scenario_files.scenarios import list_measures

        return list_measures()

    def candidates(self, party: str = "", stage: str = "", kind: str = "", as_of: str = "", lang: str = "en") -> CandidateList:
        """Measures that parties may pay for, as in ``ytterby measures --candidates``."""
        from ytterby.app.candidates.candidate_measures import list_candidates

        return list_candidates(self.folder_for("candidates"), party, stage, kind, as_of, lang)

    def candidate(self, name: str, party: str = "", lang: str = "en") -> CandidateRow:
        """All figures of one measure that parties may pay for, as in ``ytterby measures --candidates NAME``."""
        from ytterby.app.candidates.candidate_measures import show_candidate

        return show_candidate(name, self.folder_for("candidate"), party, lang)

    def recipes(self) -> RecipeList:
        """Recipes that a project may name, as in ``ytterby measures --recipes``."""
        from ytterby.app.candidates.recipes import list_recipes

        return list_recipes(self.system.year, self.folder_for("recipes"), self.system.chain)

    def compare_measures(
        self, kinds: Sequence[str], scenario: str | Path | Scenario, draws: int | None = None, seed: int = 1, party: str | None = None
    ) -> MeasureComparison:
        """What kinds of measures and all together do to prices in a scenario, as in ``ytterby measures --compare``."""
        from ytterby.app.candidates.compare_measures import DRAWS, measure_comparison
        from ytterby.app.exposures.exposure import DEFAULT_IMPORTER

        size, folder = DRAWS if draws is None else draws, self.folder_for("compare_measures")
        return measure_comparison(tuple(kinds), scenario, size, seed, folder, party=party or DEFAULT_IMPORTER)

    def figures(self, text: str = "", **filters: str) -> FigureList:
        """Figures of the project, as in ``ytterby facts list``: ``figures(quantity="price", element="Dy").table("facts")``."""
        from ytterby.app.figures.facts import list_facts

        return list_facts(self.folder_for("figures"), text, **filters)

    def figure(self, fact_id: str) -> FigureDetail:
        """One figure with source, range and alternatives, as in ``ytterby facts show``."""
        from ytterby.app.figures.facts import show_fact

        return show_fact(fact_id, self.folder_for("figure"))

    def check_figures(self, folder: str | Path | None = None, *, unusual: bool = False) -> CheckResult:
        """Faults of the packaged figures, or of a folder or file of rows, as in ``ytterby facts check``."""
        from ytterby.app.figures.facts import check

        return check(Path(folder) if folder else None, unusual=unusual)

    def import_figures(self, folder: str | Path, *, unusual: bool = False, show_effect: bool = False) -> ImportResult:
        """Import figures into the project, as in ``ytterby facts import``; this world stays as it is, ``yt.load`` gives one with them."""
        from ytterby.app.figures.facts import import_figures

        return import_figures(Path(folder), self.project, unusual=unusual, measured=show_effect)

    def history(self, importers: Iterable[str] | None = None, supplier: str = "CN") -> ImportHistory:
        """Direct and traced shares of a supplier in imports 1995-2024, as in ``ytterby exposure --history``."""
        from ytterby.app.network.import_history import history

        return history(importers, supplier, self.folder_for("history"))

    def geopolrisk(self, importers: Iterable[str], years: Iterable[int]) -> pd.DataFrame:
        """GeoPolRisk of importers and years, see :func:`ytterby.app.exposures.geopolrisk_scores.geopolrisk`."""
        from ytterby.app.exposures.geopolrisk_scores import geopolrisk

        return geopolrisk(importers, years, self.folder_for("geopolrisk"))

    def parts_template(self, path: str | Path, lang: str = "en") -> None:
        """Write a list of parts to fill in, ``.xlsx`` or ``.csv``, as in ``ytterby exposure --bom-template``."""
        from ytterby.app.files.exposure import save_template

        save_template(Path(path), lang)

    def save(self, found: ExposureResult | PartsResult | ImportHistory | TradeResult, path: str | Path, lang: str = "en") -> Path:
        """Write an exposure, parts, a history of imports or duties to a file, as the commands do by ``-o``.

        Parameters
        ----------
        found : result of :meth:`exposure`, :meth:`parts`, :meth:`history` or :meth:`trade`
        path : str or Path
            Its ending says what is written: page (``.html``), workbook (``.xlsx``), table (``.csv``), picture (``.svg``).
        lang : str
            Language of pages.

        Raises
        ------
        InputError
            If such a result is not written with that ending.
        """
        from ytterby.app.files.results import save_result

        return save_result(found, Path(path), lang, self.project)

    def project_info(self) -> ProjectResult:
        """What the project folder holds, as in ``ytterby project info``."""
        from ytterby.app.projects.project import project_info

        return project_info(self.project)

    def project_clean(self) -> ProjectResult:
        """Free what can be made again, as in ``ytterby project clean``."""
        from ytterby.app.projects.project import project_clean

        return project_clean(self.project)

    def project_examples(self, into: str | Path = ".") -> Path:
        """Write the files that the pages of the documentation use, as in ``ytterby project examples``; returns their folder."""
        from ytterby.app.projects.examples import project_examples

        return project_examples(Path(into))
