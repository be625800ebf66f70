"""A scenario as a form: its measures with their keys, what each may hold, its range of draws; and the changes that a form makes.

The form follows from the classes of the measures: a new kind or key of a measure shows without a change here.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from pydantic import JsonValue

from ytterby.errors import ScenarioError
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Iterator

Control = Literal["number", "share", "date", "choice", "switch", "list", "map", "text", "file"]
"""How a key is asked for; `map`: a number for each of several names; `file`: only in the text, since it holds more than that."""
IN_THE_TEXT = frozenset({"evidence", "facts", "assumed", "note"})
"""Keys that say where a measure comes from; they are written in the text."""
HEAD = ("title_en", "start", "weeks")
"""Keys of the scenario itself that a form asks for."""
SHORT = {"title_en": "title"}
"""Keys that may be written shorter."""
MOST_ON_SLIDER = 2.0
"""Largest upper end of a number that is set by a slider."""


class FormField(ResultModel):
    """A key of a measure as a form asks for it."""

    key: str
    """Dotted key in the scenario, such as `measures.0.approval_rate`."""
    name: str
    """Key within the measure."""
    control: Control
    """How it is asked for."""
    unit: str
    """Unit of the value; empty where it has none."""
    meaning: str
    """What the key says, in English."""
    needed: bool
    """Whether the measure cannot be without it."""
    value: JsonValue
    """Value in the text; None where the text has none."""
    default: JsonValue
    """What holds where the text has no value."""
    least: float | None
    """Lower end of a number [unit of the key]."""
    most: float | None
    """Upper end of a number [unit of the key]."""
    choices: tuple[str, ...]
    """Words of which one is chosen."""
    low: float | None
    """Lower end of the range that is drawn from [unit of the key]."""
    high: float | None
    """Upper end of the range that is drawn from [unit of the key]."""
    drawn: str
    """Distribution that the value is drawn from; empty where it is certain."""
    can_be_drawn: bool
    """Whether a range may be given."""


class FormMeasure(ResultModel):
    """A measure as a form."""

    key: str
    """Dotted key of the measure, such as `measures.0` or `forks.0.branches.1.measures.0`."""
    kind: str
    """Kind of the measure."""
    name: str
    """Name by which draws refer to it; empty where it has none."""
    start: str
    """First day, YYYY-MM-DD; empty where the text has none that can be read."""
    end: str
    """Last day, YYYY-MM-DD; empty where it stays."""
    fields: tuple[FormField, ...]
    """Its keys, those that it needs first."""


class FormBranch(ResultModel):
    """A branch of a fork as a form."""

    key: str
    """Dotted key of the branch, such as `forks.0.branches.1`."""
    label: str
    """Words of the branch."""
    p: float | None
    """Probability [1]; None where the text has none."""
    measures: tuple[FormMeasure, ...]
    """Measures of this branch."""


class FormFork(ResultModel):
    """A fork as a form."""

    key: str
    """Dotted key of the fork, such as `forks.0`."""
    label: str
    """What is decided."""
    date: str
    """Day of the decision, YYYY-MM-DD."""
    branches: tuple[FormBranch, ...]
    """What may be decided."""


class ScenarioForm(ResultModel):
    """A scenario's text as a form."""

    yaml: str
    """The scenario as a file."""
    fault: str
    """Why it cannot be run as it stands, a line for each fault; empty where it can."""
    start: str
    """First day, YYYY-MM-DD; empty where the text has none that can be read."""
    end: str
    """Last day, YYYY-MM-DD; empty where the text says none that can be read."""
    weeks: int | None
    """Horizon [week]."""
    head: tuple[FormField, ...]
    """Title, start and horizon."""
    measures: tuple[FormMeasure, ...]
    """Measures outside of forks."""
    forks: tuple[FormFork, ...]
    """Decisions with their branches."""
    kinds: tuple[str, ...]
    """Kinds of measures that may be added."""


