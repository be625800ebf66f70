"""Changes by chance: bytes, numbers and lines of an input, outside or inside of what packs it."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

PIECES = [b"", b"\x00", b"\xff", b'"', b"'", b",", b";", b"\n", b"\r", b"\t", b"<", b"&#", b"]]>", b"{", b"[" * 50, b"%s%n", b"../../x"]
PIECES += [b"\xc2\xad", b"=1+1", b"2024-13-45", b"9999-12-31", b"!!python/object:os.system", b"&a *a", b"<<: *a", b": ", b"- ", b"|\n"]
PIECES += [text.encode() for text in ("１２", "ﬁ", "\u202e", "\u2028", "ａ", "é", "´", "\ufeff")]
NUMBERS = [b"nan", b"inf", b"-inf", b"1e308", b"-1", b"0", b"-0", b"1_000", b"9999", b"1e-320", b"10000000000000000000000", b"0x10", b"1,5"]
NUMBER = re.compile(rb"\d[\d.,]*")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Content after one to six changes: of bytes, of numbers or of lines; of packed content, half of the time of what is inside."""
    if chance.random() < 0.5:
        if content[:2] == b"\x1f\x8b":
            return gzip.compress(_changed(gzip.decompress(content), chance), mtime=0)
        if content[:2] == b"PK":
            return _repacked(content, chance)
    return _changed(content, chance)


def _repacked(content: bytes, chance: random.Random) -> bytes:
    """Archive with one of its members changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit = chance.choice(names)
        for name in names:
            new.writestr(name, _changed(old.read(name), chance) if name == hit else old.read(name))
    return out.getvalue()


def _changed(content: bytes, chance: random.Random) -> bytes:
    data = content
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice((_bit, _cut, _doubled, _ended, _piece, _piece, _number, _number, _line))(data, chance)
    return data


def _bit(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randint(1, 40) :]


def _doubled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at : at + chance.randint(1, 200)] + data[at:]


def _ended(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _piece(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(PIECES) + data[at:]


def _number(data: bytes, chance: random.Random) -> bytes:
    found = list(NUMBER.finditer(data[:200_000]))
    if not found:
        return data
    hit = chance.choice(found)
    return data[: hit.start()] + chance.choice(NUMBERS) + data[hit.end() :]


def _line(data: bytes, chance: random.Random) -> bytes:
    """A line left out, or put in again at another place."""
    lines = data.split(b"\n")
    line = lines.pop(chance.randrange(len(lines)))
    if chance.random() < 0.5:
        lines[(at := chance.randrange(len(lines) + 1)) : at] = [line, line]
    return b"\n".join(lines)
