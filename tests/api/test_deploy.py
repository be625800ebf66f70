"""The files for a group, as far as one machine can check them: they are read, and agree in names, ports and variables."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from ytterby.cli.serve import SHORTEST_TOKEN, command

FOLDER = Path(__file__).parents[2] / "examples" / "deploy"
COMPOSE = YAML(typ="safe").load((FOLDER / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE, CADDY = ((FOLDER / name).read_text("utf-8") for name in ("Dockerfile", "Caddyfile"))
OPTIONS = {name for parameter in command.params for name in parameter.opts}


def variables(text):
    return set(re.findall(r"\$\{?(YTTERBY_[A-Z_]+)", text))


def test_every_service_names_its_image_without_a_registry():
    images = {service["image"] for service in SERVICES.values()} | set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    for image in images:
        assert "/" not in image, image
        assert re.fullmatch(r"[a-z]+(:[\w.-]+)?", image)


def test_only_the_proxy_is_seen_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert "workbench:8321" in CADDY
    assert SERVICES["workbench"]["expose"] == ["8321"]
    assert "EXPOSE 8321" in DOCKERFILE


def test_variables_are_those_of_the_example():
    declared = set(re.findall(r"^(YTTERBY_[A-Z_]+)=", (FOLDER / "env.example").read_text("utf-8"), re.MULTILINE))
    assert variables((FOLDER / "compose.yaml").read_text("utf-8")) == declared
    given = set(SERVICES["proxy"]["environment"])
    assert set(re.findall(r"\{\$(YTTERBY_[A-Z_]+)\}", CADDY)) <= given
    assert {option.envvar for option in command.params if option.envvar} <= set(SERVICES["workbench"]["environment"])


def test_the_command_in_the_image_has_its_options():
    entry = re.search(r"^ENTRYPOINT (\[.*\])", DOCKERFILE, re.MULTILINE)[1]
    words = [*YAML(typ="safe").load(entry), *SERVICES["workbench"]["command"]]
    assert words[:2] == ["ytterby", "serve"]
    assert {word for word in words if word.startswith("--")} <= OPTIONS


def test_volumes_and_services_that_are_named_exist():
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (FOLDER / source).is_file()
    dockerfile = FOLDER / SERVICES["workbench"]["build"]["context"] / SERVICES["workbench"]["build"]["dockerfile"]
    assert dockerfile.resolve() == (FOLDER / "Dockerfile").resolve()


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_the_cluster_is_optional_and_speaks_to_the_address_of_the_page(name):
    assert SERVICES[name]["profiles"] == ["cluster"]
    assert "tcp://scheduler:8786" in (FOLDER / "env.example").read_text("utf-8")
    assert SERVICES["worker"]["entrypoint"][2] == "tcp://scheduler:8786"


def test_no_secret_stands_in_the_files():
    for line in (FOLDER / "env.example").read_text("utf-8").splitlines():
        if line.startswith(("YTTERBY_TOKEN", "YTTERBY_PASSWORD")):
            assert line.endswith("=")
    assert SHORTEST_TOKEN >= 16


@pytest.fixture
def cluster(tmp_path):
    """Address of a scheduler with one worker, started by the words of the compose file, on this machine."""
    pytest.importorskip("distributed")
    dask, place = Path(sys.executable).with_name("dask"), tmp_path / "scheduler.json"
    if not dask.exists():
        pytest.skip("no command 'dask' beside this Python")
    words = {name: SERVICES[name]["entrypoint"] for name in ("scheduler", "worker")}
    assert [row[0] for row in words.values()] == ["dask", "dask"]
    here = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place)]
    started = [_begun([str(dask), *words["scheduler"][1:], *here], tmp_path)]
    try:
        for _ in range(600):
            if place.exists() and place.stat().st_size:
                break
            time.sleep(0.1)
        address = re.search(r'"address": "(tcp://[^"]+)"', place.read_text("utf-8"))[1]
        rest = [word if not word.startswith("tcp://") else address for word in words["worker"][1:]]
        started.append(_begun([str(dask), *rest, "--host", "127.0.0.1"], tmp_path))
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def _begun(command, folder):
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


@pytest.mark.slow
def test_a_job_goes_to_the_cluster_and_comes_back_the_same(server_of, cluster, tmp_path):
    order = {"kind": "run", "arguments": {"scenario": "no-shock", "draws": 8}}
    found = {}
    for name, options in (("here", ()), ("cluster", ("--dask", cluster))):
        server = server_of(tmp_path / name, *options)
        job = server.wait(server.post("jobs", json=order).json()["id"], "done", "failed")
        assert job["state"] == "done", job
        document = server.get(f"runs/{job['result']['run']}").json()
        found[name] = {key: document["summary"][key] for key in ("losses", "shortfall", "first_stops")}
    assert found["cluster"] == found["here"]
    assert "Receive client connection" in (tmp_path / "dask.log").read_text("utf-8")


def test_the_image_makes_its_examples_with_modules_that_exist():
    modules = re.findall(r"python -m (ytterby[\w.]+)", DOCKERFILE)
    assert "ytterby.web.ready" in modules
    assert all(find_spec(name) for name in modules)


def test_neither_secrets_nor_what_is_built_go_into_the_image():
    left_out = set((FOLDER.parents[1] / ".dockerignore").read_text("utf-8").split("\n"))
    assert {".git", "**/.env", "**/.venv", "**/.ytterby", "**/node_modules", "src/ytterby/ready"} <= left_out
