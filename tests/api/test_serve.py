"""The command: where it may listen, what it says, how it ends; several processes answer on one socket."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from click.testing import CliRunner

from ytterby.api import Settings, listening
from ytterby.cli import cli
from ytterby.errors import InputError


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "0.0.0.0"], "give --token"),
        (["--host", "192.0.2.7"], "give --token"),
        (["--host", "0.0.0.0", "--token", "short"], "5 characters"),
        (["--token", ""], "0 characters"),
    ],
)
def test_others_are_let_in_by_a_token_only(options, told):
    found = CliRunner().invoke(cli, ["serve", "--port", "0", *options])
    assert found.exit_code == 2
    assert told in found.output


def test_a_port_that_is_taken_is_told():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(InputError, match=r"cannot listen there .*give another --port"):
            listening("127.0.0.1", other.getsockname()[1])
    with pytest.raises(InputError, match="cannot listen there"):
        listening("no.such.host.invalid", 0)


def test_the_address_is_one_that_a_browser_on_this_machine_can_open():
    assert Settings(host="0.0.0.0", port=80).address == "http://127.0.0.1:80/"
    assert Settings(host="::1").address == "http://[::1]:8321/"


def test_it_answers_and_ends_at_ctrl_c_with_streams_open(server_of, tmp_path):
    server = server_of(tmp_path / "p")
    id_ = server.post("jobs", json={"kind": "run", "arguments": {"scenario": "no-shock", "draws": 100_000}}).json()["id"]
    with httpx.stream("GET", f"{server.url}/api/v1/jobs/{id_}/events", timeout=60) as stream:
        next(stream.iter_bytes())
        began = time.monotonic()
        server.end(signal.SIGINT)
        assert time.monotonic() - began < 15
    assert server.process.returncode in (0, 130)
    again = server_of(tmp_path / "p")
    assert again.get(f"jobs/{id_}").json()["state"] == "interrupted"


def test_programs_are_told_the_address_as_json(tmp_path):
    command = [sys.executable, "-m", "ytterby", "serve", "--port", "0", "--read-only", "--json", "--project", str(tmp_path / "p")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = [process.stdout.readline()]
        while lines[-1] != "}\n":
            lines.append(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.wait(30)
    said = json.loads("".join(lines))
    assert said["address"].startswith("http://127.0.0.1:")
    assert said["read_only"]


@pytest.mark.slow
def test_several_processes_share_project_jobs_and_token(server_of, tmp_path):
    server = server_of(tmp_path / "p", "--workers", "3")
    job = server.post("jobs", json={"kind": "run", "arguments": {"scenario": "no-shock"}}).json()
    for _ in range(12):  # whichever process takes the connection
        assert server.get(f"jobs/{job['id']}").status_code == 200
        assert server.get("session").json()["token"] == server.token["x-ytterby-token"]
    assert server.wait(job["id"], "done", "failed")["state"] == "done"
    found = [server.post("jobs", json={"kind": "run", "arguments": {"scenario": "no-shock", "seed": seed}}).json() for seed in range(2, 6)]
    ended = [server.wait(each["id"], "done", "failed") for each in found]
    assert [(each["state"], each["attempts"]) for each in ended] == [("done", 1)] * 4
