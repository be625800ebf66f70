"""Many at once: reads of 50 users, and of 20 while a job runs; bounded, and measured on this machine."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

READS = (
    "exposure?importer=JP", "exposure?importer=JP&element=Dy", "chain?element=Dy", "controls?on=2026-11-01", "calendar?on=2026-11-01",
    "facts?quantity=price&element=Dy", "candidates?party=JP", "scenarios", "session", "jobs",
)  # fmt: skip
EACH, PAUSE = 12, 0.25
"""Reads of a user, and the time that a user takes to look at what was read [s]."""
ASKED = 0.3
"""95 % of reads are asked to take less than that on two idle cores [s]."""


async def user(http, number, times, faults):
    await asyncio.sleep(PAUSE * number / 50)
    for step in range(EACH):
        began = time.perf_counter()
        found = await http.get(READS[(number + step) % len(READS)])
        times.append(time.perf_counter() - began)
        if found.status_code != 200:
            faults.append((found.status_code, found.text[:200]))
        await asyncio.sleep(PAUSE)


async def crowd(url, users):
    """Times of all reads [s] and those that failed."""
    times, faults = [], []
    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(base_url=f"{url}/api/v1/", timeout=60, limits=limits, headers={"accept-encoding": "gzip"}) as http:
        for read in READS:  # each has been asked once: what is measured are reads, not the building of the base
            assert (await http.get(read)).status_code == 200
        await asyncio.gather(*(user(http, number, times, faults) for number in range(users)))
    return sorted(times), faults


def share_busy():
    """How many processes wait for each core of this machine; limits hold for an idle one."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)) if hasattr(os, "getloadavg") else 1.0


def answered(url, users, tries=3):
    """95 % and all times of reads [s] of the quietest try: what else runs on this machine in between is not the server's."""
    found = []
    for _ in range(tries):
        times, faults = asyncio.run(crowd(url, users))
        assert faults == []
        found.append(times)
        if _at(times, 0.95) < ASKED:
            break
    return min(found, key=lambda times: _at(times, 0.95))


def _at(times, share):
    return times[int(share * len(times))]


def cpu(process):
    """CPU time of a process [s]."""
    return sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def memory(process):
    """Resident memory of a process [bytes]."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def test_fifty_users_read(server_of, tmp_path, record_property):
    server = server_of(tmp_path / "p")
    asyncio.run(crowd(server.url, 1))
    began = cpu(server.process.pid)
    asyncio.run(crowd(server.url, 50))
    each = (cpu(server.process.pid) - began) / (50 * EACH)
    times = answered(server.url, 50)
    p95 = _at(times, 0.95)
    record_property("p95", p95)
    shown = f"p50 {_at(times, 0.5):.3f} s, p95 {p95:.3f} s, worst {times[-1]:.3f} s; {each * 1000:.1f} CPU ms a read"
    print(f"\n50 users: {shown}; {memory(server.process.pid) / 1e6:.0f} MB")
    assert p95 < ASKED * share_busy()
    assert each < ASKED / 50  # so that fifty who ask in the same moment are answered in time by one core


def test_twenty_users_read_while_a_job_runs(server_of, tmp_path):
    server = server_of(tmp_path / "p")
    id_ = server.post("jobs", json={"kind": "run", "arguments": {"scenario": "no-shock", "draws": 20_000}}).json()["id"]
    times = answered(server.url, 20)
    assert server.get(f"jobs/{id_}").json()["state"] == "running"
    p95 = _at(times, 0.95)
    print(f"\n20 users and a job: p50 {_at(times, 0.5):.3f} s, p95 {p95:.3f} s")
    assert p95 < ASKED * share_busy()


def test_an_idle_server_takes_little(server_of, tmp_path):
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from /proc")
    server = server_of(tmp_path / "p")
    time.sleep(3)
    used, seconds = memory(server.process.pid), cpu(server.process.pid)
    print(f"\nidle: {used / 1e6:.0f} MB, {seconds:.2f} CPU s since it began")
    assert used < 350e6
    assert seconds < 4.0
