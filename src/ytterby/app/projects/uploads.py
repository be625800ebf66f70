"""Files that a user gives to the web workbench: kept in the project under names of our own, found again by id."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.errors import InputError, StoreError, UnknownNameError
from ytterby.evidence import SUFFIXES
from ytterby.result_model import ResultModel
from ytterby.store import json_bytes, read_json, write_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER, INDEX = "uploads", "index.json"
TABLES = frozenset((".xlsx", ".csv"))
"""Endings of lists of parts."""
LONGEST = 60
"""Longest stem of a kept name [characters]."""


@dataclass(frozen=True)
class GivenFile:
    """A file as it was given."""

    name: str
    content: bytes


class UploadedFile(ResultModel):
    """A file of an upload."""

    name: str
    """As it was called by who gave it, for people to read."""
    kept_as: str
    """Name under which articles of it are cited."""
    size: int
    """[bytes]"""


class Upload(ResultModel):
    """Files that were given together."""

    id: str
    """Names the content: the same files have the same id."""
    files: tuple[UploadedFile, ...]


def keep_upload(given: Sequence[GivenFile], project: Path) -> Upload:
    """Keep files and say under which id.

    Raises
    ------
    InputError
        If there is none, or the ending of one is no article's and no list's of parts.
    """
    if not given:
        raise InputError("no file was given")
    files = tuple(UploadedFile(name=shown(file.name), kept_as=_kept_name(file), size=len(file.content)) for file in given)
    id_ = hashlib.sha256(" ".join(sorted(file.kept_as for file in files)).encode()).hexdigest()[:16]
    folder = project / FOLDER / id_
    for file, kept in zip(given, files, strict=True):
        write_bytes(folder / kept.kept_as, file.content)
    upload = Upload(id=id_, files=files)
    write_bytes(folder / INDEX, json_bytes(upload.to_dict()))
    return upload


def uploads(project: Path) -> tuple[Upload, ...]:
    """Uploads of a project, by id."""
    folder = project / FOLDER
    found = []
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            found.append(Upload.model_validate(read_json(place / INDEX)))
        except (StoreError, ValueError):  # left by a process that was killed between the files and their index
            continue
    return tuple(found)


def upload_files(id_: str, project: Path) -> list[Path]:
    """Places of the files of an upload; the id is looked up, never taken as a place.

    Raises
    ------
    UnknownNameError
        If there is no such upload.
    """
    found = _known(id_, project)
    return [project / FOLDER / found.id / file.kept_as for file in found.files]


def forget_upload(id_: str, project: Path) -> Upload:
    """Remove an upload from the project.

    Raises
    ------
    UnknownNameError
        If there is no such upload.
    """
    found = _known(id_, project)
    shutil.rmtree(project / FOLDER / found.id, ignore_errors=True)
    return found


def _known(id_: str, project: Path) -> Upload:
    known = {upload.id: upload for upload in uploads(project)}
    if id_ not in known:
        raise UnknownNameError("upload", id_, known or ["none yet"])
    return known[id_]


def shown(name: str) -> str:
    """The last part of a given name without what cannot be seen, for people to read."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(char for char in last if char.isprintable())[:200] or "file"


def _kept_name(file: GivenFile) -> str:
    """Name of our own: letters and digits of the given one, a mark of the content, an ending from our list.

    Raises
    ------
    InputError
        If the ending is not on the list.
    """
    stem, ending = _parts(shown(file.name).lower())
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST] or "file"
    return f"{words}-{hashlib.sha256(file.content).hexdigest()[:8]}{ending}"


def _parts(name: str) -> tuple[str, str]:
    packed = ".gz" if name.endswith(".gz") else ""
    stem, dot, ending = name.removesuffix(".gz").rpartition(".")
    allowed = SUFFIXES | (TABLES if not packed else frozenset())
    if not dot or f".{ending}" not in allowed:
        raise InputError(f"{name[:80]}: found the ending '{ending[:20]}'; read are {', '.join(sorted(SUFFIXES | TABLES))}")
    return stem, f".{ending}{packed}"
