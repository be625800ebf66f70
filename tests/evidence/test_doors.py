"""Text doors: dates as publishers state them, pages as sites build them, cost that grows with size, and limits that hold."""

from __future__ import annotations

import gzip
import json
import os
import time
import zlib

import pytest

from ytterby.evidence import shown, shown_around
from ytterby.evidence.pipeline import read, read_file
from ytterby.evidence.readers import limits, raw_texts
from ytterby.evidence.readers.stated_days import stated_day

BAN = "China banned exports of dysprosium to Japan on Monday, the commerce ministry in Beijing said."
MORE = "Traders in Tokyo said that stocks would last for about three months, and that motors may become scarce in the spring of the year. "


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Thu, 06 Feb 2025 07:30:00 +0900", "2025-02-06"),
        ("2025-02-06T23:30:00-08:00", "2025-02-06"),
        ("2025/2/13 15:07:41", "2025-02-13"),
        ("6-Feb-2025", "2025-02-06"),
        ("1738800000", "2025-02-06"),
        ("1738800000000", "2025-02-06"),
        ("31 Feb 2025", ""),
        ("2025-13-01", ""),
        ("tomorrow", ""),
        ("", ""),
    ],
)
def test_day_is_that_of_the_publisher(text, day):
    assert stated_day(text) == day


def page(body, head=""):
    return f"<html><head><meta charset='utf-8'><title>Ban</title>{head}</head><body>{body}</body></html>"


def first(tmp_path, content, name="a.html"):
    (tmp_path / name).write_text(content, "utf-8")
    return next(iter(read_file(tmp_path / name)))


ARTICLE = f"<h1>China bans dysprosium</h1><p>{BAN}</p><p>{MORE * 2}</p>"


@pytest.mark.parametrize("tag", ["aside", "form"])
@pytest.mark.parametrize("closed", [True, False])
def test_article_in_an_odd_element_is_read_and_the_notice_beside_it_is_not(tmp_path, tag, closed):
    notice = "<div><p>We use cookies on this site. By clicking accept you agree to their use by us.</p></div>"
    document, claims = first(tmp_path, page(f"{notice}<{tag}>{ARTICLE}" + f"</{tag}>" * closed))
    assert {claim.event_type for claim in claims} >= {"ban"}
    assert not any("cookies" in claim.quote for claim in claims)
    assert all(document.text[claim.start : claim.end] == claim.quote for claim in claims)


def test_small_forms_and_asides_stay_out(tmp_path):
    _, claims = first(tmp_path, page(f"<form><p>Peru banned exports of copper.</p></form><article>{ARTICLE}</article>"))
    assert not any("Peru" in claim.quote for claim in claims)


@pytest.mark.parametrize("own_first", [True, False])
def test_structured_data_of_other_stories_do_not_date_the_page(tmp_path, own_first):
    other = '{"@type": "ItemList", "itemListElement": [{"headline": "Old", "datePublished": "2019-06-10T09:00:00Z"}]}'
    own = '{"headline": "China bans dysprosium", "datePublished": "2025-02-04T08:00:00Z"}'
    parts = [own, other] if own_first else [other, own]
    scripts = "".join(f'<script type="application/ld+json">{part}</script>' for part in parts)
    assert first(tmp_path, page(ARTICLE, scripts))[0].published == "2025-02-04"
    assert first(tmp_path, page(ARTICLE, scripts.replace("China bans dysprosium", "Another")), "b.html")[0].published is None


@pytest.mark.parametrize("sign", ["&shy;", "\u00ad", "&#8203;", "\u200b", "&zwj;".replace("&zwj;", "\u2060")])
def test_signs_without_width_split_no_word(tmp_path, sign):
    document, claims = first(tmp_path, page(f"<article>{ARTICLE.replace('dysprosium', f'dys{sign}pro{sign}sium')}</article>"))
    ban = next(claim for claim in claims if claim.event_type == "ban")
    assert "Dy" in ban.materials
    assert document.text[ban.start : ban.end] == ban.quote


def test_quotations_are_shown_without_markup():
    assert shown("f&uuml;r <b>Dys&shy;prosium</b>\n nach <a href='/x?a=1&amp;b=2'>Japan</a>") == "für Dysprosium nach Japan"
    assert shown("a < b and c > d") == "a < b and c > d"
    assert shown_around("class='x'>text <b>here</b> <a href='/lo").strip() == "text here"


