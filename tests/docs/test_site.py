"""The site builds strictly, shows equations without scripts, and fetches nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from doclib import hooks

ROOT = Path(__file__).parents[2]
LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
"""Attributes by which a browser fetches something when a page opens."""


class Loads(HTMLParser):
    """Addresses that a page fetches when it opens."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in LOADS and LOADS[tag] in given and given.get("rel") != "canonical":
            self.found.append(given[LOADS[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    mkdocs = Path(sys.executable).parent / "mkdocs"
    # no proxy answers at port 9: a build that asked for the network would fail
    blocked = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
    done = subprocess.run(
        [mkdocs, "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, **blocked},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_pages_fetch_nothing_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        reader = Loads()
        reader.feed(page.read_text("utf-8"))
        foreign = [address for address in reader.found if re.match(r"(https?:)?//", address)]
        assert not foreign, f"{page.name} fetches {foreign}"
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", sheet.read_text("utf-8")), sheet.name


@pytest.mark.slow
def test_equations_are_mathml(site):
    text = (site / "explanation" / "model.html").read_text("utf-8")
    assert text.count("<math") > 30
    assert "arithmatex" not in text
    assert '<span class="number">(2)</span>' in text


def test_hook_converts_blocks_and_lines():
    page = '<p><span class="arithmatex">\\(a &lt; b\\)</span></p><div class="arithmatex">\\[ x = \\frac{1}{2} \\tag{7} \\]</div>'
    made = hooks.on_page_content(page)
    assert made.count("<math") == 2
    assert "mfrac" in made
    assert '<span class="number">(7)</span>' in made
    assert "\\" not in made


def test_hook_makes_roles_code():
    assert hooks.on_page_content("<p>see :class:<code>~ytterby.World</code></p>") == "<p>see <code>ytterby.World</code></p>"


def test_hook_leaves_other_text_alone():
    assert hooks.on_page_content("<p>5 \\( USD</p>") == "<p>5 \\( USD</p>"
