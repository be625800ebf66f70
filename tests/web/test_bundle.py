"""The browser code: a build that fails is told, what was built is whole, and nothing of others is in it."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ytterby.web import bundle

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no Node on this machine")


@pytest.fixture
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_node
@pytest.mark.parametrize("text", ["process.exit(3)", ""], ids=["fails", "makes nothing"])
def test_a_build_without_a_bundle_is_a_fault(builder: ModuleType, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "build.mjs").write_text(text, "utf-8")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / ".package-lock.json").write_text("{}", "utf-8")
    monkeypatch.setattr(builder, "WEB", tmp_path)
    monkeypatch.setattr(builder, "STATIC", tmp_path / "static")
    with pytest.raises(builder.BundleError):
        builder.build()
    assert builder.main(["--if-possible"]) == 0
    assert builder.main([]) == 1


@pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it")
def test_the_bundle_is_whole() -> None:
    names = json.loads((bundle.STATIC / "manifest.json").read_text("utf-8"))
    assert {"main.js", "site.css", "countries-50m.json", "notices.txt"} <= names.keys()
    assert set(names.values()) <= {path.name for path in bundle.STATIC.iterdir()}
    for name in (path.name for path in bundle.STATIC.iterdir() if path.suffix in (".js", ".css", ".json") and path.name != "manifest.json"):
        content = (bundle.STATIC / name).read_bytes()
        assert gzip.decompress((bundle.STATIC / f"{name}.gz").read_bytes()) == content
        assert b"http://" not in content.replace(b"http://www.w3.org", b"")
        assert b"https://" not in content


@pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it")
def test_the_notices_name_every_package_with_a_permissive_licence() -> None:
    names = json.loads((bundle.STATIC / "manifest.json").read_text("utf-8"))
    text = (bundle.STATIC / names["notices.txt"]).read_text("utf-8")
    told = dict(re.findall(r"^([@\w./-]+) \d[\w.-]* \(([\w.-]+)\)$", text, re.MULTILINE))
    assert told.keys() >= {"echarts", "zrender", "htmx.org", "d3-geo", "topojson-client", "world-atlas"}
    assert set(told.values()) <= {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}
    assert "Apache License" in text


@pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it")
def test_what_every_page_loads_is_small() -> None:
    """Script, style and shapes, compressed: the first view with its page stays below 600 kB."""
    sizes = {path.name: path.stat().st_size for path in bundle.STATIC.glob("*.gz") if not path.name.startswith("notices")}
    assert sum(sizes.values()) < 520_000


def test_the_lock_names_no_host() -> None:
    assert "resolved" not in (ROOT / "web" / "package-lock.json").read_text("utf-8")
    assert not json.loads((ROOT / "web" / "package.json").read_text("utf-8")).get("dependencies")
