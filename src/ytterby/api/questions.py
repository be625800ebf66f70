"""The questions that are answered at once: each is named as its command, and gives the result model of its use case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from ytterby import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.api.answers import RecentAnswers
    from ytterby.api.settings import Settings
    from ytterby.result_model import ResultModel

    R = TypeVar("R", bound=ResultModel)

RARE_EARTHS = "rare-earths"


def today() -> dt.date:
    """The day, in UTC, as everywhere in the program."""
    return dt.datetime.now(dt.UTC).date()


class Questions:
    """Questions about figures, base, law, dates and measures; answers are kept by the state of the project."""

    settings: Settings
    answers: RecentAnswers

    def asked(self, name: str, arguments: tuple[object, ...], make: Callable[[], R]) -> R:
        """The kept answer to a question about figures and articles as they are now, or a new one."""
        state = app.project_state(self.settings.project)
        return self.answers.get((name, arguments, state.figures, state.articles), make)

    def listed(self, name: str, make: Callable[[], R]) -> R:
        """The kept answer to a question about what the project holds now, or a new one."""
        return self.answers.get((name, app.project_state(self.settings.project).files), make)

    def chain(
        self,
        year: int | None = None,
        element: str | None = None,
        chain: str = RARE_EARTHS,
        at: dt.date | None = None,
        path: str | None = None,
    ) -> app.ChainResult:
        """Balance and shares of a base system, as ``ytterby chain``."""
        year = self._year(year, chain)
        return self.asked(
            "chain", (year, element, chain, at, path), lambda: app.chain(year, self.settings.project, element, chain, at, path)
        )

    def exposure(
        self,
        importer: str = "JP",
        element: str | None = None,
        year: int | None = None,
        without: str | None = None,
        chain: str | None = None,
        on: dt.date | None = None,
    ) -> app.ExposureResult:
        """Where an importer is exposed, as ``ytterby exposure``; `on` is the day of the controls on the goods."""
        chain = chain or app.minerals_of(element)
        year, day = self._year(year, chain), on or today()
        return self.asked(
            "exposure",
            (importer, element, year, without, chain, day),
            lambda: app.exposure(importer, year, element, self.settings.project, without, chain, on=day),
        )

    def flows(self, element: str = "Dy", year: int | None = None) -> app.FlowsResult:
        """Output and flows by region: of an element in the base year, else of all rare earths by customs records."""
        base, project = self.settings.base_year, self.settings.project
        year = base if year is None else year
        if year != base:
            return self.asked("customs_flows", (year,), lambda: app.customs_flows(year, project))
        return self.asked("flows", (element, year), lambda: app.flows(element, year, project))

    def history(self, importers: tuple[str, ...] | None = None, supplier: str = "CN") -> app.ImportHistory:
        """Shares of a supplier in imports since 1995, as ``ytterby exposure --history``."""
        return self.asked("history", (importers, supplier), lambda: app.history(importers, supplier, self.settings.project))

    def controls(
        self,
        on: dt.date | None = None,
        material: str | None = None,
        hs: str | None = None,
        by: str | None = None,
        since: dt.date | None = None,
    ) -> app.ControlsResult:
        """Goods under export controls and duties on a day, as ``ytterby controls``."""
        day = on or today()
        return self.asked(
            "controls", (day, material, hs, by, since), lambda: app.controls(day, material, hs, by, since, self.settings.project)
        )

    def calendar(self, until: dt.date | None = None, on: dt.date | None = None) -> app.CalendarResult:
        """Dated decisions ahead of a day, as ``ytterby calendar``."""
        day = on or today()
        return self.asked("calendar", (until, day), lambda: app.calendar(until, day, None, None, self.settings.project))

    def dates(self, on: dt.date | None = None) -> app.CalendarResult:
        """Dated decisions ahead of a day, without what waiting for them costs, which takes a second."""
        day = on or today()
        return self.asked("dates", (day,), lambda: app.calendar(None, day, None, None, self.settings.project, costs=False))

    def watch(self, on: dt.date | None = None, party: str = "") -> app.WatchResult:
        """What became of promises, as ``ytterby watch``."""
        day = on or today()
        return self.asked("watch", (day, party), lambda: app.watch(self.settings.project, on=day, party=party))

    def facts(self, text: str = "", offset: int = 0, limit: int | None = None, **filters: str | None) -> app.FigureList:
        """Figures by a search in their words and by columns, as ``ytterby facts list``; `count` and `kinds` are those of all found."""
        given = tuple(sorted((name, value) for name, value in filters.items() if value))
        end = None if limit is None else offset + limit
        project = self.settings.project
        return self.asked("facts", (text, given, offset, end), lambda: app.facts_page(project, text, dict(given), offset, end))

    def figure(self, id_: str) -> app.FigureDetail:
        """One figure with its source and alternatives, as ``ytterby facts show``."""
        day = today()
        return self.asked("figure", (id_, day), lambda: app.show_fact(id_, self.settings.project, day))

    def measures(self) -> app.MeasureList:
        """Kinds of measures with their keys, as ``ytterby measures``."""
        return self.asked("measures", (), app.list_measures)

    def recipes(self, year: int | None = None, chain: str = RARE_EARTHS) -> app.RecipeList:
        """Recipes that a project may name, as ``ytterby measures --recipes``."""
        year = self._year(year, chain)
        return self.asked("recipes", (year, chain), lambda: app.list_recipes(year, self.settings.project, chain))

    def candidates(self, party: str = "", stage: str = "", kind: str = "", as_of: str = "", lang: str = "en") -> app.CandidateList:
        """Measures that parties may pay for, as ``ytterby measures --candidates``."""
        given = (party, stage, kind, as_of, lang)
        return self.asked("candidates", given, lambda: app.list_candidates(self.settings.project, *given))

    def candidate(self, name: str, party: str = "", lang: str = "en") -> app.CandidateRow:
        """All figures of a measure that parties may pay for."""
        return self.asked("candidate", (name, party, lang), lambda: app.show_candidate(name, self.settings.project, party, lang))

    def hazard(  # noqa: PLR0913, PLR0917
        self,
        country: str = "any",
        family: str = "any",
        kind: str = "any",
        target: str = "any",
        years: int = 5,
        until: dt.date | None = None,
        seed: int = 1,
    ) -> app.HazardResult:
        """Probability of a new export restriction, as ``ytterby hazard``; kept beyond the server, since it takes seconds."""
        given, project = (country, family, kind, target, years, until, seed), self.settings.project
        digest = app.answer_digest("hazard page", app.project_state(project).figures, *map(str, given))
        return self.asked("hazard", given, lambda: app.kept_answer(digest, project, app.HazardResult, lambda: app.hazard(*given, project)))

    def rivals(self, region: str = "JP") -> app.RivalsResult:
        """Loss from a one-year stop beside published estimates, as ``ytterby rivals``."""
        return self.asked("rivals", (region,), lambda: app.rivals(region, self.settings.project))

    def _year(self, year: int | None, chain: str) -> int | None:
        """Base year: that of the server for rare earths, of another chain its newest."""
        if year is not None:
            return year
        return self.settings.base_year if chain == RARE_EARTHS else app.newest_base_year(chain)
