"""How an answer is sent: JSON with its digest as ETag, compressed where it is worth it, or one of its tables as a file."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from fastapi import Query, Response

from ytterby import app
from ytterby.api.answers import WORTH_PACKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from ytterby.api.answers import CachedAnswer


class Format(StrEnum):
    """What an answer is sent as."""

    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


MEDIA = {
    Format.csv: "text/csv; charset=utf-8",
    Format.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.parquet: "application/vnd.apache.parquet",
}
AskedFormat = Annotated[Format, Query(alias="format", description="JSON, or one table of the answer as a file.")]
AskedTable = Annotated[
    str, Query(max_length=60, description="With another format than JSON: which rows, by their key; by default the first that has any.")
]


def json_reply(headers: Headers, answer: CachedAnswer) -> Response:
    """The JSON document, or 304 to one who has it."""
    tags = {"etag": f'W/"{answer.digest}"', "vary": "accept-encoding"}
    if is_known(headers, answer.digest):
        return Response(status_code=304, headers=tags)
    if len(answer.body) >= WORTH_PACKING and "gzip" in headers.get("accept-encoding", ""):
        return Response(answer.packed, headers=tags | {"content-encoding": "gzip"}, media_type="application/json")
    return Response(answer.body, headers=tags, media_type="application/json")


def table_reply(headers: Headers, answer: CachedAnswer, form: Format, table: str, name: str) -> Response:
    """One table as a file, or 304 to one who has it; `name` is the file's, without ending."""
    rows = app.table_name(answer.result, table)
    digest = hashlib.sha256(f"{answer.digest} {form} {rows}".encode()).hexdigest()[:32]
    tags = {"etag": f'W/"{digest}"', "content-disposition": f'attachment; filename="{name}-{rows}.{form}"'}
    if is_known(headers, digest):
        return Response(status_code=304, headers=tags)
    return Response(app.table_file(answer.result, rows, form), headers=tags, media_type=MEDIA[form])


def is_known(headers: Headers, digest: str) -> bool:
    """Whether one who asks has this content already (If-None-Match)."""
    known = {tag.strip().removeprefix("W/").strip('"') for tag in headers.get("if-none-match", "").split(",")}
    return digest in known or "*" in known
