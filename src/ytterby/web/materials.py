"""What pages on runs and exposures are written from; gathering it takes seconds, so a few are kept, for all languages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING

from ytterby.app import exposure_outlook, is_gathered, project_state, run_folder, run_outlook
from ytterby.web.clock import today
from ytterby.web.gathering import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from ytterby.api import Workbench
    from ytterby.app import Material, RunEntry

KEPT = 12
"""Materials that a process keeps."""
_kept: OrderedDict[Hashable, Future[Material]] = OrderedDict()
_lock = threading.Lock()


def about_run(bench: Workbench, id_: str, importer: str) -> Material:
    """Material on a run of the project, from the view of an importer.

    Raises
    ------
    UnknownNameError
        If the project has no such run.
    """
    from ytterby.app import run_material  # it loads the simulation, which a first view does without

    return _of_run(bench, id_, importer, lambda folder, project: run_material(folder, importer, project, today()), deep=True)


def outlook(bench: Workbench, id_: str, importer: str, *, deep: bool) -> Material:
    """What a first view says of a run; with ``deep`` also what helps.

    Raises
    ------
    UnknownNameError
        If the project has no such run.
    """
    return _of_run(bench, id_, importer, lambda folder, project: run_outlook(folder, importer, project, today(), deep=deep), deep=deep)


def is_quick(bench: Workbench, id_: str, importer: str) -> bool:
    """Whether the material of a run with what helps is made without seconds of simulation.

    Raises
    ------
    UnknownNameError
        If the project has no such run.
    """
    return is_gathered(run_folder(id_, bench.settings.project), importer, bench.settings.project)


def _of_run(bench: Workbench, id_: str, importer: str, make: Callable[[Path, Path], Material], *, deep: bool) -> Material:
    """Material that is made from a run; what takes seconds of simulation is worked out by a process of its own, which then ends."""
    project = bench.settings.project
    folder = run_folder(id_, project)  # whether its files are as written is looked at once, when they are read
    made = next(entry.created for entry in bench.runs().runs if entry.id == id_)

    def gathered() -> Material:
        if deep and not is_gathered(folder, importer, project):
            gather(project, id_, importer)
        return make(folder, project)

    return _once((make.__qualname__, id_, made, importer, deep, *_state(project)), gathered)


def about_exposure(bench: Workbench, importer: str, element: str | None = None) -> Material:
    """Material on the exposure of an importer: to all rare earths in the server's base year, or to one element of any minerals."""
    from ytterby.app import exposure_material

    project = bench.settings.project
    return _once(("exposure", importer, element, *_state(project)), lambda: exposure_material(bench.exposure(importer, element), project))


def first_look(bench: Workbench, importer: str) -> Material:
    """What a first view says of the exposure of an importer to all rare earths in the server's base year."""
    project = bench.settings.project
    return _once(("first look", importer, *_state(project)), lambda: exposure_outlook(bench.exposure(importer), project, today()))


def _state(project: Path) -> tuple[object, ...]:
    """What material depends on beside its question: figures, articles, the day."""
    found = project_state(project)
    return str(project), found.figures, found.articles, today()


def newest_run(bench: Workbench, scenario: str) -> RunEntry | None:
    """Newest run of a scenario with draws, else its newest; None where there is none."""
    found = [run for run in bench.runs().runs if run.scenario == scenario]
    return next((run for run in found if run.draws > 1), found[0] if found else None)


def _once(key: Hashable, make: Callable[[], Material]) -> Material:
    """The kept material, or a new one; who asks while another gathers it waits for that one. Faults are not kept."""
    with _lock:
        found, mine = _kept.get(key), False
        if found is None:
            found, mine = _kept.setdefault(key, Future()), True
        _kept.move_to_end(key)
        for old in [old for old, work in _kept.items() if work.done()][: max(len(_kept) - KEPT, 0)]:
            del _kept[old]
    if mine:
        try:
            found.set_result(make())
        except BaseException as error:
            with _lock:
                _kept.pop(key, None)
            found.set_exception(error)
    return found.result()