class ScenarioChange(ResultModel):
    """What a form changes in a scenario's text."""

    do: Literal["value", "range", "probability", "add", "remove"]
    """Set a value, a range of draws or the probability of a branch, add a measure, remove a measure."""
    key: str
    """Dotted key of the value, of the branch, of the list that a measure is added to, or of the measure that is removed."""
    value: JsonValue = None
    """The new value; None takes the key out."""
    low: float | None = None
    """Lower end of the range [unit of the key]; None for no range."""
    high: float | None = None
    """Upper end of the range [unit of the key]."""
    kind: str = ""
    """Kind of the measure that is added."""


def scenario_form(text: str, change: ScenarioChange | None = None) -> ScenarioForm:
    """A scenario's text as a form, after a change; comments in the text are kept.

    Parameters
    ----------
    text : str
        The scenario as YAML; it may have faults, as long as it is YAML.
    change : ScenarioChange, optional

    Returns
    -------
    ScenarioForm
        With the faults of the text, if it has any.

    Raises
    ------
    ScenarioError
        If the text is no YAML or has no place for the change.
    """
    from ytterby.measures import SIMULATED
    from ytterby.scenario import load_text, parse_yaml, plain

    if change:
        text = _changed(text, change)
    data = plain(parse_yaml(text, "scenario"))
    fault = ""
    try:
        load_text(text)
    except ScenarioError as error:
        fault = str(error)
    start, weeks = _day(data.get("start")), data.get("weeks")
    whole = weeks if isinstance(weeks, int) and not isinstance(weeks, bool) and 0 < weeks <= 10_000 else None
    end = str(dt.date.fromisoformat(start) + dt.timedelta(weeks=whole)) if start and whole else ""
    return ScenarioForm(
        yaml=text, fault=fault, start=start, end=end, weeks=whole, head=tuple(_head(data)),
        measures=tuple(_measures(data, data, "measures")), forks=tuple(_forks(data)), kinds=tuple(sorted(SIMULATED)),
    )  # fmt: skip


def _changed(text: str, change: ScenarioChange) -> str:
    from ytterby.scenario import with_measure, with_probability, with_range, with_value, without

    if change.do == "value":
        return with_value(text, change.key, change.value)
    if change.do == "range":
        return with_range(text, change.key, change.low, change.high)
    if change.do == "probability":
        return with_probability(text, change.key, _number(change.value) or 0.0)
    return with_measure(text, change.key, change.kind) if change.do == "add" else without(text, change.key)


def _head(data: dict[str, Any]) -> Iterator[FormField]:
    """Title, start and horizon of a scenario."""
    from ytterby.scenario import Scenario, fields_of

    schema = Scenario.model_json_schema(by_alias=True)["properties"]
    asked = {field["key"]: field for field in fields_of(Scenario)}
    for name in HEAD:
        given = SHORT.get(name, name) if SHORT.get(name) in data else name
        yield _form_field(asked[name], schema[name], given, given, _jsonable(data.get(given)), {})


def _forks(data: dict[str, Any]) -> Iterator[FormFork]:
    for number, fork in _mappings(data.get("forks")):
        key = f"forks.{number}"
        branches = tuple(
            FormBranch(
                key=f"{key}.branches.{at}", label=str(branch.get("label") or at + 1), p=_number(branch.get("p")),
                measures=tuple(_measures(data, branch, f"{key}.branches.{at}.measures")),
            )
            for at, branch in _mappings(fork.get("branches"))
        )  # fmt: skip
        yield FormFork(key=key, label=str(fork.get("label") or ""), date=_day(fork.get("date")), branches=branches)


def _measures(data: dict[str, Any], holder: dict[str, Any], place: str) -> Iterator[FormMeasure]:
    from ytterby.measures import KINDS

    for number, given in _mappings(holder.get("measures")):
        kind, name = str(given.get("kind") or ""), str(given.get("name") or "")
        if kind in KINDS:
            key = f"{place}.{number}"
            fields = tuple(_fields(data, given, kind, key, f"{place}.{name}" if name else key))
            yield FormMeasure(key=key, kind=kind, name=name, start=_day(given.get("start")), end=_day(given.get("end")), fields=fields)


