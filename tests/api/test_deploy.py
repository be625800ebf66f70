"""The files for a group, as far as one machine can check them: they are read, and agree in names, ports and variables."""

from __future__ import annotations

import re
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
