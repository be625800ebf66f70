"""EMA Workbench on the same callable: one thousand runs, timed beside Ytterby's own way.

EMA Workbench is never a dependency: run this in a throw-away environment in which both are installed::

    python -m venv away && away/bin/pip install . ema_workbench && away/bin/python benchmarks/rivals/ema.py
"""

from __future__ import annotations

import logging
import time
from typing import Any

import numpy as np
from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments
from ema_workbench.util import ema_logging

from ytterby.scenario import load_scenario
from ytterby.simulation import Case, LabelledNetwork, behaviour, central_path, interventions_of, outcomes, simulate
from ytterby.system import build

RUNS = 1000
RANGES = {"price_gain": (0.4, 1.9), "sigma": (2.0, 6.0), "import_pull": (1.0, 4.0), "reliability_weight": (1.0, 5.0)}


def main() -> None:
    """Time both on the same draws of four behavioural parameters; outcome: unmet final use [t]."""
    scenario = central_path(load_scenario("china-licences-2025"))
    network = LabelledNetwork.of(build(scenario.base_year))
    net, policy, weeks = network.net, interventions_of(network, scenario), scenario.weeks

    def one(**values: float) -> dict[str, Any]:
        trace = simulate(net, policy, behaviour(values), weeks)
        return {"unmet": float((trace.want - trace.served).sum())}

    one(price_gain=0.6, sigma=3.0, import_pull=3.0, reliability_weight=3.0)
    began = time.process_time()
    for _ in range(50):
        one(price_gain=0.6, sigma=3.0, import_pull=3.0, reliability_weight=3.0)
    bare = (time.process_time() - began) / 50
    model = Model("ytterby", function=one)
    model.uncertainties = [RealParameter(name, *span) for name, span in RANGES.items()]
    model.outcomes = [ScalarOutcome("unmet")]
    ema_logging.log_to_stderr(logging.WARNING)
    began = time.process_time()
    experiments, reached = perform_experiments(model, RUNS)
    theirs = (time.process_time() - began) / RUNS
    columns = {name: experiments[name].to_numpy(dtype=float) for name in RANGES}
    outcomes(net, [Case(net.cover, policy, behaviour({"price_gain": 0.6}))], weeks)
    began = time.process_time()
    found = outcomes(net, [Case(np.broadcast_to(net.cover, (RUNS, len(net.cover))), policy, behaviour(columns))], weeks)
    ours = (time.process_time() - began) / RUNS
    gap = np.abs(found["shortfall"].sum(axis=1) - reached["unmet"]).max() / max(float(np.abs(reached["unmet"]).max()), 1e-12)
    print(f"links {len(net.flow)}, weeks {weeks}, runs {RUNS}; CPU time a run")
    print(f"the callable alone           {1e3 * bare:8.3f} ms")
    print(f"EMA Workbench, same callable {1e3 * theirs:8.3f} ms (own overhead {1e6 * (theirs - bare):.0f} us)")
    print(f"Ytterby, batches of draws    {1e3 * ours:8.3f} ms; largest difference of the outcome {gap:.1e}")


if __name__ == "__main__":
    main()
