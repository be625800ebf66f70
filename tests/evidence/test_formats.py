# ruff: noqa: E501 (texts are kept on one line)
"""Further doors: mail, word processors, saved pages, JSON of services, encodings, spellings, and days in all notations."""

from __future__ import annotations

import email.message
import email.policy
import gzip
import io
import json
import unicodedata
import zipfile

import pytest

from ytterby.evidence.pipeline import read_file
from ytterby.evidence.readers import raw_texts
from ytterby.evidence.readers.stated_days import stated_day

BAN = "Malaysia banned exports of dysprosium to Japan on Monday, the trade ministry in Kuala Lumpur said."
MORE = "Traders in Tokyo said that stocks would last for about three months, and that motors may become scarce in the spring of the year. "
VERBOT = "Südkorea hat am Montag ein Ausfuhrverbot für Gallium nach Österreich verhängt. Die Zölle für Kobalt bleiben dagegen bestehen."
HTML = f"<html><head><title>Ban</title></head><body><article><h1>Malaysia bans dysprosium</h1><p>{BAN}</p><p>{MORE * 2}</p></article></body></html>"


def only(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    found = list(read_file(tmp_path / name))
    for document, claims in found:
        assert all(document.text[claim.start : claim.end] == claim.quote for claim in claims)
    return found


def bans(found):
    return [claim for _, claims in found for claim in claims if claim.event_type == "ban"]


def message(text=f"{BAN}\n\n{MORE * 2}", html="", attached=False):
    mail = email.message.EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = (
        "Metal Wire <news@wire.example>",
        "Malaysia bans dysprosium",
        "Tue, 04 Feb 2025 23:30:00 -0800",
    )
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    if attached:
        mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="list.pdf")
    return mail


@pytest.mark.parametrize("html", ["", HTML])
@pytest.mark.parametrize("text", [f"{BAN}\n\n{MORE * 2}", "See the page."])
def test_messages_give_text_day_sender_and_subject(tmp_path, text, html):
    if not html and len(text) < 50:
        pytest.skip("a message without anything to read")
    ((document, claims),) = only(tmp_path, "a.eml", message(text, html, attached=True).as_bytes(policy=email.policy.SMTP))
    assert (document.published, document.publisher, document.title) == ("2025-02-04", "Metal Wire", "Malaysia bans dysprosium")
    assert {claim.event_type for claim in claims} >= {"ban"}
    assert any("list.pdf" in note for note in document.notes)


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_messages_are_decoded_however_they_are_packed(tmp_path, encoding):
    mail = email.message.EmailMessage()
    mail["Subject"] = "Südkorea"
    mail.set_content(VERBOT, charset="iso-8859-1", cte=encoding)
    ((document, claims),) = only(tmp_path, "a.eml", mail.as_bytes())
    assert "Österreich" in document.text
    assert ("country:AT",) in {claim.targets for claim in claims}


def test_mailboxes_are_read_message_by_message(tmp_path):
    names = ("dysprosium", "terbium", "holmium")
    parts = [
        b"From wire Tue Feb  4 08:00:00 2025\n" + message(f"{BAN}\n\n{MORE * 2}".replace("dysprosium", name)).as_bytes() for name in names
    ]
    content = b"\n\n".join([*parts, b"From x\n\nno header\n"])
    for name, packed in (("all.mbox", content), ("all.mbox.gz", gzip.compress(content))):
        found = only(tmp_path, name, packed)
        assert [claim.materials for claim in bans(found)] == [("Dy",), ("Tb",), ("Ho",)]
        assert [bool(document.error) for document, _ in found] == [False, False, False, True]


def test_saved_pages_are_not_dated_by_the_day_they_were_saved(tmp_path):
    mail = email.message.EmailMessage()
    mail["From"], mail["Date"], mail["Snapshot-Content-Location"] = (
        "<Saved>",
        "Tue, 04 Feb 2025 08:00:00 -0000",
        "https://news.example/2025/02/03/ban",
    )
    mail.set_content(HTML, subtype="html")
    mail.make_related()
    mail.add_related(b"x", "image", "png", cid="<a>")
    ((document, claims),) = only(tmp_path, "a.mhtml", mail.as_bytes())
    assert (document.published, document.published_from) == ("2025-02-03", "address")
    assert {claim.event_type for claim in claims} >= {"ban"}


def docx(*paragraphs, title="Malaysia bans dysprosium", extra=""):
    out, space = io.BytesIO(), "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(
        f"<w:p><w:r><w:t xml:space='preserve'>{text[:9]}</w:t></w:r><w:r><w:t>{text[9:]}</w:t></w:r></w:p>" for text in paragraphs
    )
    row = (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cobalt</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12 t</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    gone = "<w:p><w:del><w:r><w:delText>Peru banned exports of copper.</w:delText></w:r></w:del></w:p>"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f"<?xml version='1.0'?>{extra}<w:document xmlns:w='{space}'><w:body>{body}{row}{gone}</w:body></w:document>",
        )
        archive.writestr("docProps/core.xml", f"<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>{title}</dc:title></c>")
    return out.getvalue()


def test_documents_of_word_are_read_without_what_was_deleted(tmp_path):
    ((document, claims),) = only(tmp_path, "a.docx", docx("Malaysia bans dysprosium", BAN, MORE))
    assert document.title == "Malaysia bans dysprosium"
    assert "Cobalt\t12 t" in document.text
    assert "Peru" not in document.text
    assert ("Dy",) in {claim.materials for claim in claims if claim.event_type == "ban"}


RTF = (
    r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator Word}{\info{\title T}}\pard S\'fcdkorea hat am Montag ein Ausfuhrverbot "
    "\r\nf"
    r"\u252?r Gallium nach \'d6sterreich verh\'e4ngt.\par Die Z\'f6lle f\'fcr {\b Kobalt} bleiben dagegen bestehen.\par }"
)


