"""Documents of word processors: .docx by the standard library's ZIP and XML, .rtf by a small reader of its control words."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree  # declarations of entities are refused before it parses

from ytterby.errors import DocumentError
from ytterby.evidence.readers.raw_text import MAX_BYTES, RawText, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
BODY, PROPERTIES = "word/document.xml", "docProps/core.xml"
SIGNS = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}
"""Elements that stand for a sign."""
UNREAD = frozenset((f"{WORD}del", f"{WORD}instrText", f"{WORD}footnoteReference"))
"""Elements whose text is not that of the document: what was deleted, codes of fields."""


def read_docx(data: bytes, path: Path) -> Iterator[RawText]:
    """Text of a .docx, a line for each paragraph and each row of a table.

    Raises
    ------
    DocumentError
        If it is damaged, locked, declares entities or holds no text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            root = _tree(archive, BODY)
            title = _tree(archive, PROPERTIES).findtext(f".//{TITLE}") or "" if PROPERTIES in archive.namelist() else ""
    except (zipfile.BadZipFile, KeyError, ValueError, zlib.error, RuntimeError, EOFError, ElementTree.ParseError) as error:
        raise DocumentError(f"no readable .docx ({type(error).__name__})") from error
    text = "\n\n".join(line for line in _lines(root) if line.strip())
    if not text:
        raise DocumentError("document without text")
    yield RawText(path.name, str(path), text, "text/plain", sha256(data), {"title": title})


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Root of a part, unpacked up to the limit.

    Raises
    ------
    DocumentError
        If it is too large or declares entities.
    """
    with archive.open(name) as part:
        data = part.read(8 * MAX_BYTES + 1)
    if len(data) > 8 * MAX_BYTES:
        raise DocumentError(f"unpacks to more than {8 * MAX_BYTES // 2**20} MB")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data[:200]:
        raise DocumentError("declares XML entities; such documents are refused")
    return ElementTree.fromstring(data)  # noqa: S314 (no entities, see above)


def _lines(element: ElementTree.Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{WORD}p":
            yield _text(child)
        elif child.tag == f"{WORD}tr":
            yield "\t".join(" ".join(_lines(cell)) for cell in child.iter(f"{WORD}tc"))
        else:
            yield from _lines(child)


def _text(element: ElementTree.Element) -> str:
    pieces = []
    for child in element:
        if child.tag == f"{WORD}t":
            pieces.append(child.text or "")
        elif child.tag in SIGNS:
            pieces.append(SIGNS[child.tag])
        elif child.tag not in UNREAD:
            pieces.append(_text(child))
    return "".join(pieces)


TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
"""A control word with its number, a byte, a control sign, a brace, an end of line, text."""
DESTINATIONS = frozenset(("fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "footnote", "object", "datafield")) | {
    *(
        "headerl",
        "headerr",
        "headerf",
        "footerl",
        "footerr",
        "footerf",
        "fldinst",
        "listtable",
        "listoverridetable",
        "rsidtbl",
        "generator",
    ),
    *(
        "themedata",
        "colorschememapping",
        "datastore",
        "latentstyles",
        "xmlnstbl",
        "filetbl",
        "revtbl",
        "nonshppict",
        "bkmkstart",
        "bkmkend",
    ),
}
"""Groups that hold no text of the document."""
WRITTEN = {"par": "\n\n", "line": "\n", "row": "\n\n", "cell": "\t", "tab": "\t", "emdash": "\u2014", "endash": "\u2013"} | {
    **{
        "lquote": "\u2018",
        "rquote": "\u2019",
        "ldblquote": "\u201c",
        "rdblquote": "\u201d",
        "bullet": "\u2022",
        "sect": "\n\n",
        "page": "\n\n",
    },
    **{"emspace": " ", "enspace": " "},
}
"""Control words that stand for signs."""
SIGN = {"~": "\u00a0", "_": "-", "-": "\u00ad", "{": "{", "}": "}", "\\": "\\", "\n": "\n\n", "\r": "\n\n"}
CODE_PAGE = "cp1252"
MAX_DEPTH = 1000


def read_rtf(data: bytes, path: Path) -> Iterator[RawText]:
    """Text of an .rtf.

    Raises
    ------
    DocumentError
        If it is no .rtf or holds no text.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise DocumentError("no .rtf")
    text = re.sub(r"\n{3,}", "\n\n", _RtfText().of(data.decode("latin-1"))).strip()
    if not text:
        raise DocumentError("document without text")
    yield RawText(path.name, str(path), text, "text/plain", sha256(data))


class _RtfText:
    """Collects the text of an .rtf; ``skip`` counts the signs that stand for a Unicode sign where it cannot be shown."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.bytes = bytearray()
        self.code_page = CODE_PAGE
        self.hidden, self.width, self.skip = False, 1, 0
        self.groups: list[tuple[bool, int]] = []

    def of(self, source: str) -> str:
        for match in TOKEN.finditer(source):
            word, number, byte, sign, brace, text = match.groups()
            if brace:
                self.brace(brace)
            elif byte:
                self.add_byte(int(byte, 16))
            elif word:
                self.word(word, number)
            elif sign == "*":
                self.hidden = True
            elif sign:
                self.write(SIGN.get(sign, ""))
            elif text:
                self.write(text)
        self.flush()
        return "".join(self.pieces)

    def brace(self, brace: str) -> None:
        self.flush()
        if brace == "{":
            if len(self.groups) >= MAX_DEPTH:
                raise DocumentError("groups nested too deeply")
            self.groups.append((self.hidden, self.width))
        elif self.groups:
            self.hidden, self.width = self.groups.pop()
            self.skip = 0

    def word(self, word: str, number: str | None) -> None:
        if word == "ansicpg" and number:
            self.code_page = f"cp{number}"
        elif word == "uc":
            self.width = int(number or 1)
        elif word == "u" and number:
            self.write(chr(int(number) % 0x10000))
            self.skip = self.width
        elif word in DESTINATIONS:
            self.hidden = True
        elif word in WRITTEN:
            self.write(WRITTEN[word])

    def add_byte(self, byte: int) -> None:
        if self.skip:
            self.skip -= 1
        elif not self.hidden:
            self.bytes.append(byte)

    def write(self, text: str) -> None:
        self.flush()
        text, self.skip = text[self.skip :], max(0, self.skip - len(text))
        if not self.hidden:
            self.pieces.append(text)

    def flush(self) -> None:
        """Decode the bytes that stand together, since a sign may take two of them."""
        if self.bytes:
            try:
                self.pieces.append(bytes(self.bytes).decode(self.code_page, errors="replace"))
            except LookupError:
                self.pieces.append(bytes(self.bytes).decode(CODE_PAGE, errors="replace"))
            self.bytes.clear()
