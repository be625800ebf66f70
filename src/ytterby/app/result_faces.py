"""Plans and alliances in Python: the results of the use cases with their pictures and arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ytterby.cooperation import CooperationResult
from ytterby.errors import UnknownNameError
from ytterby.plan import PlanResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import xarray as xr

    from ytterby.report.briefing import Chart, CitedWriter


@dataclass(frozen=True)
class Picture:
    """A chart of the briefing for a notebook; ``save`` writes it as SVG."""

    chart: Chart

    @property
    def svg(self) -> str:
        """SVG with its words for screen readers."""
        return self.chart.svg.markup(self.chart.alt)

    def save(self, path: Path | str) -> Path:
        """Write the picture as SVG, whole or not at all."""
        from ytterby.store import write_bytes

        file = Path(path)
        write_bytes(file, self.svg.encode())
        return file

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        """The words of the picture."""
        return f"Picture({self.chart.title}: {self.chart.alt})"


def _picture(known: Mapping[str, Callable[[CitedWriter], Chart | None]], kind: str, lang: str) -> Picture:
    """Picture of a kind.

    Raises
    ------
    UnknownNameError
        If the result has no such picture.
    """
    import datetime as dt

    from ytterby.report.briefing import ResultFrame

    writer = ResultFrame(dt.date.min).writer(lang)
    if kind in known and (chart := known[kind](writer)):
        return Picture(chart)
    raise UnknownNameError("picture", kind, [name for name, draw in known.items() if draw(writer)])


class PlannedResult(PlanResult):
    """A plan with its pictures, and its tables as arrays."""

    @classmethod
    def of(cls, found: PlanResult) -> Self:
        """The plan with these methods."""
        return cls.model_construct(found.model_fields_set, **dict(found))

    def plot(self, kind: str = "curve", *others: PlanResult, lang: str = "en") -> Picture:
        """Picture of the plan as in its page.

        Parameters
        ----------
        kind : str
            ``curve`` (by budget), ``near`` (ranges of plans nearly as good), ``spending`` (by group and year), or ``promise``.
        *others : PlanResult
            Plans beside this one, in ``curve`` and ``promise``.
        lang : str
            Language of the words.

        Raises
        ------
        UnknownNameError
            If the plan has no such picture.
        """
        from ytterby.report.briefing import plan_pictures

        return _picture(plan_pictures((self, *others)), kind, lang)

    def to_xarray(self) -> xr.Dataset:
        """The curve over ``budget``, accounts over ``party`` and ``year``, public money over ``group`` and ``year`` [USD]."""
        import xarray as xr

        curve = self.table("curve").set_index("budget").add_prefix("curve_")
        accounts = self.table("accounts").set_index(["party", "year"])
        money = self.table("spending").set_index(["group", "year"]).rename(columns={"public_usd": "spending_usd"})
        return xr.merge([table.to_xarray() for table in (curve, accounts, money) if len(table)], join="outer").assign_attrs(
            parties="+".join(self.parties), units="USD of 2024"
        )


class AllianceResult(CooperationResult):
    """What an alliance is worth, with its pictures."""

    @classmethod
    def of(cls, found: CooperationResult) -> Self:
        """The answer with these methods."""
        return cls.model_construct(found.model_fields_set, **dict(found))

    def plot(self, kind: str = "parts", lang: str = "en") -> Picture:
        """Picture as in the page: ``parts`` (where the worth comes from), ``shares``, ``growth`` or ``spillover``.

        Raises
        ------
        UnknownNameError
            If the answer has no such picture.
        """
        from ytterby.report.briefing import alliance_pictures

        return _picture(alliance_pictures(self), kind, lang)
