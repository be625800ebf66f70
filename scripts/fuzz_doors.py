"""Mutated inputs for every door, by hand: how many were tried, taken, refused in one line, and lost.

    python scripts/fuzz_doors.py --count 10000 tables scenarios runs articles.txt

Seeds are fixed: input number *n* of a door is the same in every run. Lost is what ends in any other error, takes longer than 60 s, or
more than 4 GB of memory. What was lost is written to the folder named by ``--kept``.
"""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
LARGEST = 4 * 2**30


def main() -> None:
    """Try the doors that are named, all without a name."""
    from tests.doors.attempts import DOORS
    from tests.doors.trial import tried

    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("doors", nargs="*", help=f"of {', '.join(DOORS)}")
    given.add_argument("--count", type=int, default=1000)
    given.add_argument("--first", type=int, default=0, help="number of the first input")
    given.add_argument("--kept", type=Path, help="folder for inputs that were lost")
    chosen = given.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (2 * LARGEST, 2 * LARGEST))
    lost = 0
    for door in chosen.doors or DOORS:
        told = tried(door, range(chosen.first, chosen.first + chosen.count), chosen.kept)
        lost += len(told.lost)
        print("\n".join(told.lost), file=sys.stderr, flush=True)
        memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 2**20
        print(
            f"{door}: {told.tried:,} tried, {told.taken:,} taken, {told.refused:,} refused, {len(told.lost)} lost; "
            f"slowest {told.slowest:.2f} CPU s, most memory so far {memory:.2f} GB",
            flush=True,
        )
    sys.exit(lost > 0)


if __name__ == "__main__":
    main()
