"""PDF files, read by pypdfium2: the raw text is that of all pages, separated by blank lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import DocumentError
from ytterby.evidence.readers.raw_text import MAX_BYTES, RawText, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_PAGES = 500
HYPHEN = "\ufffe"
"""What pdfium writes for a hyphen at the end of a line."""


def read_pdf(data: bytes, path: Path) -> Iterator[RawText]:
    """Raw text of a PDF file.

    Raises
    ------
    DocumentError
        If the file is damaged, locked, too long or without text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"damaged or locked PDF ({error})") from error
    try:
        if len(document) > MAX_PAGES:
            raise DocumentError(f"PDF of {len(document)} pages; at most {MAX_PAGES} are read")
        text = "\n\n".join(_page(document, index) for index in range(len(document)))
        meta = {key: str(value) for key, value in document.get_metadata_dict().items()}
    finally:
        document.close()
    if not text.strip():
        raise DocumentError("PDF without text (scanned pages?); run a text recognition first")
    if len(text) > MAX_BYTES:
        raise DocumentError(f"PDF text larger than {MAX_BYTES // 2**20} MB")
    yield RawText(path.name, str(path), text, "application/pdf", sha256(data), {"title": meta.get("Title", "")})


def _page(document: object, index: int) -> str:
    page = document[index].get_textpage()  # type: ignore[index]
    text: str = page.get_text_bounded()
    page.close()
    return text.replace(HYPHEN + "\r\n", "").replace(HYPHEN + "\n", "").replace(HYPHEN, "").replace("\r\n", "\n")
