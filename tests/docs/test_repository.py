"""What the repository must not hold: machines' paths, registries' hosts, licences that are not permissive."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections import deque
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

HOSTS = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("conda", "anaconda", "org"))
]
FOLDERS = ["/".join(("", *parts, "")) for parts in (("work",), ("tmp", "w"), ("home", r"\w+"), ("Users", r"\w+"), ("root",))]
FORBIDDEN = re.compile("|".join([*(re.escape(host) for host in HOSTS), *(rf"(?<![\w./~-]){folder}" for folder in FOLDERS)]))
"""Registry hosts, and absolute folders of one machine."""
BINARY = {".gz", ".xz", ".png", ".pdf", ".warc", ".ico", ".parquet"}

ALLOWED = re.compile(
    r"\b(MIT(-0|-CMU)?|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|matplotlib|MPL|Mozilla Public|Zlib|CC0|CNRI-Python)\b",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\b(A|L)?GPL|GNU (AFFERO |LESSER )?GENERAL PUBLIC", re.IGNORECASE)
CHOICE = re.compile(r"\s+OR\s+")


def tracked():
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    except OSError:
        return []
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def licences(distribution):
    """Licences of a distribution, the choices of an OR each by itself."""
    data = distribution.metadata
    if data.get("License-Expression"):
        return CHOICE.split(data["License-Expression"])
    told = [line.partition("License :: ")[2] for line in data.get_all("Classifier") or [] if line.startswith("License ::")]
    first = next((line.strip() for line in (data.get("License") or "").splitlines() if line.strip(" =")), "")
    return told or [first]


def permissive(distribution):
    """Whether one of the licences to choose from is permissive (or MPL, which binds its own files only)."""
    return any(ALLOWED.search(text) and not COPYLEFT.search(text) for text in licences(distribution))


def closure(requirements, extra=""):
    """Installed distributions that some requirements bring with them, and names of those that are not installed."""
    found, missing = {}, set()
    queue = deque((Requirement(text), extra) for text in requirements)
    while queue:
        wanted, context = queue.popleft()
        if wanted.marker and not wanted.marker.evaluate({"extra": context}):
            continue
        name = canonicalize_name(wanted.name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            missing.add(name)
            continue
        contexts = wanted.extras or {""}
        if name not in found or not contexts <= found[name][1]:
            found[name] = (distribution, contexts | (found[name][1] if name in found else set()))
            queue.extend((Requirement(text), context) for text in distribution.requires or [] for context in contexts)
    return {name: distribution for name, (distribution, _) in found.items()}, missing


def test_no_tracked_file_names_a_machine_or_a_registry():
    files = tracked()
    if not files:
        pytest.skip("not a git checkout")
    told = []
    for path in files:
        if path.suffix not in BINARY:
            lines = path.read_text("utf-8", errors="replace").splitlines()
            told += [
                f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}" for number, line in enumerate(lines, 1) if FORBIDDEN.search(line)
            ]
    assert not told, "\n".join(told[:20])


@pytest.mark.parametrize(
    "line", [f"see https://{HOSTS[0]}/project/x", "open('" + "/".join(("", "home", "me", "x.csv")) + "')", " " + FOLDERS[0]]
)
def test_pattern_finds_what_it_should(line):
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize("line", ["../shared/facts", "tests/work/x", "docs/how-to/", "https://example.org/root/"])
def test_pattern_leaves_the_rest_alone(line):
    assert not FORBIDDEN.search(line)


def test_lock_file_names_no_host_and_hashes_everything():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)
    assert len(pinned) > 50
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
        assert "--hash=sha256:" in entry, entry[:60]


def test_lock_file_covers_what_the_project_needs():
    pinned = {
        canonicalize_name(name)
        for name in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    }
    left_out = {"llm", "semantic"}
    wanted = [*PROJECT["dependencies"], *(text for extra, texts in EXTRAS.items() if extra not in left_out for text in texts)]
    assert {canonicalize_name(Requirement(text).name) for text in wanted} <= pinned


@pytest.mark.parametrize("extra", ["", *EXTRAS], ids=lambda extra: extra or "base")
def test_dependencies_are_permissively_licensed(extra):
    found, missing = closure(EXTRAS[extra] if extra else PROJECT["dependencies"])
    wrong = {name: licences(distribution) for name, distribution in found.items() if not permissive(distribution)}
    assert not wrong
    if missing and not found:
        pytest.skip(f"the extra {extra} is not installed: {', '.join(sorted(missing))}")


class Told:
    """Stands for a distribution."""

    def __init__(self, expression="", licence="", *classifiers):
        from email.message import Message

        self.metadata = Message()
        for name, value in (("License-Expression", expression), ("License", licence), *(("Classifier", text) for text in classifiers)):
            if value:
                self.metadata[name] = value


@pytest.mark.parametrize(
    ("told", "allowed"),
    [
        (Told("MIT"), True),
        (Told("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later"), True),
        (Told("GPL-3.0-or-later"), False),
        (Told("MIT AND GPL-3.0-only"), False),
        (Told("", "GNU GENERAL PUBLIC LICENSE\n Version 3"), False),
        (Told("", "", "License :: OSI Approved :: GNU Affero General Public License v3"), False),
        (Told("", "Copyright (c) A. Body", "License :: OSI Approved :: BSD License"), True),
        (Told("", "Proprietary"), False),
        (Told(), False),
    ],
)
def test_licence_check_tells_permissive_from_copyleft(told, allowed):
    assert permissive(told) is allowed
