"""The reference of the API, from the schema of the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.api import Settings, create_api

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """<!-- made by scripts/build_docs.py; do not edit by hand -->
# API

`ytterby serve` answers the questions of the commands over HTTP, on this machine: same keys, same numbers, same errors. The schema
with the unit and meaning of every field lies at `/openapi.json`. How to run it for others: [How to share a
workbench](../how-to/serve.md).

A question is a GET; its answer carries an `ETag` that names its content, so that a second question with `If-None-Match` costs
nothing. Rows are had as files with `format=csv`, `xlsx` or `parquet`, and `table=` one of the answer's keys that hold rows. What
takes long is a job: asked for by POST, followed by server-sent events, and found by its id for good.

Every change carries the header `X-Ytterby-Token` with the token of `GET /api/v1/session`, or, where the server was started with
`--token`, `Authorization: Bearer TOKEN`. Requests that name another host, or come from a page of another site, are refused.

## Five lines to begin with

By curl:

```text
{curl}
```

In Python, with nothing but its standard library:

```text
{python}
```

In the console of a browser that shows a page of the workbench:

```text
{javascript}
```
"""
CURL = """\
TOKEN=$(curl -s localhost:8321/api/v1/session | cut -d'"' -f4)
curl -s "localhost:8321/api/v1/exposure?importer=JP&element=Dy&format=csv&table=suppliers" | head -3
curl -s localhost:8321/api/v1/jobs -H "X-Ytterby-Token: $TOKEN" -H "Content-Type: application/json" \\
  -d '{"kind": "run", "arguments": {"scenario": "total-stop"}}' | tee job.json
