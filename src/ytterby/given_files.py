"""Texts and JSON that a user hands in: read from plain files only, within a size, with every fault as one line."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import ValidationError

MAX_BYTES = 50_000_000
"""Largest file that is read; a plan with its tables has some hundred thousand bytes."""


def given_text(path: Path, largest: int = MAX_BYTES) -> str:
    """Text of a file in UTF-8, without a byte order mark.

    Parameters
    ----------
    path : Path
        The file, or a link to it.
    largest : int
        Largest size that is read [byte].

    Raises
    ------
    InputError
        If there is none, it is a folder, a pipe or a device (from which reading may never end), too large, or no UTF-8.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path}: is no plain file")
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(content) > largest:
        raise InputError(f"{path}: larger than {largest:,} bytes, the most that is read")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start})") from None


def parsed_json(text: str, where: str) -> Any:
    """Value of a JSON text; `where` is how messages begin: its file or line, or what it should have been.

    Raises
    ------
    InputError
        If it is no JSON, is nested too deep, or holds a whole number of thousands of digits.
    """
    try:
        return json.loads(text)
    except RecursionError:
        fault = "JSON nested too deep"
    except json.JSONDecodeError as error:
        fault = f"not JSON: {error}"
    except ValueError as error:
        fault = str(error).partition(";")[0]
    raise InputError(f"{where} ({fault})")


def given_json(path: Path, unlike: str = "cannot be read", largest: int = MAX_BYTES) -> Any:
    """Value of a JSON file.

    Parameters
    ----------
    path : Path
        The file, or a link to it.
    unlike : str
        What is said of a file that is no JSON, such as "is not what 'ytterby plan --out' writes".
    largest : int
        Largest size that is read [byte].

    Raises
    ------
    InputError
        As :func:`given_text` and :func:`parsed_json` say.
    """
    return parsed_json(given_text(path, largest), f"{path}: {unlike}")


def first_fault(error: ValidationError) -> str:
    """First fault of a value that is none of what it should be, with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else str(first["msg"])
