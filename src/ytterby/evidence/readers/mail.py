"""Messages (.eml), mailboxes (.mbox) and saved pages (.mhtml): all are MIME messages, read by the standard library."""

from __future__ import annotations

import email
import email.policy
from email.errors import MessageError
from typing import TYPE_CHECKING, BinaryIO

from ytterby.errors import DocumentError
from ytterby.evidence.readers.raw_text import MAX_BYTES, RawText, decode, sha256
from ytterby.evidence.readers.stated_days import stated_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

MIN_PLAIN = 200
"""Characters below which the plain part of a message only points to its HTML part."""
MAX_PARTS = 200
"""Parts of a message that are looked at."""
UNPARSED = (MessageError, ValueError, ArithmeticError, LookupError, AttributeError, TypeError, RecursionError)
"""What the standard library raises on headers that no program would write, such as a day in the year 10 to the 22."""
SEPARATOR = b"From "
"""Begins a message of a mailbox, after a blank line."""
HTML, PLAIN = "text/html", "text/plain"


def read_message(data: bytes, path: Path) -> Iterator[RawText]:
    """The text of a message, with subject, sender and day of its header.

    Raises
    ------
    DocumentError
        If it is no message or holds no text.
    """
    yield _message(data, path.name, path)


def read_mailbox(stream: BinaryIO, path: Path) -> Iterator[RawText]:
    """Messages of a mailbox one by one, named by their number; a bad one gives a raw text with an error."""
    for number, data in enumerate(_messages(stream), 1):
        yield _message_or_error(data, f"{path.name}#{number}", path)


def _message_or_error(data: bytes, name: str, path: Path) -> RawText:
    if len(data) > MAX_BYTES:
        return RawText.failed(name, path, f"message larger than {MAX_BYTES // 2**20} MB")
    try:
        return _message(data, name, path)
    except DocumentError as error:
        return RawText.failed(name, path, str(error))


def _messages(stream: BinaryIO) -> Iterator[bytes]:
    """Bytes of each message; of one that is too large only its beginning."""
    lines: list[bytes] = []
    size, blank = 0, True
    while line := stream.readline(MAX_BYTES):
        if blank and line.startswith(SEPARATOR) and lines:
            yield b"".join(lines)
            lines, size = [], 0
        elif not (blank and line.startswith(SEPARATOR)) and size <= MAX_BYTES:
            lines.append(line)
            size += len(line)
        blank = not line.strip()
    if lines:
        yield b"".join(lines)


def read_saved_page(data: bytes, path: Path) -> Iterator[RawText]:
    """The page of a web archive (MHTML); the day on which it was saved is none of its publication.

    Raises
    ------
    DocumentError
        If it is no such archive or holds no page.
    """
    message = _parsed(data)
    part = next((part for part in _text_parts(message) if part.get_content_type() == HTML), None)
    if part is None:
        raise DocumentError("no page in this archive")
    text, notes = _content(part)
    address = _header(message, "Snapshot-Content-Location") or _header(part, "Content-Location")
    yield RawText(path.name, str(path), text, HTML, sha256(data), {"url": address}, notes)


def _message(data: bytes, name: str, path: Path) -> RawText:
    message = _parsed(data)
    parts = {HTML: "", PLAIN: ""}
    notes: tuple[str, ...] = ()
    for part in _text_parts(message):
        kind = part.get_content_type()
        if not parts[kind]:
            parts[kind], found = _content(part)
            notes += found
    media = PLAIN if len(parts[PLAIN]) >= MIN_PLAIN or not parts[HTML] else HTML
    if not parts[media].strip():
        raise DocumentError("message without text")
    day = stated_day(_header(message, "Date"))
    meta = {"title": _header(message, "Subject"), "publisher": _sender(message)}
    meta |= {"published": day, "published_from": "mail header"} if day else {}
    return RawText(name, str(path), parts[media], media, sha256(data), meta, (*notes, *_unread(message)))


def _parsed(data: bytes) -> EmailMessage:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        is_message = len(message.keys()) > 0
    except (MessageError, ValueError, RecursionError) as error:
        raise DocumentError(f"no message ({type(error).__name__})") from error
    if not is_message:
        raise DocumentError("no message: it has no header")
    return message


def _text_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that are text and not attached files."""
    for number, part in enumerate(message.walk()):
        if number > MAX_PARTS:
            return
        if part.get_content_type() in {HTML, PLAIN} and part.get_content_disposition() != "attachment":
            yield part


def _content(part: EmailMessage) -> tuple[str, tuple[str, ...]]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return "", ()
    text, notes = decode(data, str(part.get_content_charset() or ""))
    return text.replace("\r\n", "\n"), notes


def _header(message: EmailMessage, name: str) -> str:
    """Content of a header; one that the standard library cannot take apart is as if it were not there."""
    try:
        return str(message.get(name) or "")
    except UNPARSED:
        return ""


def _sender(message: EmailMessage) -> str:
    try:
        addresses = getattr(message.get("From"), "addresses", ())
    except UNPARSED:
        return ""
    return next((address.display_name or address.domain for address in addresses), "")


def _unread(message: EmailMessage) -> tuple[str, ...]:
    names = [
        str(part.get_filename() or part.get_content_type()) for part in message.walk() if part.get_content_disposition() == "attachment"
    ]
    return (f"attachments are not read: {', '.join(names[:5])}",) if names else ()
