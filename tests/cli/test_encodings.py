"""Output in encodings that lack letters: readable, never an error."""

import pytest

from ytterby.cli.encodings import plain_errors


@pytest.mark.parametrize(
    ("text", "encoding", "seen"),
    [
        ("USD\u00a0100\u00a0million", "cp932", "USD 100 million"),
        ("\u201cChina\u2019s\u201d \u2013 50\u202f%", "ascii", '"China\'s" - 50 %'),
        ("f\u00fcr S\u00fcdkorea", "ascii", "fuer Suedkorea"),
        ("f\u00fcr S\u00fcdkorea", "cp1252", "f\u00fcr S\u00fcdkorea"),
        ("\u65e5\u672c", "cp1252", "\\u65e5\\u672c"),
        ("\u65e5\u672c", "cp932", "\u65e5\u672c"),
        ("\u304c caf\u00e9", "ascii", "\\u304c cafe"),
        ("\ud800", "utf-8", "\\ud800"),
    ],
)
def test_what_an_old_encoding_lacks_is_written_plainly(text, encoding, seen):
    assert text.encode(encoding, plain_errors()).decode(encoding) == seen