def _fields(data: dict[str, Any], given: dict[str, Any], kind: str, place: str, named: str) -> Iterator[FormField]:
    """Keys of a measure: those that the text has and those it needs come first."""
    from ytterby.measures import KINDS
    from ytterby.scenario import fields_of

    schema = KINDS[kind].model_json_schema(by_alias=True)["properties"]
    draws: dict[str, Any] = found if isinstance(found := data.get("draws"), dict) else {}
    asked = [field for field in fields_of(KINDS[kind]) if field["key"] not in IN_THE_TEXT | {"name"}]
    for field in sorted(asked, key=lambda field: not (field["needed"] or field["key"] in given)):
        name = field["key"]
        spread = draws.get(f"{named}.{name}") or draws.get(f"{place}.{name}") or {}
        yield _form_field(field, schema[name], f"{place}.{name}", name, _jsonable(given.get(name)), spread)


def _form_field(asked: dict[str, Any], schema: dict[str, Any], key: str, name: str, value: JsonValue, spread: Any) -> FormField:
    """A key as a form asks for it; a value that its control cannot show is left to the text."""
    control, least, most, choices = control_of(schema, asked["unit"])
    if not _fits(control, value):
        control = "file"
    drawn = spread if isinstance(spread, dict) else {}
    return FormField(
        key=key, name=name, control=control, unit=asked["unit"], meaning=asked["meaning"], needed=asked["needed"], value=value,
        default=_jsonable(asked["default"]), least=least, most=most, choices=choices, low=_number(drawn.get("low")),
        high=_number(drawn.get("high")), drawn=str(drawn.get("dist") or ""), can_be_drawn=control in ("number", "share"),
    )  # fmt: skip


def control_of(schema: dict[str, Any], unit: str) -> tuple[Control, float | None, float | None, tuple[str, ...]]:
    """How a key is asked for, from its JSON schema: control, lower and upper end, words to choose from."""
    options = [option for option in schema.get("anyOf", schema.get("oneOf", [schema])) if option.get("type") != "null"]
    simple: dict[str, Any] = next((option for option in options if "type" in option), {})
    if "enum" in simple:
        return "choice", None, None, tuple(str(word) for word in simple["enum"])
    kind = simple.get("type")
    if kind in ("number", "integer"):
        least = simple.get("minimum", simple.get("ge", simple.get("exclusiveMinimum")))
        most = simple.get("maximum", simple.get("le", simple.get("exclusiveMaximum")))
        slides = unit == "1" and least == 0 and most is not None and most <= MOST_ON_SLIDER
        return "share" if slides else "number", least, most, ()
    if kind == "boolean":
        return "switch", None, None, ()
    if kind == "object" and simple.get("additionalProperties", {}).get("type") == "number":
        return "map", None, None, ()
    if kind == "array":
        return ("list" if simple.get("items", {}).get("type") == "string" else "file"), None, None, ()
    if kind == "string":
        return ("date" if simple.get("format") == "date" else "text"), None, None, ()
    return "file", None, None, ()


def _fits(control: Control, value: JsonValue) -> bool:
    """Whether a value of the text can be shown in a control."""
    if value is None:
        return True
    if control in ("number", "share"):
        return _number(value) is not None
    if control == "list":
        return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))
    if control == "map":
        return isinstance(value, dict) and all(_number(item) is not None for item in value.values())
    return isinstance(value, bool) if control == "switch" else isinstance(value, str)


def _mappings(listed: Any) -> list[tuple[int, dict[str, Any]]]:
    """Mappings of a list with their numbers."""
    return [(number, item) for number, item in enumerate(listed if isinstance(listed, list) else []) if isinstance(item, dict)]


def _day(value: Any) -> str:
    """A day of the text as YYYY-MM-DD; empty where it is none."""
    try:
        return str(dt.date.fromisoformat(str(value)[:10]))
    except ValueError:
        return ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _jsonable(value: Any) -> Any:
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)
