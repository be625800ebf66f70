from __future__ import annotations

from functools import partial

import pytest
import typst

from tests.report.synthetic import TEXT_A, TODAY, evidence, inputs
from ytterby.errors import InputError
from ytterby.report.briefing.compose import write
from ytterby.report.catalogue import languages
from ytterby.report.render.pdf import families, pdf
from ytterby.report.text import Words

pypdfium2 = pytest.importorskip("pypdfium2")


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    texts = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        texts.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return texts


def printable(lang: str) -> bool:
    """Whether this machine has a font for the letters of the language."""
    wanted = families(Words(lang).fonts("serif"))
    return not wanted or not {*wanted}.isdisjoint(typst.Fonts().families())


@pytest.mark.parametrize("lang", languages())
def test_the_pdf_is_tagged_short_and_the_same_each_time(lang: str) -> None:
    briefing = write(inputs(evidence=evidence(), texts={"a.txt": TEXT_A}), lang)
    if not printable(lang):
        with pytest.raises(InputError, match="no font of this machine"):
            pdf(briefing, TODAY)
        return
    content = pdf(briefing, TODAY)
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid:part" in content
    assert 2 <= len(pages(content)) <= 5
    assert content == pdf(briefing, TODAY)
    assert briefing.title in pages(content)[0]


def test_without_a_font_the_error_names_the_letter_and_fonts_that_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typst, "compile", partial(typst.compile, ignore_system_fonts=True))
    with pytest.raises(InputError, match=r"--lang ja.*no font of this machine has the letter '.'.*Noto Serif CJK JP.*HTML"):
        pdf(write(inputs(), "ja"), TODAY)
    assert pdf(write(inputs(), "en"), TODAY).startswith(b"%PDF-")


def test_no_text_becomes_a_command_of_the_typesetter() -> None:
    hostile = '#panic("x") *bold* $x^2$ #image("/etc/passwd") <label> @ref'
    reading = evidence()
    reading["relations"][1]["note"] = hostile  # type: ignore[index]
    text = " ".join(" ".join(pages(pdf(write(inputs(evidence=reading), "en"), TODAY))).split())
    assert "#panic" in text
    assert "*bold*" in text


def test_a_picture_without_words_is_refused() -> None:
    import dataclasses

    briefing = write(inputs(), "en")
    silent = dataclasses.replace(briefing, panels=(dataclasses.replace(briefing.panels[0], alt=""), *briefing.panels[1:]))
    with pytest.raises(Exception, match="alt"):
        pdf(silent, TODAY)
