"""Scenarios: bundled ones, and those that a user writes, checks and saves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import ConfigDict, StringConstraints

from ytterby import app
from ytterby.api.job_kinds import Lang
from ytterby.api.problems import Refusal
from ytterby.api.replies import AskedFormat, AskedTable, Format
from ytterby.api.routes.common import ask, gives, in_thread, workbench_of
from ytterby.described_model import DescribedModel

router = APIRouter(tags=["scenarios"])

Name = Annotated[str, Path(max_length=80, description="Name of a scenario.")]
AskedLang = Annotated[Lang, Query(description="Language of titles.")]
IfMatch = Annotated[str | None, Header(description="Version of the saved text that this one was made from, in quotes.")]


class ScenarioText(DescribedModel):
    """A scenario as it is written."""

    model_config = ConfigDict(extra="forbid")

    yaml: Annotated[str, StringConstraints(max_length=1_000_000)]
    """The scenario as a file."""
    by: Annotated[str, StringConstraints(max_length=80)] = ""
    """Who saves it, as they call themselves."""


class ChangedText(DescribedModel):
    """A scenario as it is written, and what a form changes in it."""

    model_config = ConfigDict(extra="forbid")

    yaml: Annotated[str, StringConstraints(max_length=1_000_000)]
    """The scenario as a file."""
    change: app.ScenarioChange | None = None
    """What is changed; without it the text is only read."""


@router.get("/scenarios")
@gives(lambda: app.ScenarioList)
async def scenarios(request: Request, lang: AskedLang = "en", form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """Bundled scenarios; as ``ytterby scenarios``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.scenarios(lang), form, table, "scenarios")


@router.get("/scenarios/{name}")
@gives(lambda: app.ScenarioDetail)
async def scenario(request: Request, name: Name, lang: AskedLang = "en") -> Response:
    """A scenario, bundled or saved, with all that it says; as ``ytterby scenarios NAME``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.scenario(name, lang))


@router.post("/scenarios/check")
@gives(lambda: app.ScenarioDetail)
async def check(request: Request, text: ScenarioText, lang: AskedLang = "en") -> Response:
    """Check a text while it is written; every fault is named with its line, and nothing is kept."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.check_scenario(text.yaml, lang))


@router.post("/scenarios/form")
@gives(lambda: app.ScenarioForm)
async def form(request: Request, text: ChangedText) -> Response:
    """A text as a form, after a change of a value, a range or a measure; comments stay, and nothing is kept."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.scenario_form(text.yaml, text.change))


@router.get("/saved-scenarios")
@gives(lambda: app.SavedScenarioList)
async def saved(request: Request) -> Response:
    """Scenarios that the project keeps, with their versions."""
    return await ask(request, workbench_of(request).saved_scenarios)


@router.get("/saved-scenarios/{name}")
@gives(lambda: app.SavedScenario)
async def one_saved(request: Request, name: Name) -> Response:
    """A saved scenario; its version is what a later save must name."""
    bench = workbench_of(request)
    found = await in_thread(request, lambda: bench.saved_scenario(name))
    return _versioned(found)


@router.put("/saved-scenarios/{name}")
@gives(lambda: app.SavedScenario)
async def save(request: Request, name: Name, text: ScenarioText, if_match: IfMatch = None) -> Response:
    """Save a scenario under a name; one who saves over a text must name its version, and is told if another stands there now."""
    bench = workbench_of(request)
    version = if_match.strip().removeprefix("W/").strip('"') if if_match else None
    result = await in_thread(request, lambda: bench.save_scenario(name, text.yaml, version, text.by))
    if not result.done:
        raise _conflict(result.scenario, version)
    return _versioned(result.scenario)


@router.delete("/saved-scenarios/{name}")
@gives(lambda: app.SavedScenario)
async def drop(request: Request, name: Name, if_match: IfMatch = None) -> Response:
    """Remove a saved scenario whose version is named."""
    bench = workbench_of(request)
    version = if_match.strip().removeprefix("W/").strip('"') if if_match else None
    result = await in_thread(request, lambda: bench.drop_scenario(name, version or ""))
    if not result.done:
        raise _conflict(result.scenario, version)
    return _versioned(result.scenario)


def _versioned(found: app.SavedScenario) -> Response:
    return Response(found.model_dump_json(), headers={"etag": f'"{found.version}"'}, media_type="application/json")


def _conflict(standing: app.SavedScenario, version: str | None) -> Refusal:
    """What is told to one who would overwrite another's text."""
    who = f" by {standing.by}" if standing.by else ""
    if version is None:
        detail = f"'{standing.name}' was saved{who} at {standing.saved} UTC; name its version in If-Match to replace it"
        return Refusal(428, detail, current=standing.to_dict())
    detail = f"'{standing.name}' was saved{who} at {standing.saved} UTC, after you opened it; look at that text before you replace it"
    return Refusal(412, detail, current=standing.to_dict())
