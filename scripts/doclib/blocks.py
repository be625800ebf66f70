"""Code blocks of a Markdown page: what they are, how they are to be run, which output is shown below them.

A comment above a block says what is special about it::

    <!-- run: slow exit=2 show=12 needs=shared -->

``slow`` marks the whole page as slow, ``exit`` is the exit code awaited, ``show`` the number of lines kept when the
output is written into the page, ``needs`` names something that a machine may lack (``shared``, ``network``). A block of
language ``text`` directly below a block that runs is its output. In ``console`` blocks the lines after ``$`` are the
commands. A ``yaml`` block that begins with ``name:`` is a whole scenario.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FENCE = re.compile(r"^```(?P<language>[a-z]*)[^\n]*\n(?P<code>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"<!-- run:(?P<words>[^>]*)-->\s*\Z")
LANGUAGES = {"python": "python", "py": "python", "sh": "shell", "bash": "shell", "shell": "shell", "console": "shell"}
"""Languages that are run."""
CUT = "..."
"""Line that stands for lines left out of an output."""


@dataclass(frozen=True)
class Block:
    """A block that runs."""

    language: str
    code: str
    line: int
    options: dict[str, str]
    output: str | None = None
    span: tuple[int, int] | None = None
    """Place of the output in the page's text."""

    @property
    def exit_code(self) -> int:
        """Exit code awaited."""
        return int(self.options.get("exit", "0"))

    @property
    def slow(self) -> bool:
        """Whether the page takes more than a few seconds."""
        return "slow" in self.options

    @property
    def needs(self) -> str:
        """What a machine may lack; empty for nothing."""
        return self.options.get("needs", "")


def blocks(text: str) -> list[Block]:
    """Blocks of a page that run, each with the output shown below it."""
    found: list[Block] = []
    fences = list(FENCE.finditer(text))
    for i, fence in enumerate(fences):
        language = LANGUAGES.get(fence["language"])
        if not language:
            continue
        following = fences[i + 1] if i + 1 < len(fences) else None
        shown = following if following and _is_output(text, fence, following) else None
        found.append(
            Block(
                language,
                _commands(fence["code"]) if fence["language"] == "console" else fence["code"],
                text.count("\n", 0, fence.start()) + 2,
                _options(text[: fence.start()]),
                shown["code"] if shown else None,
                shown.span("code") if shown else None,
            )
        )
    return found


def scenarios(text: str) -> list[str]:
    """Blocks of a page that are whole scenarios."""
    return [fence["code"] for fence in FENCE.finditer(text) if fence["language"] == "yaml" and fence["code"].startswith("name:")]


def _commands(code: str) -> str:
    """Commands of a console block; what they print is left out, lines keep their numbers."""
    return "\n".join(line.removeprefix("$ ") if line.startswith("$ ") else "" for line in code.splitlines()) + "\n"


def _is_output(text: str, fence: re.Match[str], following: re.Match[str]) -> bool:
    """Whether a text block stands below another with nothing but blank lines between."""
    return following["language"] == "text" and not text[fence.end() : following.start()].strip()


def _options(before: str) -> dict[str, str]:
    """Words of the comment directly above a block."""
    found = DIRECTIVE.search(before)
    return dict(word.partition("=")[::2] for word in found["words"].split()) if found else {}


def pages(root: Path) -> list[Path]:
    """Pages whose blocks run: the README, CONTRIBUTING and all of docs."""
    named = [root / name for name in ("README.md", "CONTRIBUTING.md")]
    return [page for page in (*named, *sorted((root / "docs").rglob("*.md"))) if page.exists() and blocks(page.read_text("utf-8"))]


def plain_lines(text: str) -> set[str]:
    """Lines without digits, their blanks collapsed: what an output shows whatever the figures are."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return {line for line in lines if line and line != CUT and not any(sign.isdigit() for sign in line)}
