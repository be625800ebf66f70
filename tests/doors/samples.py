"""Small whole inputs of every format, to be changed by chance."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
Sample = tuple[str, bytes]
"""Name of a file and what it holds."""
Attempt = tuple[list[Sample], "Callable[[str, bytes, Path], None]"]
"""Samples of a door, and what takes an input there: its name, its content, an empty folder."""

BAN = "China banned exports of holmium to Japan on 4 February 2025, the trade ministry said in Beijing."
MORE = "Traders in Tokyo said that stocks would last for about three months. Imports fell by 12 % to 1,200 t."
VERBOT = "Südkorea hat am Montag ein Ausfuhrverbot für Gallium nach Österreich verhängt. Die Zölle auf Kobalt steigen von 5 auf 12,5 %."
JAPANESE = "中国商務省は4日、ジスプロシウムの対日輸出を禁止すると発表した。輸入は前年比で3割減の1200トンだった。"
PAGE = (
    "<html lang='en'><head><title>Ban</title><meta property='article:published_time' content='2025-02-04T08:00:00Z'>"
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-02-04", "headline": "Ban"}</script></head>'
    f"<body><nav>Home</nav><article><h1>Ban</h1><p>{BAN}</p><p>{MORE} {MORE}</p></article></body></html>"
)
FIGURES = (
    "quantity,value,low,high,unit,element,commodity,region,period,source\n"
    "mine_production,47000,44000,50000,t REO,TREO,mine.concentrate,US,2024,our estimate\n"
    "price,251.5,,,USD/kg,Dy,oxide.Dy,CN,2024,our contract\n"
)
LIMITS = ("share:CN:max=0.65@2030", "magnet:US:min=0.25@2035", "co2e:max=1e6", "water:max=1000", "oxide:Japan:min=0.1", "radioactive:max=5")
BUDGETS = ("JP=2e9,US=3e9", "JP=1,EU=2.5e9", "KR=0")
SHOCKS_YAML = """paths:
  - name: stop of 2028
    weight: 0.1
    family: stop
    years:
      2028: {cut: {magnet: {JP: 0.8, OTHER: 0.8}, heavy: 0.9}}
      2029: {price: 1.6}
  - name: slow
    weight: 0.3
    years: {2030: {cut: {light: 0.2}}}
"""
SHOCKS_CSV = """path,weight,family,year,group,destination,cut,price
a,0.2,stop,2028,magnet,JP,0.5,
a,,,2029,heavy,,0.4,1.5
b,0.1,,2031,light,US,0.3,
"""


def episodes() -> list[Sample]:
    """Bundled scenarios."""
    return [(path.name, path.read_bytes()) for path in sorted((ROOT / "src/ytterby/scenario/episodes").glob("*.yaml"))]


def releases() -> list[Sample]:
    """A file of every source that is imported, from its page of the how-tos, and the user's own figures as they may be packed."""
    pages = sorted((ROOT / "docs/how-to/sources").glob("*.md"))
    found = [(page.stem + "_2018.csv", page.read_bytes().split(b"<<'END'\n")[1].split(b"\nEND")[0]) for page in pages]
    own = FIGURES.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("own.csv", own)
    found += [("own.csv", own), ("own.csv.gz", gzip.compress(own, mtime=0)), ("own.zip", packed.getvalue())]
    found += [("semicolons.csv", FIGURES.replace(",", ";").encode("cp1252")), ("own.xlsx", workbook(FIGURES))]
    return found


def parts() -> list[Sample]:
    """Lists of parts as text and as workbook."""
    text = (ROOT / "examples/parts.csv").read_text("utf-8")
    wanted = "part;grade;grams;supplier country;stock\nmotor;N48SH;120,5;Japan;30\nsensor;SmCo 2:17;12;CN;\n"
    return [("parts.csv", text.encode()), ("teile.csv", wanted.encode("cp1252")), ("parts.xlsx", workbook(text))]


def workbook(text: str) -> bytes:
    """Workbook of comma-separated lines."""
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in text.splitlines():
        book.active.append(line.split(","))
    book.save(out)
    return out.getvalue()


def articles(ending: str) -> list[Sample]:
    """Articles with an ending."""
    return [(f"a{number}{ending}", content) for number, content in enumerate(ARTICLES[ending]())]


def _mail(text: str = f"{BAN}\n\n{MORE}", html: str = "") -> bytes:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "Wire <news@wire.example>", "Ban", "Tue, 04 Feb 2025 23:30:00 -0800"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
        mail.set_boundary("part of the sample")
    return mail.as_bytes()


def _saved_page() -> bytes:
    head = b"From: <Saved>\nSnapshot-Content-Location: https://news.example/2025/02/03/ban\nMIME-Version: 1.0\n"
    head += b'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
    return head + PAGE.encode() + b"\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\neA==\n--b--\n"


def _word() -> bytes:
    out, space = io.BytesIO(), "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("Ban", BAN, MORE))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<?xml version='1.0'?><w:document xmlns:w='{space}'><w:body>{body}</w:body></w:document>")
        archive.writestr("docProps/core.xml", "<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>Ban</dc:title></c>")
    return out.getvalue()


RICH_TEXT = (
    r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator Word}{\info{\title T}}\pard S\'fcdkorea hat am Montag ein "
    r"Ausfuhrverbot f\u252?r Gallium nach \'d6sterreich verh\'e4ngt.\par Die Z\'f6lle f\'fcr {\b Kobalt} bleiben.\par }"
)


def _warc() -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.encode()
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000000000000000000000000001>\r\n"
    head += "WARC-Date: 2025-02-04T08:00:00Z\r\nWARC-Target-URI: https://news.example/1\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head.encode() + body + b"\r\n\r\n") * 2


def _pdf() -> bytes:
    drawn = b"BT /F1 9 Tf 72 700 Td (" + BAN.encode() + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


ITEM = (
    f"<item><title>Ban</title><link>https://wire.example/1</link><pubDate>Thu, 06 Feb 2025 07:30:00 +0900</pubDate>"
    f"<description>{BAN}</description></item>"
)
RECORD = json.dumps({"text": f"{BAN} {MORE}", "date": "2025-02-04", "title": "Ban", "source": {"name": "Wire"}})
ARTICLES = {
    ".txt": lambda: [f"Ban\n\n{BAN}\n\n{MORE}".encode(), VERBOT.encode("cp1252"), JAPANESE.encode("shift_jis"), JAPANESE.encode()],
    ".md": lambda: [f"---\ntitle: Ban\ndate: 2025-02-04\n---\n# Ban\n\n{BAN} [more](https://a.example)\n\n{MORE}".encode()],
    ".html": lambda: [PAGE.encode(), PAGE.replace(BAN, VERBOT).encode("latin-1")],
    ".rss": lambda: [f"<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title>{ITEM * 2}</channel></rss>".encode()],
    ".jsonl": lambda: [f"{RECORD}\n{RECORD}\n".encode()],
    ".json": lambda: [f'{{"articles": [{RECORD}, {RECORD}]}}'.encode(), RECORD.encode()],
    ".eml": lambda: [_mail(), _mail("See the page.", PAGE)],
    ".mbox": lambda: [b"".join(b"From wire Tue Feb  4 08:00:00 2025\n" + _mail() + b"\n\n" for _ in range(2))],
    ".mhtml": lambda: [_saved_page()],
    ".docx": lambda: [_word()],
    ".rtf": lambda: [RICH_TEXT.encode()],
    ".warc": lambda: [_warc()],
    ".warc.gz": lambda: [gzip.compress(_warc(), mtime=0)],
    ".pdf": lambda: [_pdf()],
}
"""Samples by ending."""
