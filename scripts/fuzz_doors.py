"""Mutated inputs for every door, by hand: how many were tried, taken, refused in one line, and lost.

    python scripts/fuzz_doors.py --count 10000 tables articles scenarios runs

Seeds are fixed: input number *n* of a door is the same in every run. Lost is what ends in any other error, takes longer than 60 s, or
more than 4 GB of memory in all.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
SECONDS = 60.0
ODD = [
    b"",
    b"\x00",
    b"\xff",
    b'"',
    b"'",
    b",",
    b";",
    b"\n",
    b"nan",
    b"1e308",
    b"-1",
    b"1_000",
    b"9999",
    b"\xc2\xad",
    b"<",
    b"&#",
    b"]]>",
    b"{",
    b"[" * 50,
]
ODD += [
    "１２".encode(),
    "ﬁ".encode(),
    "\u202e".encode(),
    b"%s%n",
    b"../../x",
    b"=1+1",
    b"2024-13-45",
    b"!!python/object:os.system",
    b"&a *a",
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Content after one to six changes: bytes flipped, cut, doubled, or odd pieces put in."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0 and data:
            data[at % len(data)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at : at + chance.randint(1, 40)]
        elif kind == 2:
            data[at:at] = data[at : at + chance.randint(1, 200)]
        elif kind == 3:
            del data[at:]
        else:
            data[at:at] = chance.choice(ODD)
    return bytes(data)


def tables():
    """Files of figures and releases, to be imported."""
    from ytterby.facts import import_folder, load

    samples = [(path.name, path.read_bytes()) for path in sorted((ROOT / "docs/how-to/sources").glob("*.md"))]
    found = [(name.replace(".md", "_2018.csv"), text.split(b"<<'END'\n")[1].split(b"\nEND")[0]) for name, text in samples]

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        import_folder(place / name, place / "p")
        load(place / "p").trade()

    return found, attempt


def articles():
    """Articles, pages, feeds and archives, to be read."""
    from ytterby.evidence.pipeline import read

    found = [
        (path.name, path.read_bytes()) for path in sorted((ROOT / "examples/articles").iterdir()) if path.suffix in {".txt", ".md", ".html"}
    ]
    feed = b"<rss version='2.0'><channel><title>x</title><item><title>Ban</title><pubDate>Thu, 06 Feb 2025 07:30:00 +0900</pubDate><description>China banned exports of holmium to Japan.</description></item></channel></rss>"  # noqa: E501
    lines = b'{"text": "China banned exports of holmium to Japan.", "date": "2025-02-04", "source": {"name": "Wire"}}\n' * 3
    found += [("feed.rss", feed), ("lines.jsonl", lines)]

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        for document in read([place / name]).documents:
            if document.error and "\n" in document.error:
                raise AssertionError(document.error)

    return found, attempt


def scenarios():
    """Scenario files, to be loaded."""
    from ytterby.scenario import load_text

    found = [(path.name, path.read_bytes()) for path in sorted((ROOT / "src/ytterby/scenario/episodes").glob("*.yaml"))]

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        load_text(content.decode("utf-8", "replace"))

    return found, attempt


def runs():
    """Files of a run folder, edited or damaged, to be noticed."""
    from tests.store.test_runs import run_summary, small

    from ytterby.errors import StoreError
    from ytterby.store import read_run, write_run

    whole = write_run(Path(tempfile.mkdtemp()) / "r", {"seed": 1}, run_summary(), small())
    found = [(path.name, path.read_bytes()) for path in sorted(whole.iterdir())]

    def attempt(name: str, content: bytes, place: Path) -> None:
        folder = Path(shutil.copytree(whole, place / "r"))
        (folder / name).write_bytes(content)
        if content == (whole / name).read_bytes():
            raise StoreError("unchanged")
        read_run(folder)
        raise AssertionError(f"{name}: a change was not noticed")

    return found, attempt


DOORS = {"tables": tables, "articles": articles, "scenarios": scenarios, "runs": runs}


def tried(door: str, count: int) -> dict[str, int]:
    """Numbers of inputs taken, refused and lost."""
    from ytterby.errors import YtterbyError

    samples, attempt = DOORS[door]()
    told = {"taken": 0, "refused": 0, "lost": 0}
    for number in range(count):
        chance = random.Random(f"{door} {number}")
        name, content = chance.choice(samples)
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as place:
            try:
                attempt(name, mutated(content, chance), Path(place))
                told["taken"] += 1
            except YtterbyError as error:
                clear = "\n" not in str(error).strip() or door == "scenarios"
                told["refused" if clear else "lost"] += 1
                if not clear:
                    print(f"{door} {number} ({name}): several lines: {error!r}", file=sys.stderr)
            except Exception:  # noqa: BLE001 (what is looked for)
                told["lost"] += 1
                print(f"{door} {number} ({name}): {traceback.format_exc().splitlines()[-1]}", file=sys.stderr)
                traceback.print_exc()
        if time.monotonic() - began > SECONDS:
            told["lost"] += 1
            print(f"{door} {number} ({name}): longer than {SECONDS:g} s", file=sys.stderr)
    return told


def main() -> None:
    """Try the doors that are named, all without a name."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("doors", nargs="*", choices=[*DOORS, []], default=list(DOORS))
    given.add_argument("--count", type=int, default=1000)
    chosen = given.parse_args()
    lost = 0
    for door in chosen.doors or DOORS:
        told = tried(door, chosen.count)
        lost += told["lost"]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f"{door}: {chosen.count:,} tried, {told['taken']:,} taken, {told['refused']:,} refused, {told['lost']} lost; {memory:.1f} GB",
            flush=True,
        )
    sys.exit(lost > 0)


if __name__ == "__main__":
    main()
