"""Plans on the real data of 2024: each stage with its CPU and wall time, what is asked, and the memory of the process.

    python -m benchmarks.plans JP
    python -m benchmarks.plans JP,US
    python -m benchmarks.plans JP,US,EU,KR,AU,IN --only plan
    python -m benchmarks.plans JP --rivals

CPU counts all threads. Drawn paths are taken from a fresh project, so that drawing them is a row of its own.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from benchmarks.registry import machine
from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import PlanData, PlanProblem, fresh, groups_of_decisions, judged_on, near_plans, parties_of, shock_paths
from ytterby.solver import solve_two_stage
from ytterby.store import BaseCache, ShockCache
from ytterby.system import build

GAP, SLACK, NEAR = 1e-2, 0.05, 0.4
THRIFT = 2.5e-3
BUDGETS = (0.05e3, 0.25e3, 1e3, 2.5e3, 5e3, 10e3)
"""Budgets of the curve [million USD]."""
ASKED = {1: 6.0, 2: 15.0, 6: 90.0}
"""Seconds of a plan of 20 scenarios by number of parties, on two quiet cores."""
ASSEMBLY = 0.05
"""Seconds asked for each party and scenario."""
MEGABYTES, FRESH_SECONDS, FRESH = 500, 15.0, 500


@dataclass
class Clock:
    """Prints and keeps what each stage takes."""

    rows: dict[str, float] = field(default_factory=dict)

    def stage(self, name, work, asked=""):
        """Do some work, print its CPU and wall time, return what it gives."""
        cpu, wall = time.process_time(), time.perf_counter()
        found = work()
        self.rows[name] = time.process_time() - cpu
        asked = asked(self.rows[name]) if callable(asked) else asked
        print(f"{name:52} {self.rows[name]:8.2f} s CPU {time.perf_counter() - wall:8.2f} s wall  {memory():5.0f} MB  {asked}", flush=True)
        return found


def memory():
    """Most memory of the process so far [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def assembled(data, members, budget=5e3):
    """A problem with its matrices and bounds, from the data that all plans share."""
    problem = data.problem(members, {"": budget})
    return problem, problem.first_stage, problem.recourse


def measure(codes, scenarios, only=""):
    """All rows of an alliance."""
    clock, folder, facts = Clock(), tempfile.TemporaryDirectory(), load()
    project = Path(folder.name)
    system = clock.stage("base", lambda: build(2024, facts, checkpoint=BaseCache(project)))
    members, known = parties_of(codes, system), select_candidates(candidates(), as_of="")
    names = tuple(party.code for party in members)

    def paths():
        return shock_paths(facts, system, names, seed=1, keep=scenarios, as_one=True, checkpoint=ShockCache(project))

    clock.stage("drawing paths (kept in the project afterwards)", paths)
    data = PlanData(system, facts, tuple(known), clock.stage("the same paths from the project", paths))
    clock.stage("reference path and what restrictions leave", lambda: (data.delivered, data.curves, data.maker))
    share = len(members) * scenarios
    problem, _, _ = clock.stage(
        "assembly", lambda: assembled(data, members), lambda s: f"{s / share:.4f} s a party and scenario, asked {ASSEMBLY}"
    )
    clock.stage("nothing", lambda: problem.before)
    solution = clock.stage("solution", lambda: problem.solve(gap=GAP))
    x = clock.stage("thriftiest of the best", lambda: problem.thriftiest(solution, THRIFT))
    plan = sum(clock.rows[name] for name in list(clock.rows)[3:])
    asked = ASKED.get(len(members), "nothing")
    print(f"PLAN {','.join(names)}: {plan:.2f} s CPU, asked {asked}; gap {solution.gap:.4f} of the gain, {solution.rounds} rounds")
    if only != "plan":
        curve(clock, problem, plan)
        near(clock, problem, solution, x, {each.id: each for each in known}, plan)
        fresh_paths(clock, data, problem, solution, x)
    print(f"MEMORY {memory():.0f} MB, asked {MEGABYTES}")
    return clock, problem, solution


def curve(clock, problem, plan):
    """Plans of six budgets."""

    def points():
        for budget in BUDGETS:
            other = problem.with_budgets({"": budget})
            found = other.solve(gap=GAP)
            other.thriftiest(found, THRIFT)

    clock.stage("curve of six budgets", points, lambda s: f"{s / plan:.2f} x one plan, asked 2")


def near(clock, problem, solution, x, known, plan):
    """Near-optimal ranges of all groups."""
    groups = groups_of_decisions(problem, known)
    clock.stage(
        f"near-optimal ranges of {len(groups)} groups and the total",
        lambda: near_plans(problem, groups, x, SLACK, lambda costs: problem.extremes(solution, costs, SLACK, NEAR)),
        lambda s: f"{s / plan:.2f} x one plan, asked 2",
    )


def fresh_paths(clock, data, problem, solution, x):
    """500 paths that the plan was not made for, with and without it."""

    def judged():
        paths = fresh(data.shocks, FRESH, 7920)
        return [each.objective for each in judged_on(data, problem, paths, [problem.nothing, x], solution.eta)]

    nothing, kept = clock.stage(f"{FRESH} fresh paths, with and without the plan", judged, f"asked {FRESH_SECONDS}")
    print(f"    gain on them {nothing - kept:.0f}, promised {problem.before.objective - solution.upper_bound:.0f} million USD")


def rivals(clock, problem: PlanProblem, solution):
    """The whole by IPX, and linopy's assembly of the same coefficients."""
    whole = clock.stage(
        "the whole by IPX",
        lambda: solve_two_stage(problem.first_stage, problem.recourse, weight=problem.weight, alpha=problem.alpha, method="ipx-whole"),
        lambda s: f"{s / (clock.rows['nothing'] + clock.rows['solution']):.1f} x the decomposition",
    )
    print(f"    optimum {whole.upper_bound:.3f}; bounds of the decomposition {solution.lower_bound:.3f} to {solution.upper_bound:.3f}")

    def ours():
        programme = replace(problem.programme)
        return programme.matrices, programme.scenario_bounds(problem.delivered)

    clock.stage("coefficients and bounds again, ours", ours)
    clock.stage(
        "the same rows by linopy", lambda: by_linopy(problem.recourse),
        lambda s: f"{s / clock.rows['coefficients and bounds again, ours']:.0f} x ours",
    )  # fmt: skip


def by_linopy(recourse):
    """Rows of all scenarios as linopy's expressions of padded terms, which is its fastest way: rows with as many terms together."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import linopy
        import xarray as xr

        model, W = linopy.Model(), recourse.W.tocsr()
        terms = np.diff(W.indptr)
        for s in range(recourse.scenarios):
            low, high = (bound if np.ndim(bound) == 1 else bound[s] for bound in (recourse.low, recourse.high))
            y = model.add_variables(xr.DataArray(low, dims="y"), xr.DataArray(high, dims="y"), name=f"y{s}")
            for count in np.unique(terms[terms > 0]):
                rows = np.flatnonzero(terms == count)
                at = W.indptr[rows][:, None] + np.arange(count)
                own = {"coeffs": (("row", "_term"), W.data[at]), "vars": (("row", "_term"), y.labels.to_numpy()[W.indices[at]])}
                right = recourse.row_low if np.ndim(recourse.row_low) == 1 else recourse.row_low[s]
                right = xr.DataArray(np.where(np.isfinite(right[rows]), right[rows], -1e20), dims="row")
                model.add_constraints(linopy.LinearExpression(xr.Dataset(own), model) >= right, name=f"rows{s}.{count}")
        return model


def main():
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("allies")
    parser.add_argument("--scenarios", type=int, default=20)
    parser.add_argument("--only", choices=("", "plan"), default="")
    parser.add_argument("--rivals", action="store_true")
    options = parser.parse_args()
    print(machine(), file=sys.stderr)
    clock, problem, solution = measure(tuple(options.allies.split(",")), options.scenarios, options.only)
    if options.rivals:
        rivals(clock, problem, solution)


if __name__ == "__main__":
    main()
