"""The base is built once: per process for the same facts, and per project for the same figures and program."""

import dataclasses
import datetime as dt
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from ytterby.app.network.bases import base_system, scenario_base
from ytterby.facts import load
from ytterby.scenario import load_scenario
from ytterby.store import MAX_BASES, BaseCache

YEAR, CHAIN = 2023, "antimony"

module = importlib.import_module("ytterby.system.build")


@pytest.fixture
def built(monkeypatch):
    """Counts what is built; each test begins without a base in memory."""
    calls = []
    build = module._build
    monkeypatch.setattr(module, "_build", lambda *args: calls.append(args) or build(*args))
    monkeypatch.setattr(module, "_BUILT", type(module._BUILT)())
    return calls


def forget():
    module._BUILT.clear()


def base(project, facts=None):
    return base_system(YEAR, facts or load(project), project, CHAIN)


def files(project):
    return sorted(path.name for path in project.glob("bases/*"))


def test_a_process_builds_a_base_once(built):
    assert base(None, load()) is base(None, load())
    assert len(built) == 1
    base_system(2022, load(), None, "gallium-germanium")
    assert len(built) == 2


def test_a_project_keeps_it(tmp_path, built):
    first = base(tmp_path)
    forget()
    again = base(tmp_path)
    assert len(built) == 1
    assert again is not first
    assert again.digest == first.digest
    assert again.links.equals(first.links)
    assert len(files(tmp_path)) == 1


def test_a_damaged_file_is_built_anew(tmp_path, built):
    first = base(tmp_path)
    (path,) = tmp_path.glob("bases/*")
    for content in (b"", path.read_bytes()[:-100], b"{}"):
        path.write_bytes(content)
        forget()
        assert base(tmp_path).digest == first.digest
    assert len(built) == 4
    forget()
    base(tmp_path)
    assert len(built) == 4


def test_a_changed_figure_is_another_base(tmp_path, built):
    """The user's figures count, wherever they stand, and so does the order of the rows."""
    facts = load()
    base(tmp_path)
    id_ = next(name for cell in base(tmp_path).processes["facts"] for name in cell.split())
    table = facts.table.copy()
    table.loc[id_, "value"] *= 1.001
    changed = dataclasses.replace(facts, table=table)
    assert base(tmp_path, changed).digest != base(tmp_path).digest
    assert len(built) == 2
    keys = {module.base_digest(YEAR, given, CHAIN) for given in (facts, changed, dataclasses.replace(facts, table=facts.table[::-1]))}
    assert len(keys) == 3


def test_an_imported_table_is_another_base(tmp_path):
    before = module.base_digest(YEAR, load(tmp_path), CHAIN)
    (tmp_path / "facts").mkdir()
    path = tmp_path / "facts" / "minerals_trade-0001-comtrade-own.csv.gz"
    row = load().minerals_trade().iloc[:1]
    row.to_csv(path, index=False)
    facts = load(tmp_path)
    assert facts.project == tmp_path
    one = module.base_digest(YEAR, facts, CHAIN)
    row.assign(quantity_t=row["quantity_t"] + 1.0).to_csv(path, index=False)
    two = module.base_digest(YEAR, load(tmp_path), CHAIN)
    assert len({before, one, two}) == 3


def test_year_chain_code_and_versions_are_in_the_name(monkeypatch):
    facts = load()
    keys = {module.base_digest(year, facts, chain) for year, chain in ((2024, "rare-earths"), (2009, "rare-earths"), (2023, "antimony"))}
    assert len(keys) == 3
    here = module.base_digest(2009, facts, "rare-earths")
    monkeypatch.setattr(module, "version", lambda name: "0.0.1" if name == "numpy" else "1")
    assert module.base_digest(2009, facts, "rare-earths") != here
    monkeypatch.undo()
    monkeypatch.setattr(module, "_code_digest", lambda: "other")
    assert module.base_digest(2009, facts, "rare-earths") != here


def test_code_and_tables_of_the_rooms_are_in_the_digest(tmp_path, monkeypatch):
    names = {name for name, _ in module._sources()}
    assert {"units.py", "system/build.py", "facts/load.py", "facts/vocabulary.py"} <= names
    assert any(name.startswith("system/bases/") and name.endswith(".csv") for name in names)
    assert any(name.startswith("facts/data/frames/") for name in names)
    assert not any("__pycache__" in name for name in names)
    one = tmp_path / "one.py"
    found = []
    for text in ("a = 1", "a = 2"):
        one.write_text(text)
        monkeypatch.setattr(module, "_sources", lambda: iter([("one.py", one)]))
        found.append(module._code_digest.__wrapped__())
    assert found[0] != found[1]


def test_few_bases_are_kept_and_the_last_used_stay(tmp_path):
    cache = BaseCache(tmp_path)
    names = [f"{i:064x}" for i in range(MAX_BASES + 3)]
    for i, name in enumerate(names):
        cache.put(name, b"x")
        assert cache.get(names[0]) == b"x"
        assert len(files(tmp_path)) == min(i + 1, MAX_BASES)
    assert cache.get(names[1]) is None
    with pytest.raises(ValueError, match="not a SHA-256"):
        cache.get("../../etc/passwd")


def test_a_project_that_cannot_be_written_is_no_hindrance(tmp_path, built):
    (tmp_path / "project").write_text("a file")
    assert base(tmp_path / "project", load()).year == YEAR
    assert len(built) == 1


BUILDER = """
import sys
from pathlib import Path
from ytterby.facts import load
from ytterby.scenario import load_scenario
from ytterby.app.network.bases import base_system, scenario_base
project = Path(sys.argv[1])
print(base_system(2023, load(project), project, "antimony").digest)
"""


@pytest.mark.slow
def test_two_processes_at_once_and_a_kill_leave_a_whole_base(tmp_path, built):
    def start():
        return subprocess.Popen([sys.executable, "-c", BUILDER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())

    first, second, third = start(), start(), start()
    third.kill()
    told = {process.communicate()[0].strip() for process in (first, second)}
    third.communicate()
    assert told == {base(tmp_path).digest}
    assert not built
    whole = [name for name in files(tmp_path) if not name.startswith(".part-")]
    assert whole == [f"{module.base_digest(YEAR, load(tmp_path), CHAIN)}.json"]


def test_a_base_that_is_rolled_forward_is_kept_by_day_and_path(tmp_path, monkeypatch):
    scenario = load_scenario("suspension-ends-2026")
    facts, calls = load(), []
    roll = importlib.import_module("ytterby.system.roll")
    rolled = roll.roll
    monkeypatch.setattr(roll, "roll", lambda *args: calls.append(args) or rolled(*args))
    fresh = scenario_base(scenario, facts, None)
    module._ROLLED.clear()
    made = scenario_base(scenario, facts, tmp_path)
    module._ROLLED.clear()
    kept = scenario_base(scenario, facts, tmp_path)
    assert kept.digest == made.digest == fresh.digest
    assert len(calls) == 2
    module._ROLLED.clear()
    later = scenario.model_copy(update={"start": scenario.start + dt.timedelta(days=91)})
    assert scenario_base(later, facts, tmp_path).at != kept.at
