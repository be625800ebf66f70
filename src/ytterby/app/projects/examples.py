"""The example files that the pages of the documentation use: articles, a list of parts, a scenario in Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import ytterby
from ytterby.errors import DataGapError, InputError
from ytterby.store import new_folder

NAME = "examples"


def project_examples(place: Path) -> Path:
    """Write the example files into the folder ``examples`` below a place, and return that folder.

    Raises
    ------
    InputError
        If something of that name is there already.
    """
    made = place / NAME
    if made.exists():
        raise InputError(f"{made}: is there already; remove it or give another place")
    with new_folder(made) as folder:
        shutil.copytree(examples_folder(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return made


def examples_folder() -> Path:
    """Folder with the examples: beside the modules in a wheel, at the root in a checkout.

    Raises
    ------
    DataGapError
        If the installation came without them.
    """
    package = Path(ytterby.__file__).parent
    for folder in (package / NAME, package.parents[1] / NAME):
        if (folder / "articles").is_dir():
            return folder
    raise DataGapError("the examples did not come with this installation; they are in the folder 'examples' of the source")