curl -sN localhost:8321/api/v1/jobs/$(cut -d'"' -f4 job.json)/events"""
PYTHON = """\
import json, urllib.request as web
ask = lambda path, **more: json.load(web.urlopen(web.Request(f"http://localhost:8321/api/v1/{path}", **more)))
print(ask("exposure?importer=JP&element=Dy")["geopolrisk"])
head = {"X-Ytterby-Token": ask("session")["token"], "Content-Type": "application/json"}
print(ask("jobs", headers=head, data=b'{"kind": "run", "arguments": {"scenario": "total-stop"}}')["state"])"""
JAVASCRIPT = """\
const ask = async (path, more) => (await fetch(`http://localhost:8321/api/v1/${path}`, more)).json();
console.log((await ask("exposure?importer=JP&element=Dy")).geopolrisk);
const headers = {"X-Ytterby-Token": (await ask("session")).token, "Content-Type": "application/json"};
const body = JSON.stringify({kind: "run", arguments: {scenario: "total-stop"}});
console.log((await ask("jobs", {method: "POST", headers, body})).state);"""
"""Examples of the page; tests run them against a server."""
GROUPS = {
    "server": "The server",
    "questions": "Questions",
    "figures": "Figures and candidates",
    "scenarios": "Scenarios",
    "runs": "Runs",
    "jobs": "Jobs",
    "results": "Results of jobs",
    "evidence": "Articles and uploads",
}
"""Groups of routes, in the order of the page."""


def page() -> str:
    """The page."""
    document = create_api(Settings()).openapi()
    parts = [HEAD.replace("{curl}", CURL).replace("{python}", PYTHON).replace("{javascript}", JAVASCRIPT)]
    parts += ["\n".join(_group(document, tag, title)) for tag, title in GROUPS.items()]
    parts += ["\n".join(_kinds(document["components"]["schemas"])), "\n".join(_refusals(document))]
    return "\n".join(parts)


def _group(document: dict[str, Any], tag: str, title: str) -> Iterator[str]:
    yield f"## {title}\n"
    for path, answers in document["paths"].items():
        for method, answer in answers.items():
            if answer["tags"] == [tag]:
                yield from _route(document, method, path, answer)


def _route(document: dict[str, Any], method: str, path: str, answer: dict[str, Any]) -> Iterator[str]:
    yield f"### {method.upper()} {path}\n"
    yield f"{_words(answer['description'])}\n"
    if body := _body(answer):
        yield f"Body: {body}.\n"
    yield f"Answer: {_answer(answer)}.\n"
    told = [row for row in answer.get("parameters", ()) if row["name"] not in ("format", "table") or row["in"] != "query"]
    if told:
        yield "| parameter | in | default | meaning |\n| --- | --- | --- | --- |"
        yield from (_parameter(document, row) for row in told)
        yield ""


def _parameter(document: dict[str, Any], row: dict[str, Any]) -> str:
    schema = row["schema"]
    default = "needed" if row.get("required") else _value(schema.get("default"))
    said = row.get("description") or schema.get("description") or f"Id or name, up to {schema.get('maxLength', 160)} characters."
    choices = next((part["enum"] for part in (schema, *schema.get("anyOf", ())) if "enum" in part), _choices(document, schema))
    said += f" One of {', '.join(f'`{choice}`' for choice in choices if choice)}." if choices else ""
    return f"| `{row['name']}` | {row['in']} | {default} | {_cell(said)} |"


def _choices(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"].get(name, {}).get("enum", [])


def _body(answer: dict[str, Any]) -> str:
    content = answer.get("requestBody", {}).get("content", {})
    return ", ".join(
        f"`{media}`" if media == "multipart/form-data" else f"[`{media}`](#kinds-of-jobs)" if "discriminator" in said["schema"] else
        f"`{media}` with `{'`, `'.join(_keys(said['schema']))}`"
        for media, said in content.items()
    )  # fmt: skip


def _keys(schema: dict[str, Any]) -> list[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return KEYS.get(name, [name])


KEYS = {"ScenarioText": ["yaml", "by"], "Judgement": ["target", "verdict", "by", "why", "correction"]}
"""Keys of bodies that are no jobs; a test compares them with the schema."""


def _answer(answer: dict[str, Any]) -> str:
    for status, said in answer["responses"].items():
        if status.startswith("2"):
            content = said.get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            names = [part.get("$ref", "").rpartition("/")[2] for part in schema.get("anyOf", (schema,))]
            name = "`, `".join(filter(None, names))
            files = "; tables by `format` and `table`" if "text/csv" in content else ""
            return (f"`{name}`{files}" if name else ", ".join(f"`{media}`" for media in content) or "a file") + f" ({status})"
    return "none"


def _kinds(schemas: dict[str, Any]) -> Iterator[str]:
    yield "## Kinds of jobs\n"
    yield 'A job is asked for by `{"kind": KIND, "arguments": {...}}`. Unknown keys are refused; no key is a place on the disk.\n'
    for name, schema in schemas.items():
        if not name.endswith("Order"):
            continue
        kind = schema["properties"]["kind"]["const"]
        arguments = schemas[name.removesuffix("Order") + "Arguments"]
        yield f"### {kind}\n\n{_words(schema['description'])} {_words(arguments['description'])}\n"
        yield "| key | default | meaning |\n| --- | --- | --- |"
        needed = arguments.get("required", ())
        for key, field in arguments["properties"].items():
            default = "needed" if key in needed else _value(field.get("default"))
            yield f"| `{key}` | {default} | {_cell(field['description'])} |"
        yield ""


def _refusals(document: dict[str, Any]) -> Iterator[str]:
    problem = document["components"]["schemas"]["Problem"]["properties"]
    answers = [answer for found in document["paths"].values() for answer in found.values()]
    refused = {status: said for answer in answers for status, said in answer["responses"].items() if status >= "400"}
    media = {kind for said in refused.values() for kind in said["content"]}
    yield "## When a request is refused\n"
    yield f"{', '.join(f'`{kind}`' for kind in sorted(media))} (RFC 9457):\n"
    yield "| key | meaning |\n| --- | --- |"
    yield from (f"| `{key}` | {_cell(field['description'])} |" for key, field in problem.items())
    yield "\n| status | title |\n| --- | --- |"
    yield from (f"| {status} | {said['description']} |" for status, said in sorted(refused.items()))
    yield ""


def _value(value: Any) -> str:
    return "" if value in (None, "", [], {}) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _words(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _cell(text: str) -> str:
    return _words(text).replace("|", "\\|")
