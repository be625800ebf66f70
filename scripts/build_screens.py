"""Take the docs' pictures of the workbench: ``python scripts/build_screens.py [NAME ...]`` writes ``docs/images/workbench-*.png``.

A server is started on the example project of the package (``make ready``), unless an address is given; each picture is the first view
of a page of one of the stories, in English on a wide screen, in few colours so that the file stays small. It needs Chromium, Playwright
and Pillow.
"""

from __future__ import annotations

import argparse
import io
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTH, COLOURS = 1200, 128
LONGEST = 600.0
"""Longest time that the server may take to start, or a page or job to be made [s]."""
TICK = 0.5
PAGES = {
    "start": ("/", 1200),
    "world": ("/world?element=Nd&stage=magnet&at=CN", 1000),
    "analyst": ("/runs/{total-stop}?importer=DE", 1420),
    "firm": ("", 1000),
    "desk": ("/evidence", 1000),
    "negotiator": ("/bargain", 1500),
}
"""Address of each picture and its height [px]; the firm's comes from the parts that it gives."""


def main() -> None:
    """Take the pictures that are named, or all."""
    parser = argparse.ArgumentParser(description="Take the docs' pictures of the workbench.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PAGES)}; all without a name")
    parser.add_argument("--address", help="of a workbench that answers already; else one is started")
    asked = parser.parse_args()
    names = asked.names or list(PAGES)
    if asked.address:
        take(asked.address.rstrip("/"), names)
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = subprocess.Popen([sys.executable, "-m", "ytterby", "serve", "--project", folder, "--port", str(port)])
        try:
            take(f"http://127.0.0.1:{port}", names)
        finally:
            server.terminate()
            server.wait(30)


def take(address: str, names: list[str]) -> None:
    """Open each page and keep its first view."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, locale="en-GB", reduced_motion="reduce")
        page.set_default_timeout(LONGEST * 1000)
        known = runs(address)
        for name in names:
            place, height = PAGES[name]
            page.set_viewport_size({"width": WIDTH, "height": height})
            if name == "firm":
                give_parts(page, address)
            else:
                open_page(page, address + place.format_map(known))
            page.wait_for_timeout(1500)  # charts are drawn, finer shapes are there
            keep(page.screenshot(), IMAGES / f"workbench-{name}.png")
        browser.close()


def open_page(page: Any, url: str) -> None:
    """Open a page, again while it is being worked out."""
    end = time.monotonic() + LONGEST
    while page.goto(url).status == 202 or page.locator("[data-job]").count():
        if time.monotonic() > end:
            raise SystemExit(f"{url}: not ready after {LONGEST:g} s")
        page.wait_for_timeout(3000)


def give_parts(page: Any, address: str) -> None:
    """Give the template of a list of parts, as a firm would."""
    open_page(page, f"{address}/parts")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Template").click()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parts.xlsx"
        waiting.value.save_as(path)
        page.get_by_label("List of parts").set_input_files(path)
        page.get_by_role("button", name="Look").click()
        page.wait_for_url("**/parts/*")


def runs(address: str) -> dict[str, str]:
    """Newest run of each scenario, when the server answers."""
    end = time.monotonic() + LONGEST
    found: dict[str, str] = {}
    while not found and time.monotonic() < end:
        with suppress(urllib.error.URLError), urllib.request.urlopen(f"{address}/api/v1/runs") as answer:
            found = {row["scenario"]: row["id"] for row in reversed(json.load(answer)["runs"])}
        time.sleep(TICK)
    return found


def keep(shot: bytes, path: Path) -> None:
    """Keep a screenshot in few colours."""
    from PIL import Image

    picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    sys.stderr.write(f"{path.name}: {path.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main()
