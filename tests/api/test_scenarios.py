"""Scenarios that people write at the same time: the later save is told of the earlier; faults are named while one writes."""

from __future__ import annotations

import pytest

TEXT = "name: mine\nstart: 2027-01-04\nweeks: 26\nbase_year: 2024\nmeasures: []\n"


@pytest.fixture
def client(client_of, tmp_path):
    return client_of(project=tmp_path / "p")


def save(client, text, version=None, name="mine", by=""):
    headers = {"if-match": f'"{version}"'} if version else {}
    return client.change("PUT", f"saved-scenarios/{name}", json={"yaml": text, "by": by}, headers=headers)


def test_the_later_of_two_saves_is_told_of_the_earlier(client):
    first = save(client, TEXT)
    version = first.json()["version"]
    assert first.headers["etag"] == f'"{version}"'
    assert save(client, TEXT + "# by Anna\n", version, by="Anna").status_code == 200
    late = save(client, TEXT + "# by Ben\n", version, by="Ben")
    assert late.status_code == 412
    assert "by Anna" in late.json()["detail"]
    assert late.json()["current"]["yaml"] == TEXT + "# by Anna\n"
    assert client.get("saved-scenarios/mine").json()["yaml"] == TEXT + "# by Anna\n"
    assert save(client, TEXT + "# both\n", late.json()["current"]["version"]).status_code == 200


def test_a_save_over_a_text_names_its_version(client):
    save(client, TEXT)
    blind = save(client, TEXT + "\n")
    assert blind.status_code == 428
    assert client.change("DELETE", "saved-scenarios/mine").status_code == 428
    version = blind.json()["current"]["version"]
    assert client.change("DELETE", "saved-scenarios/mine", headers={"if-match": f'"{version}x"'}).status_code == 412
    assert client.change("DELETE", "saved-scenarios/mine", headers={"if-match": f'"{version}"'}).status_code == 200
    assert client.get("saved-scenarios/mine").status_code == 404


def test_a_saved_scenario_is_read_listed_and_its_text_kept(client):
    assert save(client, "# mine\n" + TEXT).status_code == 200
    assert client.get("scenarios/mine").json()["weeks"] == 26
    assert [row["name"] for row in client.get("saved-scenarios").json()["saved"]] == ["mine"]
    assert client.get("saved-scenarios/mine").json()["yaml"].startswith("# mine")


@pytest.mark.parametrize("name", ["Mine", "a b", "-x", "x" * 81, "total-stop", "..", "ä"])
def test_names_that_cannot_be_are_refused(client, name):
    assert save(client, TEXT.replace("mine", name), name=name).status_code in (404, 405, 422)


def test_faults_are_named_with_their_line(client):
    for text, told in (("name: x\nstart: 2027-13-01\nweeks: 2\n", "2"), (TEXT.replace("weeks: 26", "weeks: -1"), "weeks"), ("a: [", "")):
        found = client.change("POST", "scenarios/check", json={"yaml": text})
        assert found.status_code == 422
        assert told in found.json()["detail"]
    assert client.change("POST", "scenarios/check", json={"yaml": TEXT}).json()["name"] == "mine"
    assert client.get("saved-scenarios").json() == {"saved": []}


def test_name_and_text_agree(client):
    assert "both must be the same" in save(client, TEXT, name="other").json()["detail"]


def test_a_text_is_read_and_changed_as_a_form(client):
    read = client.change("POST", "scenarios/form", json={"yaml": TEXT}).json()
    assert (read["fault"], read["measures"], read["weeks"]) == ("", [], 26)
    change = {"do": "add", "key": "measures", "kind": "ban"}
    added = client.change("POST", "scenarios/form", json={"yaml": TEXT, "change": change}).json()
    assert added["measures"][0]["kind"] == "ban"
    assert client.change("POST", "scenarios/check", json={"yaml": added["yaml"]}).status_code == 200
    wrong = client.change("POST", "scenarios/form", json={"yaml": TEXT, "change": {"do": "remove", "key": "measures.3"}})
    assert wrong.status_code == 422
    assert "measures.3" in wrong.json()["detail"]
