"""Simulate the designed runs anew and fit the loss table of plans: needed when the simulator, the losses or the base change.

``--fit-only`` fits on the designed runs that are there. The runs take about a quarter of an hour of one core; ``--workers`` shares them.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.facts import load
from ytterby.plan import (
    DRAWS,
    SEED,
    TOLERANCE,
    Design,
    LossFit,
    Score,
    YearlyMeans,
    designed_runs,
    designs,
    fit_frames,
    frames_of,
    licence_designs,
    run_designs,
)
from ytterby.system import System, build
from ytterby.validation import posterior_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[1] / "src/ytterby/plan/tables"


@cache
def base() -> System:
    """The base of the designed runs, once in each process."""
    return build(2024, load())


def one_run(design: Design) -> tuple[Design, YearlyMeans]:
    """Simulate one designed run."""
    return next(run_designs(base(), (design,), DRAWS, SEED))


def simulated(workers: int) -> Iterator[tuple[Design, YearlyMeans]]:
    """Simulate the whole design, as runs end."""
    every = (*designs(), *licence_designs())
    if workers == 1:
        yield from run_designs(base(), every, DRAWS, SEED)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for work in as_completed([pool.submit(one_run, design) for design in every]):
            yield work.result()


def simulate(workers: int) -> None:
    """Run the design and write what each run gives."""
    found, system = {}, base()
    for design, means in simulated(workers):
        found[design] = means
        print(f"{design.scope} {design.weeks} weeks, depth {design.depth:g}: USD {means.loss.sum() / 1e9:.1f} bn", flush=True)
    in_order = {design: found[design] for design in (*designs(), *licence_designs())}
    for name, frame in frames_of(system, in_order).items():
        frame.to_csv(FOLDER / name, float_format="%.6g")
    record = {"system": system.digest, "posterior": posterior_digest(), "draws": DRAWS, "seed": SEED}
    (FOLDER / "loss_record.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def report(scores: tuple[Score, ...]) -> None:
    """Print the agreement by party and half."""
    for party in dict.fromkeys(score.party for score in scores):
        for held in (False, True):
            own = [score for score in scores if score.party == party and score.run.design.held_out == held]
            near, end = (
                sum(abs(getattr(score, by) / score.simulated - 1.0) <= TOLERANCE for score in own) for by in ("table", "end_to_end")
            )
            double = sum(0.5 <= score.end_to_end / score.simulated <= 2.0 for score in own)
            half = "held out" if held else "fitted"
            print(f"{party} {half}: {near} of {len(own)} within 30 %, end to end {end}, and {double} within a factor of 2")


def main() -> None:
    """Simulate if asked, fit, write, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit-only", action="store_true", help="fit on the designed runs that are there")
    parser.add_argument("--workers", type=int, default=1, help="processes that simulate")
    asked, system = parser.parse_args(), base()
    if not asked.fit_only:
        simulate(asked.workers)
    fit = LossFit(system, tuple(run for run in designed_runs(system) if run.design.is_ban))
    found = fit.tables()
    scores = fit.scores(found)
    for name, frame in fit_frames(found, scores).items():
        frame.to_csv(FOLDER / name, index=False, float_format="%.6g")
    report(scores)


if __name__ == "__main__":
    main()
