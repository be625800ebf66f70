"""Simulate the designed runs anew and fit the loss table of plans: needed when the simulator, the losses or the base change.

``--fit-only`` fits on the designed runs that are there. Takes about a quarter of an hour on one core.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ytterby.facts import load
from ytterby.plan import DRAWS, SEED, TOLERANCE, LossFit, Score, designed_runs, designs, fit_frames, frames_of, licence_designs, run_designs
from ytterby.system import System, build
from ytterby.validation import posterior_digest

FOLDER = Path(__file__).parents[1] / "src/ytterby/plan/tables"


def simulate(system: System) -> None:
    """Run the design and write what each run gives."""
    means = {}
    for design, found in run_designs(system, (*designs(), *licence_designs()), DRAWS, SEED):
        means[design] = found
        print(f"{design.scope} {design.weeks} weeks, depth {design.depth:g}: USD {found.loss.sum() / 1e9:.1f} bn", flush=True)
    for name, frame in frames_of(system, means).items():
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
    system = build(2024, load())
    if not parser.parse_args().fit_only:
        simulate(system)
    fit = LossFit(system, tuple(run for run in designed_runs(system) if run.design.is_ban))
    found = fit.tables()
    scores = fit.scores(found)
    for name, frame in fit_frames(found, scores).items():
        frame.to_csv(FOLDER / name, index=False, float_format="%.6g")
    report(scores)


if __name__ == "__main__":
    main()
