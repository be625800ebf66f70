"""A place for compiled code where the package cannot be written and there is no home, as in a read-only container."""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"


def ensure() -> None:
    """Name a place for numba's cache, before numba is imported, unless it finds one by itself.

    It is a folder of this user in the system's place for temporary files, kept for later runs. As compiled code is executed when
    it is loaded, a folder that others can write, or own, is not used; then the code is compiled anew for this process.
    """
    if os.environ.get(VARIABLE) or _writable(Path(__file__).parent / "__pycache__") or _writable(_user_cache()):
        return
    own = Path(tempfile.gettempdir()) / f"ytterby-compiled-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    if not _is_private(own):
        own = Path(tempfile.mkdtemp(prefix="ytterby-compiled-"))
        atexit.register(shutil.rmtree, own, ignore_errors=True)
    os.environ[VARIABLE] = str(own)


def _user_cache() -> Path:
    """Place in which numba looks after the package's own."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "numba"


def _writable(folder: Path) -> bool:
    """Whether a folder is there, or can be made, and files can be written in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _is_private(folder: Path) -> bool:
    """Whether a folder is there, or can be made, that this user alone owns and writes."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return stat.S_ISDIR(found.st_mode) and mine and not found.st_mode & 0o022 and _writable(folder)
