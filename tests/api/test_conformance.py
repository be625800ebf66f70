"""Requests made from the schema: none is answered by a fault of the program, and every answer is one that the schema allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ytterby.api import Settings, create_api

if TYPE_CHECKING:
    from schemathesis import Case

SCHEMA = schemathesis.openapi.from_dict(create_api(Settings()).openapi())
OPERATIONS = {f"{result.ok().method.upper()} {result.ok().path}": result.ok() for result in SCHEMA.get_all_operations()}
ENDLESS = {"GET /api/v1/jobs/{id_}/events"}
"""Streams, which are no documents."""
SLOW = {
    "GET /api/v1/rivals",
    "GET /api/v1/hazard",
    "GET /api/v1/history",
    "GET /api/v1/exposure",
    "GET /api/v1/calendar",
    "GET /api/v1/chain",
}
"""Questions whose valid inputs are worked out for seconds."""
load_all_checks()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - ENDLESS))
def test_no_request_meets_a_fault_of_the_program(client_of, tmp_path_factory, name):
    client = client_of(project=tmp_path_factory.getbasetemp() / "conformance")
    examples = 4 if name in SLOW else 12

    @given(case=OPERATIONS[name].as_strategy())
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate], derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def attempt(case: Case) -> None:
        request = case.as_transport_kwargs(base_url="http://127.0.0.1:8321")
        asked = {key: request[key] for key in ("json", "data", "files", "params") if request.get(key) is not None}
        if isinstance(asked.get("data"), bytes):
            asked["content"] = asked.pop("data")
        if "files" in asked:
            asked["files"] = _sendable(asked["files"])
        headers = {key: value for key, value in request.get("headers", {}).items() if key.lower() not in ("host", "user-agent")}
        found = client.request(request["method"], request["url"], headers=headers | client.token, **asked)
        assert found.status_code < 500, (found.status_code, found.text)
        response = schemathesis.Response.from_any(found)
        for check in (status_code_conformance, content_type_conformance, response_schema_conformance):
            case.validate_response(response, checks=[check])

    attempt()


def _sendable(given: Any) -> list[tuple[str, Any]]:
    """Parts of a form as bytes: schemathesis hands them on as it drew them, numbers too."""
    pairs = given.items() if isinstance(given, dict) else given
    return [(str(name), (value[0], _bytes(value[1])) if isinstance(value, tuple) else ("a.txt", _bytes(value))) for name, value in pairs]


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
