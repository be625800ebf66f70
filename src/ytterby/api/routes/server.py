"""The server itself: what it shows, and the token that changes need."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request

from ytterby.api.routes.common import gives, settings_of
from ytterby.api.security import change_token
from ytterby.result_model import ResultModel

router = APIRouter(tags=["server"])


class Session(ResultModel):
    """What a page or program needs to know of the server."""

    token: str
    """What every change carries in the header ``X-Ytterby-Token``."""
    read_only: bool
    """Whether changes and jobs are refused."""
    base_year: int
    """Base year that questions without a year are about."""
    version: str
    """Of the program."""


@router.get("/session")
@gives(lambda: Session)
async def session(request: Request) -> Session:
    """What the server is, and the token for changes; pages of other sites cannot read it."""
    found = settings_of(request)
    return Session(token=change_token(found), read_only=found.read_only, base_year=found.base_year, version=version("ytterby"))
