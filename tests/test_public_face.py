"""The public face: what ``import ytterby`` gives, and that it costs little."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import types

import pytest
from click.testing import CliRunner

import ytterby
from ytterby.cli import cli, commands, main

HEAVY = ("altair", "dask", "duckdb", "linopy", "numba", "numpy", "pandas", "scipy", "xarray")
"""Packages that take long to import; none is needed for help."""
MAX_SECONDS = 1.0
"""Bound of the test; the aim is 0.4 s on a quiet machine, and the figure is printed."""


def imported(code):
    """Names of the heavy packages that a fresh process has imported after some code."""
    tail = f"\nimport json, sys; sys.stderr.write(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stderr)


def test_all_is_the_public_namespace():
    names = {name for name in dir(ytterby) if not name.startswith("_")}
    assert names == set(ytterby.__all__)
    assert list(ytterby.__all__) == sorted(ytterby.__all__)
    assert 10 <= len(names) <= 30


def test_star_import_gives_all_and_nothing_else():
    space = {}
    exec("from ytterby import *", space)
    assert set(space) - {"__builtins__"} == set(ytterby.__all__)


def test_only_public_names_and_modules_are_attributes():
    """What lies in the module besides is private, or a room that an import put there."""
    for name in ytterby.__all__:
        getattr(ytterby, name)
    others = {name: item for name, item in vars(ytterby).items() if not name.startswith("_") and name not in ytterby.__all__}
    helpers = set()
    assert all(isinstance(item, types.ModuleType) for name, item in others.items() if name not in helpers)


@pytest.mark.parametrize("name", ytterby.__all__)
def test_public_names_say_where_they_come_from(name):
    assert getattr(ytterby, name).__module__.startswith("ytterby.")


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="ytterby attribute lod"):
        _ = ytterby.lod


def test_import_is_light():
    assert imported("import ytterby; ytterby.__version__ if hasattr(ytterby, '__version__') else None") == []


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in commands())], ids=" ".join)
def test_help_is_light(arguments):
    if len(arguments) == 2 and arguments[0] not in cli.list_commands(None):
        pytest.skip(f"the command {arguments[0]} does not exist yet")
    code = (
        f"import sys\nfrom ytterby.cli import main\nsys.argv = ['ytterby', *{arguments!r}]\ntry:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert imported(code) == []


def test_help_is_fast():
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "ytterby", "--help"], capture_output=True, timeout=60, check=True)
        seconds.append(time.perf_counter() - began)
    print(f"ytterby --help: {min(seconds):.3f} s (least of five)")
    assert min(seconds) < MAX_SECONDS


def test_help_lists_the_commands_that_exist():
    done = CliRunner().invoke(cli, ["--help"])
    assert done.exit_code == 0
    for name in cli.list_commands(None):
        assert f"\n  {name}" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rum"], "did you mean 'run'"),
        (["run"], "ytterby run: missing argument 'SCENARIO'; see 'ytterby run --help'"),
        (["--nope"], "--nope"),
    ],
)
def test_wrong_use_is_told_without_a_traceback(arguments, told, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["ytterby", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err
    assert not printed.out
