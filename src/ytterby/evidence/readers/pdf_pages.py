"""Text of the pages of a PDF, read in a process of its own whose memory and time are limited; called by :mod:`.pdf`."""

from __future__ import annotations

import json
import sys

MAX_PAGES = 500
MAX_MEMORY = 2 * 2**30
"""Address space of the process [byte]; drawings of a few hundred kilobytes can unpack to more than any machine has."""
MAX_SECONDS = 30
"""Time of computing of the process [s]."""
HYPHEN = "\ufffe"
"""What pdfium writes for a hyphen at the end of a line."""


def limit_process() -> None:
    """Limit memory and time of this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_SECONDS)):
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def pages(data: bytes, most: int) -> dict[str, object]:
    """Text, title and the numbers of pages that do not load; or why there is none.

    Parameters
    ----------
    data : bytes
        The PDF.
    most : int
        Largest number of characters of text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"error": f"damaged or locked PDF ({error})"}
    if len(document) > MAX_PAGES:
        return {"error": f"PDF of {len(document)} pages; at most {MAX_PAGES} are read"}
    texts: list[str] = []
    lost: list[int] = []
    for index in range(len(document)):
        try:
            texts.append(_page(document, index))
        except pypdfium2.PdfiumError:
            lost.append(index + 1)
        if sum(map(len, texts)) > most:
            return {"error": f"PDF text larger than {most // 2**20} MB"}
    return {"text": "\n\n".join(texts), "title": str(document.get_metadata_dict().get("Title", "")), "lost": lost}


def _page(document: object, index: int) -> str:
    page = document[index].get_textpage()  # type: ignore[index]
    text: str = page.get_text_bounded()
    page.close()
    return text.replace(HYPHEN + "\r\n", "").replace(HYPHEN + "\n", "").replace(HYPHEN, "").replace("\r\n", "\n")


def main() -> None:
    """Read a PDF from the input and write what it holds as JSON."""
    limit_process()
    try:
        found = pages(sys.stdin.buffer.read(), int(sys.argv[1]))
    except MemoryError:
        found = {"error": f"PDF that takes more than {MAX_MEMORY // 2**30} GB of memory"}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
