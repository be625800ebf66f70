"""The server: one or several processes that answer on one socket."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import uvicorn

from ytterby.api.application import create_api
from ytterby.api.settings import Settings
from ytterby.errors import InputError

if TYPE_CHECKING:
    from fastapi import FastAPI

FACTORY = "ytterby.api.server:application"
VARIABLE = "YTTERBY_SERVER"
"""Variable of the environment with the settings, as JSON; jobs do not inherit it."""
BACKLOG = 512
"""Connections that wait to be taken."""
GOODBYE = 3
"""Time that open answers have when the server ends [s]; streams of events do not end by themselves."""
KEEP = 30
"""Time that an idle connection is kept [s]."""
CONNECTIONS = 1000
"""Connections of one process at once."""


def listening(host: str, port: int) -> socket.socket:
    """Socket that listens on an address, so that a port that is taken is told before anything else.

    Raises
    ------
    InputError
        If the address is none of this machine, or the port is taken.
    """
    found = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(BACKLOG)
    except OSError as error:
        if found is not None:
            found.close()
        hint = "; give another --port, or 0 for a free one" if error.errno in TAKEN else ""
        raise InputError(f"{host}:{port}: cannot listen there ({error.strerror or error}){hint}") from None
    found.set_inheritable(True)
    return found


TAKEN = (13, 48, 98)
"""Numbers of the errors "permission denied" and "address already in use"."""


def serve(settings: Settings, sock: socket.socket, factory: str = FACTORY) -> None:
    """Answer until a signal ends it.

    Parameters
    ----------
    settings : Settings
        What is shown, and to whom; processes of the server get them by their environment.
    sock : socket
        Listening socket.
    factory : str
        ``module:function`` that makes the application, in each process.
    """
    os.environ[VARIABLE] = settings.to_json()
    uvicorn.run(
        factory, factory=True, fd=sock.fileno(), workers=settings.workers, log_level="warning", access_log=False, server_header=False,
        proxy_headers=False, timeout_keep_alive=KEEP, timeout_graceful_shutdown=GOODBYE, limit_concurrency=CONNECTIONS, ws="none",
    )  # fmt: skip


def application() -> FastAPI:
    """Application of the settings in the environment."""
    return create_api(settings_of_environment())


def settings_of_environment() -> Settings:
    """Settings of the server that started this process."""
    return Settings.of_json(os.environ[VARIABLE])
