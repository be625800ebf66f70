"""What routes share: how a question is asked without holding up others, and what the schema says of its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from anyio import to_thread
from fastapi import Request  # noqa: TC002 (FastAPI reads annotations)

from ytterby.api.replies import Format, json_reply, table_reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import UnionType

    from fastapi import Response

    from ytterby.api.settings import Settings
    from ytterby.api.workbench import Workbench
    from ytterby.result_model import ResultModel

F = TypeVar("F", bound="Callable[..., Any]")
T = TypeVar("T")
MODEL = "result_model"
"""Attribute of a route with a function that gives the model of its answer."""


def workbench_of(request: Request) -> Workbench:
    """The workbench of the server that a request came to."""
    found: Workbench = request.app.state.workbench
    return found


def settings_of(request: Request) -> Settings:
    """What the server was started with."""
    found: Settings = request.app.state.settings
    return found


def gives(model: Callable[[], type[ResultModel] | UnionType]) -> Callable[[F], F]:
    """Say which model a route's answer has, or may have; it is loaded when the schema is asked for, so that a server starts at once."""

    def noted(route: F) -> F:
        setattr(route, MODEL, model)
        return route

    return noted


async def in_thread(request: Request, work: Callable[[], T]) -> T:
    """Result of work that takes long enough to hold others up; few of them run beside each other."""
    return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=request.app.state.threads)


async def ask(
    request: Request, question: Callable[[], ResultModel], form: Format = Format.json, table: str = "", name: str = ""
) -> Response:
    """Answer a question of the workbench: at once if its answer is kept, else from a thread."""
    answers = workbench_of(request).answers
    found = answers.kept(question)
    if found is None:
        found = await in_thread(request, question)
    answer = answers.of(found)
    if form is Format.json:
        return (
            json_reply(request.headers, answer)
            if answer.is_ready
            else await in_thread(request, lambda: json_reply(request.headers, answer))
        )
    return await in_thread(request, lambda: table_reply(request.headers, answer, form, table, name))


def slug(text: str) -> str:
    """Letters and digits of a text, for the name of a download."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text)[:40] or "all"
