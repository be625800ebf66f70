"""The results of a run in another format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app.runs.compare import find_run
from ytterby.simulation import measures_of
from ytterby.store import export_results, require_format

if TYPE_CHECKING:
    from pathlib import Path


def export(run: str | Path, path: Path, project: Path) -> dict[str, Any]:
    """Write the results of a run as Parquet, CSV or XLSX (tidy table) or netCDF (dataset), by the suffix of the file.

    Parameters
    ----------
    run : str or Path
        Run folder, or name in the project.
    path : Path
        File to write.
    project : Path
        Project folder.

    Returns
    -------
    dict
        ``run``, ``file``, ``rows`` (of the tidy table), ``measures``.
    """
    require_format(path)
    found = find_run(run, project)
    export_results(found.dataset, path)
    names = measures_of(found.dataset)
    return {
        "run": str(found.folder),
        "file": str(path),
        "rows": sum(found.dataset[name].size for name in names),
        "measures": names,
    }
