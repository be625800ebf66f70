"""What pages on runs and exposures are written from; gathering it takes seconds, so a few are kept, for all languages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from ytterby.app import exposure_material, project_state, run_material, run_of
from ytterby.web.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from ytterby.api import Workbench
    from ytterby.app import Material, RunEntry

KEPT = 12
"""Materials that a process keeps."""
PATIENCE = 8.0
"""Time that a page waits for its material before it says that this is being worked out [s]."""
_kept: OrderedDict[Hashable, Future[Material]] = OrderedDict()
_lock = threading.Lock()
_workers = ThreadPoolExecutor(2, "material")


class NotReadyError(Exception):
    """Material that is still being gathered."""


def about_run(bench: Workbench, id_: str, importer: str, *, deep: bool = True) -> Material:
    """Material on a run of the project, from the view of an importer; without ``deep`` not what takes seconds.

    Raises
    ------
    UnknownNameError
        If the project has no such run.
    """
    project, made = bench.settings.project, bench.run(id_).run.created
    folder = run_of(id_, project).folder
    key = ("run", id_, made, importer, deep, *_state(project))
    return _once(key, lambda: run_material(folder, importer, project, today(), deep=deep))


def about_exposure(bench: Workbench, importer: str) -> Material:
    """Material on the exposure of an importer in the server's base year."""
    project = bench.settings.project
    return _once(("exposure", importer, *_state(project)), lambda: exposure_material(bench.exposure(importer), project))


def _state(project: Path) -> tuple[object, ...]:
    """What material depends on beside its question: figures, articles, the day."""
    found = project_state(project)
    return str(project), found.figures, found.articles, today()


def newest_run(bench: Workbench, scenario: str) -> RunEntry | None:
    """Newest run of a scenario with draws, else its newest; None where there is none."""
    found = [run for run in bench.runs().runs if run.scenario == scenario]
    return next((run for run in found if run.draws > 1), found[0] if found else None)


def _once(key: Hashable, make: Callable[[], Material]) -> Material:
    """The kept material, or new one as soon as it is there; a fault is raised once and then tried again.

    Raises
    ------
    NotReadyError
        If it is not there within the patience of a page; it goes on being gathered.
    """
    with _lock:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = _workers.submit(make)
        _kept.move_to_end(key)
        for old in [old for old, work in _kept.items() if work.done()][: max(len(_kept) - KEPT, 0)]:
            del _kept[old]
    try:
        return found.result(PATIENCE)
    except TimeoutError:
        raise NotReadyError from None
    except BaseException:
        with _lock:
            _kept.pop(key, None)
        raise
