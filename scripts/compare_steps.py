"""Compare an alliance of three by year and in steps of years, and write the table of ``docs/explanation/together.md`` anew.

Example: ``python scripts/compare_steps.py`` runs ``ytterby cooperate --allies EU,JP,US --budget 1e9 --scenarios 12 --fresh 0`` by year and
with ``--periods 5``, each in a process and a project of its own, so that CPU time and memory are its own, and writes what stands
between the marks of the page. It takes some minutes of processor time; ``--kept FOLDER`` keeps both answers and reads them again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from doclib.marks import rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "together.md"
BEGIN, END = "<!-- steps: written by scripts/compare_steps.py -->", "<!-- end of the steps -->"
COMMAND = ("cooperate", "--allies", "EU,JP,US", "--budget", "1e9", "--scenarios", "12", "--fresh", "0")
WAYS = {"by-year": (), "in-steps": ("--periods", "5")}
"""Further options of both answers."""
BILLION, MEGABYTE = 1e9, 1024.0


class Answer(NamedTuple):
    """An answer, and what it took."""

    found: dict[str, Any]
    cpu: float
    """[s]"""
    memory: float
    """[MB]"""


def asked(options: tuple[str, ...]) -> Answer:
    """Answer of the command in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answer"
        command = [sys.executable, "-m", "ytterby", *COMMAND, *options, "--out", str(out)]
        child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{' '.join(command[2:])}: exit status {child.returncode}")
        found = json.loads((out / "cooperation.json").read_text("utf-8"))
    return Answer(found, used.ru_utime + used.ru_stime, used.ru_maxrss / MEGABYTE)


def kept(folder: Path | None, name: str, options: tuple[str, ...]) -> Answer:
    """The answer kept in a folder, or a new one, kept there."""
    file = folder / f"{name}.json" if folder else None
    if file and file.exists():
        return Answer(*json.loads(file.read_text("utf-8")))
    answer = asked(options)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(answer), "utf-8")
    return answer


def billions(amount: float) -> str:
    """Amount [bn USD]."""
    return f"{amount / BILLION:.2f}"


def rows(answers: list[Answer]) -> Iterator[tuple[str, ...]]:
    """Cells of the table."""
    first = answers[0].found
    yield ("", "by year", f"in {answers[1].found['periods']} steps")
    for coalition in (name for name in first["values"] if "+" in name):
        name = "all three" if coalition == "+".join(first["parties"]) else coalition
        yield (name, *(billions(each.found["values"][coalition]) for each in answers))
    yield ("room in the core", *(billions(-each.found["least_core_eps"]) for each in answers))
    for rule in ("shapley", "owen"):
        if all(each.found[rule] for each in answers):
            shares = (", ".join(billions(each.found[rule][party]) for party in first["parties"]) for each in answers)
            yield (f"{rule.capitalize()} {', '.join(first['parties'])}", *shares)
    yield ("CPU of the whole command [s]", *(f"{each.cpu:.0f}" for each in answers))
    yield ("memory [MB]", *(f"{each.memory:.0f}" for each in answers))


def paragraphs(answers: list[Answer]) -> Iterator[str]:
    """What is written between the marks."""
    first, second = (each.found for each in answers)
    gap = max(first["gap_usd"], second["gap_usd"])
    yield (
        f"For {', '.join(first['parties'])} ({first['scenarios']} paths drawn for the three, a billion each, gap {billions(gap)} bn; "
        "bn USD), written anew by `python scripts/compare_steps.py`:"
    )
    head, *body = rows(answers)
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *body))
    whole = "+".join(first["parties"])
    pairs = [name for name in first["values"] if "+" in name and name != whole]
    off = {name: abs(second["values"][name] / max(first["values"][name], 1.0) - 1.0) for name in (*pairs, whole)}
    yield f"The value of all three differs by {off[whole]:.0%}, that of a pair by up to {max(off[name] for name in pairs):.0%}."


def main() -> None:
    """Ask twice and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=Path, help="folder that keeps both answers")
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args()
    answers = [kept(given.kept, name, options) for name, options in WAYS.items()]
    given.page.write_text(rewritten(given.page.read_text("utf-8"), BEGIN, END, list(paragraphs(answers))), "utf-8")


if __name__ == "__main__":
    main()
