"""Saved plans and alliances: read back from the folders that ``plan --out`` and ``cooperate --out`` write, and made into pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ytterby.app.cited_facts import cited_facts
from ytterby.cooperation import CooperationResult
from ytterby.errors import InputError
from ytterby.facts import load
from ytterby.plan import PlanResult, shock_facts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.report.briefing import Briefing, ResultFrame

PLAN, ALLIANCE = "plan.json", "cooperation.json"
"""Files of a saved plan and of a saved alliance."""
ASSUMED = "plan_assumption"
"""Quantity of the figures that plans rest on."""
SavedResult = PlanResult | CooperationResult


def is_saved(path: Path) -> bool:
    """Whether a path is a folder of a saved plan or alliance, or its file."""
    return path.name in (PLAN, ALLIANCE) and path.is_file() or any((path / name).is_file() for name in (PLAN, ALLIANCE))


def read_saved(path: Path) -> SavedResult:
    """Plan or alliance as it was saved.

    Raises
    ------
    InputError
        If the file cannot be read or is none that this program wrote.
    """
    file = path if path.is_file() else next(path / name for name in (PLAN, ALLIANCE) if (path / name).is_file())
    model: type[Any] = PlanResult if file.name == PLAN else CooperationResult
    try:
        found: SavedResult = model.model_validate(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0]
        command = "plan" if model is PlanResult else "cooperate"
        raise InputError(f"{file}: is not what 'ytterby {command} --out' writes ({told}); save it again") from None
    return found


@dataclass(frozen=True)
class SavedPages:
    """What a page is to be made of: plans, or one alliance."""

    plans: tuple[PlanResult, ...] = ()
    alliance: CooperationResult | None = None

    @classmethod
    def of(cls, results: Iterable[SavedResult]) -> SavedPages:
        """Sort results.

        Raises
        ------
        InputError
            For several alliances, or plans beside an alliance.
        """
        given = list(results)
        plans = tuple(found for found in given if isinstance(found, PlanResult))
        alliances = [found for found in given if isinstance(found, CooperationResult)]
        if len(alliances) > 1 or (alliances and plans):
            raise InputError("a page is about plans, which stand side by side, or about one alliance; write one page for each")
        return cls(plans, alliances[0] if alliances else None)

    def briefing(self, lang: str, project: Path, today: dt.date) -> Briefing:
        """Page in a language."""
        from ytterby.report.briefing import write_alliance, write_plan

        frame = self._frame(project, today)
        return write_alliance(self.alliance, frame, lang) if self.alliance else write_plan(self.plans, frame, lang)

    def _frame(self, project: Path, today: dt.date) -> ResultFrame:
        from ytterby.report.briefing import ResultFrame, measure_facts

        facts = load(project)
        joint = self.alliance.portfolio if self.alliance else ()
        rows = [row.measure for row in joint]
        rows += [row.measure for plan in self.plans for row in plan.portfolio]
        rows += [row.measure for plan in self.plans for row in plan.pays_alone]
        assumed = facts.table.index[facts.table["quantity"] == ASSUMED]
        shocks = tuple(name for name in dict.fromkeys((*shock_facts(), *assumed)) if name in facts.table.index)
        recorded = [row.fact for plan in self.plans for row in plan.compared_with]
        recorded += [fact for row in (self.alliance.commitments if self.alliance else ()) for fact in row.facts]
        names = {*measure_facts(rows), *shocks, *(name for name in recorded if name in facts.table.index)}
        return ResultFrame(today, version("ytterby"), str(facts.as_of), cited_facts(facts, names), shocks)
