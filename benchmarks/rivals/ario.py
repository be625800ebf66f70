"""BoARIO beside our room of the economy: one shock path through 900 industries, the same table, time and memory.

Each program runs where it is installed. BoARIO (GPL) is run, never copied, and never a dependency::

    python benchmarks/rivals/ario.py                                        # ours
    python -m venv away && away/bin/pip install boario numpy pandas pymrio progressbar2
    away/bin/python benchmarks/rivals/ario.py                               # theirs

The table is 30 regions of 30 sectors, every industry buys from every other. From week 4 on the first sector of the
first region works at half its capacity for half a year; nothing makes up for it. The models differ: BoARIO keeps one stock of each
*sector's* product in each industry, whatever region it comes from, and produces less as soon as that stock falls below a share
(psi) of its target; ours keeps a stock for each supplier and stops when it is empty. So the losses are of one
kind, not equal; time and memory are what is compared.
"""

from __future__ import annotations

import resource
import time
from importlib.util import find_spec

import numpy as np

REGIONS, SECTORS, WEEKS, DAYS = 30, 30, 104, 7
START, LENGTH, CLOSED = 4, 26, 0.5
STOCK, RESTOCK = 4, 8
"""Weeks of use in stock; weeks over which a gap is ordered again."""
ROUNDS = 3


def table(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Intermediate flows (seller, buyer), final use (seller, region) and output (industry,) [million USD/year]."""
    rng = np.random.default_rng(seed)
    count = REGIONS * SECTORS
    output = rng.lognormal(8.0, 1.0, count)
    shares = rng.gamma(0.3, 1.0, (count, count))
    home = np.kron(np.eye(REGIONS), np.full((SECTORS, SECTORS), 20.0)) + 1.0
    flows = shares * home * output[:, None] * output[None, :]
    flows *= (0.5 * output / flows.sum(axis=0))[None, :]
    flows *= np.minimum(0.8 * output / flows.sum(axis=1), 1.0)[:, None]
    own = np.kron(np.eye(REGIONS), np.ones((SECTORS, 1))) * 9.0 + 1.0
    final = (output - flows.sum(axis=1))[:, None] * own / own.sum(axis=1, keepdims=True)
    return flows, final, output


def ours() -> tuple[float, float]:
    """CPU time of a path [s] and value added lost [million USD]; the first call, which lays the table out, is not counted."""
    from scipy.sparse import csr_matrix

    from ytterby.economy import Economy, indirect_model, propagate

    flows, _, output = table()
    added = output - flows.sum(axis=0)
    names = tuple(f"i{i}" for i in range(len(output)))
    goods = np.ones(len(output), dtype=bool)
    economy = Economy("all", "imported", names, csr_matrix(flows), output, added, goods, {})
    shock = np.zeros((WEEKS, len(output)))
    shock[START : START + LENGTH, 0] = CLOSED
    model = indirect_model()._replace(inventory=np.array(float(STOCK)), restock=np.array(float(RESTOCK)))
    propagate(shock[:2], economy, model)
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        made = propagate(shock, economy, model)
        times.append(time.process_time() - began)
    return min(times), float(((1.0 - made) * added / 52).sum())


def theirs(step: int) -> tuple[float, float, float]:
    """CPU time of a path and of laying it out [s], value added lost [million USD], with steps of so many days."""
    import pandas as pd
    import pymrio
    from boario.event import from_series
    from boario.extended_models import ARIOPsiModel
    from boario.simulation import Simulation

    flows, final, output = table()
    regions, sectors = [f"r{i:02d}" for i in range(REGIONS)], [f"s{i:02d}" for i in range(SECTORS)]
    rows = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
    uses = pd.MultiIndex.from_product([regions, ["final"]], names=["region", "category"])
    system = pymrio.IOSystem(Z=pd.DataFrame(flows, rows, rows), Y=pd.DataFrame(final, rows, uses))
    system.calc_all()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        model = ARIOPsiModel(
            system,
            alpha_base=1.0,
            alpha_max=1.0,
            temporal_units_by_step=step,
            inventory_dict=dict.fromkeys(sectors, STOCK * DAYS),
            inventory_restoration_tau=RESTOCK * DAYS,
        )
        run = Simulation(model, n_temporal_units_to_sim=WEEKS * DAYS)
        impact = pd.Series({(regions[0], sectors[0]): CLOSED}).rename_axis(["region", "sector"])
        event = from_series(
            impact, event_type="arbitrary", occurrence=START * DAYS, duration=LENGTH * DAYS, recovery_tau=1, recovery_function="linear"
        )
        run.add_event(event)
        middle = time.process_time()
        run.loop()
        times.append((time.process_time() - middle, middle - began))
    made = run.production_realised.to_numpy(dtype=float)
    lost = (1.0 - made / made[0]) * (output - flows.sum(axis=0)) / (52 * DAYS / step)
    walk, layout = min(times)
    return walk, layout, float(np.nansum(lost))


def main() -> None:
    """Print what is measured of the program that is installed here."""
    flows, _, output = table()
    closed = CLOSED * LENGTH / 52 * (output - flows.sum(axis=0))[0]
    print(f"{len(output)} industries, {flows.size:,} flows, {WEEKS} weeks; closed itself {closed:,.0f} million USD; CPU time")
    if find_spec("ytterby"):
        seconds, lost = ours()
        print(f"Ytterby, weeks   {seconds:8.2f} s; value added lost {lost:,.0f} million USD; at most {peak()} MB")
    if find_spec("boario"):
        for name, step in (("weeks", DAYS), ("days", 1)):
            seconds, layout, lost = theirs(step)
            print(f"BoARIO, {name:7s}  {seconds:8.2f} s, {layout:.2f} s to lay out; value added lost {lost:,.0f} million USD; {peak()} MB")


def peak() -> int:
    """Most memory so far [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
