"""Loads the figures: one table of rows with source and range, and the reference tables.

``load()`` reads the packaged figures; in ``load(project)`` the figures imported by the user take precedence.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from ytterby.errors import DataGapError, FactError, UnknownNameError
from ytterby.facts import periods, reference_tables, user_figures, vocabulary
from ytterby.tables import read_frame

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

COLUMNS = (*(name for name in vocabulary.listed("columns") if name != "id"), "origin")
"""Columns of :attr:`Facts.table`, which is indexed by ``id``."""

CHANGED = "changed in this session"
"""Source of a figure that :meth:`Facts.with_values` changed."""
HELD_OUT_MARK = "held out: comparison only"


@dataclass(frozen=True)
class ExpiredState:
    """A temporary regime, such as a truce, whose end has passed without a later fact."""

    id: str
    subject: str
    end: dt.date
    description: str


@dataclass(frozen=True, eq=False)
class Facts:
    """All figures with their sources; immutable.

    Parameters
    ----------
    table : DataFrame
        Rows indexed by id with the columns :data:`COLUMNS`.
    extras : mapping of str to DataFrame
        Additional columns of some tables (``episode``, ``events``, ``baskets``, ``projects``, ``published``,
        ``disruptions``), indexed by id.
    user_ids : frozenset of str
        Ids of the user's figures: own rows and packaged rows that they replaced.
    project : Path, optional
        Project folder whose imported tables take precedence.
    user_rows : int
        Number of rows imported by the user.
    """

    table: pd.DataFrame
    extras: Mapping[str, pd.DataFrame] = field(repr=False)
    user_ids: frozenset[str] = frozenset()
    project: Path | None = None
    user_rows: int = 0

    def __repr__(self) -> str:
        """One line: how many figures, and how many of them are the user's."""
        return f"Facts({len(self.table)} figures, {len(self.user_ids)} of the user)"

    def row(self, id: str) -> pd.Series:
        """Row of a figure.

        Raises
        ------
        UnknownNameError
            If there is no figure with this id.
        """
        if id not in self.table.index:
            raise UnknownNameError("fact", id, self.table.index)
        row: pd.Series = self.table.loc[id]  # type: ignore[assignment]
        return row

    def value(self, id: str) -> float:
        """Figure of a row, in the row's unit.

        Raises
        ------
        DataGapError
            If the row has text but no number.
        """
        row = self.row(id)
        if math.isnan(row["value"]):
            raise DataGapError(f"fact {id} has no number: {row['scope']} {row['note']}".strip())
        return float(row["value"])

    def range(self, id: str) -> tuple[float, float]:
        """Low and high end of a figure; the value where the source gives no bound."""
        row, value = self.row(id), self.value(id)
        low, high = (value if math.isnan(row[bound]) else float(row[bound]) for bound in ("low", "high"))
        return low, high

    def with_values(self, changes: Mapping[str, float | tuple[float, float, float]]) -> Facts:
        """Copy in which some figures are the user's, for this session only.

        Parameters
        ----------
        changes : mapping of str to float or (value, low, high)
            New figures by id, in the row's unit. A number alone keeps the relative range of the row; a row without one is taken as exact.

        Raises
        ------
        UnknownNameError
            If there is no figure with an id.
        DataGapError
            If a row has text but no number.
        FactError
            If a figure lies outside of its range, or is no number.
        """
        table = self.table.copy()
        for id_, given in changes.items():
            value, low, high = given if isinstance(given, tuple) else self._scaled(id_, given)
            self.value(id_)
            if not low <= value <= high:
                raise FactError(f"fact {id_}: value {value:g} is outside of its range {low:g} to {high:g}")
            table.loc[id_, ["value", "low", "high"]] = [value, low, high]
            table.loc[id_, ["kind", "source", "source_status", "origin"]] = ["assumed", CHANGED, "user", "user"]
        return replace(self, table=table, user_ids=self.user_ids | set(changes), user_rows=self.user_rows + len(changes))

    def _scaled(self, id_: str, value: float) -> tuple[float, float, float]:
        """Figure with the range of its row, relative to the row's value."""
        before, ends = self.value(id_), self.range(id_)
        if not math.isfinite(value):
            raise FactError(f"fact {id_}: {value} is no number")
        low, high = (value * end / before if before else value for end in ends)
        return value, min(low, high), max(low, high)

    def select(self, **columns: object) -> pd.DataFrame:
        """Rows whose columns equal the given values (a list means any of them), in the order of the table."""
        found = self.table
        for name, wanted in columns.items():
            if name not in found.columns:
                raise UnknownNameError("column of the facts", name, found.columns)
            among = list(wanted) if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
            found = found[found[name].isin(among)]
        return found

    def _with_extras(self, name: str) -> pd.DataFrame:
        extra = self.extras[name]
        return self.table.loc[extra.index].join(extra)

    def episode(self) -> pd.DataFrame:
        """Rows of the quota crisis 2009-2015 with ``what``, ``place``, ``date_or_period``, ``target``, ``fit_until_2011_03``.

        ``target`` is ``fit`` or ``judge``, or empty for context.
        """
        return self._with_extras("episode")

    def events(self) -> pd.DataFrame:
        """Dated events and base-year figures 2020-2026 with ``what``, ``place``, ``date_start`` and ``date_end`` (ISO)."""
        return self._with_extras("events")

    def baskets(self) -> pd.DataFrame:
        """Share of each oxide [% of TREO] by deposit, with ``deposit``, ``ore_type``, ``status``, ``oxide`` and ``complete``."""
        return self._with_extras("baskets")

    def published(self) -> pd.DataFrame:
        """Results of published models, for comparison, with ``what`` and ``place``."""
        return self._with_extras("published")

    def disruptions(self) -> pd.DataFrame:
        """Recorded disruptions of supply 1995-2022 with ``event``, ``what_missing``, ``users`` and ``what`` (was observed)."""
        return self._with_extras("disruptions")

    def projects(self) -> pd.DataFrame:
        """US-Japan and allied projects with ``project``, ``stage``, ``partners``, ``start``, ``capex`` and more."""
        return self._with_extras("projects")

    def trade(self) -> pd.DataFrame:
        """BACI flows of rare earths 1995-2024: ``year, hs, exporter, importer, value_kusd, quantity_t``.

        Countries are ISO alpha-2 (``XX`` unknown), values thousand USD FOB, weights tonnes, NaN where none was declared.
        """
        return reference_tables.read("trade", self.project)

    def minerals_trade(self) -> pd.DataFrame:
        """BACI flows of twenty other critical-mineral headings from 10,000 USD upwards, columns as :meth:`trade`."""
        return reference_tables.read("minerals_trade", self.project)

    def governance(self) -> pd.DataFrame:
        """Political stability by ``country`` and ``year``: ``estimate`` [-2.5..2.5], ``risk`` [0..1], ``vintage``.

        Data of two vintages are joined between 2022 and 2023; a step between these years is an artefact.
        """
        return reference_tables.read("governance", self.project)

    def gdp(self) -> pd.DataFrame:
        """GDP by ``country`` and ``year`` [current USD]."""
        return reference_tables.read("gdp", self.project)

    def industry(self) -> pd.DataFrame:
        """Value added of industry with mining and construction by ``country`` and ``year`` (2009, 2015-2023): ``percent`` of GDP."""
        return reference_tables.read("industry", self.project)

    def io_us(self) -> pd.DataFrame:
        """US input-output accounts of 2024: ``table, row, column, value`` [M USD or coefficient]."""
        return reference_tables.read("io_us", self.project)

    def countries(self) -> pd.DataFrame:
        """Country codes and names: ``iso2, iso3, numeric, name, name_un``."""
        return reference_tables.read("countries", self.project)

    def us_trade(self) -> pd.DataFrame:
        """Trade of the United States: ``flow, year, group, treatment, partner, value_usd, duty_usd``.

        Imports for consumption at customs value with calculated duties, exports free alongside ship.
        """
        return reference_tables.read("us_trade", self.project)

    def us_preferences(self) -> pd.DataFrame:
        """Share of US imports from Canada and Mexico that claimed their agreement: ``group, treatment, partner, share``."""
        return reference_tables.read("us_preferences", self.project)

    def world_map(self) -> dict[str, object]:
        """Country outlines as TopoJSON (Natural Earth, 110m); geometry ids are ISO numeric codes."""
        return reference_tables.world_map()

    def io_tables(self) -> dict[str, pd.DataFrame]:
        """Full input-output tables that the user imported, by name such as ``oecd-JP-2018``: ``row, column, value`` [M USD]."""
        return reference_tables.io_tables(self.project)

    @property
    def user_statement(self) -> str:
        """Sentence on the user's figures for results; empty if there are none."""
        tables = reference_tables.user_tables(self.project)
        said = [f"{self.user_rows} rows"] * bool(self.user_rows) + [f"tables {', '.join(tables)}"] * bool(tables)
        return f"user figures used: {'; '.join(said)}" if said else ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all figures: rows, additional columns, packaged and imported tables."""
        from pandas.util import hash_pandas_object

        total = hashlib.sha256(reference_tables.digest(self.project).encode())
        for name, frame in (("", self.table), *sorted(self.extras.items(), key=lambda item: item[0])):
            total.update(f"{name} {' '.join(frame.columns)}".encode())
            total.update(hash_pandas_object(frame).to_numpy().tobytes())
        total.update(" ".join(sorted(self.user_ids)).encode())
        return total.hexdigest()

    @cached_property
    def as_of(self) -> dt.date:
        """Start of the period of the newest observation: price, flow, output or event."""
        seen = self.table[self.table["quantity"].isin(periods.OBSERVATIONS) & (self.table["kind"] != "assumed")]
        starts = (periods.start(text) for text in seen["period"] if len(text) > 4)
        return max(day for day in starts if day)

    def outcome_after(self, day: dt.date = periods.CONTROLS_OF_2025) -> frozenset[str]:
        """Ids of prices and volumes observed after a day, which must not enter a calibration."""
        pairs = zip(self.table.index, self.table["quantity"], self.table["period"], strict=True)
        return frozenset(id_ for id_, quantity, period in pairs if periods.is_outcome(quantity, period, day))

    def held_out(self) -> frozenset[str]:
        """Ids of country shares used for comparison only, never as inputs."""
        return frozenset(self.table.index[self.table["scope"].str.contains(HELD_OUT_MARK, regex=False)])

    def expired_states(self, today: dt.date) -> list[ExpiredState]:
        """Temporary regimes whose end has passed without a later fact.

        A user's row with ``state: SUBJECT`` in its scope whose period starts on or after the end is a later fact.
        """
        return [state for state, followed in _states() if state.end < today and not followed and not self._continued(state)]

    def _continued(self, state: ExpiredState) -> bool:
        rows = self.table[self.table["scope"].str.contains(f"state: {state.subject}", regex=False)]
        days = (periods.start(text) for text in rows["period"])
        return any(day is not None and day >= state.end for day in days)


@cache
def _states() -> tuple[tuple[ExpiredState, str], ...]:
    """Temporary regimes, each with the ids of the facts that followed it."""
    rows = vocabulary.listed("states").values()
    return tuple(
        (ExpiredState(row["id"], row["subject"], dt.date.fromisoformat(row["end"]), row["description"]), row["followed_by"]) for row in rows
    )


@cache
def _shipped() -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """All packaged rows, and the additional columns by table."""
    import pandas as pd

    parts, extras = [], {}
    for path in sorted((files("ytterby.facts") / "data" / "tables").iterdir(), key=lambda item: item.name):
        if path.name in vocabulary.NOT_FIGURES:
            continue
        frame = read_frame(path, vocabulary.NUMBERS).set_index("id").assign(origin=path.name.removesuffix(".csv"))
        more = [name for name in frame.columns if name not in COLUMNS]
        if more:
            extras[path.name.removesuffix(".csv")] = frame[more]
        parts.append(frame[list(COLUMNS)])
    return pd.concat(parts), extras


def load(project: Path | None = None) -> Facts:
    """All figures; the user's imported rows replace packaged ones of the same id or the same quantity, place and period.

    Parameters
    ----------
    project : Path, optional
        Project folder; its folder ``facts`` has the figures imported by ``ytterby facts import``.
    """
    stamp = user_figures.stamp(project)
    return _load(project if stamp else None, stamp)


@cache
def _load(project: Path | None, stamp: tuple[tuple[str, int], ...]) -> Facts:
    table, extras = _shipped()
    if project is None:
        return Facts(table, extras)
    given = user_figures.rows(project)
    merged, ids = user_figures.merge(table, given)
    return Facts(merged, extras, ids, project, len(given))
