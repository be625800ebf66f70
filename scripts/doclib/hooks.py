"""Hook of mkdocs: equations become MathML when the site is built, so that no page needs a script or a network.

Roles of docstrings (``:class:`System```), which Markdown does not know, become code.
"""

from __future__ import annotations

import html
import re

from latex2mathml.converter import convert

BLOCK = re.compile(r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>', re.DOTALL)
INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.DOTALL)
ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):<code>~?")
TAG = re.compile(r"\\tag\{([^}]*)\}")


def block(found: re.Match[str]) -> str:
    """Displayed equation with its number."""
    source = html.unescape(found[1])
    numbers = TAG.findall(source)
    number = f'<span class="number">({numbers[0]})</span>' if numbers else ""
    return f'<div class="equation">{convert(TAG.sub("", source).strip(), display="block")}{number}</div>'


def inline(found: re.Match[str]) -> str:
    """Equation in a line of text."""
    return str(convert(html.unescape(found[1]).strip()))


def on_page_content(content: str, **_: object) -> str:
    """Replace the equations and roles of a page."""
    return ROLE.sub("<code>", INLINE.sub(inline, BLOCK.sub(block, content)))
