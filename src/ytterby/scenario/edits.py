"""Changes that a form makes to a scenario's text: a value, a range, a measure more or less; comments and order of the rest stay."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from ytterby.errors import ScenarioError
from ytterby.measures import KINDS, fields
from ytterby.scenario.describe import fields_of
from ytterby.scenario.files import parse_yaml, plain, yaml_format

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = 6
"""Decimal places of probabilities that are shared out."""


def with_value(text: str, key: str, value: Any) -> str:
    """Scenario text with another value at a dotted key, such as `measures.0.approval_rate`; None takes the key out.

    Parameters
    ----------
    text : str
        The scenario as YAML; it may have faults, as long as it is YAML.
    key : str
        Dotted key; measures, forks and branches by their number.
    value : str, float, bool, list of str, mapping or None
        A text like a date is written as a date.

    Raises
    ------
    ScenarioError
        If the text is no YAML, or there is nothing that the key could stand in.
    """

    def change(document: Any) -> None:
        parent, last = _parent(document, key)
        if value is None:
            parent.pop(last, None)
        else:
            parent[last] = _written(value)

    return _changed(text, change)


def with_range(text: str, key: str, low: float | None, high: float | None) -> str:
    """Scenario text in which a number is drawn between two values, its own as the likeliest; None takes the range out.

    A range that leaves the number itself outside is drawn evenly.

    Raises
    ------
    ScenarioError
        As :func:`with_value`, or if only one end is given.
    """
    if (low is None) != (high is None):
        raise ScenarioError(f"{key}: a range has two ends")

    def change(document: Any) -> None:
        found = document.get("draws")
        draws = {} if found is None else found
        name = _name_in_draws(document, key, draws)
        if low is None or high is None:
            draws.pop(name, None)
        else:
            parent, last = _parent(document, key)
            draws[name] = _flow(_range(low, parent.get(last), high))
        if draws:
            document["draws"] = draws
        else:
            document.pop("draws", None)

    return _changed(text, change)


def with_probability(text: str, key: str, value: float) -> str:
    """Scenario text in which a branch, such as `forks.0.branches.1`, has another probability [1].

    The other branches share the rest in the proportion in which they stand.

    Raises
    ------
    ScenarioError
        If there is no such branch, or the probability lies outside 0 to 1.
    """
    if not 0.0 <= value <= 1.0:
        raise ScenarioError(f"{key}: a probability lies between 0 and 1")

    def change(document: Any) -> None:
        branches, place = _parent(document, key)
        if not isinstance(branches, list) or not isinstance(place, int) or place >= len(branches):
            raise ScenarioError(f"there is no '{key}'")
        others = [branch for at, branch in enumerate(branches) if at != place]
        before = sum(float(branch.get("p") or 0.0) for branch in others)
        rest = 1.0 - value if others else 0.0
        for branch in others[1:]:
            own = float(branch.get("p") or 0.0) / before if before else 1.0 / len(others)
            branch["p"] = round(own * (1.0 - value), PLACES)
            rest -= branch["p"]
        for branch in others[:1]:  # what rounding leaves goes to the first, so that the sum is one
            branch["p"] = round(rest, PLACES)
        branches[place]["p"] = round(value, PLACES)

    return _changed(text, change)


def with_measure(text: str, place: str, kind: str) -> str:
    """Scenario text with a measure of a kind added at the end of a list, such as `measures` or `forks.0.branches.1.measures`.

    The keys that it needs are filled with what fits the scenario: its start, all rare earths, exports of China.

    Raises
    ------
    ScenarioError
        If the text is no YAML, the kind is unknown or there is no such list.
    """
    if kind not in KINDS:
        raise ScenarioError(f"unknown kind of measure '{kind}'; known are: {', '.join(KINDS)}")

    def change(document: Any) -> None:
        parent, last = _parent(document, place)
        if not isinstance(parent, dict) or last != "measures":
            raise ScenarioError(f"'{place}' is no list of measures")
        if not parent.get(last):
            parent[last] = []
        start = plain(parent.get("date") or document.get("start"))
        parent[last].append({key: _written(value) for key, value in _begun(kind, start).items()})

    return _changed(text, change)


def without(text: str, key: str) -> str:
    """Scenario text without the measure at a key such as `measures.2`, and without the ranges of its numbers.

    Raises
    ------
    ScenarioError
        If there is no such measure.
    """

    def change(document: Any) -> None:
        parent, last = _parent(document, key)
        if not isinstance(parent, list) or not isinstance(last, int) or last >= len(parent):
            raise ScenarioError(f"there is no '{key}'")
        draws = document.get("draws") or {}
        stems = [key, *([f"{_stem(key)}{parent[last]['name']}"] if isinstance(parent[last], dict) and parent[last].get("name") else [])]
        for name in [name for name in draws if any(str(name).startswith(f"{stem}.") for stem in stems)]:
            del draws[name]
        # ranges of unnamed measures that follow are known by their number, which falls by one
        for number in range(last + 1, len(parent)):
            old, new = f"{_stem(key)}{number}.", f"{_stem(key)}{number - 1}."
            for name in [name for name in draws if str(name).startswith(old)]:
                draws[new + str(name).removeprefix(old)] = draws.pop(name)
        del parent[last]
        if "draws" in document and not draws:
            del document["draws"]

    return _changed(text, change)


def _stem(key: str) -> str:
    return key[: key.rindex(".") + 1]


def _changed(text: str, change: Callable[[Any], None]) -> str:
    """Text after a change of its commented document."""
    document = parse_yaml(text, "scenario")
    change(document)
    stream = io.StringIO()
    yaml_format().dump(document, stream)
    return stream.getvalue()


def _parent(document: Any, key: str) -> tuple[Any, Any]:
    """What a dotted key stands in, and its last part; maps that are not there yet are made."""
    *way, last = key.split(".")
    here = document
    for part in way:
        if isinstance(here, list):
            if not part.isdigit() or int(part) >= len(here):
                raise ScenarioError(f"there is no '{key}'")
            here = here[int(part)]
        elif isinstance(here, dict):
            here = here.setdefault(part, {})
        else:
            raise ScenarioError(f"there is no '{key}'")
    if not isinstance(here, dict | list):
        raise ScenarioError(f"there is no '{key}'")
    return here, int(last) if isinstance(here, list) and last.isdigit() else last


def _name_in_draws(document: Any, key: str, draws: Any) -> str:
    """Name under which the range of a number is kept: as it stands there, else by the measure's own name, else by its number."""
    way, _, last = key.rpartition(".")
    measure, _ = _parent(document, key)
    named = f"{_stem(way)}{measure['name']}.{last}" if isinstance(measure, dict) and measure.get("name") and "." in way else key
    return next((name for name in (named, key) if name in draws), named)


