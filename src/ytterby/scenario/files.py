"""Scenario files: YAML 1.2, checked before parsing, written back with their comments."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ytterby.errors import ScenarioError, UnknownNameError
from ytterby.measures import Faults, measure
from ytterby.scenario.consistency import horizon_faults
from ytterby.scenario.keys import with_tags
from ytterby.scenario.scenario import Scenario

if TYPE_CHECKING:
    from ruamel.yaml import YAML

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_NODES = 20_000
SUFFIXES = (".yaml", ".yml")
_SCENARIO: TypeAdapter[Scenario] = TypeAdapter(Scenario)


def yaml_format(kind: str = "rt") -> YAML:
    """Reader and writer of scenario files that keeps comments, quotes and order."""
    from ruamel.yaml import YAML

    yaml = YAML(typ=kind, pure=True)
    yaml.version = None
    yaml.width = MAX_BYTES
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    yaml.representer.ignore_aliases = lambda _: True  # two keys may share a value; the reader does not allow anchors
    return yaml


def bundled() -> tuple[str, ...]:
    """Names of the bundled scenarios."""
    folder = files("ytterby.scenario") / "episodes"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@cache
def _bundled(name: str) -> Scenario:
    return load_text((files("ytterby.scenario") / "episodes" / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Load a scenario by its bundled name or from a YAML file.

    Raises
    ------
    UnknownNameError
        If it is neither a bundled name nor a file.
    ScenarioError
        With all faults of the file, at most a dozen lines.
    """
    text = str(name_or_path)
    if text in bundled():
        return _bundled(text)
    return load_text(read_text(file_of(text, "scenario", bundled())), text)


def file_of(text: str, what: str, names: tuple[str, ...], where: str = "") -> Path:
    """Path of a YAML file; a word that looks like none and is no file was meant as one of the bundled names.

    Raises
    ------
    UnknownNameError
        For such a word, with the nearest name; `what` it is and `where` it stands are for the message.
    """
    path = Path(text)
    if path.suffix not in SUFFIXES and len(path.parts) == 1 and not path.exists():
        raise UnknownNameError(what, text, names, where)
    return path


def read_text(path: Path, what: str = "scenario") -> str:
    """Text of a YAML file; `what` is what it should hold, for messages.

    Raises
    ------
    ScenarioError
        If there is no such plain file of UTF-8 text, or it is too large.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise ScenarioError(f"{path}: is no plain file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise ScenarioError(f"{path}: is a folder; a {what} is a YAML file") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error})") from None
    if len(content) > MAX_BYTES:
        raise ScenarioError(f"{path}: larger than {MAX_BYTES:,} bytes, the most a {what} may have")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not UTF-8 text (byte {error.start})") from None


def load_text(text: str, where: str = "scenario") -> Scenario:
    """Scenario from a YAML text; `where` is its name in messages.

    Raises
    ------
    ScenarioError
        With all faults, one per line, at most a dozen lines.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ScenarioError(f"{where}: larger than {MAX_BYTES:,} bytes, the most a scenario may have")
    return _at_once(text, where) or _with_places_of_faults(text, where)


def _at_once(text: str, where: str) -> Scenario | None:
    """Scenario from a text without faults, read without comments and places, which takes half of the time; None from another text."""
    try:
        return _SCENARIO.validate_python({**plain(_reader(where, "scenario", "safe").load(text)), "source": text})
    except Exception:  # noqa: BLE001 - whatever it is, it is told by the reader that knows the lines
        return None


def _with_places_of_faults(text: str, where: str) -> Scenario:
    document = parse_yaml(text, where)
    data = plain(document)
    try:
        return _SCENARIO.validate_python({**data, "source": text})
    except ValidationError as error:
        faults = Faults(where, document, [Scenario])
        faults.add_errors(error)
        _late_faults(data, faults)
    raise faults.error()


def _late_faults(data: dict[str, Any], faults: Faults) -> None:
    """Add measures outside the horizon to the faults, even if there are faults in other keys."""
    try:
        head = Scenario.model_validate({"name": "x", "start": data["start"], "weeks": data["weeks"]})
    except (ScenarioError, KeyError):
        return
    listed = data.get("measures")
    for i, item in enumerate(listed if isinstance(listed, list) else []):
        try:
            found = measure(**item)
        except (ScenarioError, TypeError):
            continue
        for loc, words in horizon_faults(found, head.start, head.last_day, ("measures", i)):
            faults.add(loc, words)


def parse_yaml(text: str, where: str, what: str = "scenario", keys: str = "name, start, weeks, measures") -> Any:
    """Round-trip document of a YAML text, after the checks of :class:`_Inspection`; `what` it is and its `keys` are for messages.

    Raises
    ------
    ScenarioError
        If it is no YAML, holds anchors, tags or several documents, or is no mapping.
    """
    from ruamel.yaml.error import YAMLError

    try:
        document = _reader(where, what).load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "context", None) or "is not YAML"
        raise ScenarioError(f"{where}{f', line {mark.line + 1}' if mark else ''}: {' '.join(str(problem).split())}") from None
    except ScenarioError:
        raise
    except Exception as error:  # noqa: BLE001 - the parser raises many kinds of errors on malformed text
        raise ScenarioError(f"{where}: is not YAML that can be read ({' '.join(str(error).split())[:100]})") from None
    if document is None:
        first, second, third, *_ = keys.split(", ")
        raise ScenarioError(f"{where}: is empty; a {what} needs at least {first}, {second} and {third}")
    if not isinstance(document, dict):
        found = "a list" if isinstance(document, list) else f"{type(document).__name__.lower().replace('scalar', '')} text"
        raise ScenarioError(f"{where}: holds {found}; a {what} is a mapping with {keys}")
    return document