def test_records_name_day_and_publisher_in_many_ways(tmp_path):
    keys = ["published", "date", "publishedAt", "publish_date", "datePublished", "pubDate", "timestamp"]
    rows = [{"text": BAN, key: "2025-02-04T08:00:00Z", "source": {"id": None, "name": "Wire"}} for key in keys]
    (tmp_path / "n.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    documents = read([tmp_path / "n.jsonl"]).documents
    assert {(document.published, document.publisher) for document in documents} == {("2025-02-04", "Wire")}


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_day_in_an_impossible_year_harms_only_itself(tmp_path, year):
    rows = [{"text": BAN, "date": f"{year}-12-31"}, {"text": BAN.replace("Japan", "Peru"), "date": "2025-02-04"}]
    (tmp_path / "n.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert [document.published for document in read([tmp_path / "n.jsonl"]).documents] == [None, "2025-02-04"]


def warc(*pages, target=True):
    records = b""
    for number, text in enumerate(pages):
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + text.encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\nWARC-Date: 2025-02-04T08:00:00Z\r\n"
        head += f"WARC-Target-URI: https://news.example/{number}\r\n" * target
        head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
        records += head.encode() + body + b"\r\n\r\n"
    return records


def test_archives_are_read_whole_however_they_are_packed(tmp_path):
    pages = [page(f"<article>{ARTICLE.replace('dysprosium', name)}</article>") for name in ("dysprosium", "terbium", "holmium")]
    forms = {"plain.warc": warc(*pages), "whole.warc.gz": gzip.compress(warc(*pages))}
    forms["each.warc.gz"] = b"".join(gzip.compress(warc(one)) for one in pages)
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
        found = list(raw_texts(tmp_path / name))
        assert [raw.error for raw in found] == ["", "", ""], name


def test_record_without_address_and_a_flipped_byte_harm_only_themselves(tmp_path):
    (tmp_path / "none.warc").write_bytes(warc(page(ARTICLE), target=False))
    assert [raw.error for raw in raw_texts(tmp_path / "none.warc")] in ([""], [])
    packed = bytearray(gzip.compress("\n".join(json.dumps({"text": f"{BAN} {os.urandom(30).hex()}"}) for _ in range(400)).encode()))
    packed[len(packed) // 2] ^= 0xFF
    (tmp_path / "flip.jsonl.gz").write_bytes(packed)
    (tmp_path / "good.txt").write_text(BAN, "utf-8")
    documents = read([tmp_path / "flip.jsonl.gz", tmp_path / "good.txt"]).documents
    assert any(document.error for document in documents)
    assert [document.error for document in documents if document.name == "good.txt"] == [""]


@pytest.mark.parametrize("number", ["10000000000000000000000", "99999", "0", "1" * 5000])
def test_days_with_numbers_beyond_all_calendars_are_none(tmp_path, number):
    """Day, month and year of a text, of a mail's header and of a page's data."""
    texts = [f"{BAN} It was signed on 4.2.{number}, on 2025-{number}-04 and on {number} February 2025, {number} days ago."]
    for text in texts:
        (tmp_path / "a.txt").write_text(text, "utf-8")
        mail = f"From: a@wire.example\nSubject: Ban\nDate: Tue, {number} Feb {number} 23:30:00 -0800\n\n{text}\n"
        (tmp_path / "a.eml").write_text(mail, "utf-8")
        (tmp_path / "a.mbox").write_text(f"From wire\n{mail}\n\nFrom wire\n{mail}\n", "utf-8")
        (tmp_path / "a.html").write_text(page(f"<article>{ARTICLE}<p>{text}</p></article>"), "utf-8")
        documents = read([tmp_path / name for name in ("a.txt", "a.eml", "a.mbox", "a.html")]).documents
        assert [document.error for document in documents] == [""] * 5


def test_word_file_whose_directory_points_before_its_beginning_is_damaged(tmp_path):
    from tests.doors.samples import articles

    ((_, whole),) = articles(".docx")
    at = whole.rindex(b"PK\x05\x06") + 16
    place = int.from_bytes(whole[at : at + 4], "little")
    (tmp_path / "a.docx").write_bytes(whole[:at] + (place + 60).to_bytes(4, "little") + whole[at + 4 :])
    assert "no readable .docx" in next(raw_texts(tmp_path / "a.docx")).error


def test_records_of_a_wrong_length_are_read_without_words_of_the_library(tmp_path, capsys):
    (tmp_path / "a.warc").write_bytes(warc(page(f"<article>{ARTICLE}</article>")).replace(b"</article>", b"</article> "))
    list(raw_texts(tmp_path / "a.warc"))
    assert capsys.readouterr().err == ""


def test_a_record_that_claims_to_be_endless_ends_its_archive_only(tmp_path):
    whole = warc(page(f"<article>{ARTICLE}</article>"), page(f"<article>{ARTICLE}</article>"))
    length = whole.rindex(b"Content-Length: ") + 16
    (tmp_path / "a.warc").write_bytes(whole[:length] + b"9" * 22 + whole[whole.index(b"\r\n", length) :])
    found = list(raw_texts(tmp_path / "a.warc"))
    assert found[0].error == ""
    assert "breaks off" in found[-1].error or len(found) == 2


def test_pipes_are_no_articles(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert "no plain file" in next(raw_texts(tmp_path / "a.txt")).error


def test_small_packed_file_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LEAST_BYTES", 2**20)
    line = json.dumps({"text": "China " * 100_000}).encode() + b"\n"
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(line * 200))
    found = list(raw_texts(tmp_path / "bomb.jsonl.gz"))
    assert sum(len(raw.text) for raw in found) < 2 * max(2**20, 100 * (tmp_path / "bomb.jsonl.gz").stat().st_size)
    assert "unpacks to more than" in found[-1].error


def pdf_bomb(size):
    """A page that draws text for ever: some hundred bytes packed, as long as one likes unpacked."""
    drawn = zlib.compress(b"BT /F1 9 Tf " + b"(dysprosium) Tj " * size + b"ET", 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


def test_pdf_is_read_in_a_process_of_its_own(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_bomb(3))
    assert "dysprosium" in next(raw_texts(tmp_path / "a.pdf")).text


@pytest.mark.slow
def test_hostile_pdf_ends_itself_only(tmp_path):
    import resource

    (tmp_path / "a.pdf").write_bytes(pdf_bomb(6_000_000))
    (tmp_path / "b.txt").write_text(BAN, "utf-8")
    began = time.monotonic()
    documents = read([tmp_path / "a.pdf", tmp_path / "b.txt"]).documents
    assert "PDF" in documents[0].error
    assert documents[1].error == ""
    assert time.monotonic() - began < 90
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2.5 * 2**20  # kilobytes


ITEM = "<item><title>Ban {0}</title><link>https://news.example/{0}</link><description>China on Thursday banned exports of holmium to Japan, it said {0}.</description></item>"  # noqa: E501
GROWING = {
    "front matter": (".txt", lambda n: "---\ntitle:" + " " * n + "\n---\n" + BAN),
    "dotted name": (".txt", lambda n: f"{BAN} See a" + ".com" * (n // 4)),
    "dotted mark": (".txt", lambda n: 'China said so."[' + "a.com" * (n // 5)),
    "words": (".txt", lambda n: (BAN + " ") * (n // 90)),
    "lines": (".md", lambda n: (BAN + "\n\n") * (n // 90)),
    "brackets": (".md", lambda n: "[" * n),
    "tags": (".html", lambda n: page("<b>" * (n // 3) + BAN)),
    "entities": (".html", lambda n: page("&shy;" * (n // 5) + BAN)),
    "data": (".html", lambda n: page(ARTICLE, "<script>" + '{"datePublished": ' * (n // 20) + "</script>")),
    "digits": (".txt", lambda n: "China banned exports of " + "1 000 " * (n // 6) + "t"),
    "feed": (".rss", lambda n: "<rss version='2.0'><channel>" + "".join(map(ITEM.format, range(n // 200))) + "</channel></rss>"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", GROWING)
def test_cost_grows_no_faster_than_size(tmp_path, kind):
    """Time of twice the size is at most three times that, or too small to matter."""
    ending, make = GROWING[kind]
    times = []
    for size in (10_000, 20_000, 40_000, 80_000):
        path = tmp_path / f"{size}{ending}"
        path.write_text(make(size), "utf-8")
        began = time.process_time()
        read([path])
        times.append(time.process_time() - began)
    assert times[-1] < max(3.0, 3.0 * times[-2]), times
