"""The results of a run in another format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app.runs.compare import find_run
from ytterby.result_model import ResultModel
from ytterby.simulation import measures_of
from ytterby.store import export_results, require_format

if TYPE_CHECKING:
    from pathlib import Path


class ExportResult(ResultModel):
    """Results of a run in a file."""

    run: str
    """Folder of the run."""
    file: str
    """File that was written."""
    rows: int
    """Values of the tidy table."""
    measures: tuple[str, ...]
    """Names of the measures."""


def export(run: str | Path, path: Path, project: Path) -> ExportResult:
    """Write the results of a run as Parquet, CSV or XLSX (tidy table) or netCDF (dataset), by the suffix of the file.

    Parameters
    ----------
    run : str or Path
        Run folder, or name in the project.
    path : Path
        File to write.
    project : Path
        Project folder.
    """
    require_format(path)
    found = find_run(run, project)
    export_results(found.dataset, path)
    names = measures_of(found.dataset)
    rows = sum(found.dataset[name].size for name in names)
    return ExportResult(run=str(found.folder), file=str(path), rows=rows, measures=tuple(names))
