"""Errors as they are sent: one JSON document (RFC 9457), with the words that the command prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.exceptions import HTTPException, RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import JSONResponse

from ytterby.errors import DataGapError, InputError, NotSimulatedError, StoreError, UnknownNameError, YtterbyError
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

MEDIA = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Token needed",
    403: "Refused",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Wrong kind of content",
    421: "Wrong host",
    422: "Input cannot be used",
    428: "Version needed",
    429: "Too much at once",
    500: "Fault of the program",
    503: "Not available now",
}


class Problem(ResultModel):
    """Why a request was not answered."""

    title: str
    """In two or three words."""
    status: int
    """HTTP status."""
    detail: str
    """What was found, what is allowed, and the nearest valid name."""
    nearest: str | None = None
    """The valid name that was probably meant."""
    faults: tuple[str, ...] = ()
    """Each fault of the input, where there are several."""
    current: dict[str, Any] | None = None
    """What stands there now, where a later save met an earlier one."""


class Refusal(HTTPException):
    """A request that is not answered; the message is written for users. FastAPI lets its own exceptions pass while it reads a body."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(status, detail)
        self.problem = Problem(title=TITLES[status], status=status, detail=detail, **more)


def problem_of_fault() -> Problem:
    """What the program did not foresee: says nothing of its inside; the server's log has it."""
    return Problem(title=TITLES[500], status=500, detail="the program has a fault here; the log of the server says where")


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The document of a problem."""
    return JSONResponse(problem.to_dict(), problem.status, headers, MEDIA)


def status_of(error: YtterbyError, *, named_by_path: bool) -> int:
    """HTTP status of an error: 404 where the address itself names what there is not, 422 for other input that cannot be used."""
    if isinstance(error, UnknownNameError) and named_by_path:
        return 404
    if isinstance(error, InputError | NotSimulatedError | DataGapError):
        return 422
    return 503 if isinstance(error, StoreError) else 500


def add_handlers(api: FastAPI) -> None:
    """Let every error leave as a problem; what the program did not foresee says nothing of its inside."""
    api.add_exception_handler(YtterbyError, _expected)  # type: ignore[arg-type]  # handlers are typed for the base class
    api.add_exception_handler(Refusal, _refused)  # type: ignore[arg-type]
    api.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    api.add_exception_handler(AnyHTTPException, _plain)  # type: ignore[arg-type]


async def _expected(request: Request, error: YtterbyError) -> JSONResponse:
    status = status_of(error, named_by_path=getattr(error, "name", None) in request.path_params.values())
    nearest = getattr(error, "nearest", None)
    given = {"nearest": nearest} if nearest else {}
    return problem_response(Problem(title=TITLES[status], status=status, detail=str(error), **given))


async def _refused(_request: Request, error: Refusal) -> JSONResponse:
    return problem_response(error.problem)


async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
    faults = tuple(f"{'.'.join(str(part) for part in fault['loc'][1:]) or fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
    return problem_response(Problem(title=TITLES[422], status=422, detail="; ".join(faults[:5]), faults=faults))


async def _plain(_request: Request, error: AnyHTTPException) -> JSONResponse:
    problem = Problem(title=TITLES.get(error.status_code, "Refused"), status=error.status_code, detail=str(error.detail))
    return problem_response(problem, dict(error.headers or {}))
