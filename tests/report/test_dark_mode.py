"""The page in light and in dark: text keeps its contrast, charts keep their paper, print stays light."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = (files("ytterby.report") / "templates" / "briefing.css").read_text("utf-8")
DARK = "@media screen and (prefers-color-scheme:dark){"
TEXT = ("ink", "muted", "accent", "alarm")
GROUNDS = {"paper": TEXT, "tint": ("accent",), "warn": ("ink",), "marked": ("ink",), "accent": ("on-accent",)}
"""What is written on what."""


def colours(text):
    found = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})\b", text))
    return {name: value if len(value) == 7 else "#" + "".join(2 * letter for letter in value[1:]) for name, value in found.items()}


def luminance(colour):
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


LIGHT_COLOURS = colours(CSS[: CSS.index("\n")])
DARK_COLOURS = colours(CSS[CSS.index(DARK) :].split("\n")[1])


@pytest.mark.parametrize("found", [LIGHT_COLOURS, DARK_COLOURS], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_has_the_contrast_of_the_guidelines(found, ground):
    for name in GROUNDS[ground]:
        assert contrast(found[name], found[ground]) >= 4.5, (name, ground)


def test_the_dark_page_is_dark_and_sets_every_colour():
    assert luminance(DARK_COLOURS["paper"]) < 0.02 < 0.9 < luminance(LIGHT_COLOURS["paper"])
    assert set(DARK_COLOURS) == set(LIGHT_COLOURS)


def test_no_colour_of_the_page_stands_outside_of_the_two_sets():
    """A white box on a dark page is what such a colour would be; charts alone keep their paper."""
    rest = re.sub(r":root\{[^}]*\}", "", CSS).replace("figure svg{background:#fff", "").split("@media print")[0]
    assert re.findall(r"(?:background|color):#[0-9a-f]{3,6}", rest) == []
