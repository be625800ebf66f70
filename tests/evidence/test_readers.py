# ruff: noqa: E501 (texts are kept on one line)
"""Readers: every format gives raw text, date with its place, and claims whose offsets lie in the raw text."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from tests.evidence.helpers import read_text
from ytterby.errors import DocumentError, InputError
from ytterby.evidence import read
from ytterby.evidence.duplicates import copies, signature
from ytterby.evidence.pipeline import read_file
from ytterby.evidence.readers import raw_texts

SENTENCE = "Chile hat ein Exportverbot für Lithium verhängt."
BODY = f"{SENTENCE} Das teilte die Regierung in Santiago mit. Händler erwarten nun, dass andere Länder dem Beispiel folgen werden und die Preise steigen."
PAGE = """<!DOCTYPE html><html lang="de"><head><title>Chile verbietet Ausfuhr</title>
<meta property="article:published_time" content="2026-03-05T10:00:00+01:00"><script>alert("Chile hat Zölle verhängt am 1.1.1999")</script></head>
<body><nav><a href="/">Peru verbietet die Ausfuhr von Zinn</a></nav><article><h1>Chile verbietet Ausfuhr von Lithium</h1>
<p>Chile hat ein <b>Exportverbot</b> f&uuml;r <a href="x">Lithium</a> verh&#228;ngt. Das teilte die Regierung mit.</p>
<p>Die Nachfrage nach dem Metall war zuletzt stark gestiegen, weil viele Hersteller ihre Lager vor dem Sommer f&uuml;llen wollten.</p></article>
<footer>Copyright 1999-2026 Alle Rechte vorbehalten</footer></body></html>"""


def _only(path):
    found = list(read_file(path))
    assert len(found) == 1
    document, claims = found[0]
    assert not document.error
    assert all(document.text[c.start : c.end] == c.quote for c in claims)
    return document, claims


def _bans(claims):
    return [c for c in claims if c.event_type == "ban"]


def test_html_offsets_lie_in_the_raw_markup(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(PAGE)
    document, claims = _only(path)
    assert (document.published, document.published_from, document.title) == ("2026-03-05", "page metadata", "Chile verbietet Ausfuhr")
    assert document.text == PAGE
    quotes = [c.quote for c in _bans(claims)]
    assert any("<b>Exportverbot</b> f&uuml;r" in quote and quote.endswith("verh&#228;ngt.") for quote in quotes)
    assert {c.materials for c in _bans(claims)} == {("Li",)}
    assert not any("Zinn" in c.quote or "Zölle" in c.quote for c in claims)


def test_markdown_links_and_front_matter(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: Ein Titel\ndate: 2026-03-05\n---\n\n# Chile verbietet die Ausfuhr von Lithium\n\n[Chile](https://a.example/x) hat ein **Exportverbot** für Lithium verhängt, berichtet [andenbote.com](#).\n"
    )
    document, claims = _only(path)
    assert (document.published, document.published_from, document.title) == ("2026-03-05", "front matter", "Ein Titel")
    assert any(c.attributed_to == "andenbote.com" for c in _bans(claims))


def test_rss_entries_are_documents_with_the_feeds_dates(tmp_path):
    path = tmp_path / "f.rss"
    entry = "<item><title>Chile verbietet Ausfuhr von Lithium</title><link>https://a.example/1</link><pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;{}&lt;/p&gt;</description></item>"
    path.write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Andenbote</title>{entry.format(BODY)}{entry.format("Indien senkt die Zölle auf Kupfer.")}</channel></rss>'
    )
    found = list(read_file(path))
    assert [d.name for d, _ in found] == ["f.rss#1", "f.rss#2"]
    assert {(d.published, d.published_from, d.publisher) for d, _ in found} == {("2026-03-05", "feed entry", "Andenbote")}
    assert _bans(found[0][1])
    assert all(d.text[c.start : c.end] == c.quote for d, claims in found for c in claims)


def test_pdf_text_and_the_error_for_one_without(tmp_path):
    import typst

    (tmp_path / "a.typ").write_text(f"#set page(height: 12cm)\n= Chile verbietet Ausfuhr\n\n5. März 2026\n\n{BODY}\n\n{BODY[::-1]}")
    (tmp_path / "b.typ").write_text("#rect(width: 2cm)")
    for name in ("a", "b"):
        (tmp_path / f"{name}.pdf").write_bytes(typst.compile(str(tmp_path / f"{name}.typ")))
    document, claims = _only(tmp_path / "a.pdf")
    assert document.published == "2026-03-05"
    assert _bans(claims)
    assert "\ufffe" not in document.text
    assert "PDF without text" in next(raw_texts(tmp_path / "b.pdf")).error


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_are_streamed_and_a_bad_line_hurts_no_other(tmp_path, packed):
    rows = [
        json.dumps({"text": BODY, "date": "2026-03-05", "title": "A"}),
        "{broken",
        json.dumps({"note": 1}),
        json.dumps({"content": BODY}),
    ]
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    content = ("\n".join(rows) + "\n").encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    found = list(read_file(path))
    assert [bool(d.error) for d, _ in found] == [False, True, True, False]
    assert found[0][0].published_from == "field of the record"
    assert "needs one of text" in found[2][0].error
    assert _bans(found[3][1])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library that writes the test's archive
@pytest.mark.parametrize("packed", [False, True])
def test_warc_records_are_streamed(tmp_path, packed):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        for number, (media, body) in enumerate([("text/html; charset=utf-8", PAGE), ("image/png", "x"), ("text/html", PAGE)]):
            headers = StatusAndHeaders("200 OK", [("Content-Type", media)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    f"https://a.example/{number}", "response", payload=io.BytesIO(body.encode()), http_headers=headers
                )
            )
    found = list(read_file(path))
    assert [d.url for d, _ in found] == ["https://a.example/0", "https://a.example/2"]
    assert all(_bans(claims) and d.published == "2026-03-05" for d, claims in found)


def test_windows_line_ends_and_byte_order_marks_count_as_code_points(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(("\ufeff" + BODY + "\r\n\r\n" + BODY).encode())
    document, claims = _only(path)
    assert document.text == path.read_bytes().decode()
    assert len(_bans(claims)) == 2


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_other_encodings_are_read_with_a_note(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(BODY.encode(encoding))
    document, claims = _only(path)
    assert document.notes
    assert _bans(claims)


def test_hard_wrapped_lines_are_one_paragraph():
    text = "Chile hat nach langen Beratungen ein umfassendes\nExportverbot für Lithium aus allen Minen des Landes\nverhängt. Die Regierung nannte dafür am Abend vor der\nPresse keine weiteren Gründe.\n"
    _, claims = read_text(text)
    assert [c.materials for c in _bans(claims)] == [("Li",)]


def test_a_dateline_dates_the_text_and_is_no_actor():
    document, claims = read_text("WASHINGTON, 3. Mai 2026 (Beispieldienst) – Chile hat ein Exportverbot für Lithium verhängt.")
    assert (document.published, document.published_from) == ("2026-05-03", "dateline at 0")
    assert _bans(claims)[0].actors == ("country:CL",)


def test_teasers_notices_and_repeated_headlines_are_cut():
    text = (
        "Chile verbietet die Ausfuhr von Lithium\n\n05.03.2026 08:00\n\n"
        + BODY
        + "\n\nChile verbietet die Ausfuhr von Lithium\n\nLesen Sie auch\n\nPeru verbietet Ausfuhr von Zinn\n09.09.2030\n\n© 2026 Alle Rechte vorbehalten"
    )
    document, claims = read_text(text)
    assert document.published == "2026-03-05"
    assert {span.kind for span in document.removed} >= {"meta_line", "repeated", "related_teasers", "legal"}
    assert not any("Zinn" in c.quote for c in claims)


def test_a_language_without_a_lexicon_is_named_and_gives_no_claims():
    document, claims = read_text(
        "Le Chili a interdit les exportations de lithium et le gouvernement a annoncé des mesures pour les mines du pays."
    )
    assert document.language == "fr"
    assert claims == []
    assert document.notes[-1] == "not read: language fr"


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    reading = read([tmp_path])
    assert [bool(d.error) for d in reading.documents] == [False, True]
    with pytest.raises(DocumentError, match="damaged or locked PDF"):
        read([tmp_path / "b.pdf"])
    with pytest.raises(InputError, match="no such file"):
        read([tmp_path / "c.txt"])


def test_verbatim_copies_meet_and_others_do_not():
    text = BODY + " " + " ".join(f"Satz {n} handelt von Dingen der Welt und zählt {n * n}." for n in range(40))
    a, b, c = (read_text(t, n)[0] for t, n in ((text, "a"), (text.replace("Satz 7", "Absatz 7"), "b"), (BODY[::-1] * 6, "c")))
    assert [pair[:2] for pair in copies({d.name: signature(d) for d in (c, b, a)})] == [("a", "b")]
