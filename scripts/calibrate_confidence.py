"""Count how often claims are right on the marked articles that served for development, by what the clause model says of them.

``python scripts/calibrate_confidence.py --types`` writes ``lexicons/learnt.csv``: types of a language that the model alone reads badly,
which then need a higher probability. Without the option it writes ``lexicons/confidence.csv``: for claims found by rules and by the model
alone, probabilities pooled by adjacent violators (isotonic regression) into bins in which the share of right claims rises. Articles that
are kept back for testing are not read.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.evidence import calibrate_confidence, doubtful_types

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
ODD_ONLY = ("first_sight", "third_sight")
"""Folders of which the articles with an even number are kept back."""
FOLDERS = ("first_sight", "second_sight", "third_sight", "blind")


def articles() -> list[tuple[list[Path], Path]]:
    """Articles of each folder with its marks."""
    found = []
    for name in FOLDERS:
        folder = ROOT / "tests" / "evidence" / name
        chosen = [path for path in sorted(folder.glob("*.txt")) if name not in ODD_ONLY or int(path.stem[2:]) % 2]
        found.append((chosen, folder / "gold.jsonl"))
    return found


def write(name: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Write a table of the lexicons."""
    with (ROOT / "src/ytterby/evidence/lexicons" / name).open("w", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    types = [("lang", "event_type", "least")]
    if "--types" in sys.argv:
        write("learnt.csv", types)
        write("learnt.csv", [*types, *doubtful_types(articles())])
        sys.exit()
    rows = calibrate_confidence(articles())
    write("confidence.csv", [("found_by", "bound", "right", "of"), *rows])
    sys.stdout.write("\n".join(f"{row[0]:7} below {row[1]}: {row[2]} of {row[3]}" for row in rows) + "\n")
