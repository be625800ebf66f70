"""Scenarios that a user keeps in the project; a later save is told of an earlier one."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING

from ytterby.app.scenario_files.scenarios import show_text
from ytterby.errors import InputError, UnknownNameError
from ytterby.result_model import ResultModel
from ytterby.store import ProjectStore

if TYPE_CHECKING:
    from pathlib import Path

KIND = "scenario"
"""Kind of the records in the project store."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class SavedScenario(ResultModel):
    """A scenario as it was saved."""

    name: str
    version: str
    """Names the text: who saves another says which one it replaces."""
    saved: str
    """When, in UTC."""
    by: str
    """Who saved it, as they call themselves."""
    yaml: str
    """The scenario as a file."""


class SavedScenarioList(ResultModel):
    """Scenarios that the project keeps."""

    saved: tuple[SavedScenario, ...]


class SaveResult(ResultModel):
    """What stands in the project after an attempt to save."""

    done: bool
    """Whether it was saved; if not, someone else saved another text meanwhile."""
    scenario: SavedScenario
    """What stands there now."""


def saved_scenarios(project: Path) -> SavedScenarioList:
    """Scenarios that the project keeps, by name."""
    store = ProjectStore(project)
    rows = store.get(KIND) if store.path.is_file() else []
    return SavedScenarioList(saved=tuple(_of(row) for row in rows))


def saved_scenario(name: str, project: Path) -> SavedScenario:
    """A scenario that the project keeps; the name is looked up, never taken as a place.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    known = {row.name: row for row in saved_scenarios(project).saved}
    if name not in known:
        raise UnknownNameError("scenario", name, known or ["none saved yet"])
    return known[name]


def save_scenario(name: str, text: str, project: Path, replaces: str | None = None, by: str = "") -> SaveResult:
    """Keep a scenario, if it is valid and replaces the text that it was made from.

    Parameters
    ----------
    name : str
        Its name, which the text has too.
    text : str
        YAML.
    project : Path
        Project folder.
    replaces : str, optional
        Version of the saved text that it was made from; None for a new scenario.
    by : str
        Who saves it.

    Raises
    ------
    InputError
        For a name that cannot be one, or is that of a bundled scenario.
    ScenarioError
        With every fault of the text.
    """
    require_name(name)
    if (found := show_text(text, where=name).name) != name:
        raise InputError(f"name: found '{found}' in the text, '{name}' was asked for; both must be the same")
    store = ProjectStore(project)
    with store.session():
        standing = store.find(KIND, name)
        if (_of(standing).version if standing else None) != replaces and standing:
            return SaveResult(done=False, scenario=_of(standing))
        row = {"id": name, "saved": dt.datetime.now(dt.UTC).isoformat(" ", "seconds")[:19], "by": by, "yaml": text}
        store.put(KIND, [row])
    return SaveResult(done=True, scenario=_of(row))


def drop_scenario(name: str, project: Path, replaces: str) -> SaveResult:
    """Remove a saved scenario, if it is still the text that was seen.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    store = ProjectStore(project)
    with store.session():
        standing = saved_scenario(name, project)
        done = standing.version == replaces
        if done:
            store.remove(KIND, [name])
    return SaveResult(done=done, scenario=standing)


def require_name(name: str) -> None:
    """Check the name of a scenario that is to be saved.

    Raises
    ------
    InputError
        If it has other letters than a-z, digits and hyphens, or is taken by a bundled scenario.
    """
    from ytterby.scenario import bundled

    if not NAME.fullmatch(name):
        raise InputError(f"name: found '{name[:80]}'; allowed are up to 80 of a-z, 0-9 and '-', such as 'my-stop-2027'")
    if name in bundled():
        raise InputError(f"name: '{name}' is a bundled scenario; save your own under another name")


def _of(row: dict[str, str]) -> SavedScenario:
    version = hashlib.sha256(row["yaml"].encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return SavedScenario(name=row["id"], version=version, saved=row["saved"], by=row["by"], yaml=row["yaml"])