def test_rich_text_is_read_with_its_letters(tmp_path):
    ((document, claims),) = only(tmp_path, "a.rtf", RTF.encode("latin-1"))
    assert document.text == VERBOT.replace(". ", ".\n\n")
    assert ("country:AT",) in {claim.targets for claim in claims}


def test_rich_text_in_japanese_takes_two_bytes_a_sign():
    from pathlib import Path

    from ytterby.evidence.readers.word import read_rtf

    packed = "".join(f"\\'{byte:02x}" for byte in "輸出を禁止".encode("cp932"))
    assert next(read_rtf(rf"{{\rtf1\ansi\ansicpg932 {packed}}}".encode(), Path("a.rtf"))).text == "輸出を禁止"


SERVICES = {
    "one": lambda row: row,
    "list": lambda row: [row, row],
    "articles": lambda row: {"status": "ok", "totalResults": 1, "articles": [row]},
    "response": lambda row: {"response": {"results": [{"webTitle": "T", "fields": row}]}},
    "hits": lambda row: {"hits": {"total": 1, "hits": [{"_id": "1", "_source": row}]}},
    "linked": lambda row: {"@type": "NewsArticle", "headline": "T", "articleBody": row["body"], "datePublished": row["published"]},
    "paragraphs": lambda row: {**row, "body": row["body"].split("\n\n")},
    "page": lambda row: {**row, "body": f"<p>{row['body']}</p>"},
}


@pytest.mark.parametrize("service", SERVICES)
def test_answers_of_news_services_are_read(tmp_path, service):
    row = {"title": "Malaysia bans dysprosium", "body": f"{BAN}\n\n{MORE}", "published": "20250204T073000Z"}
    found = only(tmp_path, "a.json", json.dumps(SERVICES[service](row)).encode())
    assert {document.published for document, _ in found} == {"2025-02-04"}
    assert len(bans(found)) >= len(found)


BAD = {
    "a.json": [b"{", b"[]", b'{"a": [1, {"b": "x"}]}', b"[" * 100_000],
    "a.docx": [b"PK", docx(BAN, extra="<!DOCTYPE d [<!ENTITY a 'b'>]>"), docx(BAN)[:-40]],
    "a.rtf": [b"plain text", rb"{\rtf1 }", rb"{\rtf1 " + b"{" * 5000],
    "a.eml": [b"\0\1\2", b"Subject: x\n\n", b""],
    "a.mhtml": [b"From: x\n\nno page"],
}


@pytest.mark.parametrize(("name", "content"), [(name, content) for name, listed in BAD.items() for content in listed])
def test_what_cannot_be_read_is_said_and_nothing_is_raised(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert all(raw.error for raw in raw_texts(tmp_path / name))


def test_large_parts_of_a_small_document_are_refused(tmp_path):
    (tmp_path / "a.docx").write_bytes(docx(BAN, "x" * 90_000_000))
    assert "unpacks to more" in next(raw_texts(tmp_path / "a.docx")).error


JAPANESE = "政府は月曜日、ジスプロシウムの輸出を禁止すると発表した。\n在庫は三か月分しかないという。\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "cp932", "euc_jp", "iso-2022-jp", "utf-8", "utf-8-sig"])
def test_japanese_is_decoded_in_all_its_character_sets(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes(JAPANESE.encode(encoding))
    assert next(raw_texts(tmp_path / "a.txt")).text.lstrip("\ufeff") == JAPANESE


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_german_is_decoded_without_a_mark(tmp_path, encoding):
    ((document, claims),) = only(tmp_path, "a.txt", VERBOT.encode(encoding))
    assert document.text == VERBOT
    assert claims


def test_decomposed_letters_are_read_and_quotations_stay_exact(tmp_path):
    composed, decomposed = (only(tmp_path, "a.txt", unicodedata.normalize(form, VERBOT).encode())[0] for form in ("NFC", "NFD"))
    assert len(decomposed[0].text) > len(composed[0].text)
    shown = [
        [(claim.event_type, unicodedata.normalize("NFC", claim.quote), claim.targets) for claim in claims]
        for _, claims in (composed, decomposed)
    ]
    assert shown[0] == shown[1]
    assert shown[0]


def test_words_without_their_own_letters_are_read_like_those_with_them(tmp_path):
    plain = VERBOT
    for letter, spelled in (("ü", "ue"), ("Ö", "Oe"), ("ö", "oe"), ("ä", "ae")):
        plain = plain.replace(letter, spelled)
    kinds = [
        [(claim.event_type, claim.actors, claim.targets) for claim in only(tmp_path, "a.txt", text.encode())[0][1]]
        for text in (VERBOT, plain)
    ]
    assert kinds[0] == kinds[1]
    assert kinds[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("February 6, 2025", "2025-02-06"),
        ("Feb. 6, 2025 7:30 a.m. EST", "2025-02-06"),
        ("Thu Feb  6 07:30:00 2025", "2025-02-06"),
        ("Thu Feb 6 07:30:00 JST 2025", "2025-02-06"),
        ("Thursday, 06-Feb-25 07:30:00 GMT", "2025-02-06"),
        ("20250206T073000Z", "2025-02-06"),
        ("20250206", "2025-02-06"),
        ("06.02.2025, 07:30 Uhr", "2025-02-06"),
        ("2025年2月6日 7時30分", "2025-02-06"),
        ("2025.2.6", "2025-02-06"),
        ("20251306", ""),
        ("31.02.2025", ""),
        ("12345678", ""),
    ],
)
def test_days_in_all_notations_of_feeds_and_metadata(text, day):
    assert stated_day(text) == day
