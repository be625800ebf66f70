"""Files of results, by the kind of the result and the ending of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.app.network.import_history import ImportHistory
    from ytterby.economy.trade import TradeResult
    from ytterby.exposure import ExposureResult, PartsResult

PAGE, TABLES, PICTURE = ".html", (".xlsx", ".csv"), ".svg"


def save_result(found: ExposureResult | PartsResult | ImportHistory | TradeResult, path: Path, lang: str, project: Path) -> Path:
    """Write a result and return where it lies.

    Raises
    ------
    InputError
        If such a result is not written with that ending, or the file cannot be written.
    """
    from ytterby.economy.trade import TradeResult
    from ytterby.exposure import ExposureResult, PartsResult

    if isinstance(found, ExposureResult):
        _save_exposure(found, _allowed(path, PAGE, *TABLES), lang, project)
    elif isinstance(found, PartsResult):
        from ytterby.app.files.exposure import save_parts

        save_parts(found, _allowed(path, PAGE, *TABLES), lang)
    elif isinstance(found, TradeResult):
        from ytterby.app.files.duties import save_trade

        save_trade(found, _allowed(path, TABLES[1], PICTURE))
    else:
        _save_history(found, _allowed(path, PAGE, PICTURE, *TABLES))
    return path


def _allowed(path: Path, *endings: str) -> Path:
    if path.suffix.lower() not in endings:
        raise InputError(f"{path}: found the ending '{path.suffix}', allowed are {', '.join(endings)}")
    return path


def _save_exposure(found: ExposureResult, path: Path, lang: str, project: Path) -> None:
    from ytterby.app.files.exposure import save_exposure_page, save_exposure_tables

    if path.suffix.lower() == PAGE:
        save_exposure_page(found, path, lang, project)
    else:
        save_exposure_tables(found, path)


def _save_history(found: ImportHistory, path: Path) -> None:
    from ytterby.app.exposures.picture import save_history
    from ytterby.app.files.exposure import save_history_table

    if path.suffix.lower() in TABLES:
        save_history_table(found.history, path)
    else:
        save_history(found.history, path)
