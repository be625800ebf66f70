"""What a server is started with."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class ServerLimits:
    """What requests and jobs may use."""

    body: int = MIB
    """Largest body of a request that is no upload [bytes]."""
    upload: int = 32 * MIB
    """Largest body of an upload, all files together [bytes]."""
    files: int = 200
    """Files of one upload."""
    seconds: float = 60.0
    """Longest time that a request may take [s]; streams of events are not counted."""
    streams: int = 100
    """Streams of events that one process keeps open."""
    jobs: int = max(1, (os.cpu_count() or 2) - 1)
    """Jobs that run at once, in all processes of the server together."""
    waiting: int = 50
    """Jobs that may wait."""
    job_seconds: float = 3600.0
    """Longest time that a job may run [s]."""
    job_memory: int = 4096 * MIB
    """Most memory that a job may take [bytes]."""
    memo: int = 64 * MIB
    """Answers that a process keeps, as they are sent [bytes]."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a server shows, to whom, and within which limits."""

    project: Path = Path(".ytterby")
    base_year: int = 2024
    host: str = "127.0.0.1"
    port: int = 8321
    token: str | None = field(default=None, repr=False)
    """What everyone must show; None on the loopback address only."""
    read_only: bool = False
    """Whether changes and jobs are refused."""
    names: tuple[str, ...] = ()
    """Host names beside those of the loopback address under which the server may be called."""
    workers: int = 1
    """Processes that answer requests."""
    dask: str | None = None
    """Address of a Dask scheduler that ensembles and coalitions are sent to."""
    limits: ServerLimits = ServerLimits()
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """What the same-origin token is made of; all processes of a server share it."""

    @property
    def address(self) -> str:
        """Address for a browser on this machine."""
        seen = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"http://{f'[{seen}]' if ':' in seen else seen}:{self.port}/"

    def to_json(self) -> str:
        """All of it as text, with its secrets."""
        return json.dumps(asdict(self) | {"project": str(self.project)})

    @classmethod
    def of_json(cls, text: str) -> Settings:
        """Settings of :meth:`to_json`."""
        given = json.loads(text)
        rest = {"project": Path(given["project"]), "names": tuple(given["names"]), "limits": ServerLimits(**given["limits"])}
        return cls(**given | rest)


EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (compared with, not bound to)
"""Addresses that stand for all of a machine's."""


def is_loopback(host: str) -> bool:
    """Whether an address is seen from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
