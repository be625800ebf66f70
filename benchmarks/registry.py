"""What the benchmarks run on: the full network of 2024 under the bundled licence scenario, drawn."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ytterby.scenario import load_scenario
from ytterby.simulation import Batch, Case, Experiment, LabelledNetwork, batches
from ytterby.system import build

SCENARIO = "china-licences-2025"
PACKAGES = ("numpy", "numba", "llvmlite", "scipy", "pandas", "duckdb")


@cache
def experiment(draws: int = 64) -> Experiment:
    """Draws of the bundled scenario."""
    scenario = load_scenario(SCENARIO)
    return Experiment(LabelledNetwork.of(build(scenario.base_year)), scenario, draws, 1)


@cache
def cases(count: int = 16) -> list[Case]:
    """What the kernel needs of the first draws, together."""
    return experiment().cases(range(count))


def first_batch(dtype: str) -> Batch:
    """The first batch, full."""
    run = experiment()
    return next(batch for _, batch in batches(run.network.net, cases(), run.scenario.weeks, dtype))


def sizes() -> dict[str, int]:
    """Links, markets, processes, demands and weeks: stated beside every time."""
    net = experiment().network.net
    return {
        "links": len(net.flow),
        "markets": len(net.price),
        "processes": len(net.activity),
        "demands": len(net.use),
        "weeks": experiment().scenario.weeks,
    }


def machine() -> dict[str, str]:
    """Processor and versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
    return {"processor": name, "python": platform.python_version()} | {package: version(package) for package in PACKAGES}


def per_link_week(seconds: float, draws: int) -> float:
    """Microseconds per link, week and draw."""
    size = sizes()
    return seconds * 1e6 / (size["links"] * size["weeks"] * draws)
