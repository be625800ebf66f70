"""The user's own figures: where they lie in a project and how they win over ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.facts import reference_tables, schema
from ytterby.tables import read_frame

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

KEY = ("quantity", "element", "commodity", "region", "partner", "sector", "period")
"""What a figure measures; a user's row replaces ours of the same key and unit."""

SITES = ("site:", "deposit:", "holder:")
"""Marks in the scope of a figure about one place; such rows are replaced by id only."""

TAKEN = ("value", "low", "high", "unit", "edition", "source", "url", "licence", "kind", "source_status", "quality", "note", "origin")


def stamp(project: Path | None) -> tuple[tuple[str, int], ...]:
    """Names and times of the imported files, empty without any."""
    folder = project / "facts" if project else None
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.csv.gz")))


def rows(project: Path) -> pd.DataFrame:
    """Read the imported rows of a project, indexed by id."""
    import pandas as pd

    paths = reference_tables.user_files("rows", project)
    if not paths:
        return pd.DataFrame(columns=["id"]).set_index("id")
    frames = [read_frame(path, schema.NUMBERS).set_index("id") for path in paths]
    together = pd.concat(frames).assign(origin="user")
    return together[~together.index.duplicated(keep="last")]


def merge(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[pd.DataFrame, frozenset[str]]:
    """Our rows with the user's figures in them, and the ids that are now the user's."""
    import pandas as pd

    if theirs.empty:
        return ours, frozenset()
    table = ours.copy()
    targets = replaced(ours, theirs)
    for id_, ids in targets.items():
        table.loc[ids, list(TAKEN)] = theirs.loc[id_, list(TAKEN)].to_numpy()
    new = theirs.loc[theirs.index.difference(ours.index, sort=False), list(ours.columns)]
    touched = {id_ for ids in targets.values() for id_ in ids}
    return pd.concat([table, new]), frozenset(touched | set(theirs.index))


def inside_china(scope: str) -> bool:
    """Whether a price is that of the home market, with tax, and not the one at the border."""
    return "inside China" in scope or "ex-works" in scope


def replaced(ours: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, list[str]]:
    """Ids of ours that each user's row replaces: its own id, else all editions of the same figure."""
    open_rows = ours[~ours["scope"].str.contains("|".join(SITES))]
    measured = [open_rows[name] for name in (*KEY, "unit")]
    groups = open_rows.groupby([*measured, open_rows["scope"].map(inside_china)], sort=False).groups
    found: dict[str, list[str]] = {}
    for id_, row in theirs.iterrows():
        if id_ in ours.index:
            found[str(id_)] = [str(id_)]
            continue
        same = [str(name) for name in groups.get((*(row[name] for name in (*KEY, "unit")), inside_china(row["scope"])), ())]
        if len(same) > 1 and row["quantity"] not in schema.quantities_with("keyed"):
            same = [name for name in same if ours.loc[name, "scope"] == row["scope"]]
        if same:
            found[str(id_)] = same
    return found
