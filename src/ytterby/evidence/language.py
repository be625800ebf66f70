"""Which language a text is in: by its function words, and for others by py3langid."""

from __future__ import annotations

from functools import cache

from ytterby.evidence.lexicon import LANGUAGES, TOKEN, read_table

SAMPLE = 2500
"""Characters that are looked at."""

MARKS = ("det", "conj", "opener", "finite", "prep")


@cache
def _function_words() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for lang in LANGUAGES:
        for row in read_table(f"{lang}/function.csv"):
            if row["label"].partition(":")[0] in MARKS:
                words.setdefault(lang, set()).update(p.strip() for p in row["patterns"].split(";") if " " not in p.strip())
    return {lang: frozenset(found) for lang, found in words.items()}


def detect(text: str) -> str:
    """ISO 639-1 code of the text's language, ``""`` if it has too few words to tell."""
    words = [word.lower() for word in TOKEN.findall(text[:SAMPLE]) if word[0].isalpha()]
    if not words:
        return ""
    shares = {lang: sum(map(known.__contains__, words)) / len(words) for lang, known in _function_words().items()}
    best = max(shares, key=lambda lang: shares[lang])
    others = max((share for lang, share in shares.items() if lang != best), default=0.0)
    if shares[best] > 0.12 and shares[best] > 1.5 * others:
        return best
    return _classify(text[:SAMPLE]) if len(words) > 4 else best if shares[best] > 0 else ""


def _classify(text: str) -> str:
    import py3langid

    code: str = py3langid.classify(text)[0]
    return code
