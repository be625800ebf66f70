"""The user's own figures in a project, and how they replace packaged figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.facts import reference_tables, vocabulary
from ytterby.tables import read_frame

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

KEY = ("quantity", "element", "commodity", "region", "partner", "sector", "period")
"""Columns that identify what a figure measures; a user's row replaces packaged rows with the same key and unit."""

SITE_MARKS = ("site:", "deposit:", "holder:")
"""Prefixes in the scope of a figure about a single site; such rows are replaced by id only."""

REPLACED_COLUMNS = (
    "value",
    "low",
    "high",
    "unit",
    "edition",
    "source",
    "url",
    "licence",
    "kind",
    "source_status",
    "quality",
    "note",
    "origin",
)
"""Columns of a packaged row that a user's row replaces."""


def stamp(project: Path | None) -> tuple[tuple[str, int], ...]:
    """Names and modification times of the imported files."""
    folder = project / "facts" if project else None
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.csv.gz")))


def rows(project: Path) -> pd.DataFrame:
    """Imported rows of a project, indexed by id."""
    import pandas as pd

    paths = reference_tables.user_files("rows", project)
    if not paths:
        return pd.DataFrame(columns=["id"]).set_index("id")
    frames = [read_frame(path, vocabulary.NUMBERS).set_index("id") for path in paths]
    together = pd.concat(frames).assign(origin="user")
    return together[~together.index.duplicated(keep="last")]


def merge(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[pd.DataFrame, frozenset[str]]:
    """Packaged rows with the user's figures, and the ids of all figures that are the user's."""
    import pandas as pd

    if theirs.empty:
        return ours, frozenset()
    table = ours.copy()
    targets = replaced_ids(ours, theirs)
    for id_, ids in targets.items():
        table.loc[ids, list(REPLACED_COLUMNS)] = theirs.loc[id_, list(REPLACED_COLUMNS)].to_numpy()
    new = theirs.loc[theirs.index.difference(ours.index, sort=False), list(ours.columns)]
    touched = {id_ for ids in targets.values() for id_ in ids}
    return pd.concat([table, new]), frozenset(touched | set(theirs.index))


def is_domestic_chinese(scope: str) -> bool:
    """Whether a price is a domestic Chinese one with tax, not an export price."""
    return "inside China" in scope or "ex-works" in scope


def replaced_ids(ours: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, list[str]]:
    """Ids of the packaged rows that each user's row replaces: the row of the same id, else all editions of the figure."""
    open_rows = ours[~ours["scope"].str.contains("|".join(SITE_MARKS))]
    measured = [open_rows[name] for name in (*KEY, "unit")]
    groups = open_rows.groupby([*measured, open_rows["scope"].map(is_domestic_chinese)], sort=False).groups
    found: dict[str, list[str]] = {}
    for id_, row in theirs.iterrows():
        if id_ in ours.index:
            found[str(id_)] = [str(id_)]
            continue
        same = [str(name) for name in groups.get((*(row[name] for name in (*KEY, "unit")), is_domestic_chinese(row["scope"])), ())]
        if len(same) > 1 and row["quantity"] not in vocabulary.quantities_with("keyed"):
            same = [name for name in same if ours.loc[name, "scope"] == row["scope"]]
        if same:
            found[str(id_)] = same
    return found
