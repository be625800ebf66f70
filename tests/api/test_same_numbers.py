"""The API prints what the commands print: one number, computed in one place."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from ytterby.cli import cli

DAY = "2026-11-01"
QUESTIONS = {
    "chain?element=Dy": ["chain", "--element", "Dy"],
    "chain?year=2009": ["chain", "--year", "2009"],
    "exposure?importer=JP&element=Dy": ["exposure", "--importer", "JP", "--element", "Dy"],
    "exposure?importer=DE&element=gallium": ["exposure", "--importer", "DE", "--element", "Ga"],
    "controls?on=2026-11-01&material=Dy": ["controls", "--on", DAY, "--material", "Dy"],
    "calendar?on=2026-11-01": ["calendar", "--on", DAY],
    "watch?on=2026-11-01&party=JP": ["watch", "--on", DAY, "--party", "JP"],
    "facts?quantity=price&element=Dy": ["facts", "list", "--quantity", "price", "--element", "Dy"],
    "facts/MCS2026-MINE-CN-2024": ["facts", "show", "MCS2026-MINE-CN-2024"],
    "candidates?party=JP&stage=magnet": ["measures", "--candidates", "--party", "JP", "--stage", "magnet"],
    "measures": ["measures"],
    "recipes": ["measures", "--recipes"],
    "scenarios": ["scenarios"],
    "scenarios/total-stop?lang=de": ["scenarios", "total-stop", "--lang", "de"],
    "history?importer=JP": ["exposure", "--importer", "JP", "--history"],
    "hazard?country=CN&family=rare_earths": ["hazard", "--country", "CN", "--family", "rare_earths"],
}
"""Question of the API and the command that answers the same."""
CLOCKED = ("seconds", "made")
"""Keys that hold times of the work itself."""


def printed(arguments, project):
    """JSON that a command prints."""
    found = CliRunner().invoke(cli, [*arguments, "--json", "--project", str(project)])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def timeless(value):
    if isinstance(value, dict):
        return {key: timeless(item) for key, item in value.items() if key not in CLOCKED}
    return [timeless(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_have_the_answers_of_the_commands(client, project, question):
    found = client.get(question)
    assert found.status_code == 200, found.text
    assert found.json() == printed(QUESTIONS[question], project)


def test_a_run_is_that_of_the_command(client, project, tmp_path):
    job = client.job("run", scenario="china-licences-2025", draws=16, seed=3)
    found = client.get(f"runs/{job['result']['run']}/summary").json()
    other = printed(
        ["run", "china-licences-2025", "--draws", "16", "--seed", "3", "--workers", "1", "--out", str(tmp_path / "run")], project
    )
    assert timeless(found | {"run": ""}) == timeless(other | {"run": ""})


def test_duties_are_those_of_the_command(client, project):
    job = client.job("trade", scenario="us-tariffs-japan-2025", draws=20)
    assert timeless(client.get(f"duties/{job['id']}").json()) == timeless(
        printed(["trade", "us-tariffs-japan-2025", "--draws", "20"], project)
    )


def test_compared_runs_are_those_of_the_command(client, project):
    first, second = (client.job("run", scenario=name)["result"]["run"] for name in ("no-shock", "total-stop"))
    found = client.get("compare", params={"first": first, "second": second})
    assert found.json() == printed(["compare", first, second], project)


def test_parts_are_those_of_the_command(client, project, tmp_path):
    place = tmp_path / "parts.csv"
    subprocess.run([sys.executable, "-m", "ytterby", "exposure", "--bom-template", str(place)], check=True, capture_output=True)
    upload = client.change("POST", "uploads", files=[("files", (place.name, place.read_bytes()))]).json()
    job = client.job("parts", upload=upload["id"], without="CN", on=DAY)
    assert job["state"] == "done", job["error"]
    found = client.get(f"parts/{job['id']}").json()
    other = printed(["exposure", "--bom", str(place), "--without", "CN", "--on", DAY], project)
    assert timeless(found | {"file": ""}) == timeless(other | {"file": ""})
    assert client.get(f"jobs/{job['id']}/files/parts.xlsx").content[:2] == b"PK"


def test_articles_are_those_of_the_command(client, project, tmp_path):
    text = b"Beijing, 4 April 2025. China will require export licences for dysprosium and terbium, the Ministry of Commerce said."
    upload = client.change("POST", "uploads", files=[("files", ("licences.txt", text))]).json()
    job = client.job("read", uploads=[upload["id"]])
    place = tmp_path / upload["files"][0]["kept_as"]
    place.write_bytes(text)
    found = client.get(f"readings/{job['id']}").json()
    other = printed(["read", str(place)], tmp_path / "p")
    for document in (*found["documents"], *other["documents"]):
        document["path"] = ""
    assert found == other
    claims = client.get("evidence").json()["claims"]
    assert {claim["id"] for claim in found["claims"]} <= {claim["id"] for claim in claims}


@pytest.mark.slow
def test_a_plan_is_that_of_the_command(client, project):
    job = client.job("plan", allies=["JP"], budget=1e9, scenarios=4)
    assert job["state"] == "done", job["error"]
    found = client.get(f"plans/{job['id']}").json()
    assert timeless(found) == timeless(printed(["plan", "--allies", "JP", "--budget", "1e9", "--scenarios", "4"], project))


@pytest.mark.slow
def test_a_briefing_on_a_run_says_what_the_command_says(client, project, tmp_path):
    run = client.job("run", scenario="china-licences-2025", draws=16, seed=3)["result"]["run"]
    job = client.job("brief", inputs=[{"kind": "run", "id": run}], lang="de")
    assert job["state"] == "done", job["error"]
    found = client.get(f"briefings/{job['id']}").json()
    other = printed(["brief", str(project / "runs" / run), "--lang", "de", "-o", str(tmp_path / "brief.html")], project)
    assert found == {key: value for key, value in other.items() if key != "files"}
    page = client.get(f"jobs/{job['id']}/files/brief.html")
    assert page.text == (tmp_path / "brief.html").read_text("utf-8")
    assert page.headers["content-security-policy"].startswith("sandbox")


def test_talks_and_backtests_are_those_of_the_commands(client, project):
    talks = client.job("negotiate", without_minerals=True, draws=5)
    asked = ["negotiate", "--without-minerals", "--draws", "5"]
    assert timeless(client.get(f"negotiations/{talks['id']}").json()) == timeless(printed(asked, project))
    replay = client.job("backtest", episode="japan-tariffs-2025", draws=2)
    asked = ["backtest", "japan-tariffs-2025", "--draws", "2"]
    assert timeless(client.get(f"backtests/{replay['id']}").json()) == timeless(printed(asked, project))