def _range(low: float, own: Any, high: float) -> dict[str, Any]:
    inside = isinstance(own, int | float) and not isinstance(own, bool) and low <= own <= high
    return {"dist": "triangular", "low": low, "mode": own, "high": high} if inside else {"dist": "uniform", "low": low, "high": high}


def _begun(kind: str, start: Any) -> dict[str, Any]:
    """Keys of a new measure: what it needs, and places and goods to begin with."""
    first = {"on": ["rare_earths"], "from": "CN", "to": "all", "start": start}
    wanted = {field["key"]: field for field in fields_of(KINDS[kind])}
    filled = {key: value for key, value in first.items() if key in wanted and (wanted[key]["needed"] or key == "to")}
    return {"kind": kind, **filled}


def _written(value: Any) -> Any:
    """Value as it is written into the file: dates as dates, whole numbers without a point, short lists on one line."""
    if isinstance(value, str) and fields.ISO_DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, dict):
        return _flow(value)
    if isinstance(value, list):
        return value[0] if len(value) == 1 else _flow(value)
    return value


def _flow(value: Any) -> Any:
    """List or mapping that stands on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    made = CommentedMap((key, _written(item)) for key, item in value.items()) if isinstance(value, dict) else CommentedSeq(value)
    made.fa.set_flow_style()
    return made
