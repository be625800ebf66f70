"""Fields are described by the docstring below each, in schemas and in references."""

import subprocess
import sys

import pytest
from pydantic import ConfigDict, Field

from ytterby.described_model import DescribedModel, meanings_of


class Mine(DescribedModel):
    """A mine."""

    tonnes: float
    """Output [t/year]."""
    bare: int = 0
    given: int = Field(default=0, description="Said by itself.")
    """Not taken."""
    named: str = Field(default="", alias="called")
    """Name of
    the mine."""

    class Shaft(DescribedModel):
        """A shaft."""

        depth: float
        """Depth [m]."""


class Pit(Mine):
    """A pit, whose output is told anew without a docstring."""

    tonnes: float = 1.0
    wide: float = 0.0
    """Width [m]."""


def test_each_field_has_the_docstring_below_it():
    assert meanings_of(Mine) == {"tonnes": "Output [t/year].", "given": "Not taken.", "named": "Name of\nthe mine."}
    assert meanings_of(Mine.Shaft) == {"depth": "Depth [m]."}


def test_what_is_declared_anew_is_described_anew():
    assert meanings_of(Pit) == {"given": "Not taken.", "named": "Name of\nthe mine.", "wide": "Width [m]."}


@pytest.mark.parametrize("by_alias", [True, False])
def test_the_schema_is_the_one_that_pydantic_makes_of_docstrings(by_alias):
    ours = Mine.model_json_schema(by_alias=by_alias)["properties"]
    name = "called" if by_alias else "named"
    assert {key: field.get("description") for key, field in ours.items()} == {
        "tonnes": "Output [t/year].",
        "bare": None,
        "given": "Said by itself.",
        name: "Name of\nthe mine.",
    }


def test_models_inside_functions_and_of_parts_of_others():
    class Inside(DescribedModel):
        shafts: tuple[Mine.Shaft, ...] = ()
        """Its shafts."""

        model_config = ConfigDict(extra="forbid")

    schema = Inside.model_json_schema()
    assert schema["properties"]["shafts"]["description"] == "Its shafts."
    assert schema["$defs"]["Shaft"]["properties"]["depth"]["description"] == "Depth [m]."


def test_the_pages_load_neither_the_compiler_nor_the_solver():
    loaded = "import sys, ytterby.web.site, ytterby.api.application; print({'numba', 'highspy', 'scipy', 'xarray'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