def _reader(where: str, what: str, kind: str = "rt") -> YAML:
    """Reader that looks at each event of a text before anything is built of it."""
    yaml = yaml_format(kind)
    parser: Any = yaml.Parser
    inspection = _Inspection(where, what)

    class Inspecting(parser):  # type: ignore[misc]
        def get_event(self) -> Any:
            event = super().get_event()
            inspection.see(event)
            return event

    yaml.Parser = Inspecting
    return yaml


@dataclass
class _Inspection:
    """Rejects anchors, aliases, tags, directives, second documents, and too deep or too large documents."""

    where: str
    what: str
    depth: int = 0
    nodes: int = 0
    documents: int = 0

    def see(self, event: Any) -> None:
        """Check the next event of a text."""
        from ruamel.yaml import events

        if isinstance(event, events.DocumentStartEvent):
            self._see_document(event)
        if isinstance(event, events.AliasEvent) or getattr(event, "anchor", None):
            raise self._refusal(event, "YAML anchors and aliases are not allowed")
        if isinstance(event, events.NodeEvent):
            self.nodes += 1
            if _tagged(event):
                raise self._refusal(event, "YAML tags such as '!x' are not allowed")
        self.depth += isinstance(event, events.CollectionStartEvent) - isinstance(event, events.CollectionEndEvent)
        if self.depth > MAX_DEPTH or self.nodes > MAX_NODES:
            size = f"deeper than {MAX_DEPTH} levels" if self.depth > MAX_DEPTH else f"more than {MAX_NODES:,} values"
            raise self._refusal(event, f"{size}, the most a {self.what} may have")

    def _see_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refusal(event, f"a second document; a file holds one {self.what}")
        if event.version or event.tags:
            raise self._refusal(event, "YAML directives are not allowed")

    def _refusal(self, event: Any, words: str) -> ScenarioError:
        return ScenarioError(f"{self.where}, line {event.start_mark.line + 1}: {words}")


def _tagged(event: Any) -> bool:
    tag = getattr(event, "tag", None)
    return tag is not None and str(tag) != "" and str(tag) != "None"


def plain(node: Any) -> Any:
    """Document in plain Python types, without positions and comments."""
    if isinstance(node, dict):
        return {plain(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, bool) or node is None:
        return node
    if hasattr(node, "_yaml_anchor") and type(node).__name__ == "ScalarBoolean":
        return bool(node)
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    if isinstance(node, dt.datetime):
        return str(node)
    return node


def dump(scenario: Scenario) -> str:
    """Scenario as YAML; comments of its source text are preserved where nothing has changed."""
    wanted = document = _canonical(scenario)
    if scenario.source:
        read = _canonical(load_text(scenario.source, scenario.name))
        if read == wanted:
            return scenario.source
        document = yaml_format().load(scenario.source)
        _merge(document, read, wanted)
    stream = io.StringIO()
    yaml_format().dump(document, stream)
    return stream.getvalue()


def _canonical(scenario: Scenario) -> dict[str, Any]:
    """Plain data of a scenario without default values, tuples as lists."""
    data = with_tags(scenario.model_dump(by_alias=True, exclude_defaults=True), scenario.model_dump(by_alias=True))
    listed: dict[str, Any] = _listed(_with_places(data, scenario.as_data()))
    return listed


def _with_places(data: Any, given: Any) -> Any:
    """Restore keys given with their default values: `on`, `from` and `to`, which some kinds require, and assumed ones."""
    if isinstance(data, dict):
        kept = {key: _with_places(value, given.get(key, value)) for key, value in data.items()}
        shown = ("on", "from", "to", *data.get("assumed", ())) if "kind" in data else ()
        return kept | {key: given[key] for key in shown if key in given and key not in data}
    if isinstance(data, list | tuple):
        return [_with_places(item, whole) for item, whole in zip(data, given, strict=True)]
    return data


def _listed(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _listed(value) for key, value in data.items()}
    return [_listed(item) for item in data] if isinstance(data, list | tuple) else data


SHORT = {"title_en": "title", "summary_en": "summary"}


def _merge(node: Any, old: Any, new: Any) -> None:
    """Change only what differs between `old` and `new` in the commented document `node`."""
    for key in [key for key in old if key not in new]:
        node.pop(key if key in node else SHORT.get(key, key), None)
    for key, value in new.items():
        here = key if key in node or SHORT.get(key) not in node else SHORT[key]
        if key in old and old[key] == value:
            continue
        if isinstance(value, dict) and isinstance(old.get(key), dict) and isinstance(node.get(here), dict):
            _merge(node[here], old[key], value)
        elif isinstance(value, list) and isinstance(old.get(key), list) and isinstance(node.get(here), list):
            _merge_list(node[here], old[key], value)
        else:
            node[here] = value


def _merge_list(node: Any, old: list[Any], new: list[Any]) -> None:
    for i, (before, after) in enumerate(zip(old, new, strict=False)):
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict) and before.get("kind") == after.get("kind"):
            _merge(node[i], before, after)
        else:
            node[i] = after
    del node[len(new) :]
    node.extend(new[len(old) :])
