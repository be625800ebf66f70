"""Pages as HTML: the templates with what they may call."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ytterby.report import languages
from ytterby.report.render import chart_markup, is_web, swatch
from ytterby.store import READY
from ytterby.web import bundle
from ytterby.web.asked import places
from ytterby.web.live import live
from ytterby.web.map import shapes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket

    from ytterby.web.asked import Asked
    from ytterby.web.page import Page

MENU = (
    (("start", "/"), ("world", "/world"), ("exposure", "/exposure"), ("parts", "/parts")),
    (("scenarios", "/scenarios"), ("runs", "/runs")),
    (("plan", "/plan"), ("together", "/together"), ("bargain", "/bargain")),
    (("evidence", "/evidence"), ("watch", "/watch"), ("history", "/history"), ("sources", "/sources")),
)
"""Pages in the menu, in groups: look, ask, act, know."""
KEPT = READY / "templates"
"""Templates as compiled when the package was built."""


def render(template: str, asked: Asked, page: Page, colophon: str = "") -> str:
    """HTML of a page; all text is escaped by the template."""
    context: dict[str, Any] = {
        "here": asked,
        "page": page,
        "notes": page.notes,
        "say": asked.text,
        "menu": MENU,
        "languages": [(lang, _own_name(lang)) for lang in languages()],
        "places": places(asked.words),
        "bundle": bundle.address,
        "drawn": partial(chart_markup, asked.words.fonts("sans")),
        "live": partial(live, asked.words),
        "shapes_of": shapes_of,
        "colophon": colophon,
    }
    return _environment().get_template(template).render(**context, **page.more)


def fragment(template: str, asked: Asked, values: Mapping[str, Any]) -> str:
    """HTML of a part of a page; all text is escaped by the template."""
    return _environment().get_template(template).render(here=asked, say=asked.text, **values)


@cache
def _own_name(lang: str) -> str:
    """Name of a language in itself, such as Deutsch."""
    from babel import Locale

    locale = Locale.parse(lang)  # not that of its catalogue, which would be read for its name alone
    return str(locale.languages.get(lang, lang)).capitalize()


def compile_templates() -> None:
    """Compile the templates and keep them in the package, so that no page waits; none of another text or Python is taken."""
    KEPT.mkdir(parents=True, exist_ok=True)
    environment = _new_environment(_kept_templates(write=True))
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


@cache
def _environment() -> Environment:
    return _new_environment(_kept_templates(write=False) if KEPT.is_dir() else None)


def _kept_templates(*, write: bool) -> BytecodeCache:
    from jinja2 import FileSystemBytecodeCache

    class KeptTemplates(FileSystemBytecodeCache):
        def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 (an installed package lies elsewhere)
            return super().get_cache_key(name)

        def dump_bytecode(self, bucket: Bucket) -> None:
            if write:  # a server writes nothing into the package
                super().dump_bytecode(bucket)

    return KeptTemplates(str(KEPT))


def _new_environment(kept: BytecodeCache | None) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ytterby.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        bytecode_cache=kept,
    )  # fmt: skip
    environment.filters["is_web"] = is_web
    environment.filters["swatch"] = swatch
    return environment
