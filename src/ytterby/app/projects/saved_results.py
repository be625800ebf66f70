"""Saved results: read back from the folders that plan, cooperate, negotiate and trade write with ``--out``, and made into pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ytterby.app.figures.cited_facts import cited_facts
from ytterby.bargain import NegotiationResult
from ytterby.cooperation import CooperationResult
from ytterby.economy.trade import TradeResult
from ytterby.errors import InputError
from ytterby.facts import load
from ytterby.given_files import first_fault, given_json
from ytterby.plan import PlanResult, shock_facts
from ytterby.store import write_bytes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.facts import Facts
    from ytterby.report.briefing import Briefing, ResultFrame
    from ytterby.result_model import ResultModel

PLAN, ALLIANCE, TALKS, DUTIES = "plan.json", "cooperation.json", "negotiation.json", "trade.json"
"""Files of a saved plan, of an alliance, of talks and of duties."""
MODELS: dict[str, tuple[str, type[Any]]] = {
    PLAN: ("plan", PlanResult),
    ALLIANCE: ("cooperate", CooperationResult),
    TALKS: ("negotiate", NegotiationResult),
    DUTIES: ("trade", TradeResult),
}
"""Command that writes each file, and what it holds."""
ASSUMED = "plan_assumption"
"""Quantity of the figures that plans rest on."""
SavedResult = PlanResult | CooperationResult | NegotiationResult | TradeResult


def is_saved(path: Path) -> bool:
    """Whether a path is a folder of a saved result, or its file."""
    return path.name in MODELS and path.is_file() or any((path / name).is_file() for name in MODELS)


def read_saved(path: Path) -> SavedResult:
    """Plan, alliance, talks or duties as they were saved.

    Raises
    ------
    InputError
        If the file cannot be read or is none that this program wrote.
    """
    file = path if path.is_file() else next(path / name for name in MODELS if (path / name).is_file())
    command, model = MODELS[file.name]
    unlike = f"is not what 'ytterby {command} --out' writes"
    try:
        found: SavedResult = model.model_validate(given_json(file, unlike))
    except ValidationError as error:
        raise InputError(f"{file}: {unlike} ({first_fault(error)}); save it again") from None
    return found


def save_json(found: ResultModel, folder: Path) -> None:
    """Write a result into a folder, under the name by which it is read back."""
    name = next(name for name, (_, model) in MODELS.items() if isinstance(found, model))
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / name, json.dumps(found.to_dict(), indent=2, ensure_ascii=False).encode())


@dataclass(frozen=True)
class SavedPages:
    """What a page is to be made of: plans, or one other result."""

    plans: tuple[PlanResult, ...] = ()
    other: CooperationResult | NegotiationResult | TradeResult | None = None

    @classmethod
    def of(cls, results: Iterable[SavedResult]) -> SavedPages:
        """Sort results.

        Raises
        ------
        InputError
            For several results that are no plans, or plans beside another result.
        """
        given = list(results)
        plans = tuple(found for found in given if isinstance(found, PlanResult))
        others = [found for found in given if not isinstance(found, PlanResult)]
        if len(others) > 1 or (others and plans):
            raise InputError(
                "a page is about plans, which stand side by side, or about one alliance, talks or duties; write one page for each"
            )
        return cls(plans, others[0] if others else None)

    def briefing(self, lang: str, project: Path, today: dt.date) -> Briefing:
        """Page in a language."""
        from ytterby.report.briefing import write_alliance, write_duties, write_plan, write_talks

        frame, found = self._frame(project, today), self.other
        if isinstance(found, NegotiationResult):
            return write_talks(found, frame, lang)
        if isinstance(found, TradeResult):
            return write_duties(found, frame, lang)
        return write_alliance(found, frame, lang) if found else write_plan(self.plans, frame, lang)

    def _frame(self, project: Path, today: dt.date) -> ResultFrame:
        from ytterby.report.briefing import ResultFrame

        facts = load(project)
        shocks = self._shocks(facts)
        names = {*self._behind(), *shocks} & {*facts.table.index}
        return ResultFrame(today, version("ytterby"), str(facts.as_of), cited_facts(facts, names), shocks)

    def _shocks(self, facts: Facts) -> tuple[str, ...]:
        """Figures behind paths of restrictions; none for pages that rest on no paths."""
        if isinstance(self.other, NegotiationResult | TradeResult):
            return ()
        assumed = facts.table.index[facts.table["quantity"] == ASSUMED]
        return tuple(name for name in dict.fromkeys((*shock_facts(), *assumed)) if name in facts.table.index)

    def _behind(self) -> set[str]:
        """Figures that the results name, or that the measures of their plans rest on."""
        from ytterby.report.briefing import measure_facts

        if isinstance(self.other, NegotiationResult):
            return {name for ids in self.other.facts.values() for name in ids}
        if isinstance(self.other, TradeResult):
            return {*self.other.facts}
        joint = self.other.portfolio if self.other else ()
        rows = [row.measure for row in joint]
        rows += [row.measure for plan in self.plans for row in plan.portfolio]
        rows += [row.measure for plan in self.plans for row in plan.pays_alone]
        recorded = [row.fact for plan in self.plans for row in plan.compared_with]
        recorded += [fact for row in (self.other.commitments if self.other else ()) for fact in row.facts]
        return {*measure_facts(rows), *recorded}
