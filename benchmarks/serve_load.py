"""Many readers at once: ``python benchmarks/serve_load.py [--users 50] [--each 12] [--job]``.

A server on the loopback address and a project of its own is read by users who look at pages and ask the API, each with a pause between two
reads. Told are times as the users see them, which depend on what else the machine does, and the CPU time of the server for a read, which
hardly does. With ``--job`` a large ensemble runs meanwhile. Nothing else is asked than what stands in `READS`, so the load is bounded.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

READS = (
    "/?importer=JP", "/?importer=DE&lang=de", "/?importer=KR&lang=ja", "/exposure?importer=JP", "/world", "/watch", "/sources", "/runs",
    "/api/v1/exposure?importer=JP", "/api/v1/exposure?importer=JP&element=Dy", "/api/v1/controls?on=2026-11-01",
    "/api/v1/facts?quantity=price&element=Dy", "/api/v1/scenarios", "/api/v1/session", "/api/v1/jobs",
)  # fmt: skip
PAUSE = 0.25
"""Time that a user looks at what was read [s]."""
PATIENCE = 300.0
"""Time in which each read must have been answered once before the users come [s]."""
JOB = {"kind": "run", "arguments": {"scenario": "no-shock", "draws": 20_000}}


def cpu(pid: int) -> float:
    """CPU time of a process [s]."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Resident memory of a process [MB]."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def serve(project: Path) -> tuple[subprocess.Popen[str], str]:
    """A server of its own, and its address."""
    command = [sys.executable, "-m", "ytterby", "serve", "--port", "0", "--project", str(project)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()[3].rstrip("/")


async def ask_once(http: httpx.AsyncClient, pid: int) -> None:
    """Ask for everything until it is there, and tell what the first answer took."""
    for read in READS:
        began, used, until = time.perf_counter(), cpu(pid), time.monotonic() + PATIENCE
        while (found := await http.get(read)).status_code == 202 and time.monotonic() < until:
            await asyncio.sleep(0.2)
        took = f"{time.perf_counter() - began:6.2f} s, {cpu(pid) - used:5.2f} CPU s"
        print(f"first  {took}, {len(found.content) / 1e3:7.0f} kB, {resident(pid):4.0f} MB  {found.status_code} {read}")


async def user(http: httpx.AsyncClient, number: int, users: int, each: int, seen: list[tuple[float, int]]) -> None:
    """Reads of one user, with the time of each and its status."""
    await asyncio.sleep(PAUSE * number / users)
    for step in range(each):
        began = time.perf_counter()
        found = await http.get(READS[(number + step) % len(READS)])
        seen.append((time.perf_counter() - began, found.status_code))
        await asyncio.sleep(PAUSE)


async def crowd(url: str, pid: int, users: int, each: int, *, job: bool) -> bool:
    """Tell how a crowd is served; returns whether all was answered."""
    seen: list[tuple[float, int]] = []
    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits, headers={"accept-encoding": "gzip"}) as http:
        await wait(http)
        await ask_once(http, pid)
        if job:
            token = (await http.get("/api/v1/session")).json()["token"]
            await http.post("/api/v1/jobs", json=JOB, headers={"x-ytterby-token": token})
        began, used = time.perf_counter(), cpu(pid)
        await asyncio.gather(*(user(http, number, users, each, seen) for number in range(users)))
        wall, spent = time.perf_counter() - began, cpu(pid) - used
    times = sorted(took for took, _ in seen)
    bad = [status for _, status in seen if status != 200]
    p50, p95 = (times[int(level * len(times))] for level in (0.5, 0.95))
    load = os.getloadavg()[0]
    print(f"{users} users, {len(times)} reads in {wall:.1f} s: p50 {p50:.3f} s, p95 {p95:.3f} s, worst {times[-1]:.3f} s; load {load:.0f}")
    print(
        f"{1000 * spent / len(times):.2f} CPU ms of the server a read, {resident(pid):.0f} MB, {len(bad)} not answered {sorted(set(bad))}"
    )
    return not bad


async def wait(http: httpx.AsyncClient) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            await http.get("/api/v1/session")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return


def main() -> int:
    """Start a server, read from it, end it."""
    parser = argparse.ArgumentParser(description="Read a server with many users at once.")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--each", type=int, default=12, help="reads of each user")
    parser.add_argument("--job", action="store_true", help="while an ensemble runs")
    parser.add_argument("--project", type=Path, help="project folder; a new one without it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        process, url = serve(asked.project or Path(folder) / "project")
        try:
            return 0 if asyncio.run(crowd(url, process.pid, asked.users, asked.each, job=asked.job)) else 1
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
