"""The command `export`, and the option of `run`: a run in other formats."""

import json

import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner

from tests.datasets import run_summary, small
from ytterby.app.runs.export import export
from ytterby.cli import cli
from ytterby.errors import InputError, UnknownNameError
from ytterby.simulation import labelled_dataset, tidy_table
from ytterby.store import ProjectStore, write_run


@pytest.fixture
def project(tmp_path):
    project = ProjectStore(tmp_path / "project")
    record = {"scenario": {"name": "calm", "weeks": 3}, "scenario_digest": "d", "base_digest": "b", "seed": 1, "draws": 2, "versions": {}}
    project.add_run(write_run(project.runs_folder / "calm-1", record, run_summary(), small()))
    return project


def test_a_run_is_named_or_a_folder(project, tmp_path):
    by_name = export("calm-1", tmp_path / "a.csv", project.folder)
    by_folder = export(project.runs_folder / "calm-1", tmp_path / "b.csv", tmp_path / "elsewhere")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert by_name == by_folder.model_copy(update={"file": str(tmp_path / "a.csv")})
    assert by_name.rows == len(pd.read_csv(tmp_path / "a.csv")) == len(tidy_table(small()))
    export("calm-1", tmp_path / "a.nc", project.folder)
    with xr.open_dataset(tmp_path / "a.nc") as found:
        xr.testing.assert_identical(found.load(), labelled_dataset(small()))


def test_the_command_says_what_it_wrote(project, tmp_path):
    words = ["export", "calm-1", "-o", str(tmp_path / "a.parquet"), "--project", str(project.folder)]
    told = CliRunner().invoke(cli, words)
    assert told.exit_code == 0, told.output
    assert told.output == f"{tmp_path / 'a.parquet'}: 24 values of 2 measures\n"
    found = json.loads(CliRunner().invoke(cli, [*words, "--json"]).output)
    assert found["measures"] == ["price", "stock"]


def test_what_is_unknown_is_refused_and_nothing_is_written(project, tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'calm-1'"):
        export("calm-2", tmp_path / "a.csv", project.folder)
    with pytest.raises(InputError, match=r"unknown format '.doc'; allowed: .parquet"):
        export("calm-1", tmp_path / "a.doc", project.folder)
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_a_run_with_an_unknown_format_is_refused_before_it_runs(tmp_path):
    told = CliRunner().invoke(cli, ["run", "no-shock", "--export", str(tmp_path / "a.doc"), "--project", str(tmp_path / "project")])
    assert told.exit_code == 2
    assert "unknown format" in told.output
    assert not list(tmp_path.iterdir())
