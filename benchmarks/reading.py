"""Synthetic articles: how many are read a second, and how much memory it takes.

Run by hand: ``python benchmarks/reading.py 100000 FOLDER [WORKERS]`` writes the articles as JSON lines, reads them
into ``FOLDER/reading`` and prints articles a second and the peak memory.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from pathlib import Path

from ytterby.evidence import read_archive

COUNTRIES = [
    "Chile",
    "India",
    "Brazil",
    "Vietnam",
    "Indonesia",
    "Canada",
    "Australia",
    "Malaysia",
    "Kazakhstan",
    "Zambia",
    "Norway",
    "Peru",
]
MINERALS = ["lithium", "cobalt", "nickel", "graphite", "tungsten", "gallium", "rare earths", "dysprosium", "copper", "manganese"]
MATTER = [
    "{a} imposed export restrictions on {m} on {d}.",
    "{a} and {b} signed an agreement on {m} in {y}.",
    "{a} plans to invest {n} million dollars in {m} mines in {b}.",
    "{a} controls about {p} percent of world {m} mining.",
    "{b} is heavily dependent on imports of {m} from {a}.",
    "Officials in {a} denied reports of an export ban on {m}.",
    "{b} wants to diversify its supply of {m} by {y}.",
]
FILLER = [
    "The weather in the capital was mild on that day and the markets opened without much movement.",
    "Several visitors came to the exhibition hall to look at the new machines and to talk about their work.",
    "A spokesman declined to comment further on the matter when he was asked about it later.",
    "Shares of the company closed a little higher after a quiet morning with few trades.",
    "The report of the committee runs to more than two hundred pages and will be discussed next week.",
    "Local newspapers wrote that the roads to the north had been repaired before the rain came.",
    "Observers said that the outcome was hard to foresee and that patience would be needed.",
]


def article(seed: int, words: int = 500) -> str:
    """A synthetic article of about so many words; one sentence in four is about minerals."""
    rnd = random.Random(seed)
    sentences, length = [], 0
    while length < words:
        a, b = rnd.sample(COUNTRIES, 2)
        pattern = rnd.choice(MATTER) if rnd.random() < 0.25 else rnd.choice(FILLER)
        date = f"{rnd.randint(1, 28)} March {rnd.randint(2021, 2025)}"
        numbers = {"y": rnd.randint(2026, 2035), "n": rnd.randint(5, 900), "p": rnd.randint(5, 95)}
        sentence = pattern.format(a=a, b=b, m=rnd.choice(MINERALS), d=date, **numbers)
        sentences.append(sentence)
        length += len(sentence.split())
    return "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5))


def write(path: Path, count: int) -> None:
    """Write articles as JSON lines."""
    with path.open("w") as stream:
        for seed in range(count):
            row = {"title": f"Report {seed}", "published": f"2025-{seed % 12 + 1:02d}-{seed % 28 + 1:02d}", "text": article(seed)}
            stream.write(json.dumps(row) + "\n")


def main() -> None:
    """Write, read, report."""
    count, folder, workers = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "articles.jsonl"
    if not source.exists():
        write(source, count)
    began, used, peaks = time.perf_counter(), time.process_time(), []

    def note(done: int, total: int) -> None:
        peaks.append((done / total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))

    summary = read_archive([source], folder / "reading", executor="processes" if workers > 1 else "serial", workers=workers, progress=note)
    seconds = time.perf_counter() - began
    print(json.dumps(summary))
    print(f"{count / seconds:.0f} articles/s wall, {count / max(time.process_time() - used, 1e-9):.0f} per core second of this process")
    shown = [peaks[round(share * (len(peaks) - 1))][1] for share in (0.1, 0.5, 1.0)] if peaks else []
    last = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory [MB] after 10, 50, 100 % of the parts: {shown}; at the end {last}")


if __name__ == "__main__":
    main()
